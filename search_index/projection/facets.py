"""Facet values in words, and the stamp that tells whether a document has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from enum import StrEnum

from search_index.documents import SearchDocument

TIME_DRIVEN = ("freshness", "disposition")
"""Facets that change as days go by, without anybody changing a record."""

_TITLE_LENGTH = 90


def words(term: StrEnum | None) -> str:
    return "" if term is None else term.value.replace("_", " ")


def facets_of(day: date | None = None, **values: str | Iterable[str] | None) -> Mapping[str, tuple[str, ...]]:
    """Facets by name with what is empty left out, values sorted; the year is taken from the day."""
    named: dict[str, tuple[str, ...]] = {}
    for name, value in values.items():
        listed = [value] if isinstance(value, str) else sorted(set(value or ()))
        kept = tuple(each for each in listed if each)
        if kept:
            named[name] = kept
    if day is not None:
        named["year"] = (str(day.year),)
    return named


def opening(text: str) -> str:
    """The first words of a text that has no title of its own."""
    line = " ".join(text.split())
    if len(line) <= _TITLE_LENGTH:
        return line
    return line[:_TITLE_LENGTH].rsplit(" ", 1)[0] + "…"


def stamped(document: SearchDocument) -> SearchDocument:
    """With a stamp of two parts: what people wrote, and what the days changed (see TIME_DRIVEN)."""
    written = {name: values for name, values in document.facets.items() if name not in TIME_DRIVEN}
    ageing = {name: values for name, values in document.facets.items() if name in TIME_DRIVEN}
    texts = (document.title, document.quote, document.body, str(document.date))
    return replace(document, stamp=f"{_digest((*texts, sorted(written.items())))}.{_digest(sorted(ageing.items()))}")


def _digest(value: object) -> str:
    return hashlib.blake2b(repr(value).encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()

"""Documents and questions for search tests."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from search_index.documents import SearchDocument
from search_index.engine import Changes, SearchEngine, SearchRequest, SearchResults, Watermark
from search_index.query import parse_query


def make_document(key: str = "INS-1", title: str = "A title", **values: Any) -> SearchDocument:
    values.setdefault("kind", "insight")
    return SearchDocument(key=key, title=title, **values)


def fill(engine: SearchEngine, *documents: SearchDocument, sequence: int = 1) -> None:
    engine.apply(Changes(documents=documents), Watermark(sequence, "database", engine.schema))


def ask(engine: SearchEngine, text: str, clearances: Iterable[str] = (), **values: Any) -> SearchResults:
    return engine.search(SearchRequest(parse_query(text), frozenset(clearances), **values))


def keys_of(results: SearchResults) -> list[str]:
    return [hit.key for hit in results.hits]


def found(engine: SearchEngine, text: str, clearances: Iterable[str] = (), **values: Any) -> set[str]:
    return set(keys_of(ask(engine, text, clearances, **values)))


def counts_of(results: SearchResults, facet: str) -> dict[str, int]:
    return {entry.value: entry.count for entry in results.facets.get(facet, ())}


def marked(parts: Iterable[Any]) -> str:
    return "".join(f"[{part.text}]" if part.hit else part.text for part in parts)


NEW_YEAR = date(2025, 1, 1)

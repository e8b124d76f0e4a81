"""What the cells of a manifest may say. Each function takes the column and what is written in it."""

from __future__ import annotations

import posixpath
import re
from datetime import date

from insights.capture.models import Method
from insights.core.errors import InvalidInput
from insights.exchange.research_files import read_date
from insights.exchange.research_import import METHODS

LONGEST_PATH = 1_000
_LONGEST_DATE = 40
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/\d{4}")
_DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")
_MONTHS = 12
_FULL_WORDS = {method.value.replace("_", " "): method for method in Method} | METHODS


def path_of(column: str, written: str) -> str:
    """A path with slashes that stays below the manifest's folder as far as words can tell; links are seen later."""
    path = written.replace("\\", "/")
    if not path:
        raise InvalidInput.of(column, "The row names no file. Save the report as Markdown or text and name it here.")
    if re.match(r"[a-z][a-z0-9+.-]+://", path, re.IGNORECASE):
        raise InvalidInput.of(
            column,
            "This is an address, and addresses are not fetched. Save its text as a file; put the address in url.",
        )
    if len(path) > LONGEST_PATH or not path.isprintable():
        raise InvalidInput.of(column, "No file can have this name. Write its path below the manifest’s folder.")
    straight = posixpath.normpath(path)
    if straight.startswith(("/", "../")) or straight == ".." or re.match(r"[A-Za-z]:", straight):
        raise InvalidInput.of(
            column, "The path leads out of the manifest’s folder. Put the file into it and write where it lies there."
        )
    return straight


def day_of(column: str, written: str) -> tuple[date | None, str]:
    """The first day of what is written and its precision: day, month, season or year; no day for an empty cell."""
    if not written:
        return None, "day"
    slashed = _SLASHED.fullmatch(written)
    if slashed and slashed[1] != slashed[2] and max(int(slashed[1]), int(slashed[2])) <= _MONTHS:
        raise InvalidInput.of(column, f"“{written}” may be two different days. Write it as 2025-03-14.")
    dotted = _DOTTED.fullmatch(written)
    plain = f"{dotted[3]}-{int(dotted[2]):02}-{int(dotted[1]):02}" if dotted else written
    found = read_date(plain) if len(plain) <= _LONGEST_DATE else None
    if found is None:
        raise InvalidInput.of(
            column,
            f"“{written[:_LONGEST_DATE]}” is no date. Write it as 2025-03-14, or as 2025-03 or 2025 if that is all.",
        )
    return found


def method_of(column: str, written: str) -> Method | None:
    """One of our methods by its name, in any case and as one or many; None for an empty cell."""
    words = " ".join(written.casefold().replace("_", " ").replace("-", " ").split())
    if not words:
        return None
    found = _METHODS_BY_WORDS.get(words) or _METHODS_BY_WORDS.get(words.removesuffix("s"))
    if found is None:
        choices = ", ".join(method.value.replace("_", " ") for method in Method)
        raise InvalidInput.of(column, f"“{written[:60]}” is no method that we know. Write one of: {choices}.")
    return found


_METHODS_BY_WORDS = {words.replace("-", " "): method for words, method in _FULL_WORDS.items()}

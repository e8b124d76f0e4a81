"""A read document as JSON and back: how it leaves the child process and waits in an import's row."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from insights.exchange.documents.reading import ReadDocument, ReadPage, ReadTable, ReadUtterance, SpeakerSeen


def document_to_json(document: ReadDocument) -> dict[str, Any]:
    """Strings, numbers, truth values, None, lists and mappings only; dates in ISO 8601."""
    plain: dict[str, Any] = _plain(document)
    return plain


def document_from_json(plain: Mapping[str, Any]) -> ReadDocument:
    """`document_from_json(document_to_json(document)) == document` for every document that was read."""
    values = {name: plain[name] for name in _NAMES if name in plain}
    for name, kind in _PARTS.items():
        values[name] = tuple(kind(**part) for part in plain.get(name, ()))
    values["tables"] = tuple(_table(part) for part in plain.get("tables", ()))
    for name in ("participants", "notes", "lost"):
        values[name] = tuple(plain.get(name, ()))
    dated = plain.get("dated_on")
    values["dated_on"] = date.fromisoformat(dated) if dated else None
    return ReadDocument(**values)


def plain_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """A mapping as JSON can hold it, so that what is read back is equal."""
    return {str(name): _plain(value) for name, value in values.items()}


_NAMES = tuple(field.name for field in fields(ReadDocument))
_PARTS: dict[str, type[Any]] = {"utterances": ReadUtterance, "pages": ReadPage, "speakers": SpeakerSeen}


def _plain(value: Any) -> Any:  # noqa: ANN401 - JSON holds values of any kind
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value


def _table(part: Mapping[str, Any]) -> ReadTable:
    return ReadTable(
        name=part["name"],
        columns=tuple(part["columns"]),
        rows=tuple(tuple(row) for row in part["rows"]),
        first_row=part["first_row"],
    )

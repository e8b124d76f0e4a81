"""Optimistic locking: a form carries the row version it was opened with (features.md K2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from insights.core.base import Record
from insights.core.errors import StaleRecord


def refuse_stale(record: Record, row_version: int | None, mine: Mapping[str, Any]) -> None:
    """Raises StaleRecord when the record moved on and any of the fields differs from what is stored now."""
    if row_version is None or row_version == record.row_version:
        return
    theirs = {name: _as_text(getattr(record, name)) for name in mine}
    texts = {name: _as_text(value) for name, value in mine.items()}
    if theirs != texts:
        raise StaleRecord(record.ref, theirs, texts, record.row_version)


def _as_text(value: object) -> str:
    return "" if value is None else str(value)

"""Rows that a merge takes away, kept as JSON so that taking the merge back brings them back as they were."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date
from sqlalchemy.types import TypeEngine

from insights.core.base import UtcDateTime


def row_of(record: Any) -> dict[str, Any]:  # noqa: ANN401 - any mapped record
    """A row as JSON; `row_back` makes the record again."""
    values = {column.name: getattr(record, column.name) for column in record.__table__.columns}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def row_back(kind: type[Any], row: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any mapped record
    columns = kind.__table__.columns
    return kind(**{name: _value_back(columns[name].type, value) for name, value in row.items()})


def _value_back(kind: TypeEngine[Any], value: Any) -> Any:  # noqa: ANN401 - any stored value
    if value is None or not isinstance(value, str):
        return value
    if isinstance(kind, UtcDateTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(kind, Date) else kind.python_type(value)

"""A table of plain values: the one shape in which every report leaves for a page, CSV, XLSX or JSON."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

Value: TypeAlias = str | int | float | bool | date | datetime | None


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` have one value for each of `columns`. `name` becomes the file or sheet name, its words in English."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]

    def as_json(self) -> dict[str, object]:
        """Name, columns and rows, with days and moments in ISO 8601."""
        rows = [[json_value(value) for value in row] for row in self.rows]
        return {"name": self.name, "columns": list(self.columns), "rows": rows}


def json_value(value: Value) -> str | int | float | bool | None:
    return value.isoformat() if isinstance(value, date) else value

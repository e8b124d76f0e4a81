"""Any list as a file: the same rows as on screen, as CSV or XLSX (features.md N4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask import Response, abort

from insights.exchange.tables import write_csv, write_xlsx
from insights.reports.table import Table, Value

__all__ = ["Value", "as_file", "table_of"]

_MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def table_of(name: str, columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> Table:
    return Table(name, tuple(columns), tuple(tuple(row) for row in rows))


def as_file(extension: str, *tables: Table) -> Response:
    """The first table as CSV, or all of them as the sheets of one workbook; 404 for any other extension."""
    if extension not in _MEDIA:
        abort(404)
    content = write_csv(tables[0]) if extension == "csv" else write_xlsx(tables)
    name = f"{tables[0].name.lower().replace(' ', '-')}.{extension}"
    return Response(
        content,
        content_type=_MEDIA[extension],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )

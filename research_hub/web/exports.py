"""Any list or report as a file: the same rows as on screen, as CSV or XLSX, a report as HTML or PDF too (N4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from flask import Response, abort, request

from insights.exchange.tables import write_csv, write_xlsx
from insights.reports.report import Report
from insights.reports.table import Table, Value
from research_hub.report_files import as_page, as_pdf

__all__ = ["Value", "as_file", "as_report", "asked", "is_printed", "table_of"]

_MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_PRINTED = {"html": ("text/html; charset=utf-8", as_page), "pdf": ("application/pdf", as_pdf)}


def table_of(name: str, columns: Sequence[str], rows: Iterable[Sequence[Value]], left_out: Iterable[str] = ()) -> Table:
    """`left_out` says what is not among the rows, and why: each a line of its own at the end of the file."""
    told = ((line, *([None] * (len(columns) - 1))) for line in left_out)
    return Table(name, tuple(columns), (*(tuple(row) for row in rows), *told))


def as_file(extension: str, *tables: Table) -> Response:
    """The first table as CSV, or all of them as the sheets of one workbook; 404 for any other extension."""
    return _tables(extension, tables)


def as_report(extension: str, report: Report) -> Response:
    """A report as csv, xlsx, html or pdf; always an attachment, for the page brings a style sheet of its own."""
    if is_printed(extension):
        media, write = _PRINTED[extension]
        return _attached(write(report), media, f"{report.name}.{extension}")
    return _tables(extension, report.tables, report.made_on)


def is_printed(extension: str) -> bool:
    """True of the kinds of files that people read, so that no workbook need be made for them."""
    return extension in _PRINTED


def asked(*names: str) -> dict[str, str]:
    """Of the address what a report reads, for the addresses of its files; a word that it does not know stays behind."""
    return {name: request.args[name] for name in names if request.args.get(name)}


def _tables(extension: str, tables: Sequence[Table], made_on: date | None = None) -> Response:
    if extension not in _MEDIA:
        abort(404)
    content = write_csv(tables[0]) if extension == "csv" else write_xlsx(tables, made_on)
    return _attached(content, _MEDIA[extension], f"{tables[0].name.lower().replace(' ', '-')}.{extension}")


def _attached(content: bytes, media: str, name: str) -> Response:
    return Response(content, content_type=media, headers={"Content-Disposition": f'attachment; filename="{name}"'})

"""Writes tables of plain values as CSV and XLSX, safe to open in a spreadsheet (trust.md, Against hostile input).

    write_csv(table) -> bytes                 UTF-8 with a byte order mark, CR LF, texts quoted
    write_xlsx([table, ...]) -> bytes         one sheet a table; with `made_on` the same tables are the same bytes
    read_csv_back(data) -> CsvContent         gives back what `write_csv` was given, as texts
    defuse(text) / undo_defuse(text)          the one rule against formulas

A table is anything with `name`, `columns` and `rows`. Days are written in ISO 8601 in CSV and as dates in XLSX,
moments in UTC, yes and no in words, None as an empty cell.

A text that a spreadsheet could take for a formula gets an apostrophe in front, in both formats, because an XLSX may be
saved as CSV later. Control characters that XML does not allow and halves of surrogate pairs cannot be written: the
first are left out, the second become U+FFFD. XLSX holds at most 32,767 UTF-16 units a cell, 1,048,576 rows and 16,384
columns a sheet: a longer text is cut with a note in the cell; a larger table is refused. CSV has no such limits.
"""

from __future__ import annotations

import csv
import io
import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Protocol, TypeAlias

from xlsxwriter import Workbook

from insights.core.errors import InvalidInput

Value: TypeAlias = str | int | float | bool | date | datetime | None

LONGEST_CELL = 32_767
MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
CUT_NOTE = " [cut here: a spreadsheet cell holds no more; the CSV file has it all]"


class TabularData(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def columns(self) -> Sequence[str]: ...

    @property
    def rows(self) -> Sequence[Sequence[Value]]: ...


@dataclass(frozen=True, slots=True)
class CsvContent:
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def write_csv(table: TabularData) -> bytes:
    """The header and one line a row; the byte order mark tells Excel that it is UTF-8."""
    text = io.StringIO(newline="")
    # Quoted texts stay whole also where the spreadsheet splits at semicolons.
    writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow([_csv_field(column) for column in table.columns])
    writer.writerows([_csv_field(value) for value in row] for row in table.rows)
    return text.getvalue().encode("utf-8-sig")


def read_csv_back(data: bytes) -> CsvContent:
    """The texts of a file that `write_csv` made, without the apostrophes it put in.

    Raises:
        InvalidInput: when it is no UTF-8 or no CSV.
    """
    try:
        lines = [*csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)]
    except (UnicodeDecodeError, csv.Error) as error:
        raise InvalidInput.of(
            "file", f"This is not a CSV file in UTF-8: {error}. Save it again as “CSV UTF-8”."
        ) from None
    header, *rows = [tuple(undo_defuse(field) for field in line) for line in lines] or [()]
    return CsvContent(header, tuple(rows))


def write_xlsx(tables: Iterable[TabularData], made_on: date | None = None) -> bytes:
    """One sheet a table: header bold, frozen and with filters, columns as wide as their texts.

    `made_on` is the day on which the workbook says it was made; without one it says the moment.

    Raises:
        InvalidInput: when a table does not fit into a sheet.
    """
    chosen = list(tables)
    for table in chosen:
        _refuse_too_large(table)
    file = io.BytesIO()
    options = {"constant_memory": _is_large(chosen), "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(file, options) as workbook:
        if made_on is not None:
            workbook.set_properties({"created": datetime.combine(made_on, time())})
        formats = _Formats(workbook)
        for table, name in zip(chosen, sheet_names(table.name for table in chosen), strict=True):
            _write_sheet(workbook.add_worksheet(name), table, formats)
        if not chosen:
            workbook.add_worksheet("Empty")
    return file.getvalue()


def defuse(text: str) -> str:
    """Puts an apostrophe before a text that begins like a formula, or that would look defused already."""
    return f"'{text}" if _is_charged(text.lstrip("'")) else text


def undo_defuse(text: str) -> str:
    """Takes back what `defuse` did: `undo_defuse(defuse(text)) == text` for every text."""
    return text[1:] if text.startswith("'") and _is_charged(text.lstrip("'")) else text


def legal_text(text: str) -> str:
    """Without control characters and non-characters that XML 1.0 forbids; lone surrogates become U+FFFD."""
    return _SURROGATES.sub("\ufffd", _FORBIDDEN.sub("", text))


def sheet_names(names: Iterable[str]) -> list[str]:
    """Legal for Excel, in the same order: no brackets, colons, stars, question marks or slashes, at most 31 UTF-16
    units, none empty, none twice in any case.
    """
    made: list[str] = []
    taken = {"history"}
    for name in names:
        wanted = _legal_sheet_name(name)
        number, candidate = 1, wanted
        while candidate.casefold() in taken:
            number += 1
            ending = f" ({number})"
            candidate = _cut(wanted, _LONGEST_SHEET_NAME - len(ending)) + ending
        taken.add(candidate.casefold())
        made.append(candidate)
    return made


_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]+")
_LONGEST_SHEET_NAME = 31
_MANY_CELLS = 200_000
_SAMPLED_ROWS = 200
_WIDEST, _NARROWEST = 60, 9
_FIRST_EXCEL_YEAR = 1900
# A spreadsheet counts in doubles, so a larger whole number would lose its last digits.
_LARGEST_EXACT = 2**53


def _is_charged(text: str) -> bool:
    """Begins with = + - @, a tab or a line end; in any width, and also behind blanks and invisible characters."""
    if text[:1] in {"\t", "\r", "\n"}:
        return True
    for char in text:
        if unicodedata.category(char) not in {"Zs", "Cf", "Cc", "Zl", "Zp"}:
            return unicodedata.normalize("NFKC", char)[:1] in {"=", "+", "-", "@"}
    return False


def _csv_field(value: Value) -> str | int | float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    return defuse(_as_text(value))


def _as_text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return _in_utc(value).isoformat(sep=" ", timespec="seconds")
    return value.isoformat() if isinstance(value, date) else legal_text(str(value))


def _in_utc(moment: datetime) -> datetime:
    """Naive, in UTC; a moment at the edge of the calendar keeps its own zone's reading."""
    try:
        return moment if moment.tzinfo is None else moment.astimezone(UTC).replace(tzinfo=None)
    except OverflowError:
        return moment.replace(tzinfo=None)


class _Formats:
    def __init__(self, workbook: Any) -> None:  # noqa: ANN401 - XlsxWriter has no types
        self.header = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self.text = workbook.add_format({"valign": "top"})
        self.day = workbook.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"})
        self.moment = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss", "valign": "top", "align": "left"})


def _write_sheet(sheet: Any, table: TabularData, formats: _Formats) -> None:  # noqa: ANN401 - XlsxWriter has no types
    for column, width in enumerate(_widths(table)):
        sheet.set_column(column, column, width)
    for column, title in enumerate(table.columns):
        sheet.write_string(0, column, _cell_text(title), formats.header)
    for row, values in enumerate(table.rows, start=1):
        for column, value in enumerate(values):
            if value is not None and value != "":
                _write_cell(sheet, row, column, value, formats)
    sheet.freeze_panes(1, 0)
    if table.columns:
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)


def _write_cell(sheet: Any, row: int, column: int, value: Value, formats: _Formats) -> None:  # noqa: ANN401 - XlsxWriter has no types
    if isinstance(value, datetime) and _in_utc(value).year >= _FIRST_EXCEL_YEAR:
        sheet.write_datetime(row, column, _in_utc(value), formats.moment)
    elif isinstance(value, date) and not isinstance(value, datetime) and value.year >= _FIRST_EXCEL_YEAR:
        sheet.write_datetime(row, column, value, formats.day)
    elif _is_exact_number(value):
        sheet.write_number(row, column, value, formats.text)
    else:
        sheet.write_string(row, column, _cell_text(_as_text(value)), formats.text)


def _is_exact_number(value: Value) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value) if isinstance(value, float) else abs(value) <= _LARGEST_EXACT


def _cell_text(text: str) -> str:
    """Legal, defused, with line feeds only, and cut with a note where the cell cannot hold it."""
    written = defuse(legal_text(text).replace("\r\n", "\n").replace("\r", "\n"))
    if _units(written) <= LONGEST_CELL:
        return written
    return _cut(written, LONGEST_CELL - len(CUT_NOTE)) + CUT_NOTE


def _legal_sheet_name(name: str) -> str:
    text = _NOT_IN_SHEET_NAMES.sub(" ", legal_text(name))
    return _cut(" ".join(text.split()), _LONGEST_SHEET_NAME).strip("' ") or "Sheet"


def _cut(text: str, units: int) -> str:
    """The longest beginning with at most so many UTF-16 units, which is what spreadsheets count."""
    return text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", errors="ignore")


def _units(text: str) -> int:
    return len(text) + sum(char > "\uffff" for char in text)


def _widths(table: TabularData) -> list[int]:
    """In characters, by the header and the first rows."""
    widths = [len(title) + 3 for title in table.columns]
    for row in table.rows[:_SAMPLED_ROWS]:
        for column, value in enumerate(row[: len(widths)]):
            widths[column] = max(widths[column], len(_as_text(value)) + 1)
    return [min(max(width, _NARROWEST), _WIDEST) for width in widths]


def _is_large(tables: Iterable[TabularData]) -> bool:
    return sum(len(table.rows) * len(table.columns) for table in tables) > _MANY_CELLS


def _refuse_too_large(table: TabularData) -> None:
    if len(table.rows) >= MOST_ROWS or len(table.columns) > MOST_COLUMNS:
        raise InvalidInput.of(
            "format",
            f"“{table.name}” has {len(table.rows):,} rows and {len(table.columns):,} columns; a spreadsheet holds "
            f"{MOST_ROWS - 1:,} and {MOST_COLUMNS:,}. Take it as CSV, or filter it first.",
        )

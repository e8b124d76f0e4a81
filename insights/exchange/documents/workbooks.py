"""Spreadsheets (XLSX, XLS, ODS): each sheet a table of texts as they are shown, dates in ISO 8601."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import islice
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from insights.core.text import canonical_text
from insights.exchange.archives import Archive
from insights.exchange.documents.contents import Content, UnreadableError
from insights.exchange.documents.markup import counted, named
from insights.exchange.documents.packages import checked_package
from insights.exchange.documents.table_shape import MOST_ROWS, Shaped, refuse_without_tables, shaped


def read_workbook(content: bytes, *, is_package: bool) -> Content:
    """Raises UnreadableError for what is damaged, protected, over the limits or empty."""
    package = checked_package(content) if is_package else None
    if package:
        _refuse_wide_sheets(package)
    try:
        workbook: Any = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [*_sheets(workbook)]
    except PasswordError as error:
        raise UnreadableError("It is protected with a password. Remove the password and bring it again.") from error
    except (CalamineError, OSError, ValueError, OverflowError) as error:
        raise UnreadableError(
            f"It is damaged or cut off: its sheets cannot be read ({error}). Save it anew and bring that."
        ) from error
    tables = [sheet for _, sheet in sheets if sheet]
    refuse_without_tables([sheet.table for sheet in tables])
    several = len(tables) > 1
    return Content(
        text="",
        tables=tuple(sheet.table for sheet in tables),
        notes=(
            *_notes_on_sheets(workbook, [name for name, sheet in sheets if sheet is None]),
            *(_of(sheet, note, several=several) for sheet in tables for note in sheet.notes),
        ),
        lost=(
            *(_of(sheet, lost, several=several) for sheet in tables for lost in sheet.lost),
            *(_lost_parts(package) if package else ()),
        ),
    )


_CELL = re.compile(rb"<(?:\w+:)?c\b[^>]*?\br=\"([A-Z]{1,3})(\d{1,7})\"")
_MOST_CELLS = 50_000_000
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_PARTS = (("xl/media/", "picture"), ("xl/charts/chart", "chart"), ("xl/comments", "comment sheet"))


def _refuse_wide_sheets(package: Archive) -> None:
    """Two cells at opposite corners make a sheet of 17,000 million cells for whoever reads it as a rectangle."""
    for entry in package.entries:
        if not _SHEET.fullmatch(entry.name):
            continue
        width = height = 0
        for column, row in _CELL.findall(package.read(entry)):
            width, height = max(width, _column_number(column)), max(height, int(row))
        if width * height > _MOST_CELLS:
            raise UnreadableError(
                f"“{entry.name}” reaches over {height:,} rows and {width:,} columns, and at most {_MOST_CELLS:,} cells "
                "are read. Delete the empty rows and columns at its end, and save it anew."
            )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _sheets(workbook: Any) -> Iterator[tuple[str, Shaped | None]]:  # noqa: ANN401 - python-calamine has no types
    for metadata in workbook.sheets_metadata:
        if metadata.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = workbook.get_sheet_by_name(metadata.name)
        rows = [[_text(cell) for cell in row] for row in islice(sheet.iter_rows(), MOST_ROWS + 1)]
        more = sheet.end[0] + 1 - len(rows) if sheet.end else 0
        yield metadata.name, shaped(canonical_text(metadata.name), rows, more_rows=more)


def _text(cell: object) -> str:
    """A cell as a person reads it: whole numbers without a point, days without midnight, truth in words."""
    if isinstance(cell, str):
        return canonical_text(cell)
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 2**53 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell)


def _of(sheet: Shaped, sentence: str, *, several: bool) -> str:
    return f"Sheet “{sheet.table.name}”: {sentence}" if several else sentence


def _notes_on_sheets(workbook: Any, empty: list[str]) -> Iterator[str]:  # noqa: ANN401 - python-calamine has no types
    hidden = [metadata.name for metadata in workbook.sheets_metadata if metadata.visible != SheetVisibleEnum.Visible]
    if hidden:
        yield f"Hidden sheets were read like the others: {named(hidden)}."
    if empty:
        yield f"Sheets without anything in them: {named(empty)}."


def _lost_parts(package: Archive) -> Iterator[str]:
    for beginning, what in _PARTS:
        count = sum(entry.name.lower().startswith(beginning) for entry in package.entries)
        if count:
            yield f"{counted(count, what)} left out."

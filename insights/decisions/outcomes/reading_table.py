"""Readings of a measure as a table: read whole, with every row that is wrong named by its line (features.md H1).

    date,value,note
    2026-10-01,27.5,after the new letter

Comma, semicolon or tab; days as 2026-10-01, 1/10/2026 or 1.10.2026; figures with a point or a comma; a note or none.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from insights.core.checks import clean
from insights.core.errors import InvalidInput
from insights.decisions.days import FIRST_DAY

MOST_ROWS = 5_000
LARGEST = 1_000_000
_NAMES = {
    "on": ("date", "day", "on", "measured", "measured on"),
    "value": ("value", "figure", "reading", "result"),
    "note": ("note", "notes", "comment"),
}
_DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y")
_LONGEST_NOTE = 2_000


@dataclass(frozen=True, slots=True)
class TypedReading:
    on: date
    value: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class RowError:
    """`line` counts from 1, the header's line included."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class ReadingTable:
    rows: tuple[TypedReading, ...]
    errors: tuple[RowError, ...]

    @property
    def may_be_stored(self) -> bool:
        return bool(self.rows) and not self.errors


def read_table(text: str, *, today: date) -> ReadingTable:
    """Every row, or what is wrong with it. Raises InvalidInput on 'file' for what is no such table at all."""
    if len(text) > LARGEST:
        raise InvalidInput.of("file", f"The table has {len(text):,} characters; {LARGEST:,} is the most.")
    lines = [line for line in enumerate(_cells(text), start=1) if any(cell.strip() for cell in line[1])]
    if not lines:
        raise InvalidInput.of("file", "The table is empty. It needs a line of headings: date,value,note.")
    if len(lines) - 1 > MOST_ROWS:
        raise InvalidInput.of("file", f"The table has {len(lines) - 1:,} rows; {MOST_ROWS:,} is the most at once.")
    places = _places(lines[0][1])
    rows: list[TypedReading] = []
    errors: list[RowError] = []
    for number, cells in lines[1:]:
        try:
            rows.append(_row(cells, places, today))
        except ValueError as error:
            errors.append(RowError(number, str(error)))
    if not rows and not errors:
        raise InvalidInput.of("file", "The table has headings and no row below them.")
    return ReadingTable(tuple(rows), tuple(errors))


def _cells(text: str) -> list[list[str]]:
    body = text.lstrip("\ufeff").replace("\x00", "")
    head = body.splitlines()[0] if body.strip() else ""
    delimiter = max(("\t", ";", ","), key=head.count)
    try:
        return list(csv.reader(io.StringIO(body, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise InvalidInput.of("file", f"The table cannot be read: {error}. Save it as CSV again.") from error


def _places(head: Sequence[str]) -> dict[str, int]:
    told = [clean(cell).lower() for cell in head]
    places = {
        field: next(place for place, name in enumerate(told) if name in names)
        for field, names in _NAMES.items()
        if any(name in names for name in told)
    }
    missing = [name for name, field in (("date", "on"), ("value", "value")) if field not in places]
    if missing:
        read = ", ".join(f"“{name}”" for name in told[:10])
        raise InvalidInput.of(
            "file", f"The first line has no column {' and no column '.join(missing)}; it says {read}. Name them so."
        )
    return places


def _row(cells: Sequence[str], places: dict[str, int], today: date) -> TypedReading:
    def cell(field: str) -> str:
        place = places.get(field)
        return "" if place is None or place >= len(cells) else clean(cells[place])

    note = cell("note")
    if len(note) > _LONGEST_NOTE:
        raise ValueError(f"the note has {len(note):,} characters; {_LONGEST_NOTE:,} is the most")
    return TypedReading(_day(cell("on"), today), _figure(cell("value")), note)


def _day(text: str, today: date) -> date:
    for form in _DAYS:
        try:
            day = datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no time zone
        except ValueError:
            continue
        if day > today:
            raise ValueError(f"{text} is in the future")
        if day < FIRST_DAY:
            raise ValueError(f"{text} is before 1900")
        return day
    raise ValueError(f"“{text}” is no day; write it as 2026-10-01" if text else "the day is missing")


def _figure(text: str) -> float:
    """'27.5', '27,5', '1,250.5' and '27.5 %' are figures; '1,250' could be either and is refused."""
    bare = text.removesuffix("%").replace("\u00a0", "").replace(" ", "")
    if not bare:
        raise ValueError("the figure is missing")
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+", bare):
        raise ValueError(f"“{text}” may be thousands or a fraction; write it without the comma")
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+\.\d+", bare):
        bare = bare.replace(",", "")
    try:
        number = float(bare.replace(",", ".")) if re.fullmatch(r"[-+]?[\d.,]+([eE][-+]?\d+)?", bare) else math.nan
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(f"“{text}” is no number")
    return number

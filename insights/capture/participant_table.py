"""A pasted table of participants, as it leaves a spreadsheet: first line the names of the columns, then one each."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from insights.capture.participants import MOST_AT_ONCE, Person
from insights.core.errors import InvalidInput
from insights.people.participants import ATTRIBUTES, GROUP

CODE = "code"
LONGEST_TABLE = 200_000
_COLUMNS = {CODE: CODE, "participant": CODE, "pseudonym": CODE} | {
    name: each.key for each in ATTRIBUTES for name in (each.key, each.key.replace("_", " "), each.label.lower())
}
# What our own export has beside them; it comes back without harm.
_PASSED_OVER = frozenset({"ref", "sessions", "quotes", "consent"})


def read_people(pasted: str) -> list[Person]:
    """Cells are parted by tabs, semicolons or commas, whichever the first line has.

    Raises InvalidInput on the field `table`, naming the column or the line that cannot be taken.
    """
    text = pasted.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    if len(text) > LONGEST_TABLE:
        raise _refusal(f"The table has {len(text):,} characters; {LONGEST_TABLE:,} is the most. Paste it in parts.")
    lines = _cells(text)
    if not lines:
        return []
    columns = _columns(lines[0][1])
    people = [_person(number, cells, columns) for number, cells in lines[1:] if any(cell.strip() for cell in cells)]
    if len(people) > MOST_AT_ONCE:
        raise _refusal(f"The table has {len(people):,} people; {MOST_AT_ONCE} is the most at once. Paste it in parts.")
    return people


def _cells(text: str) -> list[tuple[int, list[str]]]:
    """Lines with their numbers from 1."""
    first = text.partition("\n")[0]
    delimiter = next((each for each in "\t;," if each in first), ",")
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    found: list[tuple[int, list[str]]] = []
    try:
        found.extend((reader.line_num, cells) for cells in reader)
    except csv.Error as error:
        place = reader.line_num
        raise _refusal(
            f"The table cannot be read at line {place}: a quotation mark is not closed. Close it and paste again."
        ) from error
    return found


def _columns(header: Sequence[str]) -> list[str]:
    columns = []
    for name in header:
        known = name.strip().casefold()
        if known not in _COLUMNS and known not in _PASSED_OVER:
            names = ", ".join([CODE, *(each.label.lower() for each in ATTRIBUTES)])
            raise _refusal(f"“{name.strip()}” in the first line is not a column. Use any of: {names}. Never names.")
        columns.append(_COLUMNS.get(known, ""))
    if CODE not in columns:
        raise _refusal("The first line has no column “code”. Add it; leave its cells empty to have codes drawn.")
    twice = next((key for key in columns if key and columns.count(key) > 1), None)
    if twice is not None:
        raise _refusal(f"The column “{twice.replace('_', ' ')}” stands twice in the first line. Keep one.")
    return columns


def _person(number: int, cells: Sequence[str], columns: Sequence[str]) -> Person:
    if len(cells) > len(columns):
        raise _refusal(f"Line {number} has {len(cells)} cells and the first line {len(columns)}. Put it right.")
    told = {key: cell.strip() for key, cell in zip(columns, cells, strict=False) if key}
    code, group = told.pop(CODE, ""), told.pop(GROUP, "")
    return Person(code, group, told)


def _refusal(message: str) -> InvalidInput:
    return InvalidInput.of("table", message)

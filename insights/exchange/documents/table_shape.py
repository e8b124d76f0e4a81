"""Rows of cells into a table with named columns: where the header is, and what does not fit."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from insights.exchange.documents.contents import UnreadableError
from insights.exchange.documents.oddities import lines_named
from insights.exchange.documents.reading import ReadTable

MOST_ROWS = 100_000
MOST_COLUMNS = 500


@dataclass(frozen=True, slots=True)
class Shaped:
    table: ReadTable
    notes: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


def shaped(name: str, rows: Sequence[Sequence[str]], *, more_rows: int = 0) -> Shaped | None:
    """The table, or None where no cell holds anything. `more_rows` is how many were left unread beyond the limit.

    Row numbers count as a spreadsheet does, from 1. A first row of texts that are all different names the columns;
    else the columns are numbered and nothing is taken for a name.
    """
    filled = [index for index, row in enumerate(rows) if any(cell.strip() for cell in row)]
    if not filled:
        return None
    first, last = filled[0], filled[-1]
    has_header = _is_header(rows[first : last + 1])
    body = rows[first + has_header : last + 1]
    width = max(_width(row) for row in rows[first : last + 1])
    columns, notes = _columns(rows[first] if has_header else (), min(width, MOST_COLUMNS))
    if not has_header:
        notes = (*notes, f"Row {first + 1:,} looks like data, so the columns have no names; give them names below.")
    table = ReadTable(
        name=name,
        columns=columns,
        rows=tuple(_fitted(row, len(columns)) for row in body[:MOST_ROWS]),
        first_row=first + has_header + 1,
    )
    notes = (*notes, *_note_on_longer_rows(rows, first, last, has_header=has_header))
    return Shaped(table, notes, tuple(_lost(width, more_rows + max(0, len(body) - MOST_ROWS))))


def refuse_without_tables(tables: Sequence[ReadTable]) -> None:
    if not any(table.rows for table in tables):
        found = "a header but no rows below it" if tables else "no cells with anything in them"
        raise UnreadableError(f"There is {found}. Choose another file.")


_FIGURES = re.compile(r"[-+\d\s.,:/%€$£]+")
_LONGEST_NAME = 2_000


def _is_header(rows: Sequence[Sequence[str]]) -> bool:
    """Texts alone, none twice, none a figure, and most columns named; a row alone is taken for a header."""
    names = [cell.strip() for cell in rows[0] if cell.strip()]
    if any(_FIGURES.fullmatch(name) and any(char.isdigit() for char in name) for name in names):
        return False
    if len(rows) == 1:
        return True
    width = max(_width(row) for row in rows[:100])
    different = len({name.casefold() for name in names}) * 10 >= len(names) * 5
    return different and len(names) * 2 >= width and not _is_like_the_others(rows)


def _is_like_the_others(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a cell of the first row comes again below it: data repeat themselves, names do not."""
    below = [
        Counter(row[column].strip() for row in rows[1:50] if column < len(row)) for column in range(_width(rows[0]))
    ]
    again = sum(
        bool(cell.strip()) and below[column][cell.strip()] > 0 for column, cell in enumerate(rows[0][: len(below)])
    )
    return again * 2 >= max(1, len(below))


def _columns(names: Sequence[str], width: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Every column has a name of its own; names that were missing or double are said in the notes."""
    taken: Counter[str] = Counter()
    columns: list[str] = []
    changed: list[int] = []
    for index in range(width):
        written = " ".join(names[index].split())[:_LONGEST_NAME] if index < len(names) else ""
        name = written or f"Column {index + 1}"
        taken[name] += 1
        while taken[name] > 1:
            name = f"{name} ({taken[name]})"
            taken[name] += 1
        if names and name != written:
            changed.append(index + 1)
        columns.append(name)
    if not changed:
        return tuple(columns), ()
    shown = lines_named(changed).replace("Line", "Column")
    return tuple(columns), (f"{shown}: without a name, or named like another; a name was made.",)


def _fitted(row: Sequence[str], width: int) -> tuple[str, ...]:
    cells = tuple(row[:width])
    return cells + ("",) * (width - len(cells))


def _width(row: Sequence[str]) -> int:
    """Up to the last cell that holds something."""
    return next((index for index in range(len(row), 0, -1) if row[index - 1].strip()), 0)


def _note_on_longer_rows(rows: Sequence[Sequence[str]], first: int, last: int, *, has_header: bool) -> tuple[str, ...]:
    if not has_header:
        return ()
    named = _width(rows[first])
    longer = [index + 1 for index in range(first + 1, last + 1) if _width(rows[index]) > named]
    return (f"{lines_named(longer).replace('Line', 'Row')}: more cells than columns have names.",) if longer else ()


def _lost(width: int, more_rows: int) -> list[str]:
    lost = []
    if width > MOST_COLUMNS:
        lost.append(f"Columns {MOST_COLUMNS + 1:,} to {width:,}: at most {MOST_COLUMNS:,} columns are read.")
    if more_rows:
        lost.append(f"{more_rows:,} rows after the first {MOST_ROWS:,}: no more are read. Split the table.")
    return lost

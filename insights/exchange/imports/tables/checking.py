"""A dry run over a table: what each row would become, and what stands in its way, by row and column."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from insights.core.checks import LONGEST_LINE, clean
from insights.core.errors import InvalidInput
from insights.exchange.documents import ReadTable
from insights.exchange.imports.tables.choices import (
    ANSWER,
    ATTRIBUTE,
    CODE,
    DATE,
    MEANINGS,
    ONLY_ONCE,
    TASK,
    TITLE,
    Shape,
    TableChoices,
)
from insights.exchange.imports.tables.dates import DateOrder, day_in, settled_order
from insights.people.participants import attribute_label, attribute_of, personal_hint
from insights.people.participants.attributes import tidy_value

MOST_SESSIONS = 5_000
_EARLIEST_YEAR = 1900
_LONGEST_CODE = 20
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class RowError:
    """`row` is the file's own number of the row; `column` its name, empty where the whole row is meant."""

    row: int
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class SurveyRow:
    """What one row says. `code` is empty where one is to be drawn; answers and tasks are pairs (column, cell)."""

    number: int
    code: str = ""
    held_on: date | None = None
    title: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    answers: tuple[tuple[str, str], ...] = ()
    tasks: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class DryRun:
    """`rows` are the good ones; `empty` counts rows without a single cell, which are passed over; `notes` warn."""

    rows: tuple[SurveyRow, ...]
    errors: tuple[RowError, ...]
    empty: int
    notes: tuple[str, ...] = ()

    @property
    def bad_rows(self) -> int:
        return len({error.row for error in self.errors})


def check_choices(table: ReadTable, choices: TableChoices) -> None:
    """Raises InvalidInput, by field, for meanings that cannot be: `column_3` is the fourth column's."""
    problems: dict[str, str] = {}
    first: dict[str, int] = {}
    for number, meaning in enumerate(choices.columns):
        if meaning not in MEANINGS:
            problems[f"column_{number}"] = "Choose what the column is from the list."
        elif meaning in ONLY_ONCE and meaning in first:
            other = table.columns[first[meaning]]
            problems[f"column_{number}"] = (
                f"“{MEANINGS[meaning]}” can be one column only, and “{other}” is it already. "
                "Choose another for one of them."
            )
        first.setdefault(meaning, number)
    if not {ANSWER, TASK} & set(choices.columns):
        problems["columns"] = "Choose at least one column as an answer or a task’s result: without it there is no text."
    if problems:
        raise InvalidInput("The columns cannot be read like this.", problems)


def dry_run(table: ReadTable, choices: TableChoices, *, known: Mapping[str, Mapping[str, str]], today: date) -> DryRun:
    """Every row examined, nothing stored. `known` maps the codes of the study's participants to their attributes.

    Raises InvalidInput where the meanings of the columns themselves cannot be.
    """
    check_choices(table, choices)
    reader = _RowReader(table, choices, dict(known), today)
    rows: list[SurveyRow] = []
    errors: list[RowError] = []
    empty = 0
    for number, cells in enumerate(table.rows, start=table.first_row):
        if not any(cell.strip() for cell in cells):
            empty += 1
            continue
        row, problems = reader.read(number, cells)
        errors += problems
        if not problems:
            rows.append(row)
            reader.remember(row)
    if choices.shape is Shape.SESSIONS and len(rows) > MOST_SESSIONS:
        raise InvalidInput.of(
            "shape",
            f"These are {len(rows):,} rows; {MOST_SESSIONS:,} become sessions at once. "
            "Bring all of them in as one source, or split the table.",
        )
    return DryRun(tuple(rows), tuple(errors), empty, tuple(_warnings(rows)))


class _RowReader:
    """Reads cells by the meanings of their columns, and knows what earlier rows said of a participant."""

    def __init__(
        self, table: ReadTable, choices: TableChoices, known: dict[str, Mapping[str, str]], today: date
    ) -> None:
        self._table, self._choices, self._known, self._today = table, choices, known, today
        self._order = self._settled_order()
        self._takes: dict[str, Callable[[str, str, dict[str, Any]], str]] = {
            CODE: self._code,
            DATE: self._date,
            TITLE: self._title,
            ANSWER: lambda name, cell, row: self._words("answers", name, cell, row),
            TASK: lambda name, cell, row: self._words("tasks", name, cell, row),
        }

    def read(self, number: int, cells: Sequence[str]) -> tuple[SurveyRow, list[RowError]]:
        found: dict[str, Any] = {"attributes": {}, "answers": [], "tasks": [], "held_on": self._choices.held_on}
        errors = []
        for name, meaning, cell in zip(self._table.columns, self._choices.columns, cells, strict=True):
            problem = self._take(meaning, name, clean(cell), found)
            if problem:
                errors.append(RowError(number, name, problem))
        errors += [RowError(number, "", problem) for problem in self._whole_row(found)]
        row = SurveyRow(
            number,
            found.get("code", ""),
            found["held_on"],
            found.get("title", ""),
            found["attributes"],
            tuple(found["answers"]),
            tuple(found["tasks"]),
        )
        return row, errors

    def remember(self, row: SurveyRow) -> None:
        if row.code:
            self._known[row.code] = {**self._known.get(row.code, {}), **row.attributes}

    def _settled_order(self) -> DateOrder | None:
        if DATE not in self._choices.columns:
            return DateOrder.TOLD
        place = self._choices.columns.index(DATE)
        return settled_order((row[place] for row in self._table.rows), self._choices.date_order)

    def _take(self, meaning: str, name: str, cell: str, row: dict[str, Any]) -> str:
        """Keeps what the cell says in the row; answers what is wrong with it."""
        if meaning.startswith(ATTRIBUTE):
            return self._attribute(meaning.removeprefix(ATTRIBUTE), cell, row)
        take = self._takes.get(meaning)
        return "" if take is None else take(name, cell, row)

    def _whole_row(self, row: Mapping[str, Any]) -> Iterator[str]:
        if not row["answers"] and not row["tasks"]:
            yield "No answer in any of its columns, so there would be no text. Leave the row out."
        if row["held_on"] is None and DATE not in self._choices.columns and self._choices.shape is Shape.SESSIONS:
            yield "No date. Choose a column as date, or enter one day for all rows."
        known = self._known.get(row.get("code", ""), {}) if row.get("code") else {}
        for key, value in row["attributes"].items():
            if known.get(key) and known[key].casefold() != value.casefold():
                yield (
                    f"{row['code']} is known with {attribute_label(key).lower()} “{known[key]}”; "
                    f"this row says “{value}”. Correct one of them."
                )

    def _code(self, _name: str, cell: str, row: dict[str, Any]) -> str:
        code = " ".join(cell.split()).upper()
        if not code:
            return "No code. Fill it in, or choose “Leave out” for the column: then each row gets a code of its own."
        if len(code) > _LONGEST_CODE:
            return f"“{_short(code)}” has {len(code)} characters; a code has {_LONGEST_CODE} at most."
        if hint := personal_hint(cell) or personal_hint(cell.title()):
            return (
                f"This looks like {hint}. A code never tells who somebody is: use one like P3, or leave the column out."
            )
        row["code"] = code
        return ""

    def _date(self, _name: str, cell: str, row: dict[str, Any]) -> str:
        if not cell:
            return "" if row["held_on"] else "No date. Fill it in, or enter one day for the rows without a date."
        if self._order is None:
            return f"“{_short(cell)}” may be two different days. Say above whether the day or the month comes first."
        day = day_in(cell, self._order)
        if day is None or day.year < _EARLIEST_YEAR:
            return f"“{_short(cell)}” is no date that we can read. Write it as 2026-03-14."
        if day > self._today:
            return f"“{_short(cell)}” is in the future, so nobody can have answered then."
        row["held_on"] = day
        return ""

    def _title(self, _name: str, cell: str, row: dict[str, Any]) -> str:
        title = " ".join(cell.split())
        if len(title) > LONGEST_LINE:
            return f"A title has {LONGEST_LINE} characters at most; this has {len(title):,}."
        row["title"] = title
        return ""

    def _attribute(self, key: str, cell: str, row: dict[str, Any]) -> str:
        if not cell:
            return ""
        if (hint := personal_hint(cell)) and hint != "a full name":
            return f"This looks like {hint}. Take it out: a participant is described without a contact."
        try:
            row["attributes"][key] = tidy_value(attribute_of(key), cell)
        except InvalidInput as error:
            return error.message
        return ""

    def _words(self, kind: str, name: str, cell: str, row: dict[str, Any]) -> str:
        if cell:
            row[kind].append((name, cell))
        return ""


def _warnings(rows: Sequence[SurveyRow]) -> Iterator[str]:
    """What a person should look at although it stands in nobody's way."""
    addresses = [
        row.number
        for row in rows
        if any("@" in cell and personal_hint(cell) == "an e-mail address" for _, cell in row.answers)
    ]
    if addresses:
        listed = ", ".join(str(number) for number in addresses[:10])
        more = f" and {len(addresses) - 10} more" if len(addresses) > 10 else ""  # noqa: PLR2004 - as many as are listed
        yield f"Answers look like they hold e-mail addresses, in row {listed}{more}. They would be stored as they are."


def _short(cell: str) -> str:
    return cell if len(cell) <= _SHOWN else f"{cell[:_SHOWN]}…"

"""What each column of a survey's or a test's table means, and what its rows become (features.md A7)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from insights.capture.models import Method
from insights.exchange.documents import ReadDocument, ReadTable
from insights.exchange.imports.tables.dates import DateOrder, hold_dates
from insights.people.participants import ATTRIBUTES

CODE, DATE, TITLE, ANSWER, TASK, LEFT_OUT = "code", "date", "title", "answer", "task", "leave_out"
ATTRIBUTE = "attribute:"

MEANINGS: Mapping[str, str] = {
    ANSWER: "Answer, in the text",
    TASK: "Result of a task",
    CODE: "Participant’s code",
    DATE: "Date",
    TITLE: "Title",
    **{f"{ATTRIBUTE}{each.key}": each.label for each in ATTRIBUTES},
    LEFT_OUT: "Leave out",
}
"""What a column can mean, with the words of the form. Those that begin with `attribute:` describe the participant."""

ONLY_ONCE = frozenset({CODE, DATE, TITLE, *(name for name in MEANINGS if name.startswith(ATTRIBUTE))})


class Shape(StrEnum):
    """What the rows become: each a session with a text of its own, or all of them one text."""

    SESSIONS = "sessions"
    ONE_SOURCE = "one_source"


@dataclass(frozen=True, slots=True)
class TableChoices:
    """`columns` holds a meaning for each column of sheet number `sheet`. `held_on` is for rows without a date.

    `rows` and `errors` are the counts of the last dry run, None before the first.
    """

    columns: tuple[str, ...]
    sheet: int = 0
    shape: Shape = Shape.SESSIONS
    title: str = ""
    held_on: date | None = None
    date_order: DateOrder = DateOrder.TOLD
    method: str = Method.SURVEY.value
    rows: int | None = None
    errors: int | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"held_on": None if self.held_on is None else self.held_on.isoformat()}

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> TableChoices:
        return cls(
            columns=tuple(plain["columns"]),
            sheet=plain["sheet"],
            shape=Shape(plain["shape"]),
            title=plain["title"],
            held_on=date.fromisoformat(plain["held_on"]) if plain["held_on"] else None,
            date_order=DateOrder(plain["date_order"]),
            method=plain["method"],
            rows=plain["rows"],
            errors=plain["errors"],
        )


def suggested_table_choices(document: ReadDocument, sheet: int | None = None) -> TableChoices:
    """Meanings guessed from the columns' names and values, for the first sheet with rows unless one is given."""
    tables = document.tables
    number = next((each for each, table in enumerate(tables) if table.rows), 0) if sheet is None else sheet
    columns = guessed_meanings(tables[number])
    return TableChoices(
        columns=columns,
        sheet=number,
        title=document.title,
        held_on=document.dated_on if document.date_precision == "day" else None,
        method=(Method.UNMODERATED_USABILITY_TEST if TASK in columns else Method.SURVEY).value,
    )


def guessed_meanings(table: ReadTable) -> tuple[str, ...]:
    guessed: list[str] = []
    for number, name in enumerate(table.columns):
        values = [row[number].strip() for row in table.rows if row[number].strip()]
        meaning = _meaning(name, values)
        guessed.append(LEFT_OUT if meaning in ONLY_ONCE and meaning in guessed else meaning)
    return tuple(guessed)


_CODE = re.compile(
    r"(?:participants?|respondents?|person|user|tester)?[ _-]*(?:id|code|number|no\.?|pseudonym)"
    r"|participants?|respondents?|p"
)
_DATE = re.compile(r"\b(?:date|timestamp|submitted|completed at|start time|time of|day)\b")
_TITLE = re.compile(r"(?:session )?title")
_TASK = re.compile(r"task\b.*|t\d{1,2}\b.*")
_PERSONAL = re.compile(
    r"\b(?:e-?mail|phone|telephone|mobile|(?:first|last|full|your|sur)[ _-]?name|ip address|contact)\b|name"
)
_ATTRIBUTES = (
    ("group", re.compile(r"(?:user|participant)?[ _-]?(?:group|segment|type)")),
    ("access_need", re.compile(r"access(?:ibility)?[ _-]needs?|disabilit(?:y|ies)")),
    ("assistive_technology", re.compile(r"assistive[ _-]tech(?:nology|nologies)?|at used")),
    ("digital_confidence", re.compile(r"digital[ _-](?:confidence|skills?)")),
    ("region", re.compile(r"region|nation|area")),
    ("language", re.compile(r"(?:preferred |first )?language")),
    ("age_band", re.compile(r"age(?:[ _-](?:band|group|range))?")),
)
_LONGEST_CODE = 20
_LONGEST_PERSONAL_HEADER = 3


def _meaning(name: str, values: Sequence[str]) -> str:
    header = " ".join(name.casefold().split()).rstrip("?: ")
    if not values or _is_personal(header):
        return LEFT_OUT
    if _CODE.fullmatch(header) and all(len(value) <= _LONGEST_CODE for value in values):
        return CODE
    if _DATE.search(header) and hold_dates(values):
        return DATE
    return _meaning_by_name(header)


def _is_personal(header: str) -> bool:
    """A column of names or contacts, and not a question that speaks of them."""
    return bool(_PERSONAL.search(header)) and len(header.split()) <= _LONGEST_PERSONAL_HEADER


def _meaning_by_name(header: str) -> str:
    patterns = ((TITLE, _TITLE), *((f"{ATTRIBUTE}{key}", pattern) for key, pattern in _ATTRIBUTES), (TASK, _TASK))
    return next((meaning for meaning, pattern in patterns if pattern.fullmatch(header)), ANSWER)

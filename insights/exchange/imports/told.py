"""What was understood of a file, and what it would become, in sentences for pages and for the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from insights.exchange.imports.choices import Becomes, FileChoices, SpeakerRole
from insights.exchange.imports.queries import FileRow
from insights.exchange.imports.tables.choices import LEFT_OUT, Shape, TableChoices

_KINDS = {"note": "Notes", "transcript": "A transcript", "document": "A document", "survey_row": "Survey answers"}


def what_it_is(summary: Mapping[str, Any], choices: FileChoices | TableChoices | None = None) -> str:
    """'A transcript: 132 turns by Dan and Participant, 24 pages, 3,100 words'."""
    if summary.get("tables"):
        return _table_in_words(summary["tables"])
    kind = choices.kind.value if isinstance(choices, FileChoices) else summary.get("kind", "")
    labels = [each.label for each in choices.speakers] if isinstance(choices, FileChoices) else []
    turns = "timed cue" if summary.get("timed") else "turn"
    by = f" by {_listed(labels)}" if labels else ""
    parts = [
        f"{_count(summary['utterances'], turns)}{by}" if summary.get("utterances") else "",
        _count(summary["pages"], "page") if summary.get("pages") else "",
        _count(summary.get("words", 0), "word"),
    ]
    return f"{_KINDS.get(kind, 'A text')}: {', '.join(part for part in parts if part)}"


def what_it_becomes(choices: FileChoices | TableChoices) -> str:
    """'A session on 4 March 2026, with P1, moderated by Dan'; what is missing is left out."""
    if isinstance(choices, TableChoices):
        return _rows_in_words(choices)
    people = _people(choices)
    if choices.becomes is Becomes.SOURCE:
        when = _dated(choices.dated_on, choices.date_precision)
        return f"A source of its own, “{choices.title}”{f', of {when}' if when else ''}"
    if choices.becomes is Becomes.EXISTING:
        return f"A text added to {choices.session_ref or 'a session'}{people}"
    when = f" on {_day(choices.dated_on)}" if choices.dated_on and choices.date_precision == "day" else ""
    moderated = f", moderated by {choices.moderator}" if choices.moderator else ""
    return f"A session{when}{people}{moderated}"


def names_that_stay(choices: FileChoices) -> tuple[str, ...]:
    """The labels that would stand in the stored text as they are written, moderators' apart."""
    return tuple(each.label for each in choices.speakers if each.role is SpeakerRole.AS_WRITTEN)


def state_of(row: FileRow) -> str:
    """'ready', 'needs you', 'known already', or the status in a word or two."""
    if row.status != "understood":
        return str(row.status.value).replace("_", " ")
    if row.known_as:
        return "known already"
    return "ready" if row.is_ready else "needs you"


def _people(choices: FileChoices) -> str:
    spoken = [each for each in choices.speakers if each.role is SpeakerRole.PARTICIPANT]
    codes = list(dict.fromkeys([*[each.code for each in spoken if each.code], *choices.participants]))
    drawn = sum(not each.code for each in spoken)
    named = [*codes, *([_count(drawn, "new participant")] if drawn else [])]
    return f", with {_listed(named)}" if named else ""


def _table_in_words(tables: Sequence[Sequence[Any]]) -> str:
    if len(tables) == 1:
        _, columns, rows = tables[0]
        return f"A table: {_count(rows, 'row')} in {_count(columns, 'column')}"
    sheets = [f"{name} with {_count(rows, 'row')}" for name, _, rows in tables]
    return f"{len(tables)} sheets: {_listed(sheets)}"


def _rows_in_words(choices: TableChoices) -> str:
    used = sum(meaning != LEFT_OUT for meaning in choices.columns)
    rows = "Each row" if choices.rows is None else _count(choices.rows, "good row")
    whole = "one source with all rows" if choices.shape is Shape.ONE_SOURCE else "a session for each row"
    if choices.errors:
        whole += f"; {_count(choices.errors, 'row')} with errors"
    return f"{rows} by {used} of {_count(len(choices.columns), 'column')}: {whole}"


def _count(number: int, singular: str) -> str:
    return f"{number:,} {singular}{'' if number == 1 else 's'}"


_MOST_LISTED = 4


def _listed(names: Sequence[str]) -> str:
    """'Dan', 'Dan and Ana', 'Dan, Ana and 3 more'."""
    if len(names) > _MOST_LISTED:
        return f"{', '.join(names[:3])} and {len(names) - 3} more"
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _dated(day: date | None, precision: str) -> str:
    if day is None:
        return ""
    return _day(day) if precision == "day" else f"{day.year}" if precision == "year" else f"{day:%B %Y}"

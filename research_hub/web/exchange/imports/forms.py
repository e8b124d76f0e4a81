"""What can be put right of a file: a form with two fields more for each speaker, or one for each column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from wtforms import Field, SelectField, StringField

from insights.capture.models import Method, SourceKind
from insights.core.errors import InvalidInput
from insights.exchange.documents import ReadTable
from insights.exchange.imports import Becomes, FileChoices, SpeakerChoice, SpeakerRole
from insights.exchange.imports.tables.choices import LEFT_OUT, MEANINGS, Shape, TableChoices
from insights.exchange.imports.tables.dates import DateOrder
from insights.exchange.single_report import participant_count_of
from research_hub.web.forms import DayField, HubForm, told

METHODS = told(Method)
_KINDS = {
    SourceKind.NOTE.value: "Notes",
    SourceKind.TRANSCRIPT.value: "A transcript",
    SourceKind.DOCUMENT.value: "A document",
}
_BECOMES = {
    Becomes.SESSION.value: "A session of its own",
    Becomes.EXISTING.value: "A text of a session that is there",
    Becomes.SOURCE.value: "A source of its own, such as a report",
}
_ROLES = {
    SpeakerRole.PARTICIPANT.value: "Participant",
    SpeakerRole.MODERATOR.value: "Moderator",
    SpeakerRole.AS_WRITTEN.value: "Leave as written",
}


class FileForm(HubForm):
    title = StringField("Title")
    kind = SelectField("It is", choices=_KINDS)
    becomes = SelectField("It becomes", choices=_BECOMES)
    session_ref = SelectField("Session", validate_choice=False, description="For a text of a session that is there.")
    dated_on = DayField("Date", description="The day of the session, or of the report.")
    method = SelectField("Method", choices={"": "Not known", **METHODS}, validate_choice=False)
    moderator = StringField("Moderator")
    participants = StringField(
        "Other participants", description="Codes of those who took part and are no speakers, separated by commas."
    )
    participant_count = StringField("How many people took part", description="For a report.")


class TableForm(HubForm):
    shape = SelectField(
        "What rows become",
        choices={Shape.SESSIONS.value: "Each row a session", Shape.ONE_SOURCE.value: "All rows one source"},
    )
    title = StringField("Title", description="For one source with all rows.")
    held_on = DayField("Day", description="For rows that tell none.")
    date_order = SelectField(
        "Dates such as 3/4/2026",
        choices={
            DateOrder.TOLD.value: "As the column itself tells",
            DateOrder.DAY_FIRST.value: "Day first: 3 April",
            DateOrder.MONTH_FIRST.value: "Month first: March 4",
        },
    )
    method = SelectField("Method", choices=METHODS)
    profile = StringField(
        "Keep this mapping as", description="A name, to be offered when such a table comes again. May stay empty."
    )


def file_form(choices: FileChoices) -> type[FileForm]:
    """The form with `role_0`, `code_0` and so on, for the speakers in their order."""
    fields: dict[str, Field] = {}
    for number, speaker in enumerate(choices.speakers):
        fields[f"role_{number}"] = SelectField(f"Who “{speaker.label}” is", choices=_ROLES)
        fields[f"code_{number}"] = StringField(f"Code of “{speaker.label}”")
    return type("FileFormWithSpeakers", (FileForm,), fields)


def shown_choices(choices: FileChoices) -> dict[str, Any]:
    """The choices as the form's data."""
    speakers = {f"role_{number}": each.role.value for number, each in enumerate(choices.speakers)}
    speakers |= {f"code_{number}": each.code for number, each in enumerate(choices.speakers)}
    return {
        "title": choices.title,
        "kind": choices.kind.value,
        "becomes": choices.becomes.value,
        "session_ref": choices.session_ref,
        "dated_on": choices.dated_on if choices.date_precision == "day" else None,
        "method": choices.method,
        "moderator": choices.moderator,
        "participants": ", ".join(choices.participants),
        "participant_count": "" if choices.participant_count is None else str(choices.participant_count),
        **speakers,
    }


def told_choices(before: FileChoices, values: Mapping[str, Any]) -> FileChoices:
    """What the form says. An empty date leaves a report the month or year that its file tells."""
    day = values["dated_on"]
    keeps_vague_date = day is None and before.date_precision != "day" and values["becomes"] != Becomes.SESSION
    return replace(
        before,
        title=" ".join(values["title"].split()),
        kind=SourceKind(values["kind"]),
        becomes=Becomes(values["becomes"]),
        session_ref=values["session_ref"] or "",
        dated_on=before.dated_on if keeps_vague_date else day,
        date_precision=before.date_precision if keeps_vague_date else "day",
        method=values["method"] or "",
        moderator=" ".join(values["moderator"].split())[:200],
        participants=_codes(values["participants"]),
        participant_count=participant_count_of("participant_count", values["participant_count"]),
        speakers=tuple(
            _speaker(each.label, values[f"role_{number}"], values[f"code_{number}"])
            for number, each in enumerate(before.speakers)
        ),
    )


def table_form(table: ReadTable) -> type[TableForm]:
    """The form with `column_0` and so on, for the columns in their order."""
    fields: dict[str, Field] = {
        f"column_{number}": SelectField(name or f"Column {number + 1}", choices=dict(MEANINGS), default=LEFT_OUT)
        for number, name in enumerate(table.columns)
    }
    return type("TableFormWithColumns", (TableForm,), fields)


def shown_table_choices(choices: TableChoices) -> dict[str, Any]:
    columns = {f"column_{number}": meaning for number, meaning in enumerate(choices.columns)}
    return columns | {
        "shape": choices.shape.value,
        "title": choices.title,
        "held_on": choices.held_on,
        "date_order": choices.date_order.value,
        "method": choices.method,
    }


def told_table_choices(before: TableChoices, values: Mapping[str, Any]) -> TableChoices:
    return replace(
        before,
        columns=tuple(values[f"column_{number}"] for number in range(len(before.columns))),
        shape=Shape(values["shape"]),
        title=" ".join(values["title"].split()),
        held_on=values["held_on"],
        date_order=DateOrder(values["date_order"]),
        method=values["method"],
        rows=None,
        errors=None,
    )


def _codes(written: str) -> tuple[str, ...]:
    codes: Sequence[str] = [" ".join(part.split()).upper() for part in written.split(",")]
    return tuple(dict.fromkeys(code for code in codes if code))


def _speaker(label: str, role: str, code: str) -> SpeakerChoice:
    if role not in _ROLES:
        raise InvalidInput(f"Choose who “{label}” is from the list.")
    chosen = SpeakerRole(role)
    return SpeakerChoice(label, chosen, " ".join(code.split()).upper() if chosen is SpeakerRole.PARTICIPANT else "")

"""Rows of a table as sessions with a text each, or as one text; every question a heading over its answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.models import Method, ResearchSession, SourceKind, SourceText, Study, session_participants
from insights.capture.operations import SourceDetails, create_research_session, store_source
from insights.core.activity import record, touch
from insights.core.text import canonical_text
from insights.exchange.imports.tables.checking import SurveyRow
from insights.exchange.imports.tables.choices import TableChoices
from insights.people.models import Member, Participant
from insights.people.operations import find_or_add_participant
from insights.people.participants import GROUP


@dataclass(frozen=True, slots=True)
class RowsFile:
    """The file that the rows came from, with what its text is stored as."""

    details: SourceDetails
    original: bytes


def attributes_by_code(session: Session, study_id: int) -> dict[str, Mapping[str, str]]:
    """What the study's participants are known with, the group among it."""
    people = session.scalars(select(Participant).where(Participant.study_id == study_id))
    return {each.code: {GROUP: each.group, **each.attributes} for each in people}


def store_rows_as_sessions(
    session: Session, *, actor: Member, study: Study, choices: TableChoices, rows: Sequence[SurveyRow], file: RowsFile
) -> list[tuple[ResearchSession, SourceText]]:
    """Each row a session with one participant; without a code for them, one is drawn at random."""
    made = []
    for row in rows:
        participant = _participant(session, actor, study, row)
        held = create_research_session(
            session,
            actor=actor,
            study=study,
            held_on=row.held_on,
            title=row.title,
            method=choices.method,
            participants=[participant.code],
        )
        if row.tasks:
            held.custom = {"tasks": dict(row.tasks)}
        details = replace(file.details, kind=SourceKind.SURVEY_ROW, title=row.title, dated_on=row.held_on)
        source = store_source(
            session,
            actor=actor,
            study=study,
            details=details,
            text=canonical_text("\n\n".join(_paragraphs(row, level=2))),
            original=file.original,
            research_session=held,
        )
        record(session, actor, "imported", held, touches=[study.ref], detail={"row": row.number})
        made.append((held, source))
    return made


def store_rows_as_source(
    session: Session, *, actor: Member, study: Study, choices: TableChoices, rows: Sequence[SurveyRow], file: RowsFile
) -> SourceText:
    """All rows in one text, each under a heading with its number in the file and the participant's code."""
    parts = []
    for row in rows:
        who = f", {row.code}" if row.code else ""
        parts += [f"## Row {row.number}{who}", *_paragraphs(row, level=3)]
    days = [row.held_on for row in rows if row.held_on is not None]
    details = replace(
        file.details,
        kind=SourceKind.SURVEY_ROW,
        title=choices.title,
        dated_on=choices.held_on or (max(days) if days else None),
        method=Method(choices.method),
        participant_count=len(rows),
    )
    source = store_source(
        session,
        actor=actor,
        study=study,
        details=details,
        text=canonical_text("\n\n".join(parts)),
        original=file.original,
    )
    record(session, actor, "imported", source, touches=[study.ref], detail={"rows": len(rows)})
    return source


def _paragraphs(row: SurveyRow, *, level: int) -> Iterator[str]:
    for question, answer in row.answers:
        yield f"{'#' * level} {' '.join(question.split()) or 'Answer'}"
        yield answer
    if row.tasks:
        yield f"{'#' * level} Tasks"
        yield "\n".join(f"- {' '.join(task.split())}: {' '.join(result.split())}" for task, result in row.tasks)


def _participant(session: Session, actor: Member, study: Study, row: SurveyRow) -> Participant:
    """Found or made, with what the row adds to what is known of them; nothing that is known is changed."""
    person = find_or_add_participant(session, actor=actor, study_id=study.id, code=row.code)
    added = {key: value for key, value in row.attributes.items() if key != GROUP and not person.attributes.get(key)}
    group = row.attributes.get(GROUP, "") if not person.group else ""
    if added or group:
        person.attributes = {**person.attributes, **added}
        person.group = person.group or group
        touch(session, actor, person)
        record(session, actor, "edited", person, touches=_sessions_of(session, person))
    return person


def _sessions_of(session: Session, person: Participant) -> list[str]:
    """Search knows sessions by the groups that were heard in them."""
    held = session.scalars(
        select(session_participants.c.research_session_id).where(session_participants.c.participant_id == person.id)
    )
    return [f"SES-{number}" for number in held]

"""Changes to research sessions and who took part in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from insights.capture.models import (
    Method,
    ResearchSession,
    SessionStatus,
    SourceKind,
    SourceText,
    Study,
    StudyStatus,
    session_participants,
)
from insights.capture.operations.days import required_day
from insights.capture.operations.texts import OriginalFile, add_places, add_text_version, attach_original
from insights.core.activity import add, record, touch
from insights.core.checks import optional_line, required_text, term_of
from insights.core.clock import now
from insights.core.concurrency import refuse_stale
from insights.core.errors import InvalidInput
from insights.core.text import canonical_text
from insights.people.models import Member
from insights.people.operations import find_or_add_participant, require_same_area

BEFORE_FIELD = (StudyStatus.PROPOSED, StudyStatus.PLANNED)
LONGEST_NOTE = 1_000_000
LONGEST_MINUTES = 7 * 24 * 60
"""A diary study may run for days; a year is a slip of the finger."""


def create_research_session(
    session: Session,
    *,
    actor: Member,
    study: Study,
    held_on: date | None,
    title: str = "",
    method: str | Method = Method.INTERVIEW,
    moderator: str = "",
    observers: str = "",
    participants: Sequence[str] = (),
    channel: str = "",
    minutes: int | None = None,
) -> ResearchSession:
    """The session itself, before it has a text. Callers store its text and record what was done.

    Raises InvalidInput for a study that is not in field yet (features.md L6); those that are over take late notes.
    """
    require_same_area(session, actor, study.team_id)
    if study.status in BEFORE_FIELD:
        raise InvalidInput.of(
            "study",
            f"{study.ref} is {study.status.value}: nobody is heard in it yet. Tell how people’s data are protected on "
            "its page, under “Where it stands”, and take it to in field first; what you typed is still here.",
        )
    research_session = ResearchSession(
        study_id=study.id,
        title=optional_line("title", title, label="the title"),
        held_on=required_day("held_on", held_on),
        method=term_of("method", Method, method, label="a method"),
        moderator=optional_line("moderator", moderator, label="the moderator", longest=200),
        observers=optional_line("observers", observers, label="the observers"),
        channel=optional_line("channel", channel, label="the channel", longest=60),
        minutes=_minutes(minutes),
        status=SessionStatus.WRITTEN_UP,
    )
    add(session, actor, research_session)
    set_participants(session, actor, research_session, participants)
    return research_session


def log_research_session(
    session: Session,
    *,
    actor: Member,
    study: Study,
    held_on: date,
    notes: str,
    title: str = "",
    method: str | Method = Method.INTERVIEW,
    moderator: str = "",
    observers: str = "",
    participants: Sequence[str] = (),
    original: OriginalFile | tuple[str, bytes] | None = None,
    channel: str = "",
    minutes: int | None = None,
) -> ResearchSession:
    """Only study, date and notes are required (features.md A1). `original` is the file uploaded with them."""
    require_same_area(session, actor, study.team_id)
    text = _notes(notes)
    file = OriginalFile(*original) if isinstance(original, tuple) else original
    research_session = create_research_session(
        session,
        actor=actor,
        study=study,
        held_on=held_on,
        title=title,
        method=method,
        moderator=moderator,
        observers=observers,
        participants=participants,
        channel=channel,
        minutes=minutes,
    )
    source = SourceText(
        study_id=study.id,
        research_session_id=research_session.id,
        kind=SourceKind.NOTE if file is None else file.kind,
        title=research_session.title,
        dated_on=research_session.held_on,
        encoding="utf-8" if file is None else file.encoding,
    )
    if file is not None:
        attach_original(session, source, file.name, file.content, media_type=file.media_type)
    add(session, actor, source)
    version = add_text_version(session, actor=actor, source=source, text=text)
    # Notes that begin otherwise than the file's text are not its text, and its places are none of theirs.
    if file is not None and notes.startswith(text):
        add_places(session, version, file.utterances, file.pages)
    record(session, actor, "logged", research_session, touches=[study.ref])
    return research_session


def edit_session_details(
    session: Session,
    *,
    actor: Member,
    research_session: ResearchSession,
    study: Study,
    held_on: date,
    title: str,
    method: str | Method,
    moderator: str,
    observers: str,
    participants: Sequence[str],
    channel: str = "",
    minutes: int | None = None,
    row_version: int | None = None,
) -> None:
    """Everything about a session but its notes, which have versions of their own."""
    require_same_area(session, actor, study.team_id)
    new_title = optional_line("title", title, label="the title")
    refuse_stale(research_session, row_version, {"title": new_title, "moderator": moderator.strip()})
    research_session.title = new_title
    research_session.held_on = required_day("held_on", held_on)
    research_session.method = term_of("method", Method, method, label="a method")
    research_session.moderator = optional_line("moderator", moderator, label="the moderator", longest=200)
    research_session.observers = optional_line("observers", observers, label="the observers")
    research_session.channel = optional_line("channel", channel, label="the channel", longest=60)
    research_session.minutes = _minutes(minutes)
    set_participants(session, actor, research_session, participants)
    touch(session, actor, research_session)
    record(session, actor, "edited", research_session)


def set_session_deleted(
    session: Session, *, actor: Member, research_session: ResearchSession, study: Study, deleted: bool
) -> None:
    """Takes a session out of sight, or brings it back; its text and highlights are kept either way."""
    require_same_area(session, actor, study.team_id)
    moment = now(session) if deleted else None
    research_session.deleted_at = moment
    sources = session.scalars(select(SourceText).where(SourceText.research_session_id == research_session.id))
    for source in sources:
        source.deleted_at = moment
        touch(session, actor, source)
    touch(session, actor, research_session)
    record(session, actor, "deleted" if deleted else "restored", research_session, touches=[study.ref])


def set_participants(session: Session, actor: Member, research_session: ResearchSession, codes: Sequence[str]) -> None:
    people = {
        find_or_add_participant(session, actor=actor, study_id=research_session.study_id, code=code).id
        for code in codes
        if code.strip()
    }
    session.execute(
        delete(session_participants).where(session_participants.c.research_session_id == research_session.id)
    )
    if people:
        rows = [{"research_session_id": research_session.id, "participant_id": person} for person in sorted(people)]
        session.execute(insert(session_participants), rows)


def _minutes(minutes: int | None) -> int | None:
    if minutes is not None and not 0 < minutes <= LONGEST_MINUTES:
        raise InvalidInput.of("minutes", f"Enter how long it took in minutes, from 1 to {LONGEST_MINUTES:,}.")
    return minutes


def _notes(notes: str) -> str:
    text = canonical_text(notes).strip("\n")
    if len(text) > LONGEST_NOTE:
        raise InvalidInput.of(
            "notes",
            f"The notes have {len(text):,} characters; {LONGEST_NOTE:,} is the most that one session takes. "
            "Split them into several sessions.",
        )
    required_text("notes", text, label="the notes", longest=LONGEST_NOTE)
    return text

"""Changes to studies, research sessions and source texts."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from insights.capture.models import (
    Attachment,
    Draft,
    Method,
    ResearchSession,
    SessionStatus,
    SourceKind,
    SourceText,
    Study,
    StudyStatus,
    TextVersion,
    session_participants,
    study_members,
)
from insights.core.activity import add, record, touch
from insights.core.checks import optional_line, required_line, required_text, term_of, text_of
from insights.core.clock import now
from insights.core.concurrency import refuse_stale
from insights.core.errors import InvalidInput
from insights.core.text import canonical_text
from insights.people.models import Member, Service
from insights.people.operations import find_or_add_participant, require_same_area, web_address

LONGEST_NOTE = 1_000_000
EARLIEST = date(1900, 1, 1)
LONGEST_DRAFT = 2_000_000


@dataclass(frozen=True, slots=True)
class ReportDetails:
    """What is known of a report that comes in from outside (features.md A8)."""

    title: str
    original_name: str = ""
    encoding: str = "utf-8"
    url: str = ""
    dated_on: date | None = None
    date_precision: str = "day"
    method: Method | None = None
    participant_count: int | None = None
    front_matter: Mapping[str, Any] | None = None


def create_study(
    session: Session,
    *,
    actor: Member,
    title: str,
    question: str = "",
    methods: Sequence[str] = (),
    service: Service | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    status: str | StudyStatus = StudyStatus.IN_FIELD,
    restricted: bool = False,
    legacy: bool = False,
) -> Study:
    """The creator leads the study and, where it is restricted, is named in it."""
    study = Study(
        title=required_line("title", title, label="a title"),
        question=text_of("question", question, label="the question", longest=20_000),
        methods=_methods(methods),
        starts_on=_sensible("starts_on", starts_on),
        ends_on=_sensible("ends_on", ends_on),
        status=term_of("status", StudyStatus, status, label="a status"),
        restricted=restricted,
        legacy=legacy,
        lead_id=actor.id,
        team_id=actor.team_id,
        service_id=None if service is None else service.id,
    )
    _refuse_backwards(study.starts_on, study.ends_on)
    add(session, actor, study)
    session.execute(insert(study_members).values(study_id=study.id, member_id=actor.id))
    record(session, actor, "created", study)
    return study


def edit_study(
    session: Session,
    *,
    actor: Member,
    study: Study,
    title: str,
    question: str,
    methods: Sequence[str],
    service: Service | None,
    starts_on: date | None,
    ends_on: date | None,
    status: str | StudyStatus,
    row_version: int | None = None,
) -> None:
    require_same_area(session, actor, study.team_id)
    new_title = required_line("title", title, label="a title")
    new_question = text_of("question", question, label="the question", longest=20_000)
    refuse_stale(study, row_version, {"title": new_title, "question": new_question})
    study.title, study.question, study.methods = new_title, new_question, _methods(methods)
    study.service_id = None if service is None else service.id
    study.starts_on, study.ends_on = _sensible("starts_on", starts_on), _sensible("ends_on", ends_on)
    _refuse_backwards(study.starts_on, study.ends_on)
    study.status = term_of("status", StudyStatus, status, label="a status")
    touch(session, actor, study)
    record(session, actor, "edited", study)


def set_study_access(
    session: Session, *, actor: Member, study: Study, restricted: bool, named: Sequence[Member]
) -> None:
    """Who is named sees a restricted study; whoever restricts it stays named, so that nobody locks everyone out."""
    require_same_area(session, actor, study.team_id)
    study.restricted = restricted
    members = {actor.id} | {member.id for member in named}
    session.execute(delete(study_members).where(study_members.c.study_id == study.id))
    session.execute(
        insert(study_members), [{"study_id": study.id, "member_id": member_id} for member_id in sorted(members)]
    )
    touch(session, actor, study)
    record(session, actor, "changed access of", study, detail={"restricted": restricted, "named": sorted(members)})


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
    original: tuple[str, bytes] | None = None,
) -> ResearchSession:
    """Only study, date and notes are required (features.md A1). `original` is the uploaded file's name and content."""
    require_same_area(session, actor, study.team_id)
    text = _notes(notes)
    research_session = ResearchSession(
        study_id=study.id,
        title=optional_line("title", title, label="the title"),
        held_on=_required_day("held_on", held_on),
        method=term_of("method", Method, method, label="a method"),
        moderator=optional_line("moderator", moderator, label="the moderator", longest=200),
        observers=optional_line("observers", observers, label="the observers"),
        status=SessionStatus.WRITTEN_UP,
    )
    add(session, actor, research_session)
    _set_participants(session, actor, research_session, participants)
    source = SourceText(
        study_id=study.id,
        research_session_id=research_session.id,
        kind=SourceKind.NOTE,
        title=research_session.title,
        dated_on=research_session.held_on,
    )
    if original is not None:
        _attach_original(session, source, *original)
    add(session, actor, source)
    add_text_version(session, actor=actor, source=source, text=text)
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
    row_version: int | None = None,
) -> None:
    """Everything about a session but its notes, which have versions of their own."""
    require_same_area(session, actor, study.team_id)
    new_title = optional_line("title", title, label="the title")
    refuse_stale(research_session, row_version, {"title": new_title, "moderator": moderator.strip()})
    research_session.title = new_title
    research_session.held_on = _required_day("held_on", held_on)
    research_session.method = term_of("method", Method, method, label="a method")
    research_session.moderator = optional_line("moderator", moderator, label="the moderator", longest=200)
    research_session.observers = optional_line("observers", observers, label="the observers")
    _set_participants(session, actor, research_session, participants)
    touch(session, actor, research_session)
    record(session, actor, "edited", research_session)


def import_report(
    session: Session, *, actor: Member, study: Study, details: ReportDetails, text: str, original: bytes
) -> SourceText | None:
    """A report as a citable source of its own; None when the study already holds a file of the same content."""
    require_same_area(session, actor, study.team_id)
    digest = hashlib.sha256(original).hexdigest()
    known = select(SourceText.id).where(
        SourceText.study_id == study.id, SourceText.sha256 == digest, SourceText.deleted_at.is_(None)
    )
    if session.scalar(known):
        return None
    source = SourceText(
        study_id=study.id,
        research_session_id=None,
        kind=SourceKind.DOCUMENT,
        title=required_line("title", details.title[:500], label="a title"),
        url=web_address("url", details.url),
        encoding=details.encoding,
        dated_on=details.dated_on,
        date_precision=details.date_precision,
        method=details.method,
        participant_count=details.participant_count,
        front_matter=dict(details.front_matter or {}),
    )
    _attach_original(session, source, details.original_name, original)
    add(session, actor, source)
    add_text_version(session, actor=actor, source=source, text=canonical_text(text))
    record(session, actor, "imported", source, touches=[study.ref], detail={"sha256": digest})
    return source


def add_text_version(session: Session, *, actor: Member | None, source: SourceText, text: str) -> TextVersion:
    """The next version of a source's text, made current. Callers carry the highlights over."""
    parent = None if source.current_version_id is None else session.get(TextVersion, source.current_version_id)
    version = TextVersion(
        source_text_id=source.id,
        number=1 if parent is None else parent.number + 1,
        text=text,
        length=len(text),
        parent_id=None if parent is None else parent.id,
        created_at=now(session),
        created_by_id=None if actor is None else actor.id,
    )
    session.add(version)
    session.flush()
    source.current_version_id = version.id
    session.flush()
    return version


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


def save_draft(session: Session, *, member: Member, form_key: str, fields: Mapping[str, str]) -> Draft:
    """Keeps what is being typed; a draft is no record, so it has no activity entry and is in nobody's search."""
    key = required_line("form_key", form_key, label="the form", longest=120)
    if sum(len(value) for value in fields.values()) > LONGEST_DRAFT:
        raise InvalidInput("The draft is too long to keep. Save the form, or shorten the text.")
    draft = session.scalar(select(Draft).where(Draft.member_id == member.id, Draft.form_key == key))
    if draft is None:
        draft = Draft(member_id=member.id, form_key=key)
        session.add(draft)
    draft.fields = dict(fields)
    draft.saved_at = now(session)
    session.flush()
    return draft


def discard_draft(session: Session, *, member: Member, form_key: str) -> None:
    session.execute(delete(Draft).where(Draft.member_id == member.id, Draft.form_key == form_key))


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


def _set_participants(session: Session, actor: Member, research_session: ResearchSession, codes: Sequence[str]) -> None:
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


def _attach_original(session: Session, source: SourceText, name: str, content: bytes) -> None:
    digest = hashlib.sha256(content).hexdigest()
    if session.get(Attachment, digest) is None:
        session.add(Attachment(sha256=digest, size=len(content), media_type="text/markdown", added_at=now(session)))
        session.flush()
    source.sha256, source.original_name = digest, _file_name(name)


def _file_name(name: str) -> str:
    return re.sub(r"[\x00-\x1f]", "", name)[:1000]


def _methods(methods: Sequence[str]) -> list[str]:
    return [term_of("methods", Method, method, label="a method").value for method in methods]


def _required_day(field: str, day: date | None) -> date:
    if day is None:
        raise InvalidInput.of(field, "Enter the date, for example 27 3 2026.")
    _sensible(field, day)
    return day


def _sensible(field: str, day: date | None) -> date | None:
    if day is not None and day < EARLIEST:
        raise InvalidInput.of(field, f"Enter a date after {EARLIEST.year}.")
    return day


def _refuse_backwards(starts_on: date | None, ends_on: date | None) -> None:
    if starts_on and ends_on and ends_on < starts_on:
        raise InvalidInput.of("ends_on", "The study cannot end before it starts.")

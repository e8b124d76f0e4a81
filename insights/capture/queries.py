"""Reads about studies, sessions and texts, scoped to the member, as frozen rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from insights.capture.access import visible_studies
from insights.capture.models import (
    Draft,
    ResearchSession,
    SourceText,
    Study,
    TextVersion,
    session_participants,
    study_members,
)
from insights.core.base import number_of
from insights.core.errors import NotFound
from insights.people.models import Member, Participant, Service, Team
from insights.people.queries import Choice

PAGE = 50


@dataclass(frozen=True, slots=True)
class StudyRow:
    id: int
    ref: str
    title: str
    status: str
    service: str
    team: str
    lead: str
    methods: tuple[str, ...]
    restricted: bool
    legacy: bool
    sessions: int
    reports: int
    starts_on: date | None
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One line of a list of sessions; `ref` is SES-n for a session and SRC-n for a report."""

    source_id: int
    ref: str
    title: str
    study_ref: str
    study: str
    method: str
    held_on: date | None
    participants: str
    length: int


@dataclass(frozen=True, slots=True)
class SourcePage:
    """Everything the reader shows of one source text."""

    ref: str
    source_id: int
    title: str
    text: str
    text_version_id: int
    version_number: int
    study_ref: str
    study: str
    study_id: int
    session_ref: str | None
    held_on: date | None
    date_precision: str
    method: str
    participant_count: int | None
    moderator: str
    observers: str
    participants: tuple[str, ...]
    original_name: str
    sha256: str | None
    url: str
    encoding: str
    front_matter: dict[str, Any]
    deleted_at: datetime | None
    row_version: int
    updated_at: datetime


def get_study(session: Session, member: Member, ref: str) -> Study:
    """Raises NotFound for a study that is not there or that the member may not see."""
    study = session.scalar(
        select(Study).where(Study.id == (number_of(ref, Study.PREFIX) or 0), visible_studies(member))
    )
    if study is None:
        raise NotFound(ref)
    return study


def get_research_session(session: Session, member: Member, ref: str) -> tuple[ResearchSession, Study]:
    row = session.execute(
        select(ResearchSession, Study)
        .join(Study, Study.id == ResearchSession.study_id)
        .where(ResearchSession.id == (number_of(ref, ResearchSession.PREFIX) or 0), visible_studies(member))
    ).first()
    if row is None:
        raise NotFound(ref)
    return row[0], row[1]


def get_source(session: Session, member: Member, ref: str) -> tuple[SourceText, Study]:
    row = session.execute(
        select(SourceText, Study)
        .join(Study, Study.id == SourceText.study_id)
        .where(
            SourceText.id == (number_of(ref, SourceText.PREFIX) or 0),
            SourceText.deleted_at.is_(None),
            visible_studies(member),
        )
    ).first()
    if row is None:
        raise NotFound(ref)
    return row[0], row[1]


def list_studies(session: Session, member: Member, *, service_id: int | None = None) -> list[StudyRow]:
    sessions = _count(ResearchSession, ResearchSession.study_id, ResearchSession.deleted_at)
    reports = (
        select(func.count(SourceText.id))
        .where(
            SourceText.study_id == Study.id,
            SourceText.research_session_id.is_(None),
            SourceText.deleted_at.is_(None),
        )
        .correlate(Study)
        .scalar_subquery()
    )
    lead = select(Member.name).where(Member.id == Study.lead_id).correlate(Study).scalar_subquery()
    query = (
        select(Study, Service.name, Team.name, lead, sessions, reports)
        .outerjoin(Service, Service.id == Study.service_id)
        .join(Team, Team.id == Study.team_id)
        .where(visible_studies(member))
        .order_by(Study.updated_at.desc(), Study.id.desc())
    )
    if service_id is not None:
        query = query.where(Study.service_id == service_id)
    return [
        StudyRow(
            study.id,
            study.ref,
            study.title,
            study.status.value,
            service or "",
            team,
            lead_name or "",
            tuple(study.methods),
            study.restricted,
            study.legacy,
            session_count,
            report_count,
            study.starts_on,
            study.updated_at,
        )
        for study, service, team, lead_name, session_count, report_count in session.execute(query)
    ]


def study_choices(session: Session, member: Member) -> list[Choice]:
    rows = session.execute(
        select(Study.id, Study.title).where(visible_studies(member)).order_by(Study.updated_at.desc(), Study.id.desc())
    )
    return [Choice(f"STU-{number}", title) for number, title in rows]


def named_members(session: Session, study: Study) -> list[Choice]:
    rows = session.execute(
        select(Member.id, Member.name)
        .join(study_members, study_members.c.member_id == Member.id)
        .where(study_members.c.study_id == study.id)
        .order_by(Member.name)
    )
    return [Choice(str(number), name) for number, name in rows]


def list_sources(
    session: Session, member: Member, *, study_id: int | None = None, before_id: int | None = None, limit: int = PAGE
) -> list[SessionRow]:
    """Sessions and reports, newest first by when they came in; `before_id` is the cursor (the last row's source id)."""
    query = _sources(member).order_by(SourceText.id.desc()).limit(limit)
    if study_id is not None:
        query = query.where(SourceText.study_id == study_id)
    if before_id is not None:
        query = query.where(SourceText.id < before_id)
    rows = session.execute(query).all()
    people = _participants_of(session, [row.research_session_id for row in rows if row.research_session_id])
    return [
        SessionRow(
            row.id,
            _source_ref(row.id, row.research_session_id),
            row.session_title or row.title,
            f"STU-{row.study_id}",
            row.study,
            (row.session_method or row.method or ""),
            row.held_on or row.dated_on,
            ", ".join(people.get(row.research_session_id, ())),
            row.length,
        )
        for row in rows
    ]


def source_page(
    session: Session, member: Member, *, source_id: int | None = None, session_id: int | None = None
) -> SourcePage:
    """The reader's page of one source, or of a session's notes. Raises NotFound out of scope."""
    query = (
        select(SourceText, TextVersion, Study, ResearchSession)
        .join(TextVersion, TextVersion.id == SourceText.current_version_id)
        .join(Study, Study.id == SourceText.study_id)
        .outerjoin(ResearchSession, ResearchSession.id == SourceText.research_session_id)
        .where(visible_studies(member))
        .order_by(SourceText.id)
    )
    if session_id is not None:
        query = query.where(SourceText.research_session_id == session_id)
    else:
        query = query.where(SourceText.id == source_id, SourceText.deleted_at.is_(None))
    row = session.execute(query.limit(1)).first()
    if row is None:
        raise NotFound(f"SES-{session_id}" if session_id is not None else f"SRC-{source_id}")
    source, version, study, research_session = row
    people = _participants_of(session, [research_session.id] if research_session is not None else [])
    return _as_page(source, version, study, research_session, people)


def text_version(session: Session, source: SourceText, number: int) -> TextVersion | None:
    return session.scalar(
        select(TextVersion).where(TextVersion.source_text_id == source.id, TextVersion.number == number)
    )


def draft_of(session: Session, member: Member, form_key: str) -> Draft | None:
    return session.scalar(select(Draft).where(Draft.member_id == member.id, Draft.form_key == form_key))


def _as_page(
    source: SourceText,
    version: TextVersion,
    study: Study,
    research_session: ResearchSession | None,
    people: dict[int, list[str]],
) -> SourcePage:
    held = research_session
    return SourcePage(
        ref=source.ref if held is None else held.ref,
        source_id=source.id,
        title=(source.title if held is None else held.title),
        text=version.text,
        text_version_id=version.id,
        version_number=version.number,
        study_ref=study.ref,
        study=study.title,
        study_id=study.id,
        session_ref=None if held is None else held.ref,
        held_on=source.dated_on if held is None else held.held_on,
        date_precision=source.date_precision if held is None else "day",
        method=(source.method.value if source.method else "") if held is None else held.method.value,
        participant_count=source.participant_count if held is None else None,
        moderator="" if held is None else held.moderator,
        observers="" if held is None else held.observers,
        participants=() if held is None else tuple(people.get(held.id, ())),
        original_name=source.original_name,
        sha256=source.sha256,
        url=source.url,
        encoding=source.encoding,
        front_matter=source.front_matter,
        deleted_at=source.deleted_at,
        row_version=source.row_version if held is None else held.row_version,
        updated_at=source.updated_at,
    )


def _sources(member: Member) -> Select[*tuple[Any, ...]]:
    return (
        select(
            SourceText.id,
            SourceText.title,
            SourceText.method,
            SourceText.dated_on,
            SourceText.study_id,
            SourceText.research_session_id,
            Study.title.label("study"),
            ResearchSession.title.label("session_title"),
            ResearchSession.method.label("session_method"),
            ResearchSession.held_on,
            TextVersion.length,
        )
        .join(Study, Study.id == SourceText.study_id)
        .join(TextVersion, TextVersion.id == SourceText.current_version_id)
        .outerjoin(ResearchSession, ResearchSession.id == SourceText.research_session_id)
        .where(SourceText.deleted_at.is_(None), visible_studies(member))
    )


def _source_ref(source_id: int, research_session_id: int | None) -> str:
    return f"SRC-{source_id}" if research_session_id is None else f"SES-{research_session_id}"


def _participants_of(session: Session, session_ids: list[int]) -> dict[int, list[str]]:
    if not session_ids:
        return {}
    rows = session.execute(
        select(session_participants.c.research_session_id, Participant.code)
        .join(Participant, Participant.id == session_participants.c.participant_id)
        .where(session_participants.c.research_session_id.in_(session_ids))
        .order_by(Participant.code)
    )
    people: dict[int, list[str]] = {}
    for session_id, code in rows:
        people.setdefault(session_id, []).append(code)
    return people


def _count(kind: type[ResearchSession], study_column: Any, deleted_column: Any) -> Any:  # noqa: ANN401 - mapped columns
    return (
        select(func.count(kind.id))
        .where(study_column == Study.id, deleted_column.is_(None))
        .correlate(Study)
        .scalar_subquery()
    )

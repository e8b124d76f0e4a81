"""Reads about sessions and reports as records and as lines of a list, scoped to the member."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, case, select
from sqlalchemy.orm import Session

from insights.capture.access import not_withdrawn, visible_studies
from insights.capture.inside import readable_texts, why_closed
from insights.capture.models import ResearchSession, SourceText, Study, TextVersion, session_participants
from insights.core.base import number_of
from insights.core.clock import today
from insights.core.errors import NotAllowed, NotFound
from insights.people.models import Member, Participant

PAGE = 50


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


def get_research_session(session: Session, member: Member, ref: str) -> tuple[ResearchSession, Study]:
    row = session.execute(
        select(ResearchSession, Study)
        .join(Study, Study.id == ResearchSession.study_id)
        .where(
            ResearchSession.id == (number_of(ref, ResearchSession.PREFIX) or 0),
            visible_studies(member),
            not_withdrawn(),
        )
    ).first()
    if row is None:
        raise NotFound(ref)
    return row[0], row[1]


def get_source(session: Session, member: Member, ref: str) -> tuple[SourceText, Study]:
    """Raises NotFound out of scope, and NotAllowed for a text that is closed to whoever is not of its study."""
    row = session.execute(
        select(SourceText, Study, case((readable_texts(member, today(session)), 1), else_=0))
        .join(Study, Study.id == SourceText.study_id)
        .where(
            SourceText.id == (number_of(ref, SourceText.PREFIX) or 0),
            SourceText.deleted_at.is_(None),
            visible_studies(member),
        )
    ).first()
    if row is None:
        raise NotFound(ref)
    source, study, is_readable = row
    if not is_readable:
        raise NotAllowed(" ".join(why_closed(session, source.id)))
    return source, study


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
    people = codes_of_participants(session, [row.research_session_id for row in rows if row.research_session_id])
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


def codes_of_participants(session: Session, session_ids: list[int]) -> dict[int, list[str]]:
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

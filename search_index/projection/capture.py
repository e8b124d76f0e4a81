"""Studies, research sessions and reports as search documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from insights.capture.models import (
    Method,
    ResearchSession,
    SessionStatus,
    SourceText,
    Study,
    TextVersion,
    session_participants,
)
from insights.core.text import plain_words
from insights.people.models import Member, Participant, Service, Team
from search_index.documents import SearchDocument
from search_index.projection.audience import study_tokens
from search_index.projection.facets import facets_of, words
from search_index.projection.heard_people import HeardPeople

OUT_OF_SIGHT = (SessionStatus.WITHDRAWN, SessionStatus.PURGED)


def study_documents(session: Session, ids: Sequence[int]) -> Iterator[SearchDocument]:
    rows = session.execute(
        select(Study, Service.name, Service.phase, Team.name, Member.name)
        .join(Team, Team.id == Study.team_id)
        .outerjoin(Service, Service.id == Study.service_id)
        .outerjoin(Member, Member.id == Study.lead_id)
        .where(Study.id.in_(ids))
    )
    for study, service, phase, team, lead in rows:
        yield SearchDocument(
            key=study.ref,
            kind="study",
            title=study.title,
            body=plain_words(study.question),
            date=study.starts_on,
            version=study.row_version,
            audience=study_tokens([study.id]),
            facets=facets_of(
                study.starts_on,
                study=study.ref,
                service=service,
                phase=words(phase),
                method=[words(Method(method)) for method in study.methods],
                status=words(study.status),
                author=lead,
                team=team,
            ),
        )


def session_documents(session: Session, ids: Sequence[int]) -> Iterator[SearchDocument]:
    """A session with the whole current text of its notes, and never a participant's code or a moderator's name."""
    texts = _texts_of(session, ids)
    groups, people = groups_of_sessions(session, ids), HeardPeople(session, ids)
    rows = session.execute(
        _with_study(select(ResearchSession, Study, *_STUDY_COLUMNS), ResearchSession).where(
            ResearchSession.id.in_(ids),
            ResearchSession.deleted_at.is_(None),
            ResearchSession.status.not_in(OUT_OF_SIGHT),
        )
    )
    for held, study, service, phase, team, author in rows:
        yield SearchDocument(
            key=held.ref,
            kind="session",
            title=held.title or _untitled(held.method, held.held_on),
            body=texts.get(held.id, ""),
            date=held.held_on,
            version=held.row_version,
            audience=study_tokens([study.id]) | people.session_audience(study.id, held.id),
            facets=facets_of(
                held.held_on,
                study=study.ref,
                service=service,
                phase=words(phase),
                method=words(held.method),
                group=groups.get(held.id, ()),
                author=author,
                team=team,
            ),
        )


def report_documents(session: Session, ids: Sequence[int]) -> Iterator[SearchDocument]:
    """Reports that stand for themselves; the notes of a session are found as the session."""
    rows = session.execute(
        _with_study(select(SourceText, Study, *_STUDY_COLUMNS, TextVersion.text), SourceText)
        .join(TextVersion, TextVersion.id == SourceText.current_version_id)
        .where(SourceText.id.in_(ids), SourceText.deleted_at.is_(None), SourceText.research_session_id.is_(None))
    )
    for source, study, service, phase, team, author, text in rows:
        yield SearchDocument(
            key=source.ref,
            kind="session",
            title=source.title or source.original_name or "Report without a title",
            body=plain_words(text),
            date=source.dated_on,
            version=source.row_version,
            audience=study_tokens([study.id]),
            facets=facets_of(
                source.dated_on,
                study=study.ref,
                service=service,
                phase=words(phase),
                method=words(source.method),
                author=author,
                team=team,
            ),
        )


def groups_of_sessions(session: Session, ids: Sequence[int]) -> dict[int, set[str]]:
    """User groups heard in each session."""
    groups: dict[int, set[str]] = {}
    rows = session.execute(
        select(session_participants.c.research_session_id, Participant.group)
        .join(Participant, Participant.id == session_participants.c.participant_id)
        .where(session_participants.c.research_session_id.in_(ids), Participant.group != "")
    )
    for session_id, group in rows:
        groups.setdefault(session_id, set()).add(group)
    return groups


_STUDY_COLUMNS = (Service.name, Service.phase, Team.name, Member.name)


def _with_study(query: Select[*tuple[Any, ...]], kind: type[ResearchSession | SourceText]) -> Select[*tuple[Any, ...]]:
    return (
        query.select_from(kind)
        .join(Study, Study.id == kind.study_id)
        .join(Team, Team.id == Study.team_id)
        .outerjoin(Service, Service.id == Study.service_id)
        .outerjoin(Member, Member.id == kind.created_by_id)
    )


def _texts_of(session: Session, ids: Sequence[int]) -> dict[int, str]:
    rows = session.execute(
        select(SourceText.research_session_id, TextVersion.text)
        .join(TextVersion, TextVersion.id == SourceText.current_version_id)
        .where(SourceText.research_session_id.in_(ids), SourceText.deleted_at.is_(None))
        .order_by(SourceText.id)
    )
    texts: dict[int, str] = {}
    for session_id, text in rows:
        texts[session_id or 0] = "\n".join(filter(None, (texts.get(session_id or 0), plain_words(text))))
    return texts


def _untitled(method: Method, held_on: date) -> str:
    return f"{words(method).capitalize()} of {held_on.day} {held_on:%B %Y}"

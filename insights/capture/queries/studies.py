"""Reads about studies, scoped to the member, as frozen rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.capture.access import visible_studies
from insights.capture.models import ResearchSession, SourceText, Study, study_members
from insights.core.base import number_of
from insights.core.errors import NotFound
from insights.people.models import Member, Service, Team
from insights.people.queries import Choice


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


def get_study(session: Session, member: Member, ref: str) -> Study:
    """Raises NotFound for a study that is not there or that the member may not see."""
    study = session.scalar(
        select(Study).where(Study.id == (number_of(ref, Study.PREFIX) or 0), visible_studies(member))
    )
    if study is None:
        raise NotFound(ref)
    return study


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


def _count(kind: type[ResearchSession], study_column: Any, deleted_column: Any) -> Any:  # noqa: ANN401 - mapped columns
    return (
        select(func.count(kind.id))
        .where(study_column == Study.id, deleted_column.is_(None))
        .correlate(Study)
        .scalar_subquery()
    )

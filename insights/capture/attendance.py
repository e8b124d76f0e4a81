"""Which colleague was at which session, and for how long (features.md K3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from insights.capture.access import visible_studies
from insights.capture.models import Attendance, AttendanceRole, ResearchSession, Study
from insights.core.activity import record
from insights.core.checks import term_of
from insights.core.clock import now
from insights.core.errors import InvalidInput
from insights.people.models import Member, Team
from insights.people.operations import require_same_area

ASSUMED_MINUTES = 60
"""How long a session is taken to have been where nobody said: an hour is the usual length of an interview."""
LONGEST_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class AttendanceRow:
    session_id: int
    session_ref: str
    title: str
    held_on: date
    member_id: int
    member: str
    role: str
    minutes: int


def record_attendance(
    session: Session,
    *,
    actor: Member,
    research_session: ResearchSession,
    study: Study,
    member: Member,
    role: str | AttendanceRole = AttendanceRole.OBSERVER,
    minutes: int | None = None,
) -> Attendance:
    """Once a member and session: a second time replaces role and minutes. Everybody may record themselves.

    Without minutes the session's own length counts, or an hour where that is not known.
    """
    if member.id != actor.id:
        require_same_area(session, actor, study.team_id)
    told = min(research_session.minutes or ASSUMED_MINUTES, LONGEST_MINUTES) if minutes is None else minutes
    if not 0 < told <= LONGEST_MINUTES:
        raise InvalidInput.of("minutes", f"Enter the minutes as a number from 1 to {LONGEST_MINUTES:,}.")
    found = _attendance(session, research_session.id, member.id)
    if found is None:
        found = Attendance(research_session_id=research_session.id, member_id=member.id)
        session.add(found)
    found.role = term_of("role", AttendanceRole, role, label="what they did")
    found.minutes, found.recorded_at = told, now(session)
    session.flush()
    detail = {"member": member.ref, "role": found.role.value, "minutes": told}
    record(session, actor, "recorded attendance at", research_session, detail=detail)
    return found


def remove_attendance(
    session: Session, *, actor: Member, research_session: ResearchSession, study: Study, member: Member
) -> None:
    """Nothing happens where they were not listed."""
    if member.id != actor.id:
        require_same_area(session, actor, study.team_id)
    session.execute(
        delete(Attendance).where(
            Attendance.research_session_id == research_session.id, Attendance.member_id == member.id
        )
    )
    record(session, actor, "removed attendance at", research_session, detail={"member": member.ref})


def attendance_of_session(session: Session, research_session: ResearchSession) -> list[AttendanceRow]:
    return [
        _row(*row)
        for row in session.execute(_rows().where(ResearchSession.id == research_session.id).order_by(Member.name))
    ]


def attendance_of_study(session: Session, study: Study) -> list[AttendanceRow]:
    """By session, the latest first, then by name."""
    query = _rows().where(ResearchSession.study_id == study.id, ResearchSession.deleted_at.is_(None))
    query = query.order_by(ResearchSession.held_on.desc(), ResearchSession.id.desc(), Member.name)
    return [_row(*row) for row in session.execute(query)]


@dataclass(frozen=True, slots=True)
class Watched:
    """Minutes of one member at one session that the reader of the report may see."""

    member_id: int
    session_id: int
    role: AttendanceRole
    minutes: int
    held_on: date


@dataclass(frozen=True, slots=True)
class Colleague:
    member_id: int
    name: str
    team: str
    team_id: int
    created_at: datetime


def watched_between(session: Session, reader: Member, start: date, end: date) -> list[Watched]:
    """Attendance at sessions held from `start` to `end`, both included, of studies that `reader` may see."""
    query = (
        select(
            Attendance.member_id,
            Attendance.research_session_id,
            Attendance.role,
            Attendance.minutes,
            ResearchSession.held_on,
        )
        .join(ResearchSession, ResearchSession.id == Attendance.research_session_id)
        .join(Study, Study.id == ResearchSession.study_id)
        .where(
            ResearchSession.held_on.between(start, end), ResearchSession.deleted_at.is_(None), visible_studies(reader)
        )
    )
    return [Watched(*row) for row in session.execute(query)]


def colleagues(session: Session) -> list[Colleague]:
    """Everybody with an account that is open."""
    query = (
        select(Member.id, Member.name, Team.name, Team.id, Member.created_at)
        .join(Team, Team.id == Member.team_id)
        .where(Member.is_active)
        .order_by(Team.name, Member.name, Member.id)
    )
    return [Colleague(*row) for row in session.execute(query)]


def _attendance(session: Session, session_id: int, member_id: int) -> Attendance | None:
    return session.scalar(
        select(Attendance).where(Attendance.research_session_id == session_id, Attendance.member_id == member_id)
    )


def _rows() -> Select[Attendance, ResearchSession, Member]:
    return (
        select(Attendance, ResearchSession, Member)
        .join(ResearchSession, ResearchSession.id == Attendance.research_session_id)
        .join(Member, Member.id == Attendance.member_id)
    )


def _row(attendance: Attendance, held: ResearchSession, member: Member) -> AttendanceRow:
    return AttendanceRow(
        held.id,
        held.ref,
        held.title,
        held.held_on,
        member.id,
        member.name,
        attendance.role.value,
        attendance.minutes,
    )

"""Reads of live logs, scoped to the member, as frozen rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from insights.capture.access import not_withdrawn, visible_studies
from insights.capture.inside import is_inside
from insights.capture.models import LiveLog, LogLine, ResearchSession, Study, session_participants
from insights.core.base import number_of
from insights.core.errors import NotAllowed, NotFound, RuleBroken
from insights.people.models import Member, Participant

MOST_ROWS = 1_000


@dataclass(frozen=True, slots=True)
class LineRow:
    """`at_ms` is the log's own time; `is_late`: the log has ended, and the line as it is now is not in the notes."""

    key: str
    revision: int
    sequence: int
    typed_ms: int
    at_ms: int
    text: str
    observer_id: int
    observer: str
    is_deleted: bool
    is_late: bool


@dataclass(frozen=True, slots=True)
class RunningLog:
    ref: str
    study: str
    started_at: datetime
    started_by: str


def find_live_log(session: Session, member: Member, ref: str) -> tuple[LiveLog | None, ResearchSession, Study]:
    """The session, with its log where it was logged live. Raises NotFound for a session out of scope."""
    row = session.execute(
        select(ResearchSession, Study, LiveLog)
        .join(Study, Study.id == ResearchSession.study_id)
        .outerjoin(LiveLog, LiveLog.research_session_id == ResearchSession.id)
        .where(
            ResearchSession.id == (number_of(ref, ResearchSession.PREFIX) or 0),
            visible_studies(member),
            not_withdrawn(),
        )
    ).first()
    if row is None:
        raise NotFound(ref)
    return row[2], row[0], row[1]


def get_live_log(session: Session, member: Member, ref: str) -> tuple[LiveLog, ResearchSession, Study]:
    """Raises NotFound for a session out of scope, RuleBroken for one that was not logged live.

    Nobody has looked its lines through for personal data: NotAllowed is raised for whoever is outside the study.
    """
    log, research_session, study = find_live_log(session, member, ref)
    if not is_inside(session, member, study.id):
        raise NotAllowed("A live log is read by the people of its study alone. Ask whoever leads the study.")
    if log is None:
        raise RuleBroken(f"{ref} was not logged live. Start a live log from its study.")
    return log, research_session, study


def lines_of(session: Session, log: LiveLog, *, since: int = 0, limit: int = MOST_ROWS) -> list[LineRow]:
    """What changed after the cursor `since`, oldest change first; the last row's `sequence` is the next cursor."""
    query = _lines(log).where(LogLine.sequence > since).order_by(LogLine.sequence).limit(limit)
    return [_row(log, *row) for row in session.execute(query)]


def all_lines(session: Session, log: LiveLog) -> list[LineRow]:
    """Every line that is not deleted, in the order of typing."""
    query = _lines(log).where(LogLine.deleted_at.is_(None)).order_by(LogLine.typed_ms, LogLine.id)
    return [_row(log, *row) for row in session.execute(query)]


def late_lines(session: Session, log: LiveLog) -> list[LogLine]:
    """The lines that came in, or were changed, after the log had ended; in the order of typing."""
    query = (
        select(LogLine).where(LogLine.live_log_id == log.id, LogLine.is_late()).order_by(LogLine.typed_ms, LogLine.id)
    )
    return list(session.scalars(query)) if log.ended_at is not None else []


def is_running(session: Session, member: Member, ref: str) -> bool:
    """Whether a log runs in that session. Raises NotFound for a session that the member may not see."""
    log, _held, _study = find_live_log(session, member, ref)
    return log is not None and log.ended_at is None


def running_logs(session: Session, member: Member, *, study_ref: str | None = None) -> list[RunningLog]:
    """The logs that have not ended, the latest first."""
    starter = aliased(Member)
    query = (
        select(ResearchSession.id, Study.title, LiveLog.started_at, starter.name)
        .join(LiveLog, LiveLog.research_session_id == ResearchSession.id)
        .join(Study, Study.id == ResearchSession.study_id)
        .outerjoin(starter, starter.id == LiveLog.started_by_id)
        .where(LiveLog.ended_at.is_(None), ResearchSession.deleted_at.is_(None), visible_studies(member))
        .order_by(LiveLog.started_at.desc(), LiveLog.id.desc())
        .limit(20)
    )
    if study_ref is not None:
        query = query.where(Study.id == (number_of(study_ref, Study.PREFIX) or 0))
    return [
        RunningLog(f"{ResearchSession.PREFIX}-{number}", study, started_at, name or "")
        for number, study, started_at, name in session.execute(query)
    ]


def codes_in(session: Session, research_session: ResearchSession) -> list[tuple[str, bool]]:
    """The participants' codes to offer, and whether each is of the session; the others of its study come after."""
    there = select(session_participants.c.participant_id).where(
        session_participants.c.research_session_id == research_session.id
    )
    query = (
        select(Participant.code, Participant.id.in_(there).label("is_there"))
        .where(Participant.study_id == research_session.study_id, Participant.withdrawn_at.is_(None))
        .order_by(Participant.id.in_(there).desc(), Participant.code)
        .limit(200)
    )
    return [(code, bool(is_there)) for code, is_there in session.execute(query)]


def starter_and_ender(session: Session, log: LiveLog) -> tuple[str, str]:
    """The names of who started the log and who ended it, empty where nobody did."""
    ids = {each for each in (log.started_by_id, log.ended_by_id) if each is not None}
    rows = session.execute(select(Member.id, Member.name).where(Member.id.in_(ids)))
    names = {row.id: row.name for row in rows}
    return names.get(log.started_by_id or 0, ""), names.get(log.ended_by_id or 0, "")


def _lines(log: LiveLog) -> Select[*tuple[Any, ...]]:
    return (
        select(LogLine, Member.name).join(Member, Member.id == LogLine.observer_id).where(LogLine.live_log_id == log.id)
    )


def _row(log: LiveLog, line: LogLine, observer: str) -> LineRow:
    return LineRow(
        key=line.key,
        revision=line.revision,
        sequence=line.sequence,
        typed_ms=line.typed_ms,
        at_ms=line.at_ms,
        text=line.text,
        observer_id=line.observer_id,
        observer=observer,
        is_deleted=line.deleted_at is not None,
        is_late=log.ended_at is not None and line.deleted_at is None and line.noted_revision != line.revision,
    )

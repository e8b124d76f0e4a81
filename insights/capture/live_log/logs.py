"""A live log begins, pauses, goes on, and may be thrown away while it is empty."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.capture.live_log.times import is_paused, wall_ms
from insights.capture.models import LiveLog, LogLine, ResearchSession, SessionStatus, Study
from insights.capture.operations import create_research_session, set_session_deleted
from insights.core.activity import record
from insights.core.clock import now, today
from insights.core.errors import RuleBroken
from insights.people.models import Member
from insights.people.operations import require_same_area


def start_live_log(
    session: Session, *, actor: Member, study: Study, participants: Sequence[str] = ()
) -> tuple[ResearchSession, LiveLog]:
    """A session held today, and its log running from now on; the session has no notes before the log ends."""
    research_session = create_research_session(
        session, actor=actor, study=study, held_on=today(session), participants=participants
    )
    research_session.status = SessionStatus.HELD
    log = LiveLog(research_session_id=research_session.id, started_at=now(session), started_by_id=actor.id)
    log.pauses, log.sequence = [], 0
    session.add(log)
    session.flush()
    record(session, actor, "started live log in", research_session, touches=[study.ref])
    return research_session, log


def set_log_paused(
    session: Session, *, actor: Member, log: LiveLog, research_session: ResearchSession, study: Study, paused: bool
) -> None:
    """Stops the log's time for all observers, or lets it go on; lines can be typed in a pause too."""
    require_same_area(session, actor, study.team_id)
    if log.ended_at is not None:
        raise RuleBroken(f"The live log of {research_session.ref} has ended, so its time stands still.")
    if is_paused(log) is paused:
        return
    moment = wall_ms(log, now(session))
    if paused:
        log.pauses = [*log.pauses, [moment, None]]
    else:
        begun = log.pauses[-1][0]
        log.pauses = [*log.pauses[:-1], [begun, max(begun, moment)]]
    session.flush()
    record(session, actor, "paused live log of" if paused else "resumed live log of", research_session)


def discard_empty_log(
    session: Session, *, actor: Member, log: LiveLog, research_session: ResearchSession, study: Study
) -> None:
    """Takes away a session in whose log nobody typed; a line that is still on its way brings it back."""
    typed = session.scalar(
        select(func.count(LogLine.id)).where(LogLine.live_log_id == log.id, LogLine.deleted_at.is_(None))
    )
    if typed or log.ended_at is not None:
        raise RuleBroken("Lines were typed into this log, so it was kept. End it to get its notes.")
    set_session_deleted(session, actor=actor, research_session=research_session, study=study, deleted=True)

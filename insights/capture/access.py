"""Which studies, sessions and texts a member may see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, cast, false, literal, null, or_, select, union_all
from sqlalchemy.orm import Session, object_session

from insights.capture.models import BreakGlass, GlassState, ResearchSession, SessionStatus, Study, study_members
from insights.core.base import UtcDateTime
from insights.core.clock import SystemClock, now
from insights.people.models import Member


class Sight(StrEnum):
    """By which rule somebody sees a study."""

    OPEN = "open"
    NAMED = "named"
    FOR_A_TIME = "for_a_time"


@dataclass(frozen=True, slots=True)
class _Grant:
    """One way of seeing a restricted study. `holds` gives what must be true of its rows at a moment."""

    sight: Sight
    study_id: ColumnElement[int]
    member_id: ColumnElement[int]
    until: ColumnElement[Any]
    holds: Callable[[datetime], tuple[ColumnElement[bool], ...]]


# The rule and the page that tells of it (`/access`) are both made of these: a grant that is not here lets nobody in.
_GRANTS = (
    _Grant(
        Sight.NAMED,
        study_members.c.study_id,
        study_members.c.member_id,
        cast(null(), UtcDateTime),
        lambda _moment: (),
    ),
    _Grant(
        Sight.FOR_A_TIME,
        BreakGlass.study_id.expression,
        BreakGlass.holder_id.expression,
        BreakGlass.ends_at.expression,
        lambda moment: (BreakGlass.state == GlassState.APPROVED, BreakGlass.ends_at > moment),
    ),
)


def visible_studies(member: Member | None) -> ColumnElement[bool]:
    """Open studies for everyone with an account; restricted ones for the people they name, and for whom somebody else
    let in for a time, until that minute. Nobody sees nothing.

    The name of a restricted study is enough to give somebody away, so no role stands above this clause.
    """
    if member is None:
        return false()
    at = _moment_of(member)
    granted = (
        Study.id.in_(select(each.study_id).where(each.member_id == member.id, *each.holds(at))) for each in _GRANTS
    )
    return or_(~Study.restricted, *granted)


def grants_at(moment: datetime) -> CompoundSelect[Any]:
    """Who sees which restricted study then, and why: study_id, member_id, sight, until (None for good)."""
    return union_all(
        *(
            select(
                each.study_id.label("study_id"),
                each.member_id.label("member_id"),
                literal(each.sight.value).label("sight"),
                each.until.label("until"),
            )
            .join(Study, Study.id == each.study_id)
            .where(Study.restricted, *each.holds(moment))
            for each in _GRANTS
        )
    )


def not_withdrawn() -> ColumnElement[bool]:
    """Of sessions those that nobody took back; true too where there is none. A deleted one can still be opened."""
    return or_(
        ResearchSession.id.is_(None), ResearchSession.status.not_in((SessionStatus.WITHDRAWN, SessionStatus.PURGED))
    )


def hidden_study_ids(session: Session, member: Member) -> frozenset[int]:
    """The restricted studies that the member may not see now."""
    return frozenset(session.scalars(select(Study.id).where(~visible_studies(member))))


def _moment_of(member: Member) -> datetime:
    """By the clock of the session that the member was read in."""
    session = object_session(member)
    return SystemClock().now() if session is None else now(session)

"""When the next review is due: for those who may do it, by area, counted from the last one that was closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from insights.core.clock import local_day, months_later, today
from insights.people.models import Member, Team
from insights.stewardship.access_review.scope import (
    reviews_everything,
    reviews_in_sight,
    reviews_something,
    rows_in_sight,
)
from insights.stewardship.models import AccessReview, AccessReviewRow, ReviewAnswer

ANNOUNCED = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class ReviewDue:
    """Either an open review, with how many people of the member's wait in it, or a day on which one is due.

    `area` is the first area that is due, '' where all are due together.
    """

    open_ref: str
    waiting: int
    due_on: date | None
    is_overdue: bool
    area: str


def review_due(session: Session, member: Member, *, months: int) -> ReviewDue | None:
    """None where nothing waits. One statement, and none for those who review nobody.

    An area that was never reviewed is due so many months after its first account was opened.
    """
    if not reviews_something(member):
        return None
    rows = session.execute(_areas(member)).all()
    if not rows:
        return None
    if rows[0].open_id is not None:
        ref = f"{AccessReview.PREFIX}-{rows[0].open_id}"
        return ReviewDue(ref, rows[0].waiting or 0, None, is_overdue=False, area="")
    dues = [(row.due_on or months_later(local_day(row.began_at), months), row.name) for row in rows]
    due_on, area = min(dues)
    day = today(session)
    if due_on > day + ANNOUNCED:
        return None
    everywhere = len({each for each, _name in dues}) == 1
    return ReviewDue("", 0, due_on, is_overdue=due_on < day, area="" if everywhere and len(dues) > 1 else area)


def _areas(member: Member) -> Select[Any]:
    """Teams with an open account that the member answers for, each with the same open review, if there is one."""
    covers = or_(AccessReview.team_id.is_(None), AccessReview.team_id == Team.id)
    due_on = select(func.max(AccessReview.next_due_on)).where(covers).correlate(Team).scalar_subquery()
    opened = select(func.max(AccessReview.id)).where(AccessReview.closed_at.is_(None), reviews_in_sight(member))
    open_id = opened.scalar_subquery()
    is_waiting = or_(AccessReviewRow.answer.is_(None), AccessReviewRow.answer == ReviewAnswer.ASK)
    waiting = select(func.count()).where(AccessReviewRow.review_id == open_id, is_waiting, rows_in_sight(member))
    query = select(
        Team.name,
        func.min(Member.created_at).label("began_at"),
        due_on.label("due_on"),
        open_id.label("open_id"),
        waiting.scalar_subquery().label("waiting"),
    ).join(Member, Member.team_id == Team.id)
    if not reviews_everything(member):
        query = query.where(Team.id == member.team_id)
    return query.where(Member.is_active).group_by(Team.id, Team.name).order_by(Team.id)

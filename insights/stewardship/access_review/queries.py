"""Reads of access reviews: those that there were, and one with its people as a reviewer may see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from insights.capture.models import Study
from insights.core.base import number_of
from insights.core.errors import NotFound
from insights.people.models import Member, Team
from insights.stewardship.access_review.closing import is_as_closed, rows_of
from insights.stewardship.access_review.scope import (
    require_reviewer,
    reviews_everything,
    reviews_in_sight,
    rows_in_sight,
    somebody_else_watches,
)
from insights.stewardship.access_review.taking import StudyTold, can_be_taken, done_since, studies_told
from insights.stewardship.models import AccessReview, AccessReviewRow, ReviewAnswer


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """`people`, `answered` and `taken` count those whom the reader may see."""

    ref: str
    area: str
    begun_at: datetime
    begun_by: str
    closed_at: datetime | None
    closed_by: str
    next_due_on: date | None
    people: int
    answered: int
    taken: int


@dataclass(frozen=True, slots=True)
class Opening:
    """`study` is '' where its number is not for the reader."""

    ref: str
    study: str
    since: datetime
    until: datetime
    holds: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """`term` is '' for a study whose number is not for the reader. `done` as of now, `done_then` when it was closed."""

    term: str
    done: bool
    done_then: bool


@dataclass(frozen=True, slots=True)
class Person:
    """One row as the reader may see it; `hidden` counts restricted studies whose numbers are not for the reader."""

    id: int
    member_ref: str
    name: str
    role_label: str
    team: str
    team_id: int
    is_central: bool
    administers_area: bool
    studies: tuple[str, ...]
    hidden: int
    openings: tuple[Opening, ...]
    ways: tuple[str, ...]
    last_sign_in_at: datetime | None
    is_dormant: bool
    answer: ReviewAnswer | None
    note: str
    answered_by: str
    answered_at: datetime | None
    taken: tuple[Taken, ...]
    offered: tuple[str, ...]

    @property
    def waits(self) -> bool:
        return self.answer in {None, ReviewAnswer.ASK}

    @property
    def is_outstanding(self) -> bool:
        return any(not each.done for each in self.taken)


@dataclass(frozen=True, slots=True)
class Shown:
    """A review with the people whom the reader answers for. `may_close` is about the reader, not about what waits.

    `answers_for_self` where nobody else could. `is_as_closed` is None while it is open. `waiting_elsewhere` counts
    people of other areas who wait.
    """

    review: AccessReview
    begun_by: str
    closed_by: str
    people: tuple[Person, ...]
    studies: Mapping[str, StudyTold]
    answers_for_self: bool
    waiting_elsewhere: int
    is_as_closed: bool | None

    @property
    def answered(self) -> int:
        return sum(not each.waits for each in self.people)

    @property
    def to_ask(self) -> int:
        return sum(each.answer is ReviewAnswer.ASK for each in self.people)

    @property
    def outstanding(self) -> int:
        return sum(each.is_outstanding for each in self.people)


def areas_to_review(session: Session, member: Member) -> list[Team]:
    """Whose review the member may begin, besides that of the whole organisation."""
    query = select(Team).order_by(Team.name)
    return list(session.scalars(query if reviews_everything(member) else query.where(Team.id == member.team_id)))


def list_reviews(session: Session, member: Member, *, limit: int | None = None) -> list[ReviewRow]:
    """The newest first."""
    require_reviewer(member)
    beginner, closer = aliased(Member), aliased(Member)
    mine = select(func.count()).where(AccessReviewRow.review_id == AccessReview.id, rows_in_sight(member))
    decided = AccessReviewRow.answer.in_((ReviewAnswer.KEEP, ReviewAnswer.TAKE_AWAY))
    counts = (mine, mine.where(decided), mine.where(AccessReviewRow.answer == ReviewAnswer.TAKE_AWAY))
    query = (
        select(
            AccessReview,
            beginner.name,
            closer.name,
            *(each.correlate(AccessReview).scalar_subquery() for each in counts),
        )
        .outerjoin(beginner, beginner.id == AccessReview.created_by_id)
        .outerjoin(closer, closer.id == AccessReview.closed_by_id)
        .where(reviews_in_sight(member))
        .order_by(AccessReview.id.desc())
        .limit(limit)
    )
    return [
        ReviewRow(
            ref=review.ref,
            area=review.area,
            begun_at=review.created_at,
            begun_by=begun or "",
            closed_at=review.closed_at,
            closed_by=closed or "",
            next_due_on=review.next_due_on,
            people=people,
            answered=answered,
            taken=taken,
        )
        for review, begun, closed, people, answered, taken in session.execute(query)
    ]


def get_review(session: Session, member: Member, ref: str) -> AccessReview:
    """Raises NotFound for another area's, and NotAllowed for whoever reviews nobody."""
    require_reviewer(member)
    query = select(AccessReview).where(AccessReview.id == (number_of(ref, AccessReview.PREFIX) or 0))
    review = session.scalar(query.where(reviews_in_sight(member)))
    if review is None:
        raise NotFound(ref)
    return review


def shown_review(session: Session, member: Member, ref: str) -> Shown:
    """In at most eight statements, however many people there are."""
    review = get_review(session, member, ref)
    every = rows_of(session, review)
    rows = [row for row in every if reviews_everything(member) or row.team_id == member.team_id]
    told = studies_told(session, member, rows)
    done = done_since(session, rows)
    named = {row.answered_by_id for row in rows} | {review.created_by_id, review.closed_by_id}
    numbers = sorted(number for number in named if number is not None)
    names = {each.id: each.name for each in session.scalars(select(Member).where(Member.id.in_(numbers)))}
    return Shown(
        review=review,
        begun_by=names.get(review.created_by_id or 0, ""),
        closed_by=names.get(review.closed_by_id or 0, ""),
        people=tuple(_person(row, told, done.get(row.id, frozenset()), names, review) for row in rows),
        studies=told,
        answers_for_self=review.is_open and not somebody_else_watches(session, member),
        waiting_elsewhere=sum(not row.is_answered for row in every) - sum(not row.is_answered for row in rows),
        is_as_closed=None if review.is_open else is_as_closed(session, review, every),
    )


def _person(
    row: AccessReviewRow,
    told: Mapping[str, StudyTold],
    done: frozenset[str],
    names: dict[int, str],
    review: AccessReview,
) -> Person:
    return Person(
        id=row.id,
        member_ref=f"{Member.PREFIX}-{row.member_id}",
        name=row.name,
        role_label=row.role_label,
        team=row.team,
        team_id=row.team_id,
        is_central=row.is_central,
        administers_area=row.administers_area,
        studies=tuple(ref for ref in row.studies if ref in told),
        hidden=sum(ref not in told for ref in row.studies),
        openings=tuple(_opening(each, told) for each in row.openings),
        ways=tuple(row.ways),
        last_sign_in_at=row.last_sign_in_at,
        is_dormant=row.is_dormant,
        answer=row.answer,
        note=row.note,
        answered_by=names.get(row.answered_by_id or 0, ""),
        answered_at=row.answered_at,
        taken=_taken(row, told, done),
        offered=can_be_taken(row, told) if review.is_open else (),
    )


def _opening(told_of: dict[str, Any], told: Mapping[str, StudyTold]) -> Opening:
    return Opening(
        ref=told_of["ref"],
        study=told_of["study"] if told_of["study"] in told else "",
        since=datetime.fromisoformat(told_of["from"]),
        until=datetime.fromisoformat(told_of["until"]),
        holds=told_of["holds"],
    )


def _taken(row: AccessReviewRow, told: Mapping[str, StudyTold], done: frozenset[str]) -> tuple[Taken, ...]:
    closed_to_reader = {term for term in row.take if term.startswith(f"{Study.PREFIX}-") and term not in told}
    return tuple(Taken("" if term in closed_to_reader else term, term in done, term in row.done) for term in row.take)

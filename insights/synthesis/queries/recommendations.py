"""What insights recommend, and the answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from insights.core.base import number_of
from insights.core.clock import today
from insights.core.errors import NotFound
from insights.people.models import Member
from insights.synthesis.access import visible_recommendations
from insights.synthesis.models import (
    Recommendation,
    RecommendationPriority,
    RecommendationStatus,
    recommendation_insights,
)


@dataclass(frozen=True, slots=True)
class RecommendationRow:
    id: int
    ref: str
    text: str
    status: str
    addressee: str
    addressee_id: int | None
    due_on: date | None
    issued_on: date
    responded_on: date | None
    response_reason: str
    insights: tuple[str, ...]
    priority: str
    deferred_to: date | None
    waits: bool
    overdue: bool


@dataclass(frozen=True, slots=True)
class RecommendationFilter:
    """What a list shows; '' and False leave a field open. `waiting` are those without an answer that holds."""

    insight_id: int | None = None
    addressee_id: int | None = None
    status: str = ""
    priority: str = ""
    waiting: bool = False
    overdue: bool = False


def list_recommendations(
    session: Session, member: Member, wanted: RecommendationFilter = RecommendationFilter()
) -> list[RecommendationRow]:
    """Those of which the member may see every insight under them; unanswered ones first, oldest first."""
    query = _recommendations(member).where(*_clauses(wanted))
    rows = _recommendation_rows(session, query)
    if wanted.waiting or wanted.overdue:
        rows = [row for row in rows if row.waits and (row.overdue or not wanted.overdue)]
    return rows


def get_recommendation(session: Session, member: Member, ref: str) -> tuple[Recommendation, RecommendationRow]:
    number = number_of(ref, Recommendation.PREFIX) or 0
    recommendation = session.get(Recommendation, number)
    rows = _recommendation_rows(session, _recommendations(member).where(Recommendation.id == number))
    if recommendation is None or not rows:
        raise NotFound(ref)
    return recommendation, rows[0]


def _clauses(wanted: RecommendationFilter) -> list[ColumnElement[bool]]:
    clauses: list[ColumnElement[bool]] = []
    if wanted.insight_id is not None:
        pairs = recommendation_insights.alias("on_it")
        on_it = select(pairs.c.recommendation_id).where(pairs.c.insight_id == wanted.insight_id)
        clauses.append(Recommendation.id.in_(on_it))
    if wanted.addressee_id is not None:
        clauses.append(Recommendation.addressee_id == wanted.addressee_id)
    if wanted.status in list(RecommendationStatus):
        clauses.append(Recommendation.status == RecommendationStatus(wanted.status))
    if wanted.priority in list(RecommendationPriority):
        clauses.append(Recommendation.priority == RecommendationPriority(wanted.priority))
    return clauses


def _recommendations(member: Member) -> Select[*tuple[Any, ...]]:
    """One row for each visible recommendation and insight that it rests on."""
    pairs = recommendation_insights.c
    return (
        select(Recommendation, Member.name, pairs.insight_id)
        .select_from(Recommendation)
        .join(recommendation_insights, pairs.recommendation_id == Recommendation.id)
        .outerjoin(Member, Member.id == Recommendation.addressee_id)
        .where(visible_recommendations(member))
        .order_by(
            Recommendation.responded_on.is_not(None), Recommendation.issued_on, Recommendation.id, pairs.insight_id
        )
    )


def _recommendation_rows(session: Session, query: Select[*tuple[Any, ...]]) -> list[RecommendationRow]:
    found: dict[int, tuple[Recommendation, str | None, tuple[str, ...]]] = {}
    for recommendation, addressee, insight_id in session.execute(query):
        _each, _name, refs = found.get(recommendation.id, (None, None, ()))
        found[recommendation.id] = (recommendation, addressee, (*refs, f"INS-{insight_id}"))
    rows = [_recommendation(*each, on=today(session)) for each in found.values()]
    # One whose deferral is over waits again; sorting keeps the order otherwise.
    return sorted(rows, key=lambda row: not row.waits)


def _recommendation(
    each: Recommendation, addressee: str | None, insights: tuple[str, ...], *, on: date
) -> RecommendationRow:
    deferred = each.status is RecommendationStatus.DEFERRED and each.deferred_to is not None and each.deferred_to <= on
    waits = deferred or each.status is RecommendationStatus.ISSUED
    return RecommendationRow(
        id=each.id,
        ref=each.ref,
        text=each.text,
        status=each.status.value,
        addressee=addressee or "",
        addressee_id=each.addressee_id,
        due_on=each.due_on,
        issued_on=each.issued_on,
        responded_on=each.responded_on,
        response_reason=each.response_reason,
        insights=insights,
        priority="" if each.priority is None else each.priority.value,
        deferred_to=each.deferred_to,
        waits=waits,
        overdue=waits and each.due_on is not None and each.due_on < on,
    )

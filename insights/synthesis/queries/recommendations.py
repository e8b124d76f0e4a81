"""What insights recommend, and the answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from insights.core.base import number_of
from insights.core.errors import NotFound
from insights.people.models import Member
from insights.synthesis.access import visible_insights
from insights.synthesis.models import (
    Insight,
    Recommendation,
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


def list_recommendations(
    session: Session, member: Member, *, insight_id: int | None = None, addressee_id: int | None = None
) -> list[RecommendationRow]:
    """Those that rest on an insight the member may see; unanswered ones first, oldest first."""
    query = _recommendations(member)
    if insight_id is not None:
        on_it = recommendation_insights.c
        query = query.where(
            Recommendation.id.in_(select(on_it.recommendation_id).where(on_it.insight_id == insight_id))
        )
    if addressee_id is not None:
        query = query.where(Recommendation.addressee_id == addressee_id)
    return _recommendation_rows(session, query)


def get_recommendation(session: Session, member: Member, ref: str) -> tuple[Recommendation, RecommendationRow]:
    number = number_of(ref, Recommendation.PREFIX) or 0
    recommendation = session.get(Recommendation, number)
    rows = _recommendation_rows(session, _recommendations(member).where(Recommendation.id == number))
    if recommendation is None or not rows:
        raise NotFound(ref)
    return recommendation, rows[0]


def _recommendations(member: Member) -> Select[*tuple[Any, ...]]:
    """One row for each recommendation and visible insight that it rests on."""
    return (
        select(Recommendation, Member.name, Insight.id)
        .select_from(Recommendation)
        .join(recommendation_insights, recommendation_insights.c.recommendation_id == Recommendation.id)
        .join(Insight, Insight.id == recommendation_insights.c.insight_id)
        .outerjoin(Member, Member.id == Recommendation.addressee_id)
        .where(visible_insights(member))
        .order_by(Recommendation.responded_on.is_not(None), Recommendation.issued_on, Recommendation.id, Insight.id)
    )


def _recommendation_rows(session: Session, query: Select[*tuple[Any, ...]]) -> list[RecommendationRow]:
    found: dict[int, tuple[Recommendation, str | None, tuple[str, ...]]] = {}
    for recommendation, addressee, insight_id in session.execute(query):
        _each, _name, refs = found.get(recommendation.id, (None, None, ()))
        found[recommendation.id] = (recommendation, addressee, (*refs, f"INS-{insight_id}"))
    return [_recommendation(*each) for each in found.values()]


def _recommendation(each: Recommendation, addressee: str | None, insights: tuple[str, ...]) -> RecommendationRow:
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
    )

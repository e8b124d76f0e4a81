"""The register of needs not met: what was known and consciously not delivered, why, and when it is asked again
(beyond.md 12). It writes itself from what was considered and not followed, refused, put off or declined.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, Select, or_, select
from sqlalchemy.orm import Session

from insights.core.clock import today
from insights.decisions.access import visible_decisions
from insights.decisions.models import EVIDENCE_TYPES, Decision, DecisionLink, DecisionStatus, LinkType
from insights.people.models import Member, Service
from insights.synthesis.access import visible_insights, visible_recommendations
from insights.synthesis.models import Insight, Recommendation, RecommendationStatus, recommendation_insights

_NOT_MADE = (DecisionStatus.REJECTED, DecisionStatus.DRAFT, DecisionStatus.PROPOSED)


class UnmetWay(StrEnum):
    """How it came about that a need is not met."""

    NOT_FOLLOWED = "not_followed"
    REJECTED = "rejected"
    PUT_OFF = "put_off"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class UnmetNeed:
    """`answer_ref` is the decision or recommendation that left the insight aside, '' for nothing. `on` is its day.

    `is_due` says that the day to ask again has come; `revisit_on` is None where nobody named one.
    """

    insight_ref: str
    claim: str
    way: UnmetWay
    answer_ref: str
    answer: str
    reason: str
    on: date | None
    revisit_on: date | None
    service: str
    is_due: bool


@dataclass(frozen=True, slots=True)
class NeedsFilter:
    """None, '' and False leave a field open."""

    service_id: int | None = None
    way: str = ""
    due: bool = False


def needs_not_met(session: Session, member: Member, wanted: NeedsFilter = NeedsFilter()) -> list[UnmetNeed]:
    """Those to ask again first, by their day; then the newest. An insight out of the member's sight is not counted."""
    on = today(session)
    rows = [_from_link(row, on) for row in session.execute(_links(member, wanted))]
    rows += [_from_recommendation(row, on) for row in session.execute(_recommendations(member, wanted))]
    found = [row for row in rows if wanted.way in {"", row.way} and (row.is_due or not wanted.due)]
    return sorted(found, key=_urgency)


def _urgency(row: UnmetNeed) -> tuple[bool, int, int, str]:
    newest_first = -(row.on.toordinal() if row.on else 0)
    return row.revisit_on is None, row.revisit_on.toordinal() if row.revisit_on else 0, newest_first, row.insight_ref


def _links(member: Member, wanted: NeedsFilter) -> Select[*tuple[Any, ...]]:
    """What was set aside under a decision that stands, and what a decision rests on that was refused or put off."""
    refused = or_(Decision.status == DecisionStatus.REJECTED, Decision.revisit_on.is_not(None))
    query = (
        select(DecisionLink, Decision, Insight.claim, Service.name.label("service"))
        .join(Decision, Decision.id == DecisionLink.decision_id)
        .join(Insight, Insight.id == DecisionLink.insight_id)
        .outerjoin(Service, Service.id == Decision.service_id)
        .where(
            or_(
                (DecisionLink.type == LinkType.CONSIDERED_NOT_FOLLOWED) & (Decision.status == DecisionStatus.ACCEPTED),
                DecisionLink.type.in_(EVIDENCE_TYPES) & Decision.status.in_(_NOT_MADE) & refused,
            ),
            visible_decisions(member),
            visible_insights(member),
        )
        .order_by(DecisionLink.id)
    )
    return query if wanted.service_id is None else query.where(Decision.service_id == wanted.service_id)


def _recommendations(member: Member, wanted: NeedsFilter) -> Select[*tuple[Any, ...]]:
    joined = recommendation_insights.c
    query = (
        select(Recommendation, Insight.id.label("insight_id"), Insight.claim, Service.name.label("service"))
        .join(recommendation_insights, joined.recommendation_id == Recommendation.id)
        .join(Insight, Insight.id == joined.insight_id)
        .outerjoin(Service, Service.id == Recommendation.service_id)
        .where(Recommendation.status == RecommendationStatus.DECLINED, visible_recommendations(member))
        .order_by(Recommendation.id)
    )
    return query if wanted.service_id is None else query.where(Recommendation.service_id == wanted.service_id)


def _from_link(row: Row[*tuple[Any, ...]], on: date) -> UnmetNeed:
    link: DecisionLink = row.DecisionLink
    decision: Decision = row.Decision
    set_aside = link.type is LinkType.CONSIDERED_NOT_FOLLOWED
    refused = UnmetWay.REJECTED if decision.status is DecisionStatus.REJECTED else UnmetWay.PUT_OFF
    again = link.revisit_on if set_aside else decision.revisit_on
    return UnmetNeed(
        insight_ref=f"INS-{link.insight_id}",
        claim=row.claim,
        way=UnmetWay.NOT_FOLLOWED if set_aside else refused,
        answer_ref=decision.ref,
        answer=decision.title,
        reason=link.rationale if set_aside else decision.closing_reason,
        on=decision.decided_on,
        revisit_on=again,
        service=row.service or "",
        is_due=again is not None and again <= on,
    )


def _from_recommendation(row: Row[*tuple[Any, ...]], on: date) -> UnmetNeed:
    recommendation: Recommendation = row.Recommendation
    again = recommendation.deferred_to
    return UnmetNeed(
        insight_ref=f"INS-{row.insight_id}",
        claim=row.claim,
        way=UnmetWay.DECLINED,
        answer_ref=recommendation.ref,
        answer=recommendation.text,
        reason=recommendation.response_reason,
        on=recommendation.responded_on,
        revisit_on=again,
        service=row.service or "",
        is_due=again is not None and again <= on,
    )

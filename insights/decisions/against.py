"""Decisions against or beyond their evidence: contradicted, or resting on nothing but stale claims (beyond.md 5)."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from insights.core.clock import today
from insights.decisions.models import EVIDENCE_TYPES, Decision, DecisionLink
from insights.people.models import Team
from insights.synthesis.freshness import FreshnessState, assess_freshness
from insights.synthesis.models import Contradiction, ContradictionStatus, Insight, InsightStatus
from insights.synthesis.strength import strengths


class Doubt(StrEnum):
    CONTRADICTED = "contradicted"
    STALE = "stale"


DOUBTS = {
    Doubt.CONTRADICTED: "Evidence under this decision is contradicted.",
    Doubt.STALE: "All the evidence under this decision is stale.",
}


def doubt_about(session: Session, decision: Decision) -> Doubt | None:
    """What speaks against leaning on the evidence today; None also where it rests on a declared basis alone."""
    if is_contradicted(session, decision):
        return Doubt.CONTRADICTED
    return Doubt.STALE if _rests_on_stale_alone(session, decision) else None


def is_contradicted(session: Session, decision: Decision) -> bool:
    """Whether something open speaks against what changed, informed or confirmed the decision.

    The question is asked of the evidence itself: a decision is not made sounder by what its writer may not see.
    """
    doubted = (
        select(Insight.id)
        .join(DecisionLink, DecisionLink.insight_id == Insight.id)
        .outerjoin(
            Contradiction,
            or_(Contradiction.insight_id == Insight.id, Contradiction.other_insight_id == Insight.id)
            & (Contradiction.status == ContradictionStatus.OPEN),
        )
        .where(
            DecisionLink.decision_id == decision.id,
            DecisionLink.type.in_(EVIDENCE_TYPES),
            or_(Contradiction.id.is_not(None), Insight.status == InsightStatus.CHALLENGED),
        )
    )
    return session.scalar(doubted.limit(1)) is not None


def _rests_on_stale_alone(session: Session, decision: Decision) -> bool:
    rows = session.execute(
        select(Insight.id, Insight.kind, Team.settings)
        .join(DecisionLink, DecisionLink.insight_id == Insight.id)
        .join(Team, Team.id == Insight.team_id)
        .where(DecisionLink.decision_id == decision.id, DecisionLink.type.in_(EVIDENCE_TYPES))
    ).all()
    strong, on = strengths(session, [row.id for row in rows]), today(session)
    states = [
        assess_freshness(
            row.kind,
            strong[row.id].newest_on,
            on,
            component_changed_on=strong[row.id].component_changed_on,
            half_lives=row.settings.get("half_life_months"),
        ).state
        for row in rows
    ]
    return bool(states) and all(state is FreshnessState.STALE for state in states)

"""What an insight said before, how sure we were, and what it is about."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.people.models import Component, Member
from insights.synthesis.models import (
    ConfidenceAssessment,
    Insight,
    InsightVersion,
    insight_components,
)


def versions_of(session: Session, insight: Insight) -> list[tuple[InsightVersion, str]]:
    """Newest first, each with the name of who saved it."""
    rows = session.execute(
        select(InsightVersion, Member.name)
        .outerjoin(Member, Member.id == InsightVersion.by_id)
        .where(InsightVersion.insight_id == insight.id)
        .order_by(InsightVersion.number.desc())
    )
    return [(version, name or "") for version, name in rows]


def latest_confidence(session: Session, insight: Insight) -> ConfidenceAssessment | None:
    return session.scalar(
        select(ConfidenceAssessment)
        .where(ConfidenceAssessment.insight_id == insight.id)
        .order_by(ConfidenceAssessment.id.desc())
        .limit(1)
    )


def components_of(session: Session, insight: Insight) -> Sequence[Component]:
    return session.scalars(
        select(Component)
        .join(insight_components, insight_components.c.component_id == Component.id)
        .where(insight_components.c.insight_id == insight.id)
        .order_by(Component.name)
    ).all()

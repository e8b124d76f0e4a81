"""Looking insights and recommendations through for personal data before others read them (features.md L3).

A draft is its writers' own work and waits for nothing; what is published, and what is asked of somebody, is looked
through, against the names that the vault knows of the studies which the evidence comes from.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.coding.models import Highlight
from insights.coding.personal_data.fields import require_looked_through
from insights.people.models import Member
from insights.synthesis.models import EvidenceLink, Insight, Recommendation, recommendation_insights


def look_through_insight(session: Session, *, actor: Member, insight: Insight, may_stand: str = "") -> None:
    """Raises InvalidInput where claim or body may give somebody away and no reason is given."""
    session.flush()
    require_looked_through(
        session,
        actor=actor,
        subject=insight,
        fields={"claim": insight.claim, "body": insight.body},
        study_ids=studies_behind(session, [insight.id]),
        may_stand=may_stand,
    )


def look_through_recommendation(
    session: Session, *, actor: Member, recommendation: Recommendation, may_stand: str = ""
) -> None:
    """Raises InvalidInput where its text may give somebody away and no reason is given."""
    pairs = recommendation_insights.c
    rests_on = session.scalars(select(pairs.insight_id).where(pairs.recommendation_id == recommendation.id)).all()
    require_looked_through(
        session,
        actor=actor,
        subject=recommendation,
        fields={"text": recommendation.text},
        study_ids=studies_behind(session, rests_on),
        may_stand=may_stand,
    )


def studies_behind(session: Session, insight_ids: Collection[int]) -> Sequence[int]:
    """The studies whose quotes the insights rest on."""
    if not insight_ids:
        return []
    query = (
        select(Highlight.study_id)
        .join(EvidenceLink, EvidenceLink.highlight_id == Highlight.id)
        .where(EvidenceLink.insight_id.in_(insight_ids))
        .distinct()
        .order_by(Highlight.study_id)
    )
    return session.scalars(query).all()

"""What speaks against insights, as far as the member may see both sides."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from insights.core.errors import NotFound
from insights.people.models import Member
from insights.synthesis.access import visible_insights
from insights.synthesis.models import (
    Contradiction,
    ContradictionStatus,
    Insight,
)


@dataclass(frozen=True, slots=True)
class ContradictionRow:
    """`ref` and `claim` are those of the other side, '' where evidence or an outcome speaks against it."""

    id: int
    ref: str
    other_ref: str
    other_claim: str
    cause: str
    status: str
    reason: str
    explanation: str
    opened_at: datetime


def contradictions_of(session: Session, member: Member, insight_ids: Collection[int]) -> list[ContradictionRow]:
    """Open ones first. One whose other side the member may not see is not told."""
    if not insight_ids:
        return []
    doubted, against = aliased(Insight), aliased(Insight)
    visible = select(Insight.id).where(visible_insights(member))
    rows = session.execute(
        select(Contradiction, doubted.claim, against.claim)
        .select_from(Contradiction)
        .outerjoin(doubted, (doubted.id == Contradiction.insight_id) & doubted.id.in_(visible))
        .outerjoin(against, (against.id == Contradiction.other_insight_id) & against.id.in_(visible))
        .where(or_(Contradiction.insight_id.in_(insight_ids), Contradiction.other_insight_id.in_(insight_ids)))
        .order_by(Contradiction.status != ContradictionStatus.OPEN, Contradiction.id.desc())
    )
    asked = frozenset(insight_ids)
    found = [(each, _contradiction(each, asked, claim, other_claim)) for each, claim, other_claim in rows]
    return [row for each, row in found if each.other_insight_id is None or row.other_ref]


def get_contradiction(session: Session, member: Member, insight: Insight, contradiction_id: int) -> Contradiction:
    """Raises NotFound for one of other insights, and for one whose other side the member may not see."""
    told = {row.id for row in contradictions_of(session, member, [insight.id])}
    contradiction = session.get(Contradiction, contradiction_id)
    if contradiction is None or contradiction.id not in told:
        raise NotFound(f"contradiction {contradiction_id}")
    return contradiction


def _contradiction(
    each: Contradiction, asked: frozenset[int], claim: str | None, other_claim: str | None
) -> ContradictionRow:
    """Seen from the side that was asked for; what the member may not see of the other side stays untold."""
    this, other, told = each.insight_id, each.other_insight_id, other_claim
    if this not in asked and other is not None:
        this, other, told = other, this, claim
    return ContradictionRow(
        id=each.id,
        ref=f"INS-{this}",
        other_ref="" if told is None else f"INS-{other}",
        other_claim=told or "",
        cause=each.cause if other is None or told is not None else "",
        status=each.status.value,
        reason="" if each.reason is None else each.reason.value,
        explanation=each.explanation,
        opened_at=each.created_at,
    )

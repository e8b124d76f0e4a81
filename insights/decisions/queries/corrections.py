"""The corrections of one decision: the one that waits, and what became of those before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from insights.decisions.models import CorrectionResult, Decision, DecisionCorrection
from insights.people.models import Member


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """`before` and `after` map names of texts to words; `result` is None while it waits."""

    id: int
    ref: str
    before: Mapping[str, str]
    after: Mapping[str, str]
    proposed_at: datetime
    proposed_by: str
    proposed_by_id: int | None
    result: CorrectionResult | None
    reason: str
    closed_at: datetime | None
    closed_by: str


def corrections_of(session: Session, decision: Decision) -> tuple[CorrectionRow, ...]:
    """The newest first. In one statement; the decision has been looked up for the member before."""
    proposer, closer = aliased(Member), aliased(Member)
    rows = session.execute(
        select(DecisionCorrection, proposer.name, closer.name)
        .outerjoin(proposer, proposer.id == DecisionCorrection.created_by_id)
        .outerjoin(closer, closer.id == DecisionCorrection.closed_by_id)
        .where(DecisionCorrection.decision_id == decision.id)
        .order_by(DecisionCorrection.id.desc())
    )
    return tuple(
        CorrectionRow(
            found.id,
            found.ref,
            found.before,
            found.after,
            found.created_at,
            proposed_by or "",
            found.created_by_id,
            found.result,
            found.reason,
            found.closed_at,
            closed_by or "",
        )
        for found, proposed_by, closed_by in rows
    )

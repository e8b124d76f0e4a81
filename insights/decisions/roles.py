"""Who decided, and who may allow an exception: asked of the record, not of a form."""

from __future__ import annotations

from typing import TypeAlias

from sqlalchemy import Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from insights.core.access import Role
from insights.core.activity import ActivityEntry
from insights.core.errors import NotAllowed
from insights.decisions.models import EVIDENCE_TYPES, Decision, DecisionLink
from insights.people.models import Member
from insights.synthesis.models import Insight

_APPROVERS = (Role.APPROVER, Role.ADMINISTRATOR)
ACCEPTED = "accepted"

_Column: TypeAlias = int | InstrumentedAttribute[int] | InstrumentedAttribute[int | None]


def approves(member: Member) -> bool:
    """Whether the member may allow what others may do once only."""
    return member.role in _APPROVERS


def require_decision_maker(session: Session, actor: Member, decision: Decision) -> None:
    """Whoever accepted the decision; else its owner or an approver, unless they wrote what it rests on.

    The rule of the impact ledger (beyond.md 13): a researcher does not attest what their own research was worth. Where
    one person did both, the ledger says so beside the name. Raises NotAllowed, naming the insight.
    """
    if _accepted(session, actor, decision):
        return
    written = session.scalar(wrote_evidence(decision.id, actor.id).order_by(Insight.id).limit(1))
    if written is not None:
        raise NotAllowed(
            f"You wrote INS-{written}, on which {decision.ref} rests. What came of it is attested by whoever decided."
        )
    if not (approves(actor) or decision.owner_id == actor.id):
        raise NotAllowed(
            f"What came of {decision.ref} is attested by whoever decided: its owner, who accepted it, or an approver."
        )


def wrote_evidence(decision_id: _Column, member_id: _Column) -> Select[int]:
    """The insights under a decision that somebody wrote; for two numbers, or two columns of the select around it."""
    return (
        select(Insight.id)
        .join(DecisionLink, DecisionLink.insight_id == Insight.id)
        .where(
            DecisionLink.decision_id == decision_id,
            DecisionLink.type.in_(EVIDENCE_TYPES),
            Insight.author_id == member_id,
        )
    )


def _accepted(session: Session, actor: Member, decision: Decision) -> bool:
    entry = select(ActivityEntry.id).where(
        ActivityEntry.subject_ref == decision.ref, ActivityEntry.verb == ACCEPTED, ActivityEntry.actor_id == actor.id
    )
    return session.scalar(entry.limit(1)) is not None

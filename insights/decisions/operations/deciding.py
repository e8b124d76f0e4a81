"""Accepting, rejecting, deprecating and superseding."""

from __future__ import annotations

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from insights.core.activity import record, touch
from insights.core.checks import required_text, term_of, text_of
from insights.core.clock import today
from insights.core.errors import InvalidInput, RuleBroken
from insights.decisions.models import (
    EVIDENCE_TYPES,
    Basis,
    Decision,
    DecisionLink,
    DecisionStatus,
)
from insights.decisions.operations.writing import OPEN_STATUSES
from insights.decisions.outcomes import schedule_first_check
from insights.people.models import Member
from insights.people.operations import require_same_area
from insights.synthesis.models import Contradiction, ContradictionStatus, Insight, InsightStatus


def accept_decision(
    session: Session,
    *,
    actor: Member,
    decision: Decision,
    basis: str | Basis | None = None,
    basis_reason: str = "",
    beyond_evidence_reason: str = "",
    decided_on: date | None = None,
) -> None:
    """Needs evidence or a declared basis (G8); against open contradictions it needs the decision-maker's sentence.

    Where the decision has a measure and no check yet, the first check is scheduled 90 days on (beyond.md 8).
    """
    require_same_area(session, actor, decision.team_id)
    if decision.status not in OPEN_STATUSES:
        raise RuleBroken(f"{decision.ref} is {decision.status.value} already.")
    _require_grounds(session, decision, basis, basis_reason)
    decision.beyond_evidence_reason = text_of(
        "beyond_evidence_reason", beyond_evidence_reason, label="the reason", longest=2_000
    )
    if not decision.beyond_evidence_reason and _is_contradicted(session, decision):
        raise InvalidInput.of(
            "beyond_evidence_reason",
            "Evidence under this decision is contradicted. Say in a sentence why you decide all the same.",
        )
    decision.status = DecisionStatus.ACCEPTED
    decision.decided_on = decided_on or today(session)
    schedule_first_check(session, actor=actor, decision=decision)
    touch(session, actor, decision)
    record(session, actor, "accepted", decision, touches=_insight_refs(session, decision))


def reject_decision(session: Session, *, actor: Member, decision: Decision) -> None:
    _close(session, actor, decision, DecisionStatus.REJECTED, OPEN_STATUSES)


def deprecate_decision(session: Session, *, actor: Member, decision: Decision) -> None:
    _close(session, actor, decision, DecisionStatus.DEPRECATED, (DecisionStatus.ACCEPTED,))


def supersede_decision(session: Session, *, actor: Member, old: Decision, new: Decision) -> None:
    """Writes both sides: the old one is no longer in force and names its successor (G7). Rings are refused."""
    require_same_area(session, actor, old.team_id)
    if old.id == new.id:
        raise InvalidInput.of("supersedes", "A decision cannot supersede itself.")
    if old.superseded_by_id is not None:
        raise RuleBroken(f"{old.ref} is superseded already, by DEC-{old.superseded_by_id}.")
    if new.status in {DecisionStatus.REJECTED, DecisionStatus.DEPRECATED}:
        raise InvalidInput.of("supersedes", f"{new.ref} is {new.status.value}, so it cannot replace another decision.")
    seen, following = {old.id}, new
    while following.superseded_by_id is not None:
        if following.superseded_by_id in seen:
            raise InvalidInput.of("supersedes", f"{new.ref} is itself superseded by {old.ref}; that would be a ring.")
        seen.add(following.id)
        successor = session.get(Decision, following.superseded_by_id)
        if successor is None:
            break
        following = successor
    old.superseded_by_id = new.id
    if old.status is not DecisionStatus.REJECTED:
        old.status = DecisionStatus.SUPERSEDED
    old.ended_on = new.decided_on or (None if new.legacy else today(session))
    touch(session, actor, old)
    record(session, actor, "superseded", old, touches=[new.ref, *_insight_refs(session, old)])


def _require_grounds(session: Session, decision: Decision, basis: str | Basis | None, reason: str) -> None:
    if basis:
        decision.basis = term_of("basis", Basis, basis, label="a basis")
        decision.basis_reason = required_text("basis_reason", reason, label="why this basis applies", longest=2_000)
    types = session.scalars(select(DecisionLink.type).where(DecisionLink.decision_id == decision.id))
    if decision.basis is None and not any(each in EVIDENCE_TYPES for each in types):
        raise RuleBroken(
            "A decision is accepted on evidence or on a declared basis. Link an insight that changed, informed or "
            "confirmed it, or declare another basis."
        )


def _is_contradicted(session: Session, decision: Decision) -> bool:
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


def _insight_refs(session: Session, decision: Decision) -> list[str]:
    numbers = session.scalars(select(DecisionLink.insight_id).where(DecisionLink.decision_id == decision.id))
    return [f"INS-{number}" for number in numbers]


def _close(
    session: Session, actor: Member, decision: Decision, status: DecisionStatus, allowed: tuple[DecisionStatus, ...]
) -> None:
    require_same_area(session, actor, decision.team_id)
    if decision.status not in allowed:
        raise RuleBroken(f"{decision.ref} is {decision.status.value}, so it cannot become {status.value}.")
    decision.status = status
    decision.ended_on = today(session)
    decision.decided_on = decision.decided_on or decision.ended_on
    touch(session, actor, decision)
    record(session, actor, status.value, decision, touches=_insight_refs(session, decision))

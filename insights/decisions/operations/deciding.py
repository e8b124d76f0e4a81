"""Accepting, rejecting, deprecating and superseding."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.core.activity import ActivityEntry, record, touch
from insights.core.checks import optional_line, required_line, required_text, term_of, text_of
from insights.core.clock import local_day, today
from insights.core.errors import InvalidInput, RuleBroken
from insights.decisions.against import is_contradicted
from insights.decisions.days import day_past, day_to_come
from insights.decisions.models import (
    EVIDENCE_TYPES,
    Basis,
    Decision,
    DecisionLink,
    DecisionStatus,
    ReviewResult,
)
from insights.decisions.operations.writing import OPEN_STATUSES
from insights.decisions.outcomes import schedule_first_check
from insights.decisions.personal_data import look_through_decision
from insights.decisions.reviews import end_reviews
from insights.people.models import Member
from insights.people.operations import require_same_area


def accept_decision(
    session: Session,
    *,
    actor: Member,
    decision: Decision,
    basis: str | Basis | None = None,
    basis_reason: str = "",
    beyond_evidence_reason: str = "",
    decided_on: date | None = None,
    may_stand: str = "",
) -> None:
    """Needs evidence or a declared basis (G8); against open contradictions it needs the decision-maker's sentence.

    Where the decision has a measure and no check yet, the first check is scheduled 90 days on (beyond.md 8).
    Its texts are looked through for personal data, raising InvalidInput until `may_stand` says why it may.
    """
    require_same_area(session, actor, decision.team_id)
    if decision.status not in OPEN_STATUSES:
        raise RuleBroken(_who_was_first(session, decision))
    day = day_past(session, "decided_on", decided_on) or today(session)
    _require_grounds(session, decision, basis, basis_reason)
    decision.beyond_evidence_reason = text_of(
        "beyond_evidence_reason", beyond_evidence_reason, label="the reason", longest=2_000
    )
    if not decision.beyond_evidence_reason and is_contradicted(session, decision):
        raise InvalidInput.of(
            "beyond_evidence_reason",
            "Evidence under this decision is contradicted. Say in a sentence why you decide all the same.",
        )
    look_through_decision(session, actor=actor, decision=decision, may_stand=may_stand)
    decision.status = DecisionStatus.ACCEPTED
    decision.decided_on = day
    decision.revisit_on, decision.closing_reason = None, ""
    schedule_first_check(session, actor=actor, decision=decision)
    touch(session, actor, decision)
    record(session, actor, "accepted", decision, touches=_insight_refs(session, decision))


def reject_decision(
    session: Session, *, actor: Member, decision: Decision, reason: str = "", revisit_on: date | None = None
) -> None:
    """With `reason` and `revisit_on` it stands in the register of needs not met, with the day to ask again."""
    _close(session, actor, decision, DecisionStatus.REJECTED, OPEN_STATUSES, reason=reason, revisit_on=revisit_on)


def defer_decision(session: Session, *, actor: Member, decision: Decision, until: date | None, reason: str) -> None:
    """Put off: it stays proposed, says why and until when, and its evidence counts as needs not met meanwhile."""
    require_same_area(session, actor, decision.team_id)
    if decision.status not in OPEN_STATUSES:
        raise RuleBroken(_who_was_first(session, decision))
    decision.closing_reason = required_line("reason", reason, label="why it is put off", longest=2_000)
    decision.revisit_on = day_to_come(session, "until", until, label="the day on which it is asked again")
    decision.status = DecisionStatus.PROPOSED
    touch(session, actor, decision)
    detail = {"until": decision.revisit_on.isoformat(), "reason": decision.closing_reason}
    record(session, actor, "put off", decision, touches=_insight_refs(session, decision), detail=detail)


def deprecate_decision(session: Session, *, actor: Member, decision: Decision, reason: str = "") -> None:
    _close(session, actor, decision, DecisionStatus.DEPRECATED, (DecisionStatus.ACCEPTED,), reason=reason)
    end_reviews(session, actor, decision, ReviewResult.OUT_OF_FORCE)


def supersede_decision(session: Session, *, actor: Member, old: Decision, new: Decision) -> None:
    """Writes both sides: the old one is no longer in force and names its successor (G7). Rings are refused."""
    require_same_area(session, actor, old.team_id)
    if old.id == new.id:
        raise InvalidInput.of("supersedes", "A decision cannot supersede itself.")
    if old.superseded_by_id is not None:
        raise RuleBroken(f"{old.ref} is superseded already, by DEC-{old.superseded_by_id}.")
    if new.status in {DecisionStatus.REJECTED, DecisionStatus.DEPRECATED}:
        raise InvalidInput.of("supersedes", f"{new.ref} is {new.status.value}, so it cannot replace another decision.")
    _refuse_ring(session, old, new)
    old.superseded_by_id = new.id
    if old.status is not DecisionStatus.REJECTED:
        old.status = DecisionStatus.SUPERSEDED
    old.ended_on = new.decided_on or (None if new.legacy else today(session))
    touch(session, actor, old)
    end_reviews(session, actor, old, ReviewResult.REPLACED)
    record(session, actor, "superseded", old, touches=[new.ref, *_insight_refs(session, old)])


def _refuse_ring(session: Session, old: Decision, new: Decision) -> None:
    """Follows what supersedes `new`; where that leads to `old`, says by which way."""
    way, following = [new.ref], new
    while following.superseded_by_id is not None and f"DEC-{following.superseded_by_id}" not in way:
        successor = session.get(Decision, following.superseded_by_id)
        if successor is None:
            return
        way.append(successor.ref)
        if successor.id == old.id:
            raise InvalidInput.of(
                "supersedes",
                f"{new.ref} cannot replace {old.ref}: that would be a ring, for {' is superseded by '.join(way)}.",
            )
        following = successor


def _who_was_first(session: Session, decision: Decision) -> str:
    """Two people may decide at once; the second is told who was first, and when."""
    entry = session.execute(
        select(Member.name, ActivityEntry.at)
        .join(Member, Member.id == ActivityEntry.actor_id)
        .where(ActivityEntry.subject_ref == decision.ref, ActivityEntry.verb == decision.status.value)
        .order_by(ActivityEntry.id.desc())
        .limit(1)
    ).first()
    by = "" if entry is None else f": {entry.name} was first, on {local_day(entry.at).isoformat()}"
    return f"{decision.ref} is {decision.status.value} already{by}. Nothing of what you sent was stored."


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


def _insight_refs(session: Session, decision: Decision) -> list[str]:
    numbers = session.scalars(select(DecisionLink.insight_id).where(DecisionLink.decision_id == decision.id))
    return [f"INS-{number}" for number in numbers]


def _close(
    session: Session,
    actor: Member,
    decision: Decision,
    status: DecisionStatus,
    allowed: tuple[DecisionStatus, ...],
    *,
    reason: str = "",
    revisit_on: date | None = None,
) -> None:
    require_same_area(session, actor, decision.team_id)
    if decision.status is status:
        raise RuleBroken(_who_was_first(session, decision))
    if decision.status not in allowed:
        raise RuleBroken(f"{decision.ref} is {decision.status.value}, so it cannot become {status.value}.")
    decision.closing_reason = optional_line("reason", reason, label="the reason", longest=2_000)
    if revisit_on is not None:
        revisit_on = day_to_come(session, "revisit_on", revisit_on, label="the day on which it is asked again")
    decision.revisit_on = revisit_on
    decision.status = status
    decision.ended_on = today(session)
    decision.decided_on = decision.decided_on or decision.ended_on
    touch(session, actor, decision)
    detail = {"reason": decision.closing_reason} if decision.closing_reason else {}
    record(session, actor, status.value, decision, touches=_insight_refs(session, decision), detail=detail)

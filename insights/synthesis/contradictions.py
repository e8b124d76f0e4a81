"""Contradictions: opened by evidence, by hand or by an outcome; shown on both sides; settled with a reason (F3)."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from insights.core.activity import add, record, touch
from insights.core.checks import required_line, term_of, text_of
from insights.core.clock import now
from insights.core.errors import InvalidInput, RuleBroken
from insights.people.models import Member
from insights.synthesis.models import (
    CITABLE,
    Contradiction,
    ContradictionReason,
    ContradictionStatus,
    EvidenceLink,
    Insight,
    InsightStatus,
)


def open_contradiction(
    session: Session,
    *,
    actor: Member,
    insight: Insight,
    evidence: EvidenceLink | None = None,
    other: Insight | None = None,
    cause: str = "",
    origin_ref: str = "",
) -> Contradiction:
    """Opens it on the insight; where another insight speaks against it, both are marked.

    `origin_ref` names the record of a later stage that opened it, such as an outcome check.
    """
    other_id = other.id if other is not None else None if evidence is None else evidence.other_insight_id
    contradiction = Contradiction(
        insight_id=insight.id,
        other_insight_id=other_id,
        evidence_link_id=None if evidence is None else evidence.id,
        origin_ref=origin_ref,
        cause=text_of("cause", cause, label="what speaks against it", longest=2_000),
        status=ContradictionStatus.OPEN,
    )
    add(session, actor, contradiction)
    touched = [insight.ref] + ([f"INS-{other_id}"] if other_id is not None else [])
    record(session, actor, "opened", contradiction, touches=touched)
    return contradiction


def declare_contradiction(
    session: Session, *, actor: Member, insight: Insight, other: Insight, cause: str
) -> Contradiction:
    """By hand, between two published insights."""
    if insight.id == other.id:
        raise InvalidInput.of("other", "An insight cannot contradict itself. Choose another one.")
    if insight.status not in CITABLE or other.status not in CITABLE:
        raise RuleBroken("Only published insights can contradict each other.")
    pair = (insight.id, other.id)
    known = select(Contradiction.id).where(
        Contradiction.status == ContradictionStatus.OPEN,
        Contradiction.insight_id.in_(pair),
        Contradiction.other_insight_id.in_(pair),
    )
    if session.scalar(known):
        raise InvalidInput.of("other", f"The contradiction with {other.ref} is recorded already.")
    required_line("cause", cause, label="what contradicts, in a sentence", longest=2_000)
    return open_contradiction(session, actor=actor, insight=insight, other=other, cause=cause)


def settle_contradiction(
    session: Session,
    *,
    actor: Member,
    contradiction: Contradiction,
    status: str | ContradictionStatus,
    reason: str | ContradictionReason,
    explanation: str,
) -> None:
    """Explained or resolved; either says which of the four reasons holds (beyond.md 6)."""
    if contradiction.status is not ContradictionStatus.OPEN:
        raise RuleBroken("This contradiction is settled already.")
    chosen = term_of("status", ContradictionStatus, status, label="explained or resolved")
    if chosen is ContradictionStatus.OPEN:
        raise InvalidInput.of("status", "Choose explained or resolved.")
    contradiction.reason = term_of("reason", ContradictionReason, reason, label="a reason")
    contradiction.explanation = required_line("explanation", explanation, label="an explanation", longest=2_000)
    contradiction.status = chosen
    contradiction.settled_at, contradiction.settled_by_id = now(session), actor.id
    touch(session, actor, contradiction)
    record(session, actor, "settled", contradiction, touches=_sides(contradiction))
    _calm_down(session, actor, contradiction)


def reopen_contradiction(session: Session, *, actor: Member, contradiction: Contradiction) -> None:
    """Undoes `settle_contradiction`; what an outcome had challenged is challenged again."""
    if contradiction.status is ContradictionStatus.OPEN:
        raise RuleBroken("This contradiction is open.")
    contradiction.status, contradiction.reason, contradiction.explanation = ContradictionStatus.OPEN, None, ""
    contradiction.settled_at, contradiction.settled_by_id = None, None
    touch(session, actor, contradiction)
    insight = session.get(Insight, contradiction.insight_id)
    if contradiction.origin_ref and insight is not None and insight.status is InsightStatus.PUBLISHED:
        insight.status, insight.status_note = InsightStatus.CHALLENGED, contradiction.cause
        touch(session, actor, insight)
    record(session, actor, "reopened", contradiction, touches=_sides(contradiction))


def take_back_contradiction(session: Session, *, actor: Member, contradiction: Contradiction) -> None:
    """What opened it was a slip of the hand and is taken back; the record of changes keeps that it was there."""
    record(session, actor, "took back", contradiction, touches=_sides(contradiction))
    session.delete(contradiction)
    session.flush()
    _calm_down(session, actor, contradiction)


def _sides(contradiction: Contradiction) -> list[str]:
    return [f"INS-{number}" for number in (contradiction.insight_id, contradiction.other_insight_id) if number]


def _calm_down(session: Session, actor: Member, contradiction: Contradiction) -> None:
    """An insight is no longer challenged once nothing open speaks against it."""
    insight = session.get(Insight, contradiction.insight_id)
    still_open = select(Contradiction.id).where(
        Contradiction.status == ContradictionStatus.OPEN,
        or_(
            Contradiction.insight_id == contradiction.insight_id,
            Contradiction.other_insight_id == contradiction.insight_id,
        ),
    )
    if insight is not None and insight.status is InsightStatus.CHALLENGED and not session.scalar(still_open):
        insight.status, insight.status_note = InsightStatus.PUBLISHED, ""
        touch(session, actor, insight)

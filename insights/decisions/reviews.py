"""Reviews of decisions: proposed by an outcome, by changed evidence or by a person; closed with what was found."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.core.activity import add, record, touch
from insights.core.checks import required_line, term_of
from insights.core.clock import now
from insights.core.errors import RuleBroken
from insights.decisions.models import Decision, DecisionReview, DecisionStatus, ReviewResult
from insights.people.models import Member
from insights.people.operations import require_same_area


def propose_review(
    session: Session, *, actor: Member | None, decision: Decision, cause: str, origin_ref: str = ""
) -> DecisionReview | None:
    """Asks whether a decision in force still stands. None where it is not in force, or asked already for that cause.

    Whoever finds the cause may work in another area, so that no area is asked for; closing asks for it.
    """
    if decision.status is not DecisionStatus.ACCEPTED:
        return None
    sentence = required_line("cause", cause, label="why the decision should be looked at", longest=2_000)
    known = select(DecisionReview.id).where(
        DecisionReview.decision_id == decision.id,
        DecisionReview.result.is_(None),
        DecisionReview.origin_ref == origin_ref,
        DecisionReview.cause == sentence,
    )
    if session.scalar(known) is not None:
        return None
    review = DecisionReview(decision_id=decision.id, cause=sentence, origin_ref=origin_ref)
    add(session, actor, review)
    record(session, actor, "proposed a review of", decision, detail={"cause": sentence, "origin": origin_ref})
    return review


def ask_for_review(session: Session, *, actor: Member, decision: Decision, cause: str) -> DecisionReview:
    """By hand. Raises RuleBroken for a decision that is not in force, and for a question that is open already."""
    require_same_area(session, actor, decision.team_id)
    if decision.status is not DecisionStatus.ACCEPTED:
        raise RuleBroken(f"{decision.ref} is {decision.status.value}, so there is nothing to review.")
    review = propose_review(session, actor=actor, decision=decision, cause=cause)
    if review is None:
        raise RuleBroken("A review of this decision with the same words is open already.")
    return review


def close_reviews(
    session: Session, *, actor: Member, decision: Decision, result: str | ReviewResult, note: str
) -> list[DecisionReview]:
    """Closes all that is open with one answer; 'stands' needs a sentence. Nothing happens where nothing is open."""
    require_same_area(session, actor, decision.team_id)
    chosen = term_of("result", ReviewResult, result, label="what the review found")
    sentence = required_line("note", note, label="what you looked at, and why it stands", longest=2_000)
    open_ones = _open_reviews(session, decision)
    for review in open_ones:
        _close(session, actor, review, chosen, sentence)
    if open_ones:
        record(session, actor, "reviewed", decision, detail={"result": chosen.value, "note": sentence})
    return open_ones


def withdraw_reviews(session: Session, *, actor: Member, decision: Decision, origin_ref: str) -> None:
    """What proposed them was taken back."""
    for review in _open_reviews(session, decision):
        if review.origin_ref == origin_ref:
            _close(session, actor, review, ReviewResult.WITHDRAWN, "What proposed it was taken back.")


def end_reviews(session: Session, actor: Member, decision: Decision, result: ReviewResult) -> None:
    """The decision is no longer in force, which answers every open question about it."""
    for review in _open_reviews(session, decision):
        _close(session, actor, review, result, "")


def _open_reviews(session: Session, decision: Decision) -> list[DecisionReview]:
    query = select(DecisionReview).where(DecisionReview.decision_id == decision.id, DecisionReview.result.is_(None))
    return list(session.scalars(query.order_by(DecisionReview.id)))


def _close(session: Session, actor: Member, review: DecisionReview, result: ReviewResult, note: str) -> None:
    review.result, review.note = result, note
    review.closed_at, review.closed_by_id = now(session), actor.id
    touch(session, actor, review)

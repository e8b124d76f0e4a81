"""One answer a person: keep, take away, or ask; by somebody else than the person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.core.activity import record, touch
from insights.core.checks import term_of, text_of
from insights.core.clock import now
from insights.core.errors import InvalidInput, NotFound, RuleBroken
from insights.people.models import Member
from insights.stewardship.access_review.scope import rows_in_sight, somebody_else_watches
from insights.stewardship.access_review.taking import can_be_taken, studies_told
from insights.stewardship.models import AccessReview, AccessReviewRow, ReviewAnswer

_LONGEST_NOTE = 1_000


def answer_row(
    session: Session,
    *,
    actor: Member,
    review: AccessReview,
    row_id: int,
    answer: str,
    take: Sequence[str] = (),
    note: str = "",
    was: str | None = None,
) -> AccessReviewRow:
    """`was` is the answer that the actor saw, '' for none: one that somebody gave meanwhile is not written over.

    Raises NotFound for a person outside the actor's area, RuleBroken in a closed review and for the actor's own row.
    """
    row = _row(session, actor, review, row_id)
    _refuse_own(session, actor, row)
    if was is not None and was != _term(row.answer):
        raise RuleBroken(f"Somebody answered for {row.name} while you were reading: look at it, and answer again.")
    chosen = term_of("answer", ReviewAnswer, answer, label="an answer")
    told = text_of("note", note, label="the note", longest=_LONGEST_NOTE)
    taken = _taken(session, actor, row, take) if chosen is ReviewAnswer.TAKE_AWAY else []
    if chosen is ReviewAnswer.ASK and not told:
        raise InvalidInput.of("note", f"Say what is to be found out about {row.name}, and of whom.")
    row.before = _kept(row)
    row.answer, row.take, row.note = chosen, taken, told
    row.answered_at, row.answered_by_id = now(session), actor.id
    touch(session, actor, review)
    detail = {"person": f"{Member.PREFIX}-{row.member_id}", "answer": chosen.value, "take": taken}
    record(session, actor, "answered for somebody in", review, detail=detail)
    return row


def take_back_answer(session: Session, *, actor: Member, review: AccessReview, row_id: int) -> AccessReviewRow:
    """Brings back what was answered before, or nothing. Raises RuleBroken where there is nothing to take back."""
    row = _row(session, actor, review, row_id)
    if row.answer is None:
        raise RuleBroken(f"Nothing was answered for {row.name} yet.")
    before = dict(row.before)
    row.answer = ReviewAnswer(before["answer"]) if before.get("answer") else None
    row.take, row.note = list(before.get("take", [])), str(before.get("note", ""))
    row.answered_at = datetime.fromisoformat(before["at"]) if before.get("at") else None
    row.answered_by_id, row.before = before.get("by"), {}
    touch(session, actor, review)
    detail = {"person": f"{Member.PREFIX}-{row.member_id}", "answer": _term(row.answer)}
    record(session, actor, "took back an answer in", review, detail=detail)
    return row


def _row(session: Session, actor: Member, review: AccessReview, row_id: int) -> AccessReviewRow:
    query = select(AccessReviewRow).where(AccessReviewRow.review_id == review.id, AccessReviewRow.id == row_id)
    row = session.scalar(query.where(rows_in_sight(actor)))
    if row is None:
        raise NotFound("person in this review")
    if not review.is_open:
        raise RuleBroken(f"{review.ref} is closed: nothing in it changes any more. Begin another review.")
    return row


def _refuse_own(session: Session, actor: Member, row: AccessReviewRow) -> None:
    """Where nobody else could, such as with a single administrator, one's own answer is better than none."""
    if row.member_id == actor.id and somebody_else_watches(session, actor):
        raise RuleBroken("Somebody else answers for your own access: data protection, or an administrator.")


def _taken(session: Session, actor: Member, row: AccessReviewRow, take: Sequence[str]) -> list[str]:
    offered = can_be_taken(row, studies_told(session, actor, [row]))
    taken = [term for term in offered if term in take]
    if not taken or set(take) - set(offered):
        raise InvalidInput.of("take", f"Choose what {row.name} is to have no longer.")
    return taken


def _kept(row: AccessReviewRow) -> dict[str, object]:
    at = "" if row.answered_at is None else row.answered_at.isoformat()
    return {"answer": _term(row.answer), "take": list(row.take), "note": row.note, "at": at, "by": row.answered_by_id}


def _term(answer: ReviewAnswer | None) -> str:
    return "" if answer is None else answer.value

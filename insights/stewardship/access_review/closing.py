"""A review is closed when nobody in it waits; from then on nothing in it changes, and its digest says so."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.core.activity import ActivityEntry, record, touch
from insights.core.clock import months_later, now, today
from insights.core.errors import InvalidInput, RuleBroken
from insights.people.models import Member
from insights.stewardship.access_review.scope import require_whole
from insights.stewardship.access_review.taking import done_since
from insights.stewardship.models import AccessReview, AccessReviewRow

CLOSED = "closed"


def close_review(session: Session, *, actor: Member, review: AccessReview, confirm: str, months: int) -> None:
    """`confirm` is its number, typed, for this cannot be undone; `months` until the next one is due."""
    require_whole(actor, review)
    if not review.is_open:
        raise RuleBroken(f"{review.ref} is closed already.")
    rows = rows_of(session, review)
    waiting = sum(not row.is_answered for row in rows)
    if waiting:
        people = "one person waits" if waiting == 1 else f"{waiting:,} people wait"
        raise RuleBroken(f"{people} for an answer. A review is closed when everybody in it is kept or taken away from.")
    if confirm.strip().upper() != review.ref:
        raise InvalidInput.of("confirm", f"Type {review.ref}: a closed review cannot be opened again.")
    done = done_since(session, rows)
    for row in rows:
        row.done = [term for term in row.take if term in done.get(row.id, ())]
        row.before = {}
    review.closed_at, review.closed_by_id, review.open_for = now(session), actor.id, None
    review.next_due_on = months_later(today(session), months)
    review.sha256 = digest_of(review, rows)
    touch(session, actor, review)
    detail = {"sha256": review.sha256, "people": len(rows), "due": review.next_due_on.isoformat()}
    record(session, actor, CLOSED, review, detail=detail)


def is_as_closed(session: Session, review: AccessReview, rows: Iterable[AccessReviewRow]) -> bool:
    """Whether a closed review is what the audit record says that it was. `rows` are all of its rows."""
    query = select(ActivityEntry.detail).where(ActivityEntry.subject_ref == review.ref, ActivityEntry.verb == CLOSED)
    told = session.scalar(query.order_by(ActivityEntry.id.desc()).limit(1)) or {}
    return told.get("sha256") == digest_of(review, rows)


def rows_of(session: Session, review: AccessReview) -> list[AccessReviewRow]:
    """All of them, by name."""
    query = select(AccessReviewRow).where(AccessReviewRow.review_id == review.id)
    return list(session.scalars(query.order_by(AccessReviewRow.name, AccessReviewRow.id)))


def digest_of(review: AccessReview, rows: Iterable[AccessReviewRow]) -> str:
    """SHA-256 in hex of all that was frozen and answered."""
    head = [review.ref, review.area, review.created_at, review.closed_at, review.closed_by_id, review.next_due_on]
    content = [head, *(_content(row) for row in sorted(rows, key=lambda row: row.id))]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_text)
    return hashlib.sha256(text.encode()).hexdigest()


def _content(row: AccessReviewRow) -> list[Any]:
    return [
        *(row.id, row.member_id, row.name, row.team_id, row.team, row.role.value, row.is_central, row.administers_area),
        *(row.studies, row.openings, row.ways, row.last_sign_in_at, row.is_dormant),
        *(None if row.answer is None else row.answer.value, row.take, row.done, row.note),
        *(row.answered_at, row.answered_by_id),
    ]


def _text(value: Any) -> str:  # noqa: ANN401 - what JSON has no form for
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else str(value)

"""What of the public pages waits for one member: to sign off, to publish, or to look at again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from insights.core.clock import today
from insights.decisions.access import visible_decisions
from insights.decisions.models import Decision
from insights.openness.models import EntryStatus, PublicEntry
from insights.people.models import Member

SHOWN = 5


@dataclass(frozen=True, slots=True)
class WaitingEntry:
    """`text` is the title of its decision, which the member may see; `what` says what to do; `on` the day of review."""

    ref: str
    text: str
    what: str
    on: date | None


def entries_waiting_for(session: Session, member: Member) -> tuple[WaitingEntry, ...]:
    """In one statement, the oldest first, five at most.

    What is under review because a consent or a study changed needs the consents of all its quotes, so that it stands in
    the list of public pages alone.
    """
    day = today(session)
    turn = func.coalesce(PublicEntry.approver_id, PublicEntry.written_by_id)
    due = and_(PublicEntry.status == EntryStatus.PUBLISHED, PublicEntry.review_on <= day, turn == member.id)
    to_sign = and_(PublicEntry.status == EntryStatus.PII_CHECKED, PublicEntry.approver_id == member.id)
    to_publish = and_(PublicEntry.status == EntryStatus.SIGNED_OFF, PublicEntry.written_by_id == member.id)
    rows = session.execute(
        select(PublicEntry, Decision.title)
        .join(Decision, Decision.id == PublicEntry.decision_id)
        .where(PublicEntry.removed_at.is_(None), visible_decisions(member), or_(due, to_sign, to_publish))
        .order_by(PublicEntry.updated_at, PublicEntry.id)
        .limit(SHOWN)
    )
    return tuple(WaitingEntry(entry.ref, title, _WHAT[entry.status], entry.review_on) for entry, title in rows)


_WHAT = {
    EntryStatus.PII_CHECKED: "sign it off",
    EntryStatus.SIGNED_OFF: "publish it",
    EntryStatus.PUBLISHED: "its review is due",
}

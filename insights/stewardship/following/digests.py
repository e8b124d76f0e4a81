"""Digests: which mails are due by the clock, and what each tells of."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from insights.core.clock import now
from insights.people.mail import queue_mail
from insights.people.models import Mail, Member
from insights.stewardship.models import Follow, FoundItem, MailRhythm

DIGEST: Final = "digest"
"""The kind of these mails in the outbox."""

DIGEST_HOUR: Final = 7
"""The hour by the server's clock at which a digest closes: daily, and weekly on Mondays."""


def queue_digests(session: Session) -> int:
    """Puts the digests that are due into the outbox; answers how many.

    A digest tells of what was found before its hour. A mail and the items that it tells of are joined in one
    transaction, and a day's or week's mail has one key, so that nothing is mailed twice however often this runs.
    """
    return sum(_queue(session, rhythm) for rhythm in (MailRhythm.DAILY, MailRhythm.WEEKLY))


def last_closing(moment: datetime, rhythm: MailRhythm) -> datetime:
    """The latest hour, not after the moment, at which a digest of that rhythm closed."""
    local = moment.astimezone()
    closing = local.replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0)
    if closing > local:
        closing -= timedelta(days=1)
    return closing - timedelta(days=closing.weekday()) if rhythm is MailRhythm.WEEKLY else closing


def _queue(session: Session, rhythm: MailRhythm) -> int:
    closing = last_closing(now(session), rhythm)
    rows = session.execute(
        select(FoundItem.id, Follow.member_id)
        .join(Follow, Follow.id == FoundItem.follow_id)
        .join(Member, Member.id == Follow.member_id)
        .where(
            FoundItem.mail_id.is_(None),
            FoundItem.found_at < closing,
            FoundItem.found_at >= Follow.mail_from,
            Follow.mail == rhythm,
            Follow.deleted_at.is_(None),
            Member.is_active,
        )
        .order_by(FoundItem.id)
    )
    items: dict[int, list[int]] = {}
    for item_id, member_id in rows:
        items.setdefault(member_id, []).append(item_id)
    return sum(_queue_one(session, member_id, rhythm, closing, ids) for member_id, ids in items.items())


def _queue_one(session: Session, member_id: int, rhythm: MailRhythm, closing: datetime, ids: list[int]) -> int:
    mail: Mail | None = queue_mail(
        session,
        member_id=member_id,
        kind=DIGEST,
        key=f"{DIGEST} {rhythm.value} {closing.date().isoformat()} MEM-{member_id}",
    )
    if mail is None:
        return 0
    session.execute(update(FoundItem).where(FoundItem.id.in_(ids)).values(mail_id=mail.id))
    return 1

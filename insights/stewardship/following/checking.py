"""Looking for what is new: done by the worker, in any number of pieces, with the same end.

A follow's item is stored under a key of its own in the transaction that moves the follow on. Whatever stops the
machine, the next look finds the same things and stores each once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from insights.core.clock import now
from insights.core.errors import NotFound
from insights.people.models import Member
from insights.stewardship.following.operations import MOST_WATCHED, set_known
from insights.stewardship.following.sight import seen_records
from insights.stewardship.following.subjects import Happening, happenings_of, members_of, newest_entry
from insights.stewardship.models import Follow, FoundItem

LOOKS_EVERY: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class DueFollow:
    """A follow to look at; `question` is '' where a record is followed."""

    id: int
    member_id: int
    question: str


def due_follows(session: Session, *, limit: int = 500) -> list[DueFollow]:
    """Those not looked at for an hour, the longest waiting first; none of members whose account is closed."""
    before: datetime = now(session) - LOOKS_EVERY
    rows = session.execute(
        select(Follow.id, Follow.member_id, Follow.question)
        .join(Member, Member.id == Follow.member_id)
        .where(
            Follow.deleted_at.is_(None),
            Member.is_active,
            or_(Follow.checked_at.is_(None), Follow.checked_at <= before),
        )
        .order_by(Follow.checked_at.is_not(None), Follow.checked_at, Follow.id)
        .limit(limit)
    )
    return [DueFollow(*row) for row in rows]


def look_at_search(session: Session, *, follow: Follow, matches: Collection[str]) -> int:
    """Stores what a saved search finds now and did not find before; answers how many. `matches` are all its refs."""
    moment = now(session)
    if len(matches) > MOST_WATCHED or follow.known is None:
        # Too many to watch, or watched again after that: what is there when it begins is not new.
        set_known(follow, matches, moment)
        session.flush()
        return 0
    follow.checked_at = moment
    return _store(session, follow, (Happening(ref, ref, "") for ref in set(matches) - set(follow.known)))


def look_at_record(session: Session, *, member: Member, follow: Follow) -> int:
    """Stores what belongs to the followed record since the last look, and what happened to it; answers how many.

    While the member may not see the record, the look is put off: what happens meanwhile is none of theirs.
    """
    until, follow.checked_at = newest_entry(session), now(session)
    after, follow.watermark = follow.watermark, until
    if not _is_seen(session, member, follow.subject_ref):
        session.flush()
        return 0
    there = members_of(session, member, follow.subject_ref)
    if follow.known is None:
        follow.known = sorted(there)
    new = (Happening(ref, ref, "") for ref in there - set(follow.known))
    happened = happenings_of(session, member, follow.subject_ref, after=after, until=until)
    return _store(session, follow, [*new, *happened])


def _store(session: Session, follow: Follow, happenings: Iterable[Happening]) -> int:
    moment = now(session)
    by_key = {each.key: each for each in happenings}
    known = set(
        session.scalars(select(FoundItem.key).where(FoundItem.follow_id == follow.id, FoundItem.key.in_(by_key)))
    )
    new = sorted((each for key, each in by_key.items() if key not in known), key=_place)
    session.add_all(
        FoundItem(follow_id=follow.id, key=each.key, ref=each.ref, what=each.what, found_at=moment) for each in new
    )
    session.flush()
    return len(new)


def _place(happening: Happening) -> tuple[str, int, str]:
    """Records of a kind in their own order, so that the newest is told first."""
    prefix, _, number = happening.ref.partition("-")
    return prefix, int(number), happening.key


def _is_seen(session: Session, member: Member, ref: str) -> bool:
    try:
        return ref in seen_records(session, member, [ref])
    except NotFound:
        return False

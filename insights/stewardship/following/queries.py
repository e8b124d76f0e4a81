"""Reads of what a member follows and what was found for them, as far as they may see it at this moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from insights.people.models import Member
from insights.stewardship.following.sight import SeenRecord, seen_records
from insights.stewardship.models import Follow, FoundItem, MailRhythm

MOST_COUNTED: Final = 2_000
SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class FollowRow:
    """`name` is the search's own or the record's; '' where the record is out of sight. `new` counts what is seen."""

    id: int
    ref: str
    uuid: str
    name: str
    subject_ref: str
    question: str
    mail: MailRhythm
    new: int
    begun_at: datetime
    checked_at: datetime | None
    is_too_broad: bool
    row_version: int

    @property
    def is_search(self) -> bool:
        return not self.subject_ref


@dataclass(frozen=True, slots=True)
class FoundRow:
    """Something that was found, of which `record` is what the member may see. `follow` says for which of theirs."""

    id: int
    key: str
    follow: FollowRow
    record: SeenRecord
    what: str
    found_at: datetime
    is_new: bool


def list_follows(session: Session, member: Member) -> list[FollowRow]:
    """Saved searches and followed records, the latest begun first, each with what is new and may be seen."""
    follows = session.scalars(_of(member).order_by(Follow.id.desc())).all()
    unseen = session.execute(
        select(FoundItem.follow_id, FoundItem.ref)
        .join(Follow, Follow.id == FoundItem.follow_id)
        .where(Follow.member_id == member.id, Follow.deleted_at.is_(None), FoundItem.id > Follow.seen_item_id)
        .order_by(FoundItem.id.desc())
        .limit(MOST_COUNTED)
    ).all()
    refs = {each.subject_ref for each in follows if each.subject_ref} | {ref for _, ref in unseen}
    seen = seen_records(session, member, refs)
    new: dict[int, set[str]] = {}
    for follow_id, ref in unseen:
        if ref in seen:
            new.setdefault(follow_id, set()).add(ref)
    return [_follow_row(each, seen, len(new.get(each.id, ()))) for each in follows]


def follow_row(session: Session, member: Member, follow: Follow) -> FollowRow:
    """One follow, without what is new."""
    seen = seen_records(session, member, [follow.subject_ref] if follow.subject_ref else [])
    return _follow_row(follow, seen, 0)


def found_for(session: Session, member: Member, follow: Follow, *, limit: int = SHOWN) -> list[FoundRow]:
    """What was found for one follow, newest first."""
    return _found(session, member, select(FoundItem, Follow).where(Follow.id == follow.id), limit)


def found_of(session: Session, member: Member, *, limit: int = SHOWN) -> list[FoundRow]:
    """What was found for all that the member follows, newest first."""
    return _found(session, member, select(FoundItem, Follow), limit)


def found_in_mail(session: Session, member: Member, mail_id: int) -> list[FoundRow]:
    """What a mail tells of, oldest first, without what the member has deleted or wants no mail of any more."""
    query = select(FoundItem, Follow).where(FoundItem.mail_id == mail_id, Follow.mail != MailRhythm.NEVER)
    return _found(session, member, query, None)[::-1]


def _found(session: Session, member: Member, query: Select[*tuple[Any, ...]], limit: int | None) -> list[FoundRow]:
    rows: Sequence[Any] = session.execute(
        query.join(Follow, Follow.id == FoundItem.follow_id)
        .where(Follow.member_id == member.id, Follow.deleted_at.is_(None))
        .order_by(FoundItem.id.desc())
        # Some may be out of sight by now; more are read than are shown.
        .limit(MOST_COUNTED if limit is None else limit * 4)
    ).all()
    refs = {item.ref for item, _ in rows} | {follow.subject_ref for _, follow in rows if follow.subject_ref}
    seen = seen_records(session, member, refs)
    found = [
        FoundRow(
            item.id,
            item.key,
            _follow_row(follow, seen, 0),
            seen[item.ref],
            item.what,
            item.found_at,
            item.id > follow.seen_item_id,
        )
        for item, follow in rows
        if item.ref in seen and (follow.is_search or follow.subject_ref in seen)
    ]
    return found[:limit]


def _of(member: Member) -> Select[Follow]:
    return select(Follow).where(Follow.member_id == member.id, Follow.deleted_at.is_(None))


def _follow_row(follow: Follow, seen: dict[str, SeenRecord], new: int) -> FollowRow:
    subject = seen.get(follow.subject_ref)
    is_hidden = not follow.is_search and subject is None
    return FollowRow(
        id=follow.id,
        ref=follow.ref,
        uuid=follow.uuid,
        name=follow.name if subject is None else subject.title,
        subject_ref=follow.subject_ref,
        question=follow.question,
        mail=follow.mail,
        new=0 if is_hidden else new,
        begun_at=follow.created_at,
        checked_at=follow.checked_at,
        is_too_broad=follow.is_too_broad,
        row_version=follow.row_version,
    )

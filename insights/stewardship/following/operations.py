"""Saving searches, following records, and what mail tells of them. A follow is its member's own."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.core.activity import add, record, touch
from insights.core.base import number_of
from insights.core.checks import required_line, term_of
from insights.core.clock import now
from insights.core.errors import InvalidInput, NotFound, RuleBroken
from insights.people.models import Member
from insights.stewardship.following.subjects import members_of, newest_entry
from insights.stewardship.models import Follow, MailRhythm

MOST_FOLLOWS: Final = 200
"""Follows of one member; each is looked up every hour."""

MOST_WATCHED: Final = 2_000
"""Matches of a search that is watched. A broader one is kept, and says that it is too broad."""

LONGEST_QUESTION: Final = 4_000


def save_search(
    session: Session,
    *,
    actor: Member,
    name: str,
    question: str,
    matches: Collection[str] | None,
    mail: str = MailRhythm.NEVER,
) -> Follow:
    """Keeps a search under a name. `matches` are the refs that it finds now, None where that is not known yet."""
    if not question:
        raise InvalidInput("Search for something first, then save the search.")
    if len(question) > LONGEST_QUESTION:
        raise InvalidInput("This search is too long to keep. Ask for less in it.")
    follow = Follow(member_id=actor.id, name=_name(name), question=question, watermark=newest_entry(session))
    _set_mail(session, follow, mail)
    set_known(follow, matches, now(session))
    _store(session, actor, follow)
    record(session, actor, "saved a search", follow)
    return follow


def follow_record(session: Session, *, actor: Member, subject_ref: str, mail: str = MailRhythm.NEVER) -> Follow:
    """Follows a record that the member may see; what is there already is not new. Following twice changes nothing."""
    follow = follow_of(session, actor, subject_ref)
    if follow is not None and follow.deleted_at is None:
        return follow
    begun = follow or Follow(member_id=actor.id, subject_ref=subject_ref)
    begun.deleted_at, begun.watermark = None, newest_entry(session)
    _set_mail(session, begun, mail)
    set_known(begun, members_of(session, actor, subject_ref), now(session))
    if follow is None:
        _store(session, actor, begun)
    else:
        touch(session, actor, begun)
    record(session, actor, "followed", begun)
    return begun


def follow_of(session: Session, member: Member, subject_ref: str) -> Follow | None:
    """The member's follow of that record, a deleted one too."""
    return session.scalars(
        select(Follow).where(Follow.member_id == member.id, Follow.subject_ref == subject_ref).order_by(Follow.id)
    ).first()


def get_follow(session: Session, member: Member, ref: str) -> Follow:
    """Raises NotFound for another member's, as for one that is not there."""
    follow = session.get(Follow, number_of(ref, Follow.PREFIX) or 0)
    if follow is None or follow.member_id != member.id:
        raise NotFound(ref)
    return follow


def edit_follow(session: Session, *, actor: Member, follow: Follow, name: str, mail: str) -> None:
    """A new name for a saved search, and how often mail tells of what is new. A record keeps its own name."""
    if follow.is_search:
        follow.name = _name(name)
    _set_mail(session, follow, mail)
    touch(session, actor, follow)
    record(session, actor, "edited", follow)


def set_follow_deleted(session: Session, *, actor: Member, follow: Follow, deleted: bool) -> None:
    follow.deleted_at = now(session) if deleted else None
    touch(session, actor, follow)
    record(session, actor, "deleted" if deleted else "restored", follow)


def mark_looked_at(session: Session, *, follow: Follow, until: int) -> None:
    """What was found up to that item is no longer new. Nobody else's is touched, so nothing is recorded of it."""
    follow.seen_item_id = max(follow.seen_item_id, until)
    session.flush()


def stop_mail(session: Session, *, member_id: int, follow_id: int | None) -> None:
    """No more mail about one follow, or about any. Asked for by a link in a mail, which stands for the member."""
    query = select(Follow).where(Follow.member_id == member_id, Follow.mail != MailRhythm.NEVER)
    if follow_id is not None:
        query = query.where(Follow.id == follow_id)
    actor = session.get(Member, member_id)
    for follow in session.scalars(query).all():
        _set_mail(session, follow, MailRhythm.NEVER)
        touch(session, actor, follow)
        record(session, actor, "unsubscribed from", follow)


def set_known(follow: Follow, matches: Collection[str] | None, at: datetime) -> None:
    """Where the looking begins: what is there now is not new. Too many matches are not watched at all."""
    follow.is_too_broad = follow.is_search and matches is not None and len(matches) > MOST_WATCHED
    follow.known = None if matches is None or follow.is_too_broad else sorted(matches)
    follow.checked_at = None if matches is None else at


def _store(session: Session, actor: Member, follow: Follow) -> None:
    held = select(func.count(Follow.id)).where(Follow.member_id == actor.id, Follow.deleted_at.is_(None))
    if (session.scalar(held) or 0) >= MOST_FOLLOWS:
        raise RuleBroken(f"You follow {MOST_FOLLOWS} things already. Delete one that you no longer need first.")
    add(session, actor, follow)


def _set_mail(session: Session, follow: Follow, rhythm: str) -> None:
    chosen = term_of("mail", MailRhythm, rhythm, label="how often to send mail")
    if chosen is MailRhythm.NEVER:
        follow.mail_from = None
    elif follow.mail_from is None:
        follow.mail_from = now(session)
    follow.mail = chosen


def _name(name: str) -> str:
    return required_line("name", name, label="a name for the search", longest=200)

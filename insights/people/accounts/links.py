"""Links for members that are good once: to choose a new password, and the operator's way in."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from insights.core.activity import record
from insights.core.clock import now
from insights.core.keys import keys_of
from insights.people.accounts.limits import Tried, count_failure, refuse_while_paused
from insights.people.accounts.tokens import hashed, new_salt, token_for
from insights.people.models import LinkKind, Member, OneTimeLink
from insights.people.operations.signing_in import set_password

GOOD_FOR: Final = {LinkKind.NEW_PASSWORD: timedelta(hours=1), LinkKind.WAY_IN: timedelta(minutes=30)}


def ask_for_new_password(session: Session, *, email: str, network: str = "") -> OneTimeLink | None:
    """The link to mail; None for an address without an open account, which whoever asks is not told.

    Every request counts, and after three for an address NotAllowed is raised, whether or not there is such a member.
    """
    address = email.strip().lower()[:254]
    refuse_while_paused(session, Tried.NEW_PASSWORD, email=address, network=network)
    count_failure(session, Tried.NEW_PASSWORD, email=address, network=network)
    member = session.scalar(select(Member).where(Member.email == address, Member.is_active))
    if member is None:
        return None
    record(session, None, "asked for a new password of", member)
    return make_link(session, LinkKind.NEW_PASSWORD, member=member)


def make_way_in(session: Session, *, member: Member) -> OneTimeLink:
    """For the operator of the machine alone: lets the member in without a password, once."""
    record(session, None, "made a way in for", member)
    return make_link(session, LinkKind.WAY_IN, member=member)


def make_link(session: Session, kind: LinkKind, *, member: Member) -> OneTimeLink:
    """Links of before, of the same kind, are void from then on."""
    moment = now(session)
    session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.member_id == member.id, OneTimeLink.kind == kind, OneTimeLink.used_at.is_(None))
        .values(used_at=moment)
    )
    salt = new_salt()
    token = token_for(keys_of(session), kind.value, salt)
    link = OneTimeLink(
        kind=kind,
        member_id=member.id,
        salt=salt,
        token_hash=hashed(token),
        made_at=moment,
        expires_at=moment + GOOD_FOR[kind],
    )
    session.add(link)
    session.flush()
    return link


def link_token(session: Session, link: OneTimeLink) -> str | None:
    """What the link's address ends with; None for one that was used, or is too old."""
    if link.used_at is not None or link.expires_at <= now(session):
        return None
    return token_for(keys_of(session), link.kind.value, link.salt)


def member_of_link(session: Session, kind: LinkKind, token: str) -> Member | None:
    """Whose link it is, while it is good."""
    found = _open_link(session, kind, token)
    return None if found is None else session.get(Member, found.member_id)


def choose_new_password(session: Session, *, token: str, password: str, network: str = "") -> Member | None:
    """Takes the link and ends every session of the member; None for a link that is not good any more.

    Raises InvalidInput for a password that cannot be taken; the link stays good.
    """
    refuse_while_paused(session, Tried.LINK, email="", network=network)
    link = _open_link(session, LinkKind.NEW_PASSWORD, token)
    if link is None:
        count_failure(session, Tried.LINK, email="", network=network)
        return None
    member = session.get_one(Member, link.member_id)
    set_password(session, member=member, password=password)
    link.used_at = now(session)
    session.flush()
    return member


def take_way_in(session: Session, *, token: str, network: str = "") -> Member | None:
    refuse_while_paused(session, Tried.LINK, email="", network=network)
    link = _open_link(session, LinkKind.WAY_IN, token)
    if link is None:
        count_failure(session, Tried.LINK, email="", network=network)
        return None
    link.used_at = now(session)
    member = session.get_one(Member, link.member_id)
    session.flush()
    record(session, None, "used the way in of", member)
    return member


def _open_link(session: Session, kind: LinkKind, token: str) -> OneTimeLink | None:
    return session.scalar(
        select(OneTimeLink)
        .join(Member, Member.id == OneTimeLink.member_id)
        .where(
            OneTimeLink.token_hash == hashed(token),
            OneTimeLink.kind == kind,
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > now(session),
            Member.is_active,
        )
    )

"""Signing in and out; failures are counted in the database, so that limits hold across processes and restarts."""

from __future__ import annotations

import hashlib
import secrets

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from insights.core.activity import record, touch
from insights.core.clock import now
from insights.core.errors import InvalidInput
from insights.people.accounts.limits import Tried, count_failure, forget_failures, refuse_while_paused
from insights.people.models import (
    BrowserSession,
    LinkKind,
    Member,
    OneTimeLink,
    SignInAttempt,
    WayIn,
)
from insights.people.passwords import hash_password, known_passwords, password_matches


def check_password(session: Session, *, email: str, password: str, network: str = "") -> Member | None:
    """Whoever that is, or None. Counts failures; raises NotAllowed while an address or a network is paused.

    An unknown address, a closed account and one without a password take as long as a wrong password, and read the same.
    """
    address = email.strip().lower()[:254]
    refuse_while_paused(session, Tried.PASSWORD, email=address, network=network)
    member = session.scalar(select(Member).where(Member.email == address, Member.is_active))
    if not password_matches(None if member is None else member.password_hash, password) or member is None:
        count_failure(session, Tried.PASSWORD, email=address, network=network)
        if member is not None:
            record(session, None, "failed to sign in as", member, detail={"way": "password"})
        return None
    forget_failures(session, Tried.PASSWORD, email=address)
    return member


def enter(session: Session, *, member: Member, browser: str, way: WayIn) -> str:
    """Signs in whoever has proved who they are, by which way; the token that the browser keeps."""
    token = start_browser_session(session, member=member, browser=browser, way=way)
    record(session, member, "signed in", member, detail={"way": way.value, "browser": browser})
    return token


def change_own_password(
    session: Session, *, member: Member, current: str, password: str, browser: str, way: WayIn = WayIn.PASSWORD
) -> str | None:
    """Ends every browser session of the member and answers the token of a new one; None where `current` is wrong.

    Wrong guesses count as failed attempts to sign in. Raises NotAllowed while the address is paused, InvalidInput for a
    new password that cannot be taken.
    """
    refuse_while_paused(session, Tried.PASSWORD, email=member.email)
    if not password_matches(member.password_hash, current):
        count_failure(session, Tried.PASSWORD, email=member.email)
        return None
    if member.password_is_given and password == current:
        raise InvalidInput.of("password", "Somebody else knows this one. Choose another.")
    set_password(session, member=member, password=password)
    return start_browser_session(session, member=member, browser=browser, way=way)


def set_password(session: Session, *, member: Member, password: str) -> None:
    """Changes the password and ends every other browser session of the member."""
    member.password_hash = hash_password(password, about=(member.email, member.name), known=known_passwords(session))
    member.password_is_given = False
    touch(session, member, member)
    end_all_browser_sessions(session, member=member)
    record(session, member, "changed password of", member)


def start_browser_session(session: Session, *, member: Member, browser: str, way: WayIn = WayIn.PASSWORD) -> str:
    """The token that the browser keeps; the database keeps its SHA-256 alone."""
    token = secrets.token_urlsafe(32)
    moment = now(session)
    row = BrowserSession(
        token_hash=token_hash(token),
        member_id=member.id,
        started_at=moment,
        last_seen_at=moment,
        browser=browser[:200],
        confirmed_at=moment,
        way=way,
    )
    session.add(row)
    session.flush()
    return token


def renew_browser_session(session: Session, *, session_id: int, way: WayIn | None = None) -> str:
    """A new token for a session that goes on, whose member has just proved who they are; the old token is void."""
    row = session.get_one(BrowserSession, session_id)
    token = secrets.token_urlsafe(32)
    row.token_hash, row.confirmed_at = token_hash(token), now(session)
    if way is not None:
        row.way = way
    session.flush()
    return token


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def end_browser_session(session: Session, *, member: Member, session_id: int) -> None:
    session.execute(
        update(BrowserSession)
        .where(
            BrowserSession.id == session_id, BrowserSession.member_id == member.id, BrowserSession.ended_at.is_(None)
        )
        .values(ended_at=now(session))
    )
    record(session, member, "ended a browser session of", member)


def end_all_browser_sessions(session: Session, *, member: Member, but: int | None = None) -> None:
    """`but` is the id of a browser session that goes on, such as the one that asks.

    What waits for an answer is void with them: a sign-in left half way, and a link to a new password.
    """
    query = update(BrowserSession).where(BrowserSession.member_id == member.id, BrowserSession.ended_at.is_(None))
    if but is not None:
        query = query.where(BrowserSession.id != but)
    session.execute(query.values(ended_at=now(session)))
    half_way = update(SignInAttempt).where(SignInAttempt.member_id == member.id, SignInAttempt.ended_at.is_(None))
    session.execute(half_way.values(ended_at=now(session)))
    links = update(OneTimeLink).where(OneTimeLink.member_id == member.id, OneTimeLink.kind == LinkKind.NEW_PASSWORD)
    session.execute(links.where(OneTimeLink.used_at.is_(None)).values(used_at=now(session)))


def sign_out_everywhere(session: Session, *, member: Member, but: int | None = None) -> None:
    """As `end_all_browser_sessions`, by the member's own wish, which is noted."""
    end_all_browser_sessions(session, member=member, but=but)
    record(session, member, "ended every browser session of", member, detail={} if but is None else {"but": "this one"})

"""Signing in and out; failures are counted in the database, so that limits hold across processes and restarts."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from insights.core.activity import record, touch
from insights.core.clock import now
from insights.core.errors import NotAllowed
from insights.people.models import (
    BrowserSession,
    Member,
    SignInFailure,
)
from insights.people.passwords import hash_password, password_matches

FAILURES_ALLOWED = 10
FAILURE_WINDOW = timedelta(minutes=15)


def sign_in(session: Session, *, email: str, password: str, browser: str) -> tuple[Member, str] | None:
    """The member and the new session's token, or None. Counts failures and pauses an address after too many.

    Raises NotAllowed while an address is paused, whether or not there is such a member.
    """
    address = email.strip().lower()[:254]
    _refuse_while_paused(session, address)
    member = session.scalar(select(Member).where(Member.email == address, Member.is_active))
    if not password_matches(None if member is None else member.password_hash, password) or member is None:
        session.add(SignInFailure(email=address, at=now(session)))
        return None
    session.execute(delete(SignInFailure).where(SignInFailure.email == address))
    token = start_browser_session(session, member=member, browser=browser)
    record(session, member, "signed in", member)
    return member, token


def change_own_password(session: Session, *, member: Member, current: str, password: str, browser: str) -> str | None:
    """Ends every browser session of the member and answers the token of a new one; None where `current` is wrong.

    Wrong guesses count as failed attempts to sign in. Raises NotAllowed while the address is paused, InvalidInput for a
    new password that cannot be taken.
    """
    _refuse_while_paused(session, member.email)
    if not password_matches(member.password_hash, current):
        session.add(SignInFailure(email=member.email, at=now(session)))
        return None
    set_password(session, member=member, password=password)
    return start_browser_session(session, member=member, browser=browser)


def set_password(session: Session, *, member: Member, password: str) -> None:
    """Changes the password and ends every other browser session of the member."""
    member.password_hash = hash_password(password)
    touch(session, member, member)
    end_all_browser_sessions(session, member=member)
    record(session, member, "changed password of", member)


def start_browser_session(session: Session, *, member: Member, browser: str) -> str:
    """The token that the browser keeps; the database keeps its SHA-256 alone."""
    token = secrets.token_urlsafe(32)
    moment = now(session)
    row = BrowserSession(
        token_hash=token_hash(token),
        member_id=member.id,
        started_at=moment,
        last_seen_at=moment,
        browser=browser[:200],
    )
    session.add(row)
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
    """`but` is the id of a browser session that goes on, such as the one that asks."""
    query = update(BrowserSession).where(BrowserSession.member_id == member.id, BrowserSession.ended_at.is_(None))
    if but is not None:
        query = query.where(BrowserSession.id != but)
    session.execute(query.values(ended_at=now(session)))


def _refuse_while_paused(session: Session, address: str) -> None:
    since = now(session) - FAILURE_WINDOW
    failures = session.scalar(
        select(func.count()).select_from(SignInFailure).where(SignInFailure.email == address, SignInFailure.at > since)
    )
    if (failures or 0) >= FAILURES_ALLOWED:
        raise NotAllowed("Too many attempts to sign in with this address. Wait 15 minutes and try again.")

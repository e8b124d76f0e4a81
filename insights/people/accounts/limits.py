"""How often somebody may try before a pause. Counted in the database: it holds across processes and restarts."""

from __future__ import annotations

import ipaddress
from datetime import timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from insights.core.clock import now
from insights.core.errors import NotAllowed
from insights.people.models import SignInFailure

FAILURE_WINDOW: Final = timedelta(minutes=15)
FAILURES_ALLOWED: Final = 10
"""Wrong passwords for one address within the window."""
FAILURES_OF_NETWORK: Final = 100
"""Tries in vain of all kinds from one network within the window: an office behind one address makes fewer."""
KEPT_FOR: Final = timedelta(days=1)


class Tried(StrEnum):
    PASSWORD = "password"  # noqa: S105 - a word, not a secret
    SECOND_FACTOR = "second_factor"
    NEW_PASSWORD = "new_password"  # noqa: S105 - a word, not a secret
    LINK = "link"


_ALLOWED: Final = {
    Tried.PASSWORD: FAILURES_ALLOWED,
    Tried.SECOND_FACTOR: 5,
    Tried.NEW_PASSWORD: 3,
    Tried.LINK: 30,
}
_WORDS: Final = {
    Tried.PASSWORD: "Too many attempts to sign in with this address. Wait 15 minutes and try again.",
    Tried.SECOND_FACTOR: "Too many wrong codes. Wait 15 minutes and try again.",
    Tried.NEW_PASSWORD: "A new password was asked for too often with this address. Wait 15 minutes and try again.",
    Tried.LINK: "Too many links were tried. Wait 15 minutes and try again.",
}


def refuse_while_paused(session: Session, what: Tried, *, email: str, network: str = "") -> None:
    """Raises NotAllowed while an address or a network is paused, whether or not there is such a member."""
    since = now(session) - FAILURE_WINDOW
    query = select(func.count()).select_from(SignInFailure).where(SignInFailure.at > since)
    of_address = query.where(SignInFailure.email == email, SignInFailure.what == what)
    if (session.scalar(of_address) or 0) >= _ALLOWED[what]:
        raise NotAllowed(_WORDS[what])
    if network and (session.scalar(query.where(SignInFailure.network == network)) or 0) >= FAILURES_OF_NETWORK:
        raise NotAllowed("Too many attempts came from your network. Wait 15 minutes and try again.")


def count_failure(session: Session, what: Tried, *, email: str, network: str = "") -> None:
    """Keeps a try for the window, and lets go of those of another day: they say where people were."""
    moment = now(session)
    session.execute(delete(SignInFailure).where(SignInFailure.at < moment - KEPT_FOR))
    session.add(SignInFailure(email=email, at=moment, what=what, network=network))
    session.flush()


def forget_failures(session: Session, what: Tried, *, email: str) -> None:
    session.execute(delete(SignInFailure).where(SignInFailure.email == email, SignInFailure.what == what))


def network_of(address: str | None) -> str:
    """What is counted together: an IPv4 address, the /64 of an IPv6 one, which one household or office has.

    '' for the machine itself: whoever stands behind a proxy that is not named to us would be paused with everybody.
    """
    try:
        found = ipaddress.ip_address((address or "").partition("%")[0])
    except ValueError:
        return ""
    if found.is_loopback:
        return ""
    return str(found) if found.version == 4 else str(ipaddress.ip_network(f"{found}/64", strict=False))  # noqa: PLR2004 - IPv4

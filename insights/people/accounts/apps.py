"""Codes from an app on a telephone as second factor: TOTP (RFC 6238), six digits, thirty seconds, as all apps do."""

from __future__ import annotations

import hmac
from typing import Final

import pyotp
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.core.activity import record
from insights.core.clock import now
from insights.core.errors import RuleBroken
from insights.core.keys import keys_of
from insights.people.accounts.limits import Tried, count_failure, forget_failures, refuse_while_paused
from insights.people.accounts.sealing import seal, unseal
from insights.people.models import AuthenticatorApp, Member

STEP: Final = 30
"""Seconds that a code stands."""
_DRIFT: Final = (0, -1, 1)
"""Steps by which a telephone's clock may be off."""


def begin_app(session: Session, *, member: Member) -> str:
    """The secret to show, in base32. One that was begun before and never confirmed is replaced."""
    app = _app_of(session, member)
    if app is not None and app.confirmed_at is not None:
        raise RuleBroken("You have an authenticator app already. Remove it before you set up another one.")
    secret = pyotp.random_base32()
    if app is None:
        app = AuthenticatorApp(member_id=member.id)
        session.add(app)
    app.sealed_secret, app.made_at = seal(keys_of(session), secret, about=_about(member)), now(session)
    session.flush()
    return secret


def secret_being_set_up(session: Session, member: Member) -> str | None:
    """The secret that waits for its first code, or None."""
    app = _app_of(session, member)
    if app is None or app.confirmed_at is not None:
        return None
    return unseal(keys_of(session), app.sealed_secret, about=_about(member))


def confirm_app(session: Session, *, member: Member, code: str) -> bool:
    """Whether the app showed the right code; it counts as second factor from then on. Wrong ones are counted."""
    app = _app_of(session, member)
    if app is None or app.confirmed_at is not None:
        raise RuleBroken("There is no app being set up. Begin again.")
    if not _accepts(session, member, app, code, network=""):
        return False
    app.confirmed_at = now(session)
    session.flush()
    record(session, member, "added an authenticator app to", member)
    return True


def accepts_code(session: Session, *, member: Member, code: str, network: str = "") -> bool:
    """Whether `code` is the app's now. No code is taken twice; after five wrong ones NotAllowed is raised."""
    app = _app_of(session, member)
    if app is None or app.confirmed_at is None:
        count_failure(session, Tried.SECOND_FACTOR, email=member.email, network=network)
        return False
    return _accepts(session, member, app, code, network=network)


def has_app(session: Session, member: Member) -> bool:
    app = _app_of(session, member)
    return app is not None and app.confirmed_at is not None


def remove_app(session: Session, *, member: Member, actor: Member | None) -> bool:
    """Whether there was one to remove, set up or half set up."""
    app = _app_of(session, member)
    if app is None:
        return False
    counted = app.confirmed_at is not None
    session.delete(app)
    session.flush()
    if counted:
        record(session, actor, "removed the authenticator app from", member)
    return counted


def address_for_app(secret: str, *, email: str, site: str) -> str:
    """What the picture says to the app."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=site)


def reseal_secrets(session: Session) -> int:
    """Seals every secret with the newest key: for whoever changes the installation's keys. The number of secrets."""
    keys, number = keys_of(session), 0
    for app, member in session.execute(
        select(AuthenticatorApp, Member).join(Member, Member.id == AuthenticatorApp.member_id).order_by(Member.id)
    ):
        secret = unseal(keys, app.sealed_secret, about=_about(member))
        app.sealed_secret = seal(keys, secret, about=_about(member))
        number += 1
    session.flush()
    return number


def keys_of_apps(session: Session) -> frozenset[str]:
    """The ids of the master keys under which secrets are sealed: none of them may be forgotten."""
    return frozenset(sealed.partition(".")[0] for sealed in session.scalars(select(AuthenticatorApp.sealed_secret)))


def _accepts(session: Session, member: Member, app: AuthenticatorApp, code: str, *, network: str) -> bool:
    refuse_while_paused(session, Tried.SECOND_FACTOR, email=member.email, network=network)
    step = _matching_step(session, member, app, "".join(code.split()))
    if step is None:
        count_failure(session, Tried.SECOND_FACTOR, email=member.email, network=network)
        record(session, None, "was given a wrong code for", member, detail={"way": "app"})
        return False
    app.last_step = step
    session.flush()
    forget_failures(session, Tried.SECOND_FACTOR, email=member.email)
    return True


def _matching_step(session: Session, member: Member, app: AuthenticatorApp, code: str) -> int | None:
    totp = pyotp.TOTP(unseal(keys_of(session), app.sealed_secret, about=_about(member)))
    current = int(now(session).timestamp()) // STEP
    steps = (current + drift for drift in _DRIFT)
    unused = (step for step in steps if app.last_step is None or step > app.last_step)
    given = code.encode()
    return next((step for step in unused if hmac.compare_digest(totp.generate_otp(step).encode(), given)), None)


def _app_of(session: Session, member: Member) -> AuthenticatorApp | None:
    return session.scalar(select(AuthenticatorApp).where(AuthenticatorApp.member_id == member.id))


def _about(member: Member) -> str:
    return f"authenticator of {member.ref}"

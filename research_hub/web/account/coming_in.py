"""What every way of signing in ends with, and where requests come from."""

from __future__ import annotations

from flask import current_app, flash, g, redirect, request, session
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from insights.core.errors import InvalidInput
from insights.people import operations
from insights.people.accounts.federation import take_link
from insights.people.accounts.limits import network_of
from insights.people.accounts.passkeys import Site
from insights.people.models import Member, WayIn
from research_hub.account_mail import Told, tell
from research_hub.config import Settings
from research_hub.security import TOKEN
from research_hub.web.account.browsers import browser_in_words

HOME = "/"
ATTEMPT, PASSKEY, SINGLE_SIGN_ON, LINK = "attempt", "passkey", "single_sign_on", "link"
"""Keys in the cookie of what waits for an answer; each holds a token whose SHA-256 the database keeps."""


def settings_now() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found


def network() -> str:
    return network_of(request.remote_addr)


def browser() -> str:
    return browser_in_words(request.user_agent.string)


def site() -> Site:
    """For whom passkeys are made: the site's own address where it is set, which in production it must be."""
    settings = settings_now()
    base = settings.base_url.rstrip("/") or request.host_url.rstrip("/")
    scheme, _, rest = base.partition("://")
    host = rest.partition("/")[0]
    return Site(rp_id=host.rpartition(":")[0] if ":" in host else host, origin=f"{scheme}://{host}")


def come_in(unit: Session, member: Member, way: WayIn) -> str:
    """Ends the session that this browser had, begins one, and links whoever came from elsewhere just before."""
    if g.member is not None:
        operations.end_browser_session(unit, member=g.member, session_id=g.browser_session_id)
    if take_link(unit, member=member, token=session.get(LINK)):
        tell(unit, settings_now(), member, Told.LINKED)
        flash(f"Your account is linked: from now on you can use {settings_now().oidc_name}.", "success")
    return operations.enter(unit, member=member, browser=browser(), way=way)


def keep_token(token: str) -> None:
    """A new browser session takes nothing along from the one before, so that nobody can have prepared it."""
    told = session.get("_flashes")
    session.clear()
    session[TOKEN] = token
    if told:
        session["_flashes"] = told


def go_home() -> ResponseReturnValue:
    """Always there: an address to go on to that came with the request could lead anywhere."""
    return redirect(request.script_root + HOME, code=303)


def without_copies(answer: Response) -> Response:
    """Whoever sits down next finds no page by ‘back’. Drafts that did not reach the server are not taken along."""
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


def same_twice(values: dict[str, str]) -> str:
    """The password that was typed twice. Raises InvalidInput."""
    if values["again"] != values["password"]:
        raise InvalidInput.of("again", "The two new passwords differ. Type the new one twice.")
    return values["password"]

"""Who is asking, what they may do, and the headers that keep browsers strict."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

import structlog
from flask import Flask, Response, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from insights.core.access import Permission, may
from insights.core.clock import now
from insights.core.errors import DomainError, NotAllowed
from insights.people.models import BrowserSession, Member
from insights.people.queries import member_by_token
from research_hub.config import Environment, Settings
from research_hub.db import reading, transaction
from research_hub.read_only import read_only_mode

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])

TOKEN = "token"  # noqa: S105 - the key in the browser session, not a secret
SEEN_EVERY = timedelta(minutes=10)

log = structlog.get_logger()

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; media-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_ONLY_BY_HTTPS = "max-age=31536000; includeSubDomains"


def strict_headers(settings: Settings) -> dict[str, str]:
    """What every answer carries; in production that this site is spoken to by HTTPS alone, for a year."""
    https = settings.environment is Environment.PRODUCTION and settings.base_url.startswith("https://")
    return _HEADERS | ({"Strict-Transport-Security": _ONLY_BY_HTTPS} if https else {})


def requires(permission: Permission) -> Callable[[View], View]:
    """Declares what a route asks of the member. The application does not start with a route that declares nothing."""

    def declare(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]  # read by the guard
        return view

    return declare


def public(view: View) -> View:
    """Declares that a route needs no account."""
    view.permission = None  # type: ignore[attr-defined]  # read by the guard
    return view


def takes_bodies_of(setting: str) -> Callable[[View], View]:
    """Declares that a route takes larger bodies: up to the bytes of that setting, from those who may use the route."""

    def declare(view: View) -> View:
        view.body_setting = setting  # type: ignore[attr-defined]  # read by the guard
        return view

    return declare


def current_member() -> Member:
    """Whoever is signed in; only called behind a guard."""
    member: Member = g.member
    return member


def guard(app: Flask) -> None:
    """Installs the gate before every request, and the headers after it.

    The gate stands before the check of CSRF tokens, which reads the body: nobody but those who may use a route has a
    large body read.
    """
    app.before_request(_load_member)
    app.before_request(_check_permission)
    app.before_request(_allow_larger_body)
    app.after_request(_add_headers)


def check_every_route_is_declared(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if rule.endpoint != "static" and not hasattr(view, "permission"):
            raise RuntimeError(f"The route {rule.rule} declares no permission; add @requires(...) or @public.")


def _load_member() -> None:
    g.member = None
    g.browser_session = g.browser_session_id = None
    token = session.get(TOKEN)
    if request.endpoint == "static" or not isinstance(token, str):
        return
    found = member_by_token(reading(), token, current_app.extensions["settings"].session_limits)
    if found is None:
        session.pop(TOKEN, None)
        return
    member, browser_session = found
    g.member, g.browser_session, g.browser_session_id = member, browser_session, browser_session.id
    if now(reading()) - browser_session.last_seen_at > SEEN_EVERY and not read_only_mode().why():
        _mark_seen(browser_session)


def _mark_seen(browser_session: BrowserSession) -> None:
    """Where it cannot be written, the page is shown all the same."""
    try:
        with transaction() as unit:
            row = unit.get(BrowserSession, browser_session.id)
            if row is not None:
                row.last_seen_at = now(unit)
    except (DomainError, OSError, SQLAlchemyError) as error:
        log.warning("that somebody was here could not be written", reason=type(error).__name__)


def _check_permission() -> ResponseReturnValue | None:
    if request.endpoint is None or request.endpoint == "static":
        return None
    view = current_app.view_functions[request.endpoint]
    permission: Permission | None = getattr(view, "permission", Permission.ADMINISTER)
    if permission is None:
        return None
    if g.member is None:
        return redirect(url_for("account.sign_in"), code=303)
    if not may(g.member, permission):
        raise NotAllowed("Your role does not include this. Ask an administrator of your area.")
    return None


def _allow_larger_body() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    setting: str | None = getattr(view, "body_setting", None)
    if setting is not None:
        request.max_content_length = getattr(current_app.extensions["settings"], setting)


def _add_headers(response: Response) -> Response:
    for name, value in strict_headers(current_app.extensions["settings"]).items():
        response.headers.setdefault(name, value)
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response

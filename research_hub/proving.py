"""Asks for more than a session where more is due: a second factor, or a fresh proof of who one is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from flask import Flask, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from insights.people.accounts.factors import is_fresh, must_have_second_factor
from insights.people.models import WayIn
from research_hub.config import Settings
from research_hub.db import reading

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])

_WITH_A_PASSWORD: Final = frozenset({WayIn.PASSWORD, WayIn.SECOND_FACTOR})
AFTERWARDS: Final = "afterwards"
"""The key of the path of our own to which a fresh proof leads back."""


def asks_again(view: View) -> View:
    """Declares that whoever proved who they are more than ten minutes ago does so again first."""
    view.asks_again = True  # type: ignore[attr-defined]  # read by the guard
    return view


def open_while_setting_up(view: View) -> View:
    """Declares that a route is open also to those who still have to set up the second factor that is asked of them."""
    view.open_while_setting_up = True  # type: ignore[attr-defined]  # read by the guard
    return view


def open_with_given_password(view: View) -> View:
    """Declares that a route is open also to those who still have to choose a password of their own."""
    view.open_with_given_password = True  # type: ignore[attr-defined]  # read by the guard
    return view


def guard(app: Flask) -> None:
    """Stands behind the gate that knows who is asking."""
    app.before_request(_lead_to_second_factor)
    app.before_request(_lead_to_own_password)
    app.before_request(_ask_again)


def ask_again() -> ResponseReturnValue | None:
    """For a view that asks for a fresh proof in some cases alone: where to send the member, or None."""
    if g.member is None or is_fresh(reading(), g.browser_session):
        return None
    session[AFTERWARDS] = _page_of_this()
    return redirect(url_for("account.confirm"), code=303)


def lacks_second_factor() -> bool:
    """Whether one is asked of whoever is signed in, and this session was begun without."""
    settings: Settings = current_app.extensions["settings"]
    if g.member is None or g.browser_session.has_second_factor:
        return False
    return must_have_second_factor(settings.require_second_factor, g.member)


def has_given_password() -> bool:
    """Whether whoever is signed in came in with a password that somebody else typed."""
    return g.member is not None and g.member.password_is_given and g.browser_session.way in _WITH_A_PASSWORD


def _lead_to_second_factor() -> ResponseReturnValue | None:
    if _is_open("open_while_setting_up") or not lacks_second_factor():
        return None
    return redirect(url_for("account.second_factor"), code=303)


def _lead_to_own_password() -> ResponseReturnValue | None:
    """A second factor that is lacking comes first, so its pages are open."""
    if _is_open("open_with_given_password", "open_while_setting_up") or not has_given_password():
        return None
    return redirect(url_for("account.show", _anchor="password-heading"), code=303)


def _is_open(*declared: str) -> bool:
    """Whether the route is for everybody, or declares one of these."""
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None or request.endpoint == "static" or g.member is None:
        return True
    is_public = getattr(view, "permission", None) is None and hasattr(view, "permission")
    return is_public or any(hasattr(view, each) for each in declared)


def _ask_again() -> ResponseReturnValue | None:
    view = current_app.view_functions.get(request.endpoint or "")
    return ask_again() if hasattr(view, "asks_again") else None


def _page_of_this() -> str:
    """The page that was asked for, or whose form was sent: a path that we build, never one that came along."""
    view = current_app.view_functions[request.endpoint or ""]
    page = getattr(view, "error_page", None)
    if request.method == "GET" or page is None:
        return url_for(request.endpoint or "", **request.view_args or {})
    return url_for(page, **request.view_args or {})

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from insights.core.access import Permission
from insights.core.errors import InvalidInput
from insights.people import operations
from insights.people.queries import is_empty
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import TOKEN, current_member, public, requires
from research_hub.web.account.blueprint import bp
from research_hub.web.account.browsers import browser_in_words
from research_hub.web.account.forms import SignInForm
from research_hub.web.forms import read_form

HOME = "/"


@bp.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    return render_template("account/sign_in.html", form=SignInForm(), nobody_yet=is_empty(reading()))


@bp.post("/sign-in")
@public
@shows_errors_on(".sign_in")
def enter() -> ResponseReturnValue:
    """Leads home, always: an address to go on to that came with the request could lead anywhere."""
    values = read_form(SignInForm())
    with transaction() as unit:
        found = operations.sign_in(unit, browser=browser_in_words(request.user_agent.string), **values)
        if found is not None and g.member is not None:
            operations.end_browser_session(unit, member=g.member, session_id=g.browser_session_id)
    if found is None:
        raise InvalidInput.of("email", "No account fits this e-mail address and password. Check both and try again.")
    keep_token(found[1])
    return redirect(request.script_root + HOME, code=303)


@bp.post("/sign-out")
@requires(Permission.READ)
def leave() -> ResponseReturnValue:
    with transaction() as unit:
        operations.end_browser_session(unit, member=current_member(), session_id=g.browser_session_id)
    session.clear()
    flash("You are signed out.", "success")
    return redirect(url_for(".sign_in"), code=303)


def keep_token(token: str) -> None:
    """A new browser session takes nothing along from the one before, so that nobody can have prepared it."""
    session.clear()
    session[TOKEN] = token

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.core.access import Permission
from insights.core.errors import InvalidInput
from insights.people import operations
from insights.people.queries import browser_sessions_of, get_team
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.account.blueprint import bp
from research_hub.web.account.browsers import browser_in_words
from research_hub.web.account.forms import PasswordForm
from research_hub.web.account.signing_in import keep_token
from research_hub.web.forms import read_form


@bp.get("/account")
@requires(Permission.READ)
def show() -> ResponseReturnValue:
    session, member = reading(), current_member()
    return render_template(
        "account/account.html",
        form=PasswordForm(),
        team=get_team(session, f"TEAM-{member.team_id}"),
        browser_sessions=browser_sessions_of(session, member, g.browser_session_id),
    )


@bp.post("/account/password")
@requires(Permission.READ)
@shows_errors_on(".show")
def change_password() -> ResponseReturnValue:
    values = read_form(PasswordForm())
    if values.pop("again") != values["password"]:
        raise InvalidInput.of("again", "The two new passwords differ. Type the new one twice.")
    with transaction() as session:
        token = operations.change_own_password(
            session, member=current_member(), browser=browser_in_words(request.user_agent.string), **values
        )
    if token is None:
        raise InvalidInput.of("current", "This is not your password now. Type it again; nothing was changed.")
    keep_token(token)
    flash("Password changed. Every other browser is signed out.", "success")
    return redirect(url_for(".show"), code=303)


@bp.post("/account/sessions/<int:session_id>/end")
@requires(Permission.READ)
def end_session(session_id: int) -> ResponseReturnValue:
    with transaction() as session:
        operations.end_browser_session(session, member=current_member(), session_id=session_id)
    flash("That browser is signed out.", "success")
    return redirect(url_for(".show"), code=303)


@bp.post("/account/sessions/end-others")
@requires(Permission.READ)
def end_other_sessions() -> ResponseReturnValue:
    with transaction() as session:
        operations.end_all_browser_sessions(session, member=current_member(), but=g.browser_session_id)
    flash("Every other browser is signed out.", "success")
    return redirect(url_for(".show"), code=303)

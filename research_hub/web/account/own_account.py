from __future__ import annotations

from flask import flash, g, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from insights.core.access import Permission
from insights.core.errors import InvalidInput
from insights.people import operations
from insights.people.accounts.factors import factors_of, has_second_factor
from insights.people.accounts.federation import identities_of
from insights.people.accounts.history import recent_events
from insights.people.queries import browser_sessions_of, get_team
from research_hub.account_mail import Told, tell
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.proving import (
    AFTERWARDS,
    ask_again,
    has_given_password,
    open_while_setting_up,
    open_with_given_password,
)
from research_hub.security import current_member, requires
from research_hub.web.account.blueprint import bp
from research_hub.web.account.coming_in import browser, keep_token, same_twice, settings_now, without_copies
from research_hub.web.account.forms import PasswordForm
from research_hub.web.forms import read_form


@bp.get("/account")
@requires(Permission.READ)
@open_with_given_password
def show() -> ResponseReturnValue:
    unit, member = reading(), current_member()
    return render_template(
        "account/account.html",
        form=PasswordForm(),
        team=get_team(unit, f"TEAM-{member.team_id}"),
        browser_sessions=browser_sessions_of(unit, member, g.browser_session_id, settings_now().session_limits),
        factors=factors_of(unit, member),
        events=recent_events(unit, member),
        elsewhere=identities_of(unit, member),
        settings=settings_now(),
        given=has_given_password(),
    )


@bp.post("/account/password")
@requires(Permission.READ)
@open_with_given_password
@shows_errors_on(".show")
def change_password() -> ResponseReturnValue:
    """The password of now proves who one is; whoever has a second factor proves it with that too."""
    again = ask_again() if has_second_factor(reading(), current_member()) else None
    if again is not None:
        return again
    values = read_form(PasswordForm())
    password = same_twice(values)
    with transaction() as unit:
        member = current_member()
        way, current = g.browser_session.way, values["current"]
        token = operations.change_own_password(
            unit, member=member, current=current, password=password, browser=browser(), way=way
        )
        if token is not None:
            tell(unit, settings_now(), member, Told.PASSWORD)
    if token is None:
        raise InvalidInput.of("current", "This is not your password now. Type it again; nothing was changed.")
    keep_token(token)
    flash("Password changed. Every other browser is signed out.", "success")
    return redirect(url_for(".show"), code=303)


@bp.post("/account/sessions/<int:session_id>/end")
@requires(Permission.READ)
def end_session(session_id: int) -> ResponseReturnValue:
    again = _proved_first()
    if again is not None:
        return again
    with transaction() as unit:
        operations.end_browser_session(unit, member=current_member(), session_id=session_id)
    flash("That browser is signed out.", "success")
    return redirect(url_for(".show"), code=303)


@bp.post("/account/sessions/end-others")
@requires(Permission.READ)
def end_other_sessions() -> ResponseReturnValue:
    again = _proved_first()
    if again is not None:
        return again
    with transaction() as unit:
        operations.sign_out_everywhere(unit, member=current_member(), but=g.browser_session_id)
    flash("Every other browser is signed out.", "success")
    return redirect(url_for(".show"), code=303)


@bp.post("/account/sessions/end-all")
@requires(Permission.READ)
@open_while_setting_up
def end_all_sessions() -> ResponseReturnValue:
    """Asks for no proof: it ends the session that asks as well, and whoever lost a telephone is in a hurry."""
    with transaction() as unit:
        operations.sign_out_everywhere(unit, member=current_member())
    session.clear()
    flash("You are signed out everywhere.", "success")
    return without_copies(redirect(url_for(".sign_in"), code=303))


def _proved_first() -> ResponseReturnValue | None:
    """Whoever took over a browser does not sign its owner out of the others."""
    again = ask_again()
    if again is not None:
        session[AFTERWARDS] = url_for(".show")
    return again

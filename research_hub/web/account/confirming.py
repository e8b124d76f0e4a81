"""Proving again who one is, before what could lock somebody out or let somebody else in."""

from __future__ import annotations

from typing import Final

from flask import flash, g, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from insights.core.access import Permission
from insights.core.errors import InvalidInput
from insights.people import operations
from insights.people.accounts.apps import accepts_code
from insights.people.accounts.factors import factors_of
from insights.people.accounts.federation import identities_of
from insights.people.accounts.recovery import take_code
from insights.people.models import Member
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.proving import AFTERWARDS, open_while_setting_up
from research_hub.security import TOKEN, current_member, requires
from research_hub.web.account.blueprint import bp
from research_hub.web.account.coming_in import network, settings_now
from research_hub.web.account.forms import ConfirmForm, PasskeyForm
from research_hub.web.account.passkeys import proved_by_passkey
from research_hub.web.forms import read_form

LENGTH_OF_A_CODE: Final = 8


@bp.get("/account/confirm")
@requires(Permission.READ)
@open_while_setting_up
def confirm() -> ResponseReturnValue:
    unit, member = reading(), current_member()
    return render_template(
        "account/confirm.html",
        form=ConfirmForm(),
        passkey_form_data=PasskeyForm(),
        factors=factors_of(unit, member),
        has_password=member.password_hash is not None,
        elsewhere=bool(settings_now().has_single_sign_on and identities_of(unit, member)),
        settings=settings_now(),
    )


@bp.post("/account/confirm")
@requires(Permission.READ)
@open_while_setting_up
@shows_errors_on(".confirm")
def confirm_with_password() -> ResponseReturnValue:
    """Wrong answers count as failed attempts to sign in."""
    values, member = read_form(ConfirmForm()), current_member()
    problem, token = None, ""
    with transaction() as unit:
        needs_code = factors_of(unit, member).any
        found = operations.check_password(unit, email=member.email, password=values["password"], network=network())
        if found is None or found.id != member.id:
            problem = InvalidInput.of("password", "This is not your password. Type it again.")
        elif needs_code and not _accepts(unit, member, values["code"]):
            problem = InvalidInput.of("code", "This is neither the code that your app shows now nor a recovery code.")
        else:
            token = operations.renew_browser_session(unit, session_id=g.browser_session_id)
    if problem is not None:
        raise problem
    return go_on(token)


@bp.post("/account/confirm/passkey")
@requires(Permission.READ)
@open_while_setting_up
@shows_errors_on(".confirm")
def confirm_with_passkey() -> ResponseReturnValue:
    answer = read_form(PasskeyForm())["credential"]
    with transaction() as unit:
        found = proved_by_passkey(unit, answer)
        right = found is not None and found.id == current_member().id
        token = operations.renew_browser_session(unit, session_id=g.browser_session_id) if right else ""
    if not token:
        raise InvalidInput("This passkey is not yours, or it took too long. Try again.")
    return go_on(token)


def go_on(token: str) -> ResponseReturnValue:
    """To the page that asked for the proof: a path that this site built and kept, or the account."""
    afterwards = session.pop(AFTERWARDS, None)
    session[TOKEN] = token
    flash("Thank you. Go on where you were; it is not asked again for ten minutes.", "success")
    return redirect(afterwards if isinstance(afterwards, str) else url_for(".show"), code=303)


def _accepts(unit: Session, member: Member, code: str) -> bool:
    """Recovery codes are longer than those of apps."""
    if len(code.strip()) > LENGTH_OF_A_CODE:
        return take_code(unit, member=member, code=code, network=network())
    return accepts_code(unit, member=member, code=code, network=network())

"""Setting up, changing and removing second factors. All of it asks again who one is."""

from __future__ import annotations

import segno
from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from insights.core.access import Permission
from insights.core.errors import InvalidInput
from insights.people.accounts.apps import address_for_app, begin_app, confirm_app, remove_app, secret_being_set_up
from insights.people.accounts.factors import factors_of, must_have_second_factor
from insights.people.accounts.recovery import keep_codes, make_codes
from insights.people.models import WayIn
from research_hub.account_mail import Told, tell
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.proving import asks_again, lacks_second_factor, open_while_setting_up
from research_hub.security import current_member, requires
from research_hub.web.account.blueprint import bp
from research_hub.web.account.coming_in import keep_token, settings_now
from research_hub.web.account.forms import CodeForm, NewPasskeyForm
from research_hub.web.account.renewing import renew
from research_hub.web.forms import read_form


@bp.get("/account/second-factor")
@requires(Permission.READ)
@asks_again
@open_while_setting_up
def second_factor(**_which: int) -> ResponseReturnValue:
    return render_template(
        "account/second_factor.html",
        factors=factors_of(reading(), current_member()),
        passkey_form_data=NewPasskeyForm(),
        must=must_have_second_factor(settings_now().require_second_factor, current_member()),
        lacking=lacks_second_factor(),
    )


@bp.post("/account/second-factor/app")
@requires(Permission.READ)
@asks_again
@open_while_setting_up
@shows_errors_on(".second_factor")
def set_up_app() -> ResponseReturnValue:
    with transaction() as unit:
        begin_app(unit, member=current_member())
    return redirect(url_for(".show_app"), code=303)


@bp.get("/account/second-factor/app")
@requires(Permission.READ)
@asks_again
@open_while_setting_up
def show_app() -> ResponseReturnValue:
    """The secret as picture and as text, until its first code; afterwards nobody is shown it again."""
    secret = secret_being_set_up(reading(), current_member())
    if secret is None:
        return redirect(url_for(".second_factor"), code=303)
    address = address_for_app(secret, email=current_member().email, site="Research Hub")
    return render_template(
        "account/app.html",
        form=CodeForm(),
        picture=segno.make(address, error="m").svg_data_uri(scale=5, border=4, dark="#000", light="#fff"),
        secret=" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
    )


@bp.post("/account/second-factor/app/confirm")
@requires(Permission.READ)
@asks_again
@open_while_setting_up
@shows_errors_on(".show_app")
def confirm_the_app() -> ResponseReturnValue:
    values, token = read_form(CodeForm()), None
    with transaction() as unit:
        if confirm_app(unit, member=current_member(), code=values["code"]):
            tell(unit, settings_now(), current_member(), Told.APP_ADDED)
            token = renew(unit, WayIn.SECOND_FACTOR)
    if token is None:
        raise InvalidInput.of("code", "This is not the code that the app shows now. Wait for the next one.")
    keep_token(token)
    flash("The app is set up: it is asked for whenever you sign in. Every other browser is signed out.", "success")
    return redirect(url_for(".second_factor"), code=303)


@bp.post("/account/second-factor/app/remove")
@requires(Permission.READ)
@asks_again
@open_while_setting_up
@shows_errors_on(".second_factor")
def remove_the_app() -> ResponseReturnValue:
    with transaction() as unit:
        removed = remove_app(unit, member=current_member(), actor=current_member())
        if removed:
            tell(unit, settings_now(), current_member(), Told.APP_REMOVED)
    flash("The app is removed; delete its entry there too." if removed else "There was no app to remove.", "success")
    return redirect(url_for(".second_factor"), code=303)


@bp.post("/account/second-factor/codes")
@requires(Permission.READ)
@asks_again
@open_while_setting_up
@shows_errors_on(".second_factor")
def make_recovery_codes() -> ResponseReturnValue:
    """Answers with the page itself: a page that could be asked for again would need the codes to be kept."""
    codes = make_codes()
    with transaction() as unit:
        keep_codes(unit, member=current_member(), codes=codes)
        tell(unit, settings_now(), current_member(), Told.CODES_MADE)
    return render_template("account/recovery_codes.html", codes=[code.shown for code in codes])

"""Signing in with a passkey, and adding one. What a browser is asked comes as JSON; its answer comes in a form."""

from __future__ import annotations

from flask import flash, redirect, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from insights.core.access import Permission
from insights.core.errors import InvalidInput
from insights.people.accounts.attempts import open_attempt
from insights.people.accounts.limits import Tried, count_failure, refuse_while_paused
from insights.people.accounts.passkeys import (
    add_passkey,
    begin_new_passkey,
    begin_passkey,
    member_of_passkey,
    remove_passkey,
)
from insights.people.models import AttemptKind, Member, WayIn
from research_hub.account_mail import Told, tell
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.proving import asks_again, open_while_setting_up
from research_hub.security import current_member, public, requires
from research_hub.web.account.blueprint import bp
from research_hub.web.account.coming_in import (
    ATTEMPT,
    PASSKEY,
    come_in,
    go_home,
    keep_token,
    network,
    settings_now,
    site,
)
from research_hub.web.account.forms import NewPasskeyForm, PasskeyForm
from research_hub.web.account.renewing import renew
from research_hub.web.forms import read_form

_AS_JSON = {"Content-Type": "application/json"}


@bp.post("/sign-in/passkey/options")
@public
@open_while_setting_up
@shows_errors_on(".sign_in")
def passkey_options() -> ResponseReturnValue:
    with transaction() as unit:
        token, options = begin_passkey(unit, site=site())
    session[PASSKEY] = token
    return options, 200, _AS_JSON


@bp.post("/sign-in/passkey")
@public
@shows_errors_on(".sign_in")
def enter_with_passkey() -> ResponseReturnValue:
    """With the passkey alone, or as second factor after the password: then it has to be the same person's."""
    answer = read_form(PasskeyForm())["credential"]
    half_way = open_attempt(reading(), AttemptKind.SECOND_FACTOR, session.get(ATTEMPT))
    with transaction() as unit:
        member = proved_by_passkey(unit, answer)
        if member is not None and half_way is not None and half_way.member_id != member.id:
            member = None
        if member is not None and not settings_now().may_sign_in_locally(member.email):
            member = None
        token = None if member is None else come_in(unit, member, WayIn.PASSKEY)
    if token is None:
        raise InvalidInput("This passkey fits no account here, or it took too long. Try again, or use your password.")
    keep_token(token)
    return go_home()


@bp.post("/account/passkeys/options")
@requires(Permission.READ)
@asks_again
@open_while_setting_up
@shows_errors_on(".second_factor")
def new_passkey_options() -> ResponseReturnValue:
    with transaction() as unit:
        token, options = begin_new_passkey(unit, member=current_member(), site=site())
    session[PASSKEY] = token
    return options, 200, _AS_JSON


@bp.post("/account/passkeys")
@requires(Permission.READ)
@asks_again
@open_while_setting_up
@shows_errors_on(".second_factor")
def add_a_passkey() -> ResponseReturnValue:
    values = read_form(NewPasskeyForm())
    if not values["credential"]:
        raise InvalidInput.of(
            "name", "The browser did not answer. Passkeys need JavaScript: switch it on and try again."
        )
    with transaction() as unit:
        member = current_member()
        add_passkey(
            unit,
            member=member,
            site=site(),
            token=session.get(PASSKEY),
            answer=values["credential"],
            name=values["name"],
        )
        tell(unit, settings_now(), member, Told.PASSKEY_ADDED)
        token = renew(unit, WayIn.PASSKEY)
    keep_token(token)
    flash("Passkey added. Every other browser is signed out.", "success")
    return redirect(url_for(".second_factor"), code=303)


@bp.post("/account/passkeys/<int:passkey_id>/remove")
@requires(Permission.READ)
@asks_again
@open_while_setting_up
@shows_errors_on(".second_factor")
def remove_a_passkey(passkey_id: int) -> ResponseReturnValue:
    with transaction() as unit:
        name = remove_passkey(unit, member=current_member(), passkey_id=passkey_id)
        tell(unit, settings_now(), current_member(), Told.PASSKEY_REMOVED)
    flash(f"The passkey “{name}” is removed. Delete it from the device too.", "success")
    return redirect(url_for(".second_factor"), code=303)


def proved_by_passkey(unit: Session, answer: str) -> Member | None:
    """Whoever the answer proves; tries in vain are counted by network."""
    refuse_while_paused(unit, Tried.LINK, email="", network=network())
    member = member_of_passkey(unit, site=site(), token=session.get(PASSKEY), answer=answer)
    if member is None:
        count_failure(unit, Tried.LINK, email="", network=network())
    return member

from __future__ import annotations

import structlog
from flask import flash, g, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from insights.core.access import Permission
from insights.core.errors import InvalidInput
from insights.people import operations
from insights.people.accounts.apps import accepts_code
from insights.people.accounts.attempts import begin_attempt, open_attempt, take_attempt
from insights.people.accounts.factors import Factors, factors_of, has_second_factor
from insights.people.accounts.recovery import take_code
from insights.people.models import AttemptKind, Member, WayIn
from insights.people.queries import is_empty
from research_hub.account_mail import Told, tell
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.proving import open_while_setting_up
from research_hub.security import current_member, public, requires
from research_hub.web.account.blueprint import bp
from research_hub.web.account.coming_in import (
    ATTEMPT,
    LINK,
    come_in,
    go_home,
    keep_token,
    network,
    settings_now,
    without_copies,
)
from research_hub.web.account.forms import CodeForm, PasskeyForm, RecoveryForm, SignInForm
from research_hub.web.forms import read_form

LEFT = "left"
log = structlog.get_logger()

_NO_SUCH_ACCOUNT = "No account fits this e-mail address and password. Check both and try again."


@bp.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    unit = reading()
    return render_template(
        "account/sign_in.html",
        form=SignInForm(),
        passkey_form_data=PasskeyForm(),
        nobody_yet=is_empty(unit) and not settings_now().has_single_sign_on,
        settings=settings_now(),
        links=open_attempt(unit, AttemptKind.LINK, session.get(LINK)) is not None,
        left=session.get(LEFT) == "single_sign_on",
    )


@bp.post("/sign-in")
@public
@shows_errors_on(".sign_in")
def enter() -> ResponseReturnValue:
    """Leads home, or first to the second factor: never to an address that came with the request."""
    values = read_form(SignInForm())
    with transaction() as unit:
        member = operations.check_password(unit, network=network(), **values)
        if member is not None and not settings_now().may_sign_in_locally(member.email):
            member = None
        wants_more = member is not None and has_second_factor(unit, member)
        if member is None:
            token = ""
        elif wants_more:
            token = begin_attempt(unit, AttemptKind.SECOND_FACTOR, member_id=member.id)
        else:
            token = come_in(unit, member, WayIn.PASSWORD)
    if member is None:
        # The address may be a mistyped password: it stands in no log.
        log.warning("a sign-in failed", way="password", network=network())
        raise InvalidInput.of("email", _NO_SUCH_ACCOUNT)
    if wants_more:
        session[ATTEMPT] = token
        return redirect(url_for(".second_step"), code=303)
    keep_token(token)
    return go_home()


@bp.get("/sign-in/second-factor")
@public
def second_step() -> ResponseReturnValue:
    found = _half_way()
    if found is None:
        return _begin_again()
    return render_template(
        "account/second_step.html",
        code_form=CodeForm(),
        recovery_form=RecoveryForm(),
        passkey_form_data=PasskeyForm(),
        factors=found[1],
    )


@bp.post("/sign-in/second-factor")
@public
@shows_errors_on(".second_step")
def enter_code() -> ResponseReturnValue:
    found, values = _half_way(), read_form(CodeForm())
    if found is None:
        return _begin_again()
    with transaction() as unit:
        right = accepts_code(unit, member=found[0], code=values["code"], network=network())
        token = _finish(unit, found[0]) if right else None
    if token is None:
        raise InvalidInput.of("code", "This is not the code that your app shows now. Wait for the next one.")
    keep_token(token)
    return go_home()


@bp.post("/sign-in/second-factor/recovery")
@public
@shows_errors_on(".second_step")
def enter_recovery_code() -> ResponseReturnValue:
    found, values = _half_way(), read_form(RecoveryForm())
    if found is None:
        return _begin_again()
    with transaction() as unit:
        right = take_code(unit, member=found[0], code=values["recovery"], network=network())
        if right:
            tell(unit, settings_now(), found[0], Told.CODE_USED)
        token = _finish(unit, found[0]) if right else None
    if token is None:
        raise InvalidInput.of("recovery", "This is none of your recovery codes, or it was used already.")
    keep_token(token)
    flash("You used a recovery code. If your telephone or key is lost, remove it under ‘Second factor’.", "warning")
    return go_home()


@bp.post("/sign-out")
@requires(Permission.READ)
@open_while_setting_up
def leave() -> ResponseReturnValue:
    came_from_elsewhere = g.browser_session.way is WayIn.SINGLE_SIGN_ON
    with transaction() as unit:
        operations.end_browser_session(unit, member=current_member(), session_id=g.browser_session_id)
    session.clear()
    if came_from_elsewhere:
        session[LEFT] = "single_sign_on"
    flash("You are signed out.", "success")
    return without_copies(redirect(url_for(".sign_in"), code=303))


def _half_way() -> tuple[Member, Factors] | None:
    """Whoever gave the right password in this browser, in the last ten minutes, and has not come in yet."""
    unit = reading()
    attempt = open_attempt(unit, AttemptKind.SECOND_FACTOR, session.get(ATTEMPT))
    member = None if attempt is None else unit.get(Member, attempt.member_id)
    return None if member is None or not member.is_active else (member, factors_of(unit, member))


def _finish(unit: Session, member: Member) -> str | None:
    """Takes the attempt, once; None where another request took it meanwhile."""
    if take_attempt(unit, AttemptKind.SECOND_FACTOR, session.get(ATTEMPT)) is None:
        return None
    return come_in(unit, member, WayIn.SECOND_FACTOR)


def _begin_again() -> ResponseReturnValue:
    session.pop(ATTEMPT, None)
    flash("Begin again: it took longer than ten minutes, or was begun in another browser.", "warning")
    return redirect(url_for(".sign_in"), code=303)

"""A new password by mail, and the way in that the operator of the machine makes."""

from __future__ import annotations

import structlog
from flask import flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from insights.core.errors import NotFound, RuleBroken
from insights.people.accounts.links import (
    ask_for_new_password,
    choose_new_password,
    member_of_link,
    take_way_in,
)
from insights.people.models import LinkKind, WayIn
from research_hub.account_mail import Told, queue_new_password, tell, tell_administrators
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import public
from research_hub.web.account.blueprint import bp
from research_hub.web.account.coming_in import come_in, go_home, keep_token, network, same_twice, settings_now
from research_hub.web.account.forms import AskForm, NewPasswordForm
from research_hub.web.forms import HubForm, read_form

log = structlog.get_logger()


@bp.get("/forgotten-password")
@public
def forgotten_password() -> ResponseReturnValue:
    return render_template("account/forgotten_password.html", form=AskForm(), sends_mail=settings_now().sends_mail)


@bp.post("/forgotten-password")
@public
@shows_errors_on(".forgotten_password")
def ask_for_password() -> ResponseReturnValue:
    """Says the same to everybody: who has an account here is nobody else's business."""
    values = read_form(AskForm())
    if not settings_now().sends_mail:
        raise RuleBroken("Mail is not set up here. Ask whoever administers your area for a new password.")
    with transaction() as unit:
        link = ask_for_new_password(unit, email=values["email"], network=network())
        if link is not None:
            queue_new_password(unit, link)
    flash("If there is an account with this address, a link is on its way to it. It is good for an hour.", "success")
    return redirect(url_for(".sign_in"), code=303)


@bp.get("/new-password/<token>")
@public
def new_password(token: str) -> ResponseReturnValue:
    member = member_of_link(reading(), LinkKind.NEW_PASSWORD, token)
    page = render_template("account/new_password.html", form=NewPasswordForm(), found=member, token=token)
    return make_response(page, 404 if member is None else 200)


@bp.post("/new-password/<token>")
@public
@shows_errors_on(".new_password")
def choose_password(token: str) -> ResponseReturnValue:
    """Leads to sign-in, where the second factor is asked for as ever."""
    password = same_twice(read_form(NewPasswordForm()))
    with transaction() as unit:
        member = choose_new_password(unit, token=token, password=password, network=network())
        if member is not None:
            tell(unit, settings_now(), member, Told.PASSWORD)
    if member is None:
        raise NotFound("such link: it was used already, or is older than an hour")
    flash("Your new password is set, and every browser signed out. Sign in with it.", "success")
    return redirect(url_for(".sign_in"), code=303)


@bp.get("/way-in/<token>")
@public
def way_in(token: str) -> ResponseReturnValue:
    """Opening the link takes nothing: mail programs and previews open links too."""
    member = member_of_link(reading(), LinkKind.WAY_IN, token)
    page = render_template("account/way_in.html", found=member, token=token)
    return make_response(page, 404 if member is None else 200)


@bp.post("/way-in/<token>")
@public
@shows_errors_on(".way_in")
def use_way_in(token: str) -> ResponseReturnValue:
    read_form(HubForm())
    with transaction() as unit:
        member = take_way_in(unit, token=token, network=network())
        session_token = ""
        if member is not None:
            session_token = come_in(unit, member, WayIn.ONE_TIME_LINK)
            tell_administrators(unit, settings_now(), member)
    if member is None:
        raise NotFound("such link: it was used already, or is older than half an hour")
    log.warning("the operator's way in was used", member=member.ref, network=network())
    keep_token(session_token)
    flash(
        "You are in. Set a password or a second factor now; this link is void, and every use of it is recorded.",
        "warning",
    )
    return go_home()

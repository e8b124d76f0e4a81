"""Going to the organisation's own sign-in and coming back."""

from __future__ import annotations

import structlog
from flask import current_app, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from insights.core.access import Permission
from insights.core.clock import now
from insights.core.errors import NotFound
from insights.people import operations
from insights.people.accounts.attempts import begin_attempt, take_attempt
from insights.people.accounts.federation import Claims, Links, Mapped, Refusal, is_linked, member_from_elsewhere
from insights.people.models import AttemptKind, SignInAttempt, WayIn
from research_hub.account_mail import whole_address
from research_hub.db import reading, transaction
from research_hub.proving import open_while_setting_up
from research_hub.security import TOKEN, current_member, public, requires
from research_hub.single_sign_on import (
    NotTrusted,
    ProviderUnavailable,
    begin_at_provider,
    claims_from_answer,
    sign_out_address,
)
from research_hub.single_sign_on.provider import Provider
from research_hub.web.account.blueprint import bp
from research_hub.web.account.coming_in import LINK, SINGLE_SIGN_ON, come_in, go_home, keep_token, settings_now
from research_hub.web.account.confirming import go_on

log = structlog.get_logger()

_REFUSALS = {
    Refusal.CLOSED: "Your account here is closed. Ask whoever administers your area.",
    Refusal.NO_ROLE: "None of your groups gives you a role here. Ask whoever looks after your groups.",
    Refusal.UNVERIFIED: "Your e-mail address was not confirmed where you signed in. Have it confirmed there first.",
    Refusal.UNKNOWN: "You have no account here yet. Ask whoever administers your area to invite you.",
    Refusal.NO_TEAM: "None of your groups says which team you belong to. Ask whoever looks after your groups.",
}


@bp.get("/sign-in/single-sign-on")
@public
def go_to_provider() -> ResponseReturnValue:
    """A link and no form: the policy of our pages lets no form lead to another site.

    Followed from another site it leads to the page with the button, so that nobody is signed in without meaning to.
    """
    if request.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}:
        return redirect(url_for(".sign_in"), code=303)
    return _go(proves_again=False)


@bp.get("/account/confirm/single-sign-on")
@requires(Permission.READ)
@open_while_setting_up
def confirm_at_provider() -> ResponseReturnValue:
    if not settings_now().has_single_sign_on:
        return redirect(url_for(".confirm"), code=303)
    return _go(proves_again=True)


@bp.get("/sign-in/single-sign-on/back")
@public
def back_from_provider() -> ResponseReturnValue:
    """Takes what was begun in this browser, once: a code or a state that comes again opens nothing."""
    _require_set_up()
    with transaction() as unit:
        begun = take_attempt(unit, AttemptKind.SINGLE_SIGN_ON, session.pop(SINGLE_SIGN_ON, None))
    if begun is None:
        return _not_in("It took longer than ten minutes, or was begun in another browser. Try again.")
    claims = _claims(begun)
    return _confirm(claims) if begun.kept["again"] else _come_in(claims)


@bp.get("/sign-out/single-sign-on")
@public
def sign_out_at_provider() -> ResponseReturnValue:
    _require_set_up()
    back = whole_address(settings_now(), "account.sign_in")
    return redirect(sign_out_address(_provider(), settings_now(), back=back) or back, code=303)


def _go(*, proves_again: bool) -> ResponseReturnValue:
    _require_set_up()
    begun = begin_at_provider(_provider(), settings_now(), back=_back(), proves_again=proves_again)
    with transaction() as unit:
        member_id = g.member.id if proves_again else None
        token = begin_attempt(unit, AttemptKind.SINGLE_SIGN_ON, member_id=member_id, kept=begun.kept)
    session[SINGLE_SIGN_ON] = token
    return redirect(begun.address, code=303)


def _claims(begun: SignInAttempt) -> Claims:
    return claims_from_answer(
        _provider(),
        settings_now(),
        answer=request.args,
        kept=begun.kept,
        back=_back(),
        begun_at=begun.started_at,
        at=now(reading()),
    )


def _come_in(claims: Claims) -> ResponseReturnValue:
    settings = settings_now()
    mapped = Mapped(settings.oidc_roles, settings.oidc_teams, settings.oidc_admits_unknown)
    with transaction() as unit:
        found = member_from_elsewhere(unit, claims=claims, mapped=mapped)
        token = "" if isinstance(found, Links | Refusal) else come_in(unit, found, WayIn.SINGLE_SIGN_ON)
    if isinstance(found, Refusal):
        return _not_in(_REFUSALS[found])
    if isinstance(found, Links):
        session[LINK] = found.token
        return redirect(url_for(".sign_in"), code=303)
    keep_token(token)
    return go_home()


def _confirm(claims: Claims) -> ResponseReturnValue:
    """Whoever proved it there has to be whoever is signed in here."""
    with transaction() as unit:
        token = _renewed(unit, claims)
    if not token:
        return _not_in("You signed in there as somebody else than here. Nothing was changed.")
    return go_on(token)


def _renewed(unit: Session, claims: Claims) -> str:
    if g.member is None or not is_linked(unit, current_member(), claims):
        return ""
    return operations.renew_browser_session(unit, session_id=g.browser_session_id)


@bp.errorhandler(NotTrusted)
def _is_not_trusted(problem: NotTrusted) -> ResponseReturnValue:
    log.warning("single sign-on was refused", reason=str(problem))
    return _not_in(f"{problem} Nobody was signed in. Try again, or sign in another way.")


@bp.errorhandler(ProviderUnavailable)
def _provider_is_down(problem: ProviderUnavailable) -> ResponseReturnValue:
    log.warning("single sign-on is not available", reason=str(problem))
    page = render_template("account/provider_down.html", name=settings_now().oidc_name)
    return page, 503, {"Retry-After": "60"}


def _not_in(words: str) -> ResponseReturnValue:
    flash(words, "error")
    return redirect(url_for(".confirm" if TOKEN in session and g.member is not None else ".sign_in"), code=303)


def _require_set_up() -> None:
    if not settings_now().has_single_sign_on:
        raise NotFound("single sign-on here")


def _back() -> str:
    return whole_address(settings_now(), "account.back_from_provider")


def _provider() -> Provider:
    """One for the application's life, which keeps what the issuer said of itself."""
    known: dict[str, Provider] = current_app.extensions.setdefault("single_sign_on", {})
    issuer = settings_now().oidc_issuer
    return known.setdefault(issuer, Provider(issuer))

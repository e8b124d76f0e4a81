"""An entry's way to the public: personal data, sign-off, publication, renewal, withdrawal, each an act."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from insights.core.access import Permission
from insights.openness.entries import (
    begin_new_version,
    check_entry,
    findings_of,
    get_entry,
    justify_hit,
    mask_hit,
    pseudonymise_hit,
    publish_entry,
    renew_entry,
    sign_off_entry,
    take_back_justification,
    take_back_sign_off,
    undo_withdrawal,
    withdraw_entry,
)
from insights.openness.models import PublicEntry
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.forms import number_or_none, read_form
from research_hub.web.messages import say_done
from research_hub.web.openness.blueprint import bp
from research_hub.web.openness.forms import WithdrawalForm


@bp.get("/public-entries/<ref>/personal-data")
@requires(Permission.EDIT_DECISIONS)
def personal_data(ref: str) -> ResponseReturnValue:
    session = reading()
    entry, _ = get_entry(session, current_member(), ref, whole=True)
    found = findings_of(session, entry)
    return render_template("openness/entry_personal_data.html", entry=entry, findings=found)


@bp.post("/public-entries/<ref>/personal-data/mask")
@requires(Permission.EDIT_DECISIONS)
@shows_errors_on(".personal_data")
def mask(ref: str) -> ResponseReturnValue:
    _on_whole(ref, lambda session, entry: mask_hit(session, actor=current_member(), entry=entry, key=_key()))
    flash("It is masked wherever it stood in that text.", "success")
    return redirect(url_for(".personal_data", ref=ref), code=303)


@bp.post("/public-entries/<ref>/personal-data/replace")
@requires(Permission.EDIT_DECISIONS)
@shows_errors_on(".personal_data")
def pseudonymise(ref: str) -> ResponseReturnValue:
    words = request.form.get("replacement", "")
    _on_whole(
        ref,
        lambda session, entry: pseudonymise_hit(
            session, actor=current_member(), entry=entry, key=_key(), replacement=words
        ),
    )
    flash("Other words stand in its place.", "success")
    return redirect(url_for(".personal_data", ref=ref), code=303)


@bp.post("/public-entries/<ref>/personal-data/justify")
@requires(Permission.EDIT_DECISIONS)
@shows_errors_on(".personal_data")
def justify(ref: str) -> ResponseReturnValue:
    reason = request.form.get("reason", "")
    _on_whole(
        ref, lambda session, entry: justify_hit(session, actor=current_member(), entry=entry, key=_key(), reason=reason)
    )
    say_done("It may stand, with that reason.", undo_href=url_for(".take_back_reason", ref=ref, key=_key()))
    return redirect(url_for(".personal_data", ref=ref), code=303)


@bp.post("/public-entries/<ref>/personal-data/take-back")
@requires(Permission.EDIT_DECISIONS)
@shows_errors_on(".personal_data")
def take_back_reason(ref: str) -> ResponseReturnValue:
    _on_whole(
        ref, lambda session, entry: take_back_justification(session, actor=current_member(), entry=entry, key=_key())
    )
    flash("The reason is taken back, so that it waits for an answer again.", "success")
    return redirect(url_for(".personal_data", ref=ref), code=303)


@bp.post("/public-entries/<ref>/check")
@requires(Permission.EDIT_DECISIONS)
@shows_errors_on(".personal_data")
def check(ref: str) -> ResponseReturnValue:
    _on_whole(ref, lambda session, entry: check_entry(session, actor=current_member(), entry=entry))
    flash(f"{ref} is checked for personal data. Now somebody else signs it off.", "success")
    return redirect(url_for(".show_entry", ref=ref), code=303)


@bp.post("/public-entries/<ref>/sign-off")
@requires(Permission.SIGN_OFF)
@shows_errors_on(".show_entry")
def sign_off(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        entry, decision = get_entry(session, current_member(), ref, whole=True)
        version = number_or_none(request.form.get("row_version"))
        sign_off_entry(session, actor=current_member(), entry=entry, decision=decision, row_version=version)
    say_done(f"{ref} is signed off and may be published.", undo_href=url_for(".unsign", ref=ref))
    return redirect(url_for(".show_entry", ref=ref), code=303)


@bp.post("/public-entries/<ref>/take-back-sign-off")
@requires(Permission.SIGN_OFF)
@shows_errors_on(".show_entry")
def unsign(ref: str) -> ResponseReturnValue:
    _on_whole(ref, lambda session, entry: take_back_sign_off(session, actor=current_member(), entry=entry))
    flash(f"The sign-off of {ref} is taken back.", "success")
    return redirect(url_for(".show_entry", ref=ref), code=303)


@bp.post("/public-entries/<ref>/publish")
@requires(Permission.EDIT_DECISIONS)
@shows_errors_on(".show_entry")
def publish(ref: str) -> ResponseReturnValue:
    _with_decision(ref, publish_entry)
    flash(f"{ref} is published as it was signed off. It is due for review in twelve months.", "success")
    return redirect(url_for(".show_entry", ref=ref), code=303)


@bp.post("/public-entries/<ref>/renew")
@requires(Permission.SIGN_OFF)
@shows_errors_on(".show_entry")
def renew(ref: str) -> ResponseReturnValue:
    _with_decision(ref, renew_entry)
    flash(f"{ref} still holds. The next review is in twelve months.", "success")
    return redirect(url_for(".show_entry", ref=ref), code=303)


@bp.post("/public-entries/<ref>/withdraw")
@requires(Permission.EDIT_DECISIONS)
@shows_errors_on(".show_entry")
def withdraw(ref: str) -> ResponseReturnValue:
    reason = read_form(WithdrawalForm())["reason"] or ""
    with transaction() as session:
        entry, _ = get_entry(session, current_member(), ref)
        withdraw_entry(session, actor=current_member(), entry=entry, reason=reason)
    say_done(f"{ref} is withdrawn. Its address says so, with the reason.", undo_href=url_for(".bring_back", ref=ref))
    return redirect(url_for(".show_entry", ref=ref), code=303)


@bp.post("/public-entries/<ref>/bring-back")
@requires(Permission.EDIT_DECISIONS)
@shows_errors_on(".show_entry")
def bring_back(ref: str) -> ResponseReturnValue:
    _with_decision(ref, undo_withdrawal)
    flash(f"{ref} stands as it was published.", "success")
    return redirect(url_for(".show_entry", ref=ref), code=303)


@bp.post("/public-entries/<ref>/new-version")
@requires(Permission.EDIT_DECISIONS)
@shows_errors_on(".show_entry")
def new_version(ref: str) -> ResponseReturnValue:
    _on_whole(ref, lambda session, entry: begin_new_version(session, actor=current_member(), entry=entry))
    flash(f"{ref} is a draft again. Until it is published its address says that it was withdrawn.", "success")
    return redirect(url_for(".show_entry", ref=ref), code=303)


def _on_whole(ref: str, act: Callable[[Session, PublicEntry], None]) -> None:
    """Texts are worked on by those alone who may see everything that they tell of."""
    with transaction() as session:
        entry, _ = get_entry(session, current_member(), ref, whole=True)
        act(session, entry)


def _with_decision(ref: str, act: Callable[..., None]) -> None:
    with transaction() as session:
        entry, decision = get_entry(session, current_member(), ref, whole=True)
        act(session, actor=current_member(), entry=entry, decision=decision)


def _key() -> str:
    return request.values.get("key", "")

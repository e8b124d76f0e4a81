"""Somebody takes back their part in a study: the preview, the act, how far it has come, and the certificate (B4)."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField, StringField

from insights.coding.participants import get_participant
from insights.core.access import Permission
from insights.core.activity import record, touch
from insights.core.clock import today
from insights.core.errors import InvalidInput, NotFound, RuleBroken
from insights.stewardship.erasure.finishing import LEFT, PLACES
from insights.stewardship.models import Withdrawal, WithdrawalKind, WithdrawalStatus
from insights.stewardship.withdrawal import (
    Reach,
    reach_of,
    require_right,
    resume_use,
    stop_use,
    withdraw_participant,
)
from insights.stewardship.withdrawal.places import Place
from insights.stewardship.withdrawal.preview import preview_of
from insights.stewardship.withdrawal.queries import get_withdrawal, latest_withdrawal, list_withdrawals
from research_hub.config import Settings
from research_hub.db import reading, transaction
from research_hub.erased_list import note_erased
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.exports import as_file, table_of
from research_hub.web.forms import DayField, HubForm, read_form
from research_hub.web.messages import say_done
from research_hub.web.stewardship.blueprint import bp

KINDS = {
    WithdrawalKind.ERASE.value: "Everything: keep nothing of them",
    WithdrawalKind.STOP_USE.value: "Its further use: hide it, remove nothing",
}
REMOVED = {
    "identities": "names in the vault",
    "participants": "codes",
    "session_participants": "places in sessions",
    "highlights": "quotes",
    "evidence": "quotes taken out of insights",
    "source_texts": "texts",
    "text_versions": "versions of texts",
    "research_sessions": "sessions",
    "passages": "passages of shared texts",
    "layer_codings": "codings of rounds",
    "insights": "insights that rested on them, and stay",
    "insights_challenged": "insights challenged",
}
KIND_HINTS = {
    WithdrawalKind.ERASE.value: "It cannot be undone. Stored files and search files follow, with a certificate.",
    WithdrawalKind.STOP_USE.value: "For somebody who wants time to think. You can take it back.",
}
STATES = {
    WithdrawalStatus.IN_FORCE: ("use stopped", "warn"),
    WithdrawalStatus.TAKEN_BACK: ("taken back", "plain"),
    WithdrawalStatus.OUTSTANDING: ("files still to go", "warn"),
    WithdrawalStatus.REMAINS: ("words found: look", "bad"),
    WithdrawalStatus.DONE: ("nothing left", "ok"),
}


class WithdrawForm(HubForm):
    kind = RadioField("What do they take back?", choices=KINDS, default=WithdrawalKind.ERASE.value)
    asked_on = DayField("Day on which they asked")
    confirm = StringField("To keep nothing of them, type their code")


@bp.get("/participants/<ref>/withdrawal")
@requires(Permission.READ)
def participant_withdrawal(ref: str) -> ResponseReturnValue:
    """By researchers of the team and by data protection; `require_right` says so."""
    session = reading()
    person, study = get_participant(session, current_member(), ref)
    require_right(session, current_member(), study)
    known = None if person.withdrawn_at is None else latest_withdrawal(session, person)
    if known is not None and known.kind is WithdrawalKind.ERASE:
        return redirect(url_for(".show_withdrawal", ref=known.ref), code=303)
    chosen = {key: value for key, value in request.form.items() if key.startswith("text-")}
    reach = reach_of(session, person, study)
    return render_template(
        "stewardship/withdrawal.html",
        form=WithdrawForm(data={"asked_on": today(session), "kind": WithdrawalKind.ERASE.value}),
        person=person,
        study=study,
        reach=reach,
        preview=preview_of(session, current_member(), reach),
        stopped=known,
        chosen=chosen,
        kind_hints=KIND_HINTS,
    )


@bp.post("/participants/<ref>/withdrawal")
@requires(Permission.READ)
@shows_errors_on(".participant_withdrawal")
def carry_out_withdrawal(ref: str) -> ResponseReturnValue:
    values = read_form(WithdrawForm())
    with transaction() as session:
        person, study = get_participant(session, current_member(), ref)
        if values["kind"] == WithdrawalKind.STOP_USE.value:
            stop_use(session, actor=current_member(), participant=person, study=study, asked_on=values["asked_on"])
        else:
            if values["confirm"].strip() != person.code:
                raise InvalidInput.of("confirm", f"Type {person.code} to say that nothing of theirs is to be kept.")
            require_right(session, current_member(), study)
            done = withdraw_participant(
                session,
                actor=current_member(),
                participant=person,
                study=study,
                asked_on=values["asked_on"],
                choices=_choices(reach_of(session, person, study)),
                kept_for=timedelta(days=_settings().withdrawal_log_days),
            )
    if values["kind"] == WithdrawalKind.STOP_USE.value:
        say_done(f"What {person.code} said is used no further.", undo_href=url_for(".resume_participant", ref=ref))
        return redirect(url_for("capture.show_participant", ref=ref), code=303)
    note_erased(_settings(), done)
    flash(f"{done.ref}: nothing of them is shown, found or counted any more. Files follow.", "success")
    return redirect(url_for(".show_withdrawal", ref=done.ref), code=303)


@bp.post("/participants/<ref>/withdrawal/resume")
@requires(Permission.READ)
@shows_errors_on(".participant_withdrawal")
def resume_participant(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        person, study = get_participant(session, current_member(), ref)
        resume_use(session, actor=current_member(), participant=person, study=study)
    flash(f"What {person.code} said may be used again.", "success")
    return redirect(url_for("capture.show_participant", ref=ref), code=303)


@bp.get("/withdrawals")
@requires(Permission.PROTECT)
def withdrawals() -> ResponseReturnValue:
    rows = list_withdrawals(reading(), current_member())
    return render_template("stewardship/withdrawals.html", rows=rows, states=STATES)


@bp.get("/withdrawals.<extension>")
@requires(Permission.PROTECT)
def export_withdrawals(extension: str) -> ResponseReturnValue:
    columns = (
        "ref",
        "participant",
        "study",
        "kind",
        "because",
        "state",
        "asked on",
        "carried out",
        "finished",
        "sha256",
    )
    rows = [
        (
            each.ref,
            each.participant,
            each.study,
            each.kind.value,
            each.cause,
            STATES[each.status][0],
            each.asked_on,
            each.at.date(),
            None if each.finished_at is None else each.finished_at.date(),
            each.sha256,
        )
        for each in list_withdrawals(reading(), current_member())
    ]
    return as_file(extension, table_of("Withdrawals", columns, rows))


@bp.get("/withdrawals/<ref>")
@requires(Permission.READ)
def show_withdrawal(ref: str) -> ResponseReturnValue:
    withdrawal, study, row = get_withdrawal(reading(), current_member(), ref)
    require_right(reading(), current_member(), study)
    return render_template(
        "stewardship/withdrawal_done.html",
        withdrawal=withdrawal,
        study=study,
        row=row,
        state=STATES[withdrawal.status],
        named=REMOVED,
        places=[Place.from_json(each) for each in withdrawal.gone.get(PLACES, [])],
        backup_days=_settings().backup_days,
        horizon=row.at.date() + timedelta(days=_settings().backup_days),
    )


@bp.get("/withdrawals/<ref>/certificate")
@requires(Permission.READ)
def withdrawal_certificate(ref: str) -> ResponseReturnValue:
    withdrawal, study, _row = get_withdrawal(reading(), current_member(), ref)
    require_right(reading(), current_member(), study)
    if not withdrawal.certificate:
        raise NotFound(f"certificate of {withdrawal.ref}")
    headers = {"Content-Disposition": f'attachment; filename="{withdrawal.ref}-certificate.json"'}
    return Response(withdrawal.certificate, content_type="application/json; charset=utf-8", headers=headers)


@bp.post("/withdrawals/<ref>/look-again")
@requires(Permission.PROTECT)
@shows_errors_on(".show_withdrawal")
def look_again_for_words(ref: str) -> ResponseReturnValue:
    """After somebody looked at what was found; the worker takes it up within a second."""
    with transaction() as session:
        withdrawal, _study, _row = get_withdrawal(session, current_member(), ref)
        _take_up(withdrawal, leave=request.form.get("leave") == "yes")
        touch(session, current_member(), withdrawal)
        record(session, current_member(), "asked to look again after", withdrawal)
    flash("It is looked through again. Open this page again in a minute.", "success")
    return redirect(url_for(".show_withdrawal", ref=ref), code=303)


def _take_up(withdrawal: Withdrawal, *, leave: bool) -> None:
    """With `leave`, somebody looked at the texts named and says that the words are another person's own."""
    if withdrawal.status is not WithdrawalStatus.REMAINS:
        raise RuleBroken("Nothing of it waits for somebody to look.")
    withdrawal.status = WithdrawalStatus.OUTSTANDING
    if leave:
        texts = [place for place in withdrawal.remains if place.startswith("SRC-")]
        withdrawal.gone = {**withdrawal.gone, LEFT: sorted({*withdrawal.gone.get(LEFT, []), *texts})}


def _choices(reach: Reach) -> dict[str, str]:
    """By uuid, which a restored backup has too."""
    return {
        each.source.uuid: choice
        for each in reach.undecided
        if (choice := request.form.get(f"text-{each.source.id}", ""))
    }


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings

"""What a participant agreed to: recorded, looked up and taken back."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField
from sqlalchemy.orm import Session
from wtforms import SelectField, SelectMultipleField, StringField, TextAreaField

from insights.capture.consent_forms import forms_for_study
from insights.capture.consents import ConsentDetails, record_consent, withdraw_consent
from insights.coding.participants import get_participant
from insights.core.access import Permission
from insights.core.base import number_of
from insights.core.clock import today
from insights.core.errors import NotFound
from insights.people.models import Consent, ConsentScope, Participant
from insights.people.participants import SCOPES
from insights.people.queries import Choice
from insights.people.vault.files import close_into, ready_for_paper
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.files import FileStore
from research_hub.security import current_member, requires
from research_hub.web.capture.blueprint import bp
from research_hub.web.forms import DayField, HubForm, choose, number_or_none, read_form

CHANNELS = ("paper form", "web form", "e-mail", "spoken, recorded", "spoken, noted")
_LABELS = {scope.value: label for scope, (label, _) in SCOPES.items()}
SCOPE_HINTS = {scope.value: meaning for scope, (_, meaning) in SCOPES.items()}


class ConsentForm(HubForm):
    given_on = DayField("Day on which they agreed")
    scopes = SelectMultipleField("What they agreed to", choices=_LABELS)
    form = SelectField("Form that was given", validate_choice=False)
    form_version = StringField(
        "Or another form",
        description="Its version, for example 2.1, or the date on it. Leave it empty for one of ours.",
    )
    channel = StringField("How", description="Paper form, web form, e-mail, spoken and recorded, or in your words.")
    expires_on = DayField("Holds until", description="The last day. Empty: as long as the form says.")
    evidence = FileField(
        "The form itself",
        description="Kept in the vault, closed with this person’s own key. Whoever opens it says why, and it is noted.",
    )
    note = TextAreaField("Note", description="What the form does not say. No names.")


class WithdrawalForm(HubForm):
    withdrawn_on = DayField("Day on which they took it back")
    scopes = SelectMultipleField("What they took back", validate_choice=False)


@bp.get("/participants/<ref>/consents/new")
@requires(Permission.EDIT_SESSIONS)
def new_consent(ref: str) -> ResponseReturnValue:
    session = reading()
    person, study = get_participant(session, current_member(), ref)
    form = ConsentForm(data={"given_on": today(session), **_renewed(session, person)})
    choose(form.form, [Choice(str(row.version_id), row.label) for row in forms_for_study(session, study)])
    return render_template(
        "capture/participant_consent.html", form=form, person=person, study=study, hints=SCOPE_HINTS, channels=CHANNELS
    )


@bp.post("/participants/<ref>/consents")
@requires(Permission.EDIT_SESSIONS)
@shows_errors_on(".new_consent")
def add_consent(ref: str) -> ResponseReturnValue:
    form = ConsentForm()
    choose(form.form, [])
    values = read_form(form)
    values.pop("evidence")
    values["form_version_id"] = number_or_none(values.pop("form"))
    upload = request.files.get("evidence")
    content = upload.read() if upload is not None and upload.filename else b""
    with transaction() as session:
        person, study = get_participant(session, current_member(), ref)
        record_consent(
            session,
            actor=current_member(),
            participant=person,
            study=study,
            details=ConsentDetails(**values),
            paper=close_into(_files(), BytesIO(content), ready_for_paper(session, person.id)) if content else None,
        )
    flash(f"What {person.code} agreed to is recorded.", "success")
    return redirect(url_for(".show_participant", ref=ref), code=303)


@bp.get("/participants/<ref>/consents/<int:consent_id>/withdraw")
@requires(Permission.EDIT_SESSIONS)
def withdrawal(ref: str, consent_id: int) -> ResponseReturnValue:
    person, study = get_participant(reading(), current_member(), ref)
    consent = _consent(person, reading().get(Consent, consent_id), consent_id)
    form = WithdrawalForm(data={"withdrawn_on": today(reading())})
    left = [scope for scope in consent.scopes if scope not in consent.withdrawn_scopes]
    form.scopes.choices = {scope: _LABELS[scope] for scope in left}
    return render_template(
        "capture/participant_withdrawal.html", form=form, person=person, study=study, consent=consent, hints=SCOPE_HINTS
    )


@bp.post("/participants/<ref>/consents/<int:consent_id>/withdraw")
@requires(Permission.EDIT_SESSIONS)
@shows_errors_on(".withdrawal")
def withdraw(ref: str, consent_id: int) -> ResponseReturnValue:
    form = WithdrawalForm()
    form.scopes.choices = _LABELS
    values = read_form(form)
    with transaction() as session:
        person, study = get_participant(session, current_member(), ref)
        consent = _consent(person, session.get(Consent, consent_id), consent_id)
        withdraw_consent(
            session,
            actor=current_member(),
            consent=consent,
            study=study,
            on=values["withdrawn_on"],
            scopes=values["scopes"] or (),
        )
    flash(f"Recorded. What {person.code} agreed to before, and until when, stays on the record.", "success")
    return redirect(url_for(".show_participant", ref=ref), code=303)


def _renewed(session: Session, person: Participant) -> dict[str, Any]:
    """`?renew=CST-4`: what was agreed to before, to be asked anew; the days are new."""
    before = session.get(Consent, number_of(request.args.get("renew", ""), Consent.PREFIX) or 0)
    if before is None or before.participant_id != person.id:
        return {"scopes": [ConsentScope.TAKE_PART.value]}
    scopes = [scope for scope in before.scopes if scope not in before.withdrawn_scopes]
    return {"scopes": scopes, "channel": before.channel}


def _consent(person: Participant, consent: Consent | None, consent_id: int) -> Consent:
    if consent is None or consent.participant_id != person.id:
        raise NotFound(f"{Consent.PREFIX}-{consent_id}")
    return consent


def _files() -> FileStore:
    store: FileStore = current_app.extensions["files"]
    return store

"""Consent of several people who were told and asked the same, and consents that run out (B2)."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import SelectMultipleField

from insights.capture.consent_forms import forms_for_study
from insights.capture.consents import ConsentDetails, record_consents
from insights.capture.ending_consents import ending_consents
from insights.capture.models import Study
from insights.capture.queries import get_study
from insights.coding.participants import list_participants
from insights.core.access import Permission
from insights.core.clock import today
from insights.people.models import ConsentScope, Participant
from insights.people.queries import Choice
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.capture.blueprint import bp
from research_hub.web.capture.consents import CHANNELS, SCOPE_HINTS, ConsentForm
from research_hub.web.exports import as_file, table_of
from research_hub.web.forms import choose, number_or_none, read_form
from research_hub.web.words import count


class GroupConsentForm(ConsentForm):
    participants = SelectMultipleField("Who agreed", validate_choice=False)


@bp.get("/studies/<ref>/consents/new")
@requires(Permission.EDIT_SESSIONS)
def new_group_consent(ref: str) -> ResponseReturnValue:
    session = reading()
    study = get_study(session, current_member(), ref)
    form = GroupConsentForm(data={"given_on": today(session), "scopes": [ConsentScope.TAKE_PART.value]})
    people = _people(session, study)
    form.participants.choices = {each.value: each.label for each in people}
    choose(form.form, [Choice(str(row.version_id), row.label) for row in forms_for_study(session, study)])
    return render_template(
        "capture/group_consent.html", form=form, study=study, people=people, hints=SCOPE_HINTS, channels=CHANNELS
    )


@bp.post("/studies/<ref>/consents")
@requires(Permission.EDIT_SESSIONS)
@shows_errors_on(".new_group_consent")
def add_group_consent(ref: str) -> ResponseReturnValue:
    form = GroupConsentForm()
    choose(form.form, [])
    values = read_form(form)
    values.pop("evidence")
    chosen = values.pop("participants") or ()
    values["form_version_id"] = number_or_none(values.pop("form"))
    with transaction() as session:
        study = get_study(session, current_member(), ref)
        known = {each.value for each in _people(session, study)}
        numbers = [number_or_none(each.removeprefix("PAR-")) for each in chosen if each in known]
        people = [session.get_one(Participant, number) for number in numbers if number is not None]
        details = ConsentDetails(**values)
        made = record_consents(session, actor=current_member(), participants=people, study=study, details=details)
    flash(f"What {count(len(made), 'person', 'people')} agreed to is recorded.", "success")
    return redirect(url_for(".participants", ref=ref), code=303)


@bp.get("/consents")
@requires(Permission.EDIT_SESSIONS)
def consents_ending() -> ResponseReturnValue:
    return render_template("capture/consents_ending.html", rows=ending_consents(reading(), current_member()))


@bp.get("/consents.<extension>")
@requires(Permission.EDIT_SESSIONS)
def export_consents_ending(extension: str) -> ResponseReturnValue:
    columns = ("Ref", "Participant", "Study", "Study title", "Owner", "Form", "Holds until", "Days left")
    rows = [
        (row.ref, row.code, row.study_ref, row.study, row.owner, row.form_version, row.ends_on, row.days)
        for row in ending_consents(reading(), current_member())
    ]
    return as_file(extension, table_of("Consents that run out", columns, rows))


def _people(session: Session, study: Study) -> list[Choice]:
    return [Choice(row.ref, row.code) for row in list_participants(session, study)]

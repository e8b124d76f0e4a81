"""Inviting, reminding, thanking and giving something for people's time: by code, with the cap of the team."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, IntegerField, SelectField, StringField
from wtforms.validators import Optional

from insights.capture.models import Study
from insights.capture.queries import get_study, study_choices
from insights.coding.participants import get_participant
from insights.core.access import Permission
from insights.core.base import number_of
from insights.core.clock import today
from insights.core.errors import NotFound
from insights.people.contacts import (
    CHANNEL_LABELS,
    ContactCap,
    ContactDetails,
    ContactRow,
    IncentiveDetails,
    IncentiveRow,
    cap_of,
    contacts_of_study,
    incentives_of_study,
    invitations_within,
    record_contact,
    record_incentive,
    set_cap,
    take_contact_back,
)
from insights.people.contacts.incentives import METHODS
from insights.people.models import ContactKind, Team
from insights.people.queries import get_team
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.exports import as_file, table_of
from research_hub.web.forms import DayField, HubForm, choose, read_form
from research_hub.web.messages import say_done
from research_hub.web.people.areas import looked_after
from research_hub.web.people.blueprint import bp

CHANNELS = {channel.value: label for channel, label in CHANNEL_LABELS.items()}
# That somebody was told what their words led to is recorded where it is done (features.md J2).
KINDS = {kind.value: kind.value.capitalize() for kind in ContactKind if kind is not ContactKind.TOLD}


class ContactForm(HubForm):
    kind = SelectField("What it was", choices=KINDS, validate_choice=False)
    channel = SelectField("How they were reached", choices=CHANNELS, validate_choice=False)
    on = DayField("Day")
    study = SelectField(
        "For which study", validate_choice=False, description="Another study than this needs their consent."
    )
    despite = BooleanField("Record it although it is more often than our limit")


class IncentiveForm(HubForm):
    amount = StringField("Amount")
    currency = StringField("Currency", default="GBP", description="Three letters")
    method = StringField("How it was given", description="For example gift card. No names, no account numbers.")
    given_on = DayField("Day on which it was given")


class CapForm(HubForm):
    invitations = IntegerField("Invitations at most", validators=[Optional()])
    days = IntegerField("Within how many days", validators=[Optional()])


@bp.get("/studies/<ref>/contacts")
@requires(Permission.READ)
def contacts(ref: str) -> ResponseReturnValue:
    session = reading()
    study = get_study(session, current_member(), ref)
    return render_template(
        "people/contacts.html",
        study=study,
        contacts=contacts_of_study(session, study.id),
        incentives=incentives_of_study(session, study.id),
        channels=CHANNEL_LABELS,
        cap=cap_of(session.get(Team, study.team_id)),
    )


@bp.get("/studies/<ref>/contacts.<extension>")
@requires(Permission.READ)
def export_contacts(ref: str, extension: str) -> ResponseReturnValue:
    study = get_study(reading(), current_member(), ref)
    columns = ("Day", "Code", "Participant", "What", "How", "For", "By")
    rows = [
        (row.on, row.code, row.participant_ref, row.kind.value, CHANNEL_LABELS[row.channel], row.study_ref, row.by)
        for row in contacts_of_study(reading(), study.id)
    ]
    return as_file(extension, table_of(f"Contacts of {study.ref}", columns, rows))


@bp.get("/studies/<ref>/incentives.<extension>")
@requires(Permission.READ)
def export_incentives(ref: str, extension: str) -> ResponseReturnValue:
    study = get_study(reading(), current_member(), ref)
    columns = ("Day", "Code", "Participant", "Amount", "Currency", "How", "By")
    rows = [
        (row.given_on, row.code, row.participant_ref, float(row.amount), row.currency, row.method, row.by)
        for row in incentives_of_study(reading(), study.id)
    ]
    return as_file(extension, table_of(f"Incentives of {study.ref}", columns, rows))


@bp.get("/participants/<ref>/contacts")
@requires(Permission.READ)
def show_contacts(ref: str, contact_id: int = 0) -> ResponseReturnValue:  # noqa: ARG001 - an undo that was refused names it
    session = reading()
    person, study = get_participant(session, current_member(), ref)
    cap, day = cap_of(session.get(Team, study.team_id)), today(session)
    known: list[ContactRow] = contacts_of_study(session, study.id, participant_id=person.id)
    given: list[IncentiveRow] = incentives_of_study(session, study.id, participant_id=person.id)
    form = ContactForm(data={"on": day, "study": study.ref})
    choose(form.study, study_choices(session, current_member()), optional=False)
    return render_template(
        "people/contacts_of_one.html",
        person=person,
        study=study,
        contacts=known,
        incentives=given,
        channels=CHANNEL_LABELS,
        methods=METHODS,
        cap=cap,
        invited=invitations_within(session, person, days=cap.days, until=day),
        form=form,
        giving=IncentiveForm(data={"given_on": day, "currency": given[0].currency if given else "GBP"}),
    )


@bp.post("/participants/<ref>/contacts")
@requires(Permission.EDIT_SESSIONS)
@shows_errors_on(".show_contacts")
def add_contact(ref: str) -> ResponseReturnValue:
    form = ContactForm()
    choose(form.study, [])
    values = read_form(form)
    wanted = values.pop("study")
    with transaction() as session:
        person, study = get_participant(session, current_member(), ref)
        contact = record_contact(
            session,
            actor=current_member(),
            participant=person,
            study_id=_study_meant(wanted, study).id,
            team_id=study.team_id,
            details=ContactDetails(**values),
        )
    undo = url_for(".undo_contact", ref=ref, contact_id=contact.id)
    say_done(f"Recorded that {person.code} was {contact.kind.value}.", undo_href=undo)
    return redirect(url_for(".show_contacts", ref=ref), code=303)


@bp.post("/participants/<ref>/contacts/<int:contact_id>/take-back")
@requires(Permission.EDIT_SESSIONS)
@shows_errors_on(".show_contacts")
def undo_contact(ref: str, contact_id: int) -> ResponseReturnValue:
    with transaction() as session:
        person, study = get_participant(session, current_member(), ref)
        take_contact_back(session, actor=current_member(), participant=person, team_id=study.team_id, number=contact_id)
    flash("Taken back: it was entered by mistake.", "success")
    return redirect(url_for(".show_contacts", ref=ref), code=303)


@bp.post("/participants/<ref>/incentives")
@requires(Permission.EDIT_SESSIONS)
@shows_errors_on(".show_contacts")
def add_incentive(ref: str) -> ResponseReturnValue:
    values = read_form(IncentiveForm())
    with transaction() as session:
        person, study = get_participant(session, current_member(), ref)
        record_incentive(
            session,
            actor=current_member(),
            participant=person,
            study_id=study.id,
            team_id=study.team_id,
            details=IncentiveDetails(**values),
        )
    flash(f"Recorded what {person.code} was given.", "success")
    return redirect(url_for(".show_contacts", ref=ref), code=303)


@bp.get("/teams/<ref>/contact-cap")
@requires(Permission.READ)
def contact_cap(ref: str) -> ResponseReturnValue:
    team = _own_team(ref)
    cap = cap_of(team)
    form = CapForm(data={"invitations": cap.invitations, "days": cap.days})
    return render_template("people/contact_cap.html", team=team, form=form, ours=ContactCap())


@bp.post("/teams/<ref>/contact-cap")
@requires(Permission.READ)
@shows_errors_on(".contact_cap")
def set_contact_cap(ref: str) -> ResponseReturnValue:
    values = read_form(CapForm())
    cap = ContactCap(values["invitations"] or 0, values["days"] or 0)
    with transaction() as session:
        team = _own_team(ref)
        set_cap(session, actor=current_member(), team=team, cap=cap)
    flash(f"{team.name} asks one person at most {cap.in_words()}.", "success")
    return redirect(url_for(".teams"), code=303)


def _own_team(ref: str) -> Team:
    team = get_team(reading(), ref)
    if team.id not in looked_after():
        raise NotFound(ref)
    return team


def _study_meant(wanted: str, own: Study) -> Study:
    if not wanted or number_of(wanted, Study.PREFIX) == own.id:
        return own
    return get_study(reading(), current_member(), wanted)

"""Participants by code: a study's list, one person's page, entering many, and what is put right later."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField

from insights.capture.consents import consents_of
from insights.capture.models import Study
from insights.capture.participant_table import read_people
from insights.capture.participants import (
    MOST_AT_ONCE,
    Entered,
    Person,
    add_participants,
    describe_participant,
    rename_participant,
    set_participant_removed,
)
from insights.capture.queries import get_study
from insights.coding.participants import (
    ParticipantRow,
    get_participant,
    list_participants,
    merge_participants,
    people_of_session,
    quotes_of_person,
    sessions_of_person,
)
from insights.core.access import Permission
from insights.core.base import number_of
from insights.core.clock import today
from insights.core.errors import InvalidInput
from insights.people.models import ConsentScope, Participant
from insights.people.participants import (
    ATTRIBUTES,
    GROUP,
    SCOPES,
    ConsentFact,
    ConsentStanding,
    consent_in_words,
    people_in_words,
    standing_of,
)
from insights.people.queries import Choice
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.capture.blueprint import bp
from research_hub.web.exports import Value, as_file, table_of
from research_hub.web.forms import HubForm, choose, number_or_none, read_form
from research_hub.web.messages import say_done
from research_hub.web.words import count

_CONFIRM = BooleanField(
    "What looks like a name or a contact is none",
    description="Only if the page asked you. Names and contacts of participants never belong here.",
)
SUGGESTIONS = {attribute.key: attribute.suggestions for attribute in ATTRIBUTES}


class AddParticipantsForm(HubForm):
    codes = TextAreaField(
        "Codes that they have already",
        description="One a line, or separated by commas. Never names or initials. If they have none, have codes drawn: "
        "numbers in the order of the sessions, like P1 and P2, can be guessed from a calendar.",
    )
    draw = StringField(
        "Or draw new codes",
        description="How many. Each is random within the study, says nothing, and can be read out on the telephone.",
    )
    group = StringField("Group", description="If they all belong to one. It can be changed for each afterwards.")
    table = TextAreaField(
        "Or paste a table",
        description="From a spreadsheet. The first line names the columns: code, group, access need, assistive "
        "technology, digital confidence, region, language, age band. Any of them may be missing but the code.",
    )
    confirmed = _CONFIRM


class ParticipantForm(HubForm):
    group = StringField("Group")
    access_need = StringField("Access need")
    assistive_technology = StringField("Assistive technology")
    digital_confidence = StringField("Digital confidence")
    region = StringField("Region")
    language = StringField("Language")
    age_band = StringField("Age band")
    confirmed = _CONFIRM
    row_version = HiddenField()


class CodeForm(HubForm):
    code = StringField("New code")
    confirmed = _CONFIRM


class MergeForm(HubForm):
    into = SelectField("The same person as", validate_choice=False)
    sure = BooleanField("I am sure: this cannot be undone")


@bp.app_template_global()
def session_people(ref: str) -> list[tuple[str, str, str, ConsentStanding]]:
    """Ref, code, group and consent of the people in a session that the page was allowed to show."""
    return people_of_session(reading(), number_of(ref, "SES") or 0)


@bp.app_template_filter()
def consent_words(standing: ConsentStanding) -> str:
    return consent_in_words(standing)


@bp.app_template_filter()
def people_words(standings: list[ConsentStanding]) -> str:
    return people_in_words(standings)


@bp.get("/studies/<ref>/participants")
@requires(Permission.READ)
def participants(ref: str) -> ResponseReturnValue:
    study = get_study(reading(), current_member(), ref)
    rows = list_participants(reading(), study)
    return render_template(
        "capture/participants.html",
        study=study,
        rows=rows,
        attributes=[
            each for each in ATTRIBUTES if each.key != GROUP and any(each.key in row.attributes for row in rows)
        ],
        standings=[row.consent for row in rows],
    )


@bp.get("/studies/<ref>/participants.<extension>")
@requires(Permission.READ)
def export_participants(ref: str, extension: str) -> ResponseReturnValue:
    study = get_study(reading(), current_member(), ref)
    others = [each for each in ATTRIBUTES if each.key != GROUP]
    columns = ("Ref", "Code", "Group", *(each.label for each in others), "Sessions", "Quotes", "Consent")
    rows: list[tuple[Value, ...]] = [
        (
            row.ref,
            row.code,
            row.group,
            *(row.attributes.get(each.key, "") for each in others),
            row.sessions,
            row.quotes,
            "use stopped" if row.is_stopped else consent_in_words(row.consent),
        )
        for row in list_participants(reading(), study)
    ]
    return as_file(extension, table_of(f"Participants of {study.ref}", columns, rows))


@bp.get("/studies/<ref>/participants/new")
@requires(Permission.EDIT_SESSIONS)
def new_participants(ref: str) -> ResponseReturnValue:
    study = get_study(reading(), current_member(), ref)
    return render_template("capture/participants_form.html", form=AddParticipantsForm(), study=study)


@bp.post("/studies/<ref>/participants")
@requires(Permission.EDIT_SESSIONS)
@shows_errors_on(".new_participants")
def enter_participants(ref: str) -> ResponseReturnValue:
    values = read_form(AddParticipantsForm())
    people = _people(values["codes"], values["draw"], values["group"], values["table"])
    with transaction() as session:
        study = get_study(session, current_member(), ref)
        entered = add_participants(
            session, actor=current_member(), study=study, people=people, confirmed=values["confirmed"]
        )
    flash(_told(entered), "success")
    return redirect(url_for(".participants", ref=ref), code=303)


@bp.get("/participants/<ref>")
@requires(Permission.READ)
def show_participant(ref: str) -> ResponseReturnValue:
    session, member = reading(), current_member()
    person, study = get_participant(session, member, ref)
    if person.merged_into_id is not None:
        return redirect(url_for(".show_participant", ref=f"PAR-{person.merged_into_id}"), code=303)
    if person.is_erased:
        return render_template("capture/participant_gone.html", person=person, study=study)
    consents = consents_of(session, [person.id])
    return render_template(
        "capture/participant.html",
        person=person,
        study=study,
        attributes=[
            (each.label, person.attributes[each.key]) for each in ATTRIBUTES if person.attributes.get(each.key)
        ],
        sessions=sessions_of_person(session, person),
        quotes=quotes_of_person(session, person),
        consents=[(each, ConsentFact.of(each)) for each in consents],
        standing=standing_of(map(ConsentFact.of, consents), today(session)),
        scopes=SCOPES,
        all_scopes=list(ConsentScope),
    )


@bp.get("/participants/<ref>/edit")
@requires(Permission.EDIT_SESSIONS)
def edit_participant(ref: str) -> ResponseReturnValue:
    person, study = get_participant(reading(), current_member(), ref)
    form = ParticipantForm(data={"group": person.group, **person.attributes, "row_version": person.row_version})
    groups = {row.group for row in list_participants(reading(), study) if row.group}
    return render_template(
        "capture/participant_form.html",
        form=form,
        person=person,
        study=study,
        attributes=ATTRIBUTES,
        groups=sorted(groups),
    )


@bp.post("/participants/<ref>")
@requires(Permission.EDIT_SESSIONS)
@shows_errors_on(".edit_participant")
def update_participant(ref: str) -> ResponseReturnValue:
    values = read_form(ParticipantForm())
    confirmed, row_version = values.pop("confirmed"), number_or_none(values.pop("row_version"))
    group = values.pop("group")
    with transaction() as session:
        person, study = get_participant(session, current_member(), ref)
        describe_participant(
            session,
            actor=current_member(),
            participant=person,
            study=study,
            group=group,
            attributes=values,
            confirmed=confirmed,
            row_version=row_version,
        )
    flash(f"{person.code} saved.", "success")
    return redirect(url_for(".show_participant", ref=ref), code=303)


@bp.get("/participants/<ref>/code")
@requires(Permission.EDIT_SESSIONS)
def new_code(ref: str) -> ResponseReturnValue:
    person, study = get_participant(reading(), current_member(), ref)
    form = CodeForm(data={"code": person.code})
    return render_template("capture/participant_code.html", form=form, person=person, study=study)


@bp.post("/participants/<ref>/code")
@requires(Permission.EDIT_SESSIONS)
@shows_errors_on(".new_code")
def rename(ref: str) -> ResponseReturnValue:
    values = read_form(CodeForm())
    with transaction() as session:
        person, study = get_participant(session, current_member(), ref)
        before = person.code
        rename_participant(session, actor=current_member(), participant=person, study=study, **values)
    flash(
        f"{before} is now {person.code}. Notes and transcripts still call them what was written there, "
        "for a text never changes by itself.",
        "success",
    )
    return redirect(url_for(".show_participant", ref=ref), code=303)


@bp.get("/participants/<ref>/merge")
@requires(Permission.EDIT_SESSIONS)
def same_person(ref: str) -> ResponseReturnValue:
    person, study = get_participant(reading(), current_member(), ref)
    rows = list_participants(reading(), study)
    form = MergeForm()
    choose(form.into, [_choice(row) for row in rows if row.id != person.id])
    this = next((row for row in rows if row.id == person.id), None)
    return render_template("capture/participant_merge.html", form=form, person=person, study=study, this=this)


@bp.post("/participants/<ref>/merge")
@requires(Permission.EDIT_SESSIONS)
@shows_errors_on(".same_person")
def merge(ref: str) -> ResponseReturnValue:
    form = MergeForm()
    choose(form.into, [])
    values = read_form(form)
    if not values["into"]:
        raise InvalidInput.of("into", "Choose the other code of the same person.")
    if not values["sure"]:
        raise InvalidInput.of("sure", "Tick that you are sure: two people made one cannot be parted again.")
    with transaction() as session:
        person, study = get_participant(session, current_member(), ref)
        into, _ = get_participant(session, current_member(), values["into"])
        merge_participants(session, actor=current_member(), participant=person, into=into, study=study)
    flash(f"{person.code} is the same person as {into.code} now. Texts still say what was written in them.", "success")
    return redirect(url_for(".show_participant", ref=into.ref), code=303)


@bp.post("/participants/<ref>/remove")
@requires(Permission.EDIT_SESSIONS)
@shows_errors_on(".show_participant")
def remove_participant(ref: str) -> ResponseReturnValue:
    person, study = _set_removed(ref, removed=True)
    say_done(f"{person.code} removed.", undo_href=url_for(".restore_participant", ref=ref))
    return redirect(url_for(".participants", ref=study.ref), code=303)


@bp.post("/participants/<ref>/restore")
@requires(Permission.EDIT_SESSIONS)
@shows_errors_on(".show_participant")
def restore_participant(ref: str) -> ResponseReturnValue:
    person, _study = _set_removed(ref, removed=False)
    flash(f"{person.code} is back.", "success")
    return redirect(url_for(".show_participant", ref=ref), code=303)


def _set_removed(ref: str, *, removed: bool) -> tuple[Participant, Study]:
    with transaction() as session:
        person, study = get_participant(session, current_member(), ref)
        set_participant_removed(session, actor=current_member(), participant=person, study=study, removed=removed)
    return person, study


def _people(codes: str, draw: str, group: str, table: str) -> list[Person]:
    typed = [Person(code, group) for line in codes.splitlines() for part in line.split(",") if (code := part.strip())]
    number = number_or_none(draw.strip())
    if draw.strip() and (number is None or number > MOST_AT_ONCE):
        raise InvalidInput.of("draw", f"Enter how many codes to draw, as a number up to {MOST_AT_ONCE}.")
    return [*typed, *(Person("", group) for _ in range(number or 0)), *read_people(table)]


def _told(entered: Entered) -> str:
    codes = ", ".join(person.code for person in entered.new)
    parts = [f"{count(len(entered.new), 'participant')} added: {codes}."] if entered.new else []
    if entered.known:
        there = "was" if len(entered.known) == 1 else "were"
        parts.append(f"{', '.join(person.code for person in entered.known)} {there} there already.")
    return " ".join(parts)


def _choice(row: ParticipantRow) -> Choice:
    about = ", ".join(part for part in (row.group, count(row.sessions, "session")) if part)
    return Choice(row.ref, f"{row.code} ({about})")

"""Information sheets and consent forms: written in the study, read, followed by new versions, and printed (B2)."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, SelectMultipleField, StringField, TextAreaField

from insights.capture.consent_forms import (
    STARTING_TEXT,
    FormText,
    create_consent_form,
    forms_for_study,
    get_consent_form,
    latest_version,
    versions_of,
    write_new_version,
)
from insights.capture.models import Study
from insights.capture.queries import get_study
from insights.core.access import Permission
from insights.core.errors import InvalidInput
from insights.people.models import ConsentFormVersion, ConsentScope
from insights.people.participants import SCOPES
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.capture.blueprint import bp
from research_hub.web.capture.consents import SCOPE_HINTS
from research_hub.web.exports import as_file, table_of
from research_hub.web.forms import HubForm, number_or_none, read_form

LABELS = {scope.value: label for scope, (label, _) in SCOPES.items()}

ASKED: dict[ConsentScope, str] = {
    ConsentScope.TAKE_PART: "I understand what this is about, and I agree to take part.",
    ConsentScope.RECORD: "You may record me: sound, picture or screen.",
    ConsentScope.QUOTE_ANONYMOUSLY: "You may use my words, without my name.",
    ConsentScope.SHARE_IN_ORGANISATION: "Other people who work here may read what I said.",
    ConsentScope.SHARE_ACROSS_PUBLIC_SECTOR: "People in other public bodies may read it.",
    ConsentScope.PUBLISH: "You may publish my words where everybody can read them, without my name.",
    ConsentScope.RECONTACT: "You may contact me again.",
}
"""What stands beside each box on the printed page."""


class SheetForm(HubForm):
    name = StringField("Name", description="For example: Interviews with parents.")
    text = TextAreaField(
        "What people are told", description="Markdown. Short sentences, and the words that people use themselves."
    )
    scopes = SelectMultipleField("What it asks them to agree to", choices=LABELS)
    months = StringField("Holds for how many months", description="Empty: the form names no end.")
    for_team = BooleanField("For every study of the team")


@bp.get("/studies/<ref>/consent-forms")
@requires(Permission.READ)
def consent_forms(ref: str) -> ResponseReturnValue:
    study = get_study(reading(), current_member(), ref)
    rows = forms_for_study(reading(), study)
    return render_template("capture/consent_forms.html", study=study, rows=rows, labels=LABELS)


@bp.get("/studies/<ref>/consent-forms.<extension>")
@requires(Permission.READ)
def export_consent_forms(ref: str, extension: str) -> ResponseReturnValue:
    study = get_study(reading(), current_member(), ref)
    rows = [
        (row.ref, row.name, row.number, ", ".join(LABELS[each] for each in row.scopes), row.months, row.of_team)
        for row in forms_for_study(reading(), study)
    ]
    columns = ("Ref", "Form", "Version", "Asks for", "Months", "Of the team")
    return as_file(extension, table_of(f"Consent forms {study.ref}", columns, rows))


@bp.get("/studies/<ref>/consent-forms/new")
@requires(Permission.EDIT_STUDIES)
def new_consent_form(ref: str) -> ResponseReturnValue:
    study = get_study(reading(), current_member(), ref)
    scopes = [scope.value for scope in ConsentScope if scope is not ConsentScope.PUBLISH]
    form = SheetForm(data={"text": STARTING_TEXT, "scopes": scopes, "months": "24"})
    return render_template("capture/consent_form_edit.html", form=form, study=study, sheet=None, hints=SCOPE_HINTS)


@bp.post("/studies/<ref>/consent-forms")
@requires(Permission.EDIT_STUDIES)
@shows_errors_on(".new_consent_form")
def add_consent_form(ref: str) -> ResponseReturnValue:
    values = read_form(SheetForm())
    with transaction() as session:
        study = get_study(session, current_member(), ref)
        made = create_consent_form(
            session,
            actor=current_member(),
            study=study,
            name=values["name"],
            said=_said(values),
            for_team=values["for_team"],
        )
    flash(f"{made.ref} is ready to be given.", "success")
    return redirect(url_for(".show_consent_form", ref=made.ref), code=303)


@bp.get("/consent-forms/<ref>")
@requires(Permission.READ)
def show_consent_form(ref: str) -> ResponseReturnValue:
    """`?version=2` reads an earlier version, as it was given."""
    session = reading()
    sheet = get_consent_form(session, current_member(), ref)
    versions = versions_of(session, sheet)
    return render_template(
        "capture/consent_form.html",
        sheet=sheet,
        study=None if sheet.study_id is None else session.get(Study, sheet.study_id),
        shown=_chosen([version for version, _ in versions]),
        versions=versions,
        asked=ASKED,
        labels=LABELS,
    )


@bp.get("/consent-forms/<ref>/edit")
@requires(Permission.EDIT_STUDIES)
def edit_consent_form(ref: str) -> ResponseReturnValue:
    session = reading()
    sheet = get_consent_form(session, current_member(), ref)
    latest = latest_version(session, sheet)
    months = "" if latest.months is None else str(latest.months)
    form = SheetForm(data={"name": sheet.name, "text": latest.text, "scopes": latest.scopes, "months": months})
    return render_template(
        "capture/consent_form_edit.html", form=form, study=None, sheet=sheet, latest=latest, hints=SCOPE_HINTS
    )


@bp.post("/consent-forms/<ref>")
@requires(Permission.EDIT_STUDIES)
@shows_errors_on(".edit_consent_form")
def add_form_version(ref: str) -> ResponseReturnValue:
    values = read_form(SheetForm())
    number = number_or_none(request.form.get("number")) or 0
    with transaction() as session:
        sheet = get_consent_form(session, current_member(), ref)
        version = write_new_version(session, actor=current_member(), form=sheet, said=_said(values), number=number)
    flash(f"Version {version.number} is what people are given from now on. Earlier ones stay as they are.", "success")
    return redirect(url_for(".show_consent_form", ref=ref), code=303)


@bp.get("/consent-forms/<ref>/print")
@requires(Permission.READ)
def print_consent_form(ref: str) -> ResponseReturnValue:
    """One page to print: large type, black on white, a box for each thing that is asked."""
    session = reading()
    sheet = get_consent_form(session, current_member(), ref)
    shown = _chosen([version for version, _ in versions_of(session, sheet)])
    return render_template("capture/consent_form_print.html", sheet=sheet, shown=shown, asked=ASKED)


def _chosen(versions: list[ConsentFormVersion]) -> ConsentFormVersion:
    number = number_or_none(request.args.get("version"))
    found = next((each for each in versions if number in {None, each.number}), None)
    if found is None:
        abort(404)
    return found


def _said(values: dict[str, object]) -> FormText:
    months = str(values["months"] or "").strip()
    if months and number_or_none(months) is None:
        raise InvalidInput.of("months", "Enter a number of months, or leave it empty.")
    scopes = values["scopes"]
    return FormText(str(values["text"]), list(scopes) if isinstance(scopes, list) else [], number_or_none(months))

"""Whom a study means to hear, and whom it has heard (features.md B6)."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField, StringField

from insights.capture.inclusion import (
    get_target,
    people_heard,
    set_inclusion_target,
    set_target_removed,
    targets_of,
)
from insights.capture.queries import get_study
from insights.core.access import Permission
from insights.people.models import Service
from insights.people.participants import ATTRIBUTES
from insights.reports.inclusion import coverage, never_heard
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.capture.blueprint import bp
from research_hub.web.exports import as_file
from research_hub.web.forms import HubForm, number_or_none, read_form
from research_hub.web.messages import say_done


class TargetForm(HubForm):
    attribute = SelectField("Attribute", choices={each.key: each.label for each in ATTRIBUTES}, validate_choice=False)
    value = StringField("Whom", description="For example vision, low, Parent. Spell it as it is recorded.")
    target = StringField("How many, at least")


@bp.get("/studies/<ref>/inclusion")
@requires(Permission.READ)
def study_inclusion(ref: str) -> ResponseReturnValue:
    session, member = reading(), current_member()
    study = get_study(session, member, ref)
    people = people_heard(session, member, study_id=study.id)
    service = None if study.service_id is None else session.get(Service, study.service_id)
    of_service = [] if service is None else people_heard(session, member, service_id=service.id)
    return render_template(
        "capture/study_inclusion.html",
        study=study,
        service=service,
        report=coverage(people, targets_of(session, [study.id])),
        never=[] if service is None else never_heard(of_service),
        attributes=ATTRIBUTES,
        form=TargetForm(),
    )


@bp.get("/studies/<ref>/inclusion.<extension>")
@requires(Permission.READ)
def export_study_inclusion(ref: str, extension: str) -> ResponseReturnValue:
    session, member = reading(), current_member()
    study = get_study(session, member, ref)
    report = coverage(people_heard(session, member, study_id=study.id), targets_of(session, [study.id]))
    return as_file(extension, *report.as_table(f"Inclusion of {study.ref}"))


@bp.post("/studies/<ref>/targets")
@requires(Permission.EDIT_STUDIES)
@shows_errors_on(".study_inclusion")
def set_target(ref: str) -> ResponseReturnValue:
    values = read_form(TargetForm())
    with transaction() as session:
        study = get_study(session, current_member(), ref)
        set_inclusion_target(
            session,
            actor=current_member(),
            study=study,
            attribute=values["attribute"],
            value=values["value"],
            target=number_or_none(values["target"].strip()),
        )
    flash("Target set.", "success")
    return redirect(url_for(".study_inclusion", ref=ref), code=303)


@bp.post("/studies/<ref>/targets/<int:target_id>/remove")
@requires(Permission.EDIT_STUDIES)
@shows_errors_on(".inclusion_target")
def remove_target(ref: str, target_id: int) -> ResponseReturnValue:
    _set_removed(ref, target_id, removed=True)
    say_done("Target removed.", undo_href=url_for(".restore_target", ref=ref, target_id=target_id))
    return redirect(url_for(".study_inclusion", ref=ref), code=303)


@bp.post("/studies/<ref>/targets/<int:target_id>/restore")
@requires(Permission.EDIT_STUDIES)
@shows_errors_on(".inclusion_target")
def restore_target(ref: str, target_id: int) -> ResponseReturnValue:
    _set_removed(ref, target_id, removed=False)
    flash("The target is back.", "success")
    return redirect(url_for(".study_inclusion", ref=ref), code=303)


@bp.get("/studies/<ref>/targets/<int:target_id>")
@requires(Permission.READ)
def inclusion_target(ref: str, target_id: int) -> ResponseReturnValue:  # noqa: ARG001 - the address of what is shown again
    return study_inclusion(ref)


def _set_removed(ref: str, target_id: int, *, removed: bool) -> None:
    with transaction() as session:
        study = get_study(session, current_member(), ref)
        target = get_target(session, study, target_id)
        set_target_removed(session, actor=current_member(), target=target, study=study, removed=removed)

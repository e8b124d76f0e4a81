from __future__ import annotations

from dataclasses import asdict, fields

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.capture.beginning_studies import ToldProtection, begin_study, missing_of, suggested_protection
from insights.capture.break_glass import glass_of_study
from insights.capture.operations import edit_study, set_study_access
from insights.capture.queries import get_study, list_sources, list_studies, named_members
from insights.capture.study_states import LAWFUL_BASES, MEANINGS
from insights.coding.participants import standings_of_study
from insights.coding.queries import list_highlights
from insights.core.access import Permission
from insights.decisions.thread import thread_of_study
from insights.openness.requests import requests_of_study
from insights.people.models import Member, Service
from insights.people.queries import member_choices, service_choices
from insights.synthesis.study_completion import steps_of
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.capture.blueprint import bp
from research_hub.web.capture.forms import AccessForm, NewStudyForm, StudyForm
from research_hub.web.exports import as_file, table_of
from research_hub.web.forms import choose, number_or_none, read_form
from research_hub.web.thread import stages


@bp.get("/studies.<extension>")
@requires(Permission.READ)
def export_studies(extension: str) -> ResponseReturnValue:
    rows = list_studies(reading(), current_member())
    columns = ("Ref", "Title", "Status", "Service", "Team", "Lead", "Methods", "Starts", "Sessions", "Reports")
    return as_file(
        extension,
        table_of(
            "Studies",
            columns,
            [
                (
                    r.ref,
                    r.title,
                    r.status,
                    r.service,
                    r.team,
                    r.lead,
                    ", ".join(r.methods),
                    r.starts_on,
                    r.sessions,
                    r.reports,
                )
                for r in rows
            ],
        ),
    )


@bp.get("/studies/new")
@requires(Permission.EDIT_STUDIES)
def new_study() -> ResponseReturnValue:
    session = reading()
    suggested = suggested_protection(session, current_member())
    form = NewStudyForm(data=asdict(suggested.told))
    choose(form.service_id, service_choices(session))
    return render_template("capture/study_form.html", form=form, study=None, like=suggested.like, bases=LAWFUL_BASES)


@bp.post("/studies")
@requires(Permission.EDIT_STUDIES)
@shows_errors_on(".new_study")
def create() -> ResponseReturnValue:
    values = read_form(NewStudyForm())
    values.pop("row_version")
    service_id = number_or_none(values.pop("service_id"))
    told = ToldProtection(**{each.name: values.pop(each.name) or "" for each in fields(ToldProtection)})
    with transaction() as session:
        values["service"] = None if service_id is None else session.get(Service, service_id)
        study = begin_study(session, actor=current_member(), told=told, status=values.pop("status"), values=values)
    if missing := missing_of(study):
        flash(
            f"Study “{study.title}” created, as a proposal. Before anybody is heard it needs {'; '.join(missing)}.",
            "success",
        )
    else:
        flash(f"Study “{study.title}” created. Log its first session next.", "success")
    return redirect(url_for(".show_study", ref=study.ref), code=303)


@bp.get("/studies/<ref>")
@requires(Permission.READ)
def show_study(ref: str) -> ResponseReturnValue:
    session, member = reading(), current_member()
    study = get_study(session, member, ref)
    service = None if study.service_id is None else session.get(Service, study.service_id)
    lead = None if study.lead_id is None else session.get(Member, study.lead_id)
    return render_template(
        "capture/study.html",
        study=study,
        service=service,
        lead=lead,
        step=next(iter(steps_of(session, study)), None),
        meaning=MEANINGS[study.status],
        standings=standings_of_study(session, study),
        named=named_members(session, study) if study.restricted else [],
        visitors=glass_of_study(session, member, study),
        sources=list_sources(session, member, study_id=study.id, limit=200),
        quotes=list_highlights(session, member, study_id=study.id, limit=10),
        requests_answered=requests_of_study(session, member, study),
        stages=stages(thread_of_study(session, member, study.id), here="study", ref=study.ref, note=study.title),
    )


@bp.get("/studies/<ref>/edit")
@requires(Permission.EDIT_STUDIES)
def edit(ref: str) -> ResponseReturnValue:
    study = get_study(reading(), current_member(), ref)
    form = StudyForm(obj=study)
    choose(form.service_id, service_choices(reading()))
    return render_template("capture/study_form.html", form=form, study=study)


@bp.post("/studies/<ref>")
@requires(Permission.EDIT_STUDIES)
@shows_errors_on(".edit")
def update(ref: str) -> ResponseReturnValue:
    values = read_form(StudyForm())
    del values["restricted"], values["status"]
    service_id = number_or_none(values.pop("service_id"))
    row_version = number_or_none(values.pop("row_version"))
    with transaction() as session:
        study = get_study(session, current_member(), ref)
        service = None if service_id is None else session.get(Service, service_id)
        edit_study(session, actor=current_member(), study=study, service=service, row_version=row_version, **values)
    flash("Study saved.", "success")
    return redirect(url_for(".show_study", ref=ref), code=303)


@bp.get("/studies/<ref>/access")
@requires(Permission.EDIT_STUDIES)
def access(ref: str) -> ResponseReturnValue:
    study = get_study(reading(), current_member(), ref)
    named = [choice.value for choice in named_members(reading(), study)]
    form = AccessForm(data={"restricted": study.restricted, "named": named})
    choose(form.named, member_choices(reading()), optional=False)
    return render_template("capture/access_form.html", form=form, study=study)


@bp.post("/studies/<ref>/access")
@requires(Permission.EDIT_STUDIES)
@shows_errors_on(".access")
def update_access(ref: str) -> ResponseReturnValue:
    form = AccessForm()
    choose(form.named, [], optional=False)
    values = read_form(form)
    ids = [number for number in map(number_or_none, request.form.getlist("named")) if number is not None]
    with transaction() as session:
        study = get_study(session, current_member(), ref)
        named = [member for member in (session.get(Member, number) for number in ids) if member is not None]
        set_study_access(session, actor=current_member(), study=study, restricted=values["restricted"], named=named)
    flash("Access saved. It holds from now on, in search and reports too.", "success")
    return redirect(url_for(".show_study", ref=ref), code=303)

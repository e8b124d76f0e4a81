from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from insights.core.access import Permission
from insights.decisions.relooking import ask_about_component
from insights.people.models import Service
from insights.people.operations import (
    create_component,
    edit_component,
    report_component_change,
    set_component_services,
)
from insights.people.queries import (
    changes_of_component,
    get_component,
    list_components,
    service_choices,
    services_using,
)
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.exports import as_file, table_of
from research_hub.web.forms import choose, number_or_none, read_form
from research_hub.web.people.about import decisions_about_component, insights_about_component
from research_hub.web.people.blueprint import bp
from research_hub.web.people.forms import ComponentChangeForm, ComponentForm
from research_hub.web.words import count


@bp.get("/components")
@requires(Permission.READ)
def components() -> ResponseReturnValue:
    return render_template("people/components.html", rows=list_components(reading()))


@bp.get("/components.<extension>")
@requires(Permission.READ)
def export_components(extension: str) -> ResponseReturnValue:
    columns = ("Ref", "Name", "Kind", "Version", "Changed", "Address", "Services")
    found = list_components(reading())
    rows = [(row.ref, row.name, row.kind, row.version, row.changed_on, row.url, row.services) for row in found]
    return as_file(extension, table_of("Components", columns, rows))


@bp.get("/components/new")
@requires(Permission.EDIT_STUDIES)
def new_component() -> ResponseReturnValue:
    form = ComponentForm()
    choose(form.services, service_choices(reading()), optional=False)
    return render_template("people/component_form.html", form=form, component=None)


@bp.post("/components")
@requires(Permission.EDIT_STUDIES)
@shows_errors_on(".new_component")
def add_component() -> ResponseReturnValue:
    values = _sent()
    values.pop("row_version")
    with transaction() as session:
        component = create_component(session, actor=current_member(), services=_chosen_services(session), **values)
    flash(f"“{component.name}” is in the register. Insights about it show on every service that uses it.", "success")
    return redirect(url_for(".show_component", ref=component.ref), code=303)


@bp.get("/components/<ref>")
@requires(Permission.READ)
def show_component(ref: str) -> ResponseReturnValue:
    session, member = reading(), current_member()
    component = get_component(session, ref)
    return render_template(
        "people/component.html",
        component=component,
        form=ComponentChangeForm(),
        services=services_using(session, component),
        changes=changes_of_component(session, component),
        insights=insights_about_component(session, member, component),
        decisions=decisions_about_component(session, member, component),
    )


@bp.get("/components/<ref>/edit")
@requires(Permission.EDIT_STUDIES)
def edit_component_form(ref: str) -> ResponseReturnValue:
    component = get_component(reading(), ref)
    used = [str(service.id) for service in services_using(reading(), component)]
    form = ComponentForm(obj=component, services=used)
    choose(form.services, service_choices(reading()), optional=False)
    return render_template("people/component_form.html", form=form, component=component)


@bp.post("/components/<ref>")
@requires(Permission.EDIT_STUDIES)
@shows_errors_on(".edit_component_form")
def update_component(ref: str) -> ResponseReturnValue:
    values = _sent()
    values.pop("version")
    values["row_version"] = number_or_none(values["row_version"])
    with transaction() as session:
        component = get_component(session, ref)
        edit_component(session, actor=current_member(), component=component, **values)
        set_component_services(session, actor=current_member(), component=component, services=_chosen_services(session))
    flash("Component saved.", "success")
    return redirect(url_for(".show_component", ref=ref), code=303)


@bp.post("/components/<ref>/changed")
@requires(Permission.EDIT_STUDIES)
@shows_errors_on(".show_component")
def report_change(ref: str) -> ResponseReturnValue:
    values = read_form(ComponentChangeForm())
    with transaction() as session:
        component = get_component(session, ref)
        report_component_change(session, actor=current_member(), component=component, **values)
    flash(
        "Change noted. Usability findings about this component are stale until someone looks again; "
        "other claims about it have aged by one half-life.",
        "success",
    )
    return redirect(url_for(".show_component", ref=ref), code=303)


@bp.post("/components/<ref>/look-again")
@requires(Permission.EDIT_INSIGHTS)
@shows_errors_on(".show_component")
def ask_about(ref: str) -> ResponseReturnValue:
    """Asks the owners of what is known about it to look again."""
    with transaction() as session:
        tasks = ask_about_component(session, actor=current_member(), component=get_component(session, ref))
    flash(
        f"Asked about {count(len(tasks), 'insight')}; each waits on its owner’s home page for thirty days.", "success"
    )
    return redirect(url_for(".show_component", ref=ref), code=303)


def _sent() -> dict[str, Any]:
    form = ComponentForm()
    choose(form.services, [], optional=False)
    values = read_form(form)
    values.pop("services")
    return values


def _chosen_services(session: Session) -> Sequence[Service]:
    numbers = [number_or_none(value) for value in request.form.getlist("services")]
    found = (session.get(Service, number) for number in dict.fromkeys(numbers) if number is not None)
    return [service for service in found if service is not None]

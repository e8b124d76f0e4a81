from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from insights.capture.queries import list_studies
from insights.core.access import Permission
from insights.core.errors import InvalidInput
from insights.people.models import Team
from insights.people.operations import create_service, edit_service
from insights.people.queries import Choice, get_service, list_components, list_services, list_teams
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.exports import as_file, table_of
from research_hub.web.forms import choose, number_or_none, read_form
from research_hub.web.people.about import components_between, decisions_of_service, insights_about_service
from research_hub.web.people.blueprint import bp
from research_hub.web.people.forms import ServiceForm


@bp.get("/services")
@requires(Permission.READ)
def services() -> ResponseReturnValue:
    return render_template("people/services.html", rows=list_services(reading()))


@bp.get("/services.<extension>")
@requires(Permission.READ)
def export_services(extension: str) -> ResponseReturnValue:
    columns = ("Ref", "Name", "Phase", "Team", "Senior responsible owner", "Components")
    rows = [(row.ref, row.name, row.phase, row.team, row.owner, row.components) for row in list_services(reading())]
    return as_file(extension, table_of("Services", columns, rows))


@bp.get("/services/new")
@requires(Permission.EDIT_STUDIES)
def new_service() -> ResponseReturnValue:
    form = ServiceForm(data={"team_id": str(current_member().team_id)})
    choose(form.team_id, _team_choices(), optional=False)
    return render_template("people/service_form.html", form=form, service=None)


@bp.post("/services")
@requires(Permission.EDIT_STUDIES)
@shows_errors_on(".new_service")
def add_service() -> ResponseReturnValue:
    values = read_form(ServiceForm())
    team_id = number_or_none(values.pop("team_id"))
    del values["row_version"], values["assessed_on"]
    with transaction() as session:
        team = None if team_id is None else session.get(Team, team_id)
        if team is None:
            raise InvalidInput.of("team_id", "Choose the team that looks after the service.")
        service = create_service(session, actor=current_member(), team=team, **values)
    flash(f"Service “{service.name}” is in the register.", "success")
    return redirect(url_for(".show_service", ref=service.ref), code=303)


@bp.get("/services/<ref>")
@requires(Permission.READ)
def show_service(ref: str) -> ResponseReturnValue:
    session, member = reading(), current_member()
    service = get_service(session, ref)
    insights = insights_about_service(session, member, service)
    return render_template(
        "people/service.html",
        service=service,
        team=session.get(Team, service.team_id),
        components=list_components(session, service_id=service.id),
        studies=list_studies(session, member, service_id=service.id),
        insights=insights,
        through=components_between(session, service, insights),
        decisions=decisions_of_service(session, member, service),
    )


@bp.get("/services/<ref>/edit")
@requires(Permission.EDIT_STUDIES)
def edit_service_form(ref: str) -> ResponseReturnValue:
    service = get_service(reading(), ref)
    return render_template("people/service_form.html", form=ServiceForm(obj=service), service=service)


@bp.post("/services/<ref>")
@requires(Permission.EDIT_STUDIES)
@shows_errors_on(".edit_service_form")
def update_service(ref: str) -> ResponseReturnValue:
    values = read_form(ServiceForm())
    values.pop("team_id")
    values["row_version"] = number_or_none(values["row_version"])
    with transaction() as session:
        edit_service(session, actor=current_member(), service=get_service(session, ref), **values)
    flash("Service saved.", "success")
    return redirect(url_for(".show_service", ref=ref), code=303)


def _team_choices() -> list[Choice]:
    return [Choice(str(team.id), team.name) for team in list_teams(reading())]

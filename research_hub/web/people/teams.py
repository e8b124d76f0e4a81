from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from insights.core.access import Permission
from insights.core.errors import NotFound
from insights.people.models import Team
from insights.people.operations import configure_team, create_team
from insights.people.queries import get_team, list_teams
from insights.synthesis.freshness import HALF_LIFE_MONTHS
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.exports import as_file, table_of
from research_hub.web.forms import read_form
from research_hub.web.people.areas import looked_after
from research_hub.web.people.blueprint import bp
from research_hub.web.people.forms import NewTeamForm, TeamForm

DEFAULTS = {kind.value: months for kind, months in HALF_LIFE_MONTHS.items()}


@bp.get("/teams")
@requires(Permission.READ)
def teams() -> ResponseReturnValue:
    return render_template("people/teams.html", teams=_teams(), form=NewTeamForm(), defaults=DEFAULTS)


@bp.get("/teams.<extension>")
@requires(Permission.READ)
def export_teams(extension: str) -> ResponseReturnValue:
    columns = ("Ref", "Name", "Central", "Review required", *(f"Half-life in months: {kind}" for kind in DEFAULTS))
    rows = [
        (
            team.ref,
            team.name,
            "yes" if team.is_central else "no",
            "yes" if team.review_required else "no",
            *({**DEFAULTS, **_half_lives(team)}.values()),
        )
        for team in _teams()
    ]
    return as_file(extension, table_of("Teams", columns, rows))


@bp.post("/teams")
@requires(Permission.ADMINISTER)
@shows_errors_on(".teams")
def create() -> ResponseReturnValue:
    values = read_form(NewTeamForm())
    with transaction() as session:
        team = create_team(session, actor=current_member(), **values)
    flash(f"Team “{team.name}” created. Add its members next.", "success")
    return redirect(url_for(".teams"), code=303)


@bp.get("/teams/<ref>")
@requires(Permission.READ)
def show_team(ref: str) -> ResponseReturnValue:
    team = get_team(reading(), ref)
    if team.id not in looked_after():
        raise NotFound(ref)
    form = TeamForm(data={"review_required": team.review_required, **_half_lives(team)})
    return render_template("people/team_form.html", form=form, team=team, defaults=DEFAULTS)


@bp.post("/teams/<ref>")
@requires(Permission.READ)
@shows_errors_on(".show_team")
def configure(ref: str) -> ResponseReturnValue:
    values = read_form(TeamForm())
    review_required = values.pop("review_required")
    with transaction() as session:
        team = get_team(session, ref)
        if team.id not in looked_after():
            raise NotFound(ref)
        configure_team(
            session, actor=current_member(), team=team, review_required=review_required, half_life_months=values
        )
    flash(f"Settings of “{team.name}” saved.", "success")
    return redirect(url_for(".teams"), code=303)


def _teams() -> list[Team]:
    areas = looked_after()
    return [team for team in list_teams(reading()) if team.id in areas]


def _half_lives(team: Team) -> dict[str, float]:
    kept: dict[str, float] = team.settings.get("half_life_months") or {}
    return {kind: months for kind, months in kept.items() if kind in DEFAULTS}

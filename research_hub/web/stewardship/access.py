"""Who can see what, made from the rule itself, and access to a restricted study for a time."""

from __future__ import annotations

from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField, StringField, TextAreaField

from insights.capture.access import Sight
from insights.capture.break_glass import (
    GlassRow,
    ask_for_access,
    decide_on_access,
    end_access,
    get_glass,
    list_glass,
)
from insights.capture.models import GlassState
from insights.core.access import Permission
from insights.people.queries import list_teams
from insights.reports.table import Table
from insights.stewardship.audit.who_sees import PersonSight, StudySight, in_the_open, sights_by_person, sights_by_study
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.exports import as_file, table_of
from research_hub.web.forms import HubForm, number_or_none, read_form
from research_hub.web.stewardship.blueprint import bp

SHOWN = 200
SIGHTS = {Sight.NAMED: "named in the study", Sight.FOR_A_TIME: "let in for a time", Sight.OPEN: "open to everyone"}
LENGTHS = {1: "1 hour", 4: "4 hours", 8: "8 hours", 24: "1 day", 48: "2 days", 72: "3 days", 168: "7 days"}
STATES = {
    GlassState.ASKED: "waits for an answer",
    GlassState.APPROVED: "let in",
    GlassState.DECLINED: "declined",
    GlassState.TAKEN_BACK: "taken back",
    GlassState.ENDED: "ended early",
}


class GlassForm(HubForm):
    study = StringField("Which study", description="Its number, such as STU-7. Numbers stand under “Who can see what”.")
    reason = TextAreaField("Why you need to see it", description="The people of the study read this.")
    hours = SelectField("For how long", choices={str(hours): words for hours, words in LENGTHS.items()})


@bp.get("/access")
@requires(Permission.AUDIT)
def who_sees() -> ResponseReturnValue:
    """`by` is study or person."""
    session, member = reading(), current_member()
    by = "person" if request.args.get("by") == "person" else "study"
    team_id = number_or_none(request.args.get("team"))
    people = sights_by_person(session, member, team_id=team_id, limit=SHOWN + 1) if by == "person" else []
    studies = sights_by_study(session, member, limit=SHOWN + 1) if by == "study" else []
    return render_template(
        "stewardship/access.html",
        by=by,
        studies=studies[:SHOWN],
        people=people[:SHOWN],
        more=len(people) > SHOWN or len(studies) > SHOWN,
        opened=in_the_open(session),
        teams=list_teams(session),
        chosen=request.args.to_dict(),
        sights=SIGHTS,
    )


@bp.get("/access.<extension>")
@requires(Permission.AUDIT)
def export_who_sees(extension: str) -> ResponseReturnValue:
    """XLSX holds both tables; CSV the one that is shown."""
    session, member = reading(), current_member()
    tables = [_by_study(sights_by_study(session, member)), _by_person(sights_by_person(session, member))]
    return as_file(extension, *(reversed(tables) if request.args.get("by") == "person" else tables))


@bp.get("/access/for-a-time")
@requires(Permission.READ)
def access_for_a_time(ref: str = "") -> ResponseReturnValue:
    rows = list_glass(reading(), current_member(), limit=SHOWN)
    form = GlassForm(data={"study": request.args.get("study", ""), "hours": "8"})
    return render_template("stewardship/access_for_a_time.html", rows=rows, form=form, states=STATES, answered=ref)


@bp.get("/access/for-a-time.<extension>")
@requires(Permission.READ)
def export_access_for_a_time(extension: str) -> ResponseReturnValue:
    columns = ("Ref", "Study", "Who", "Reason", "Hours", "State", "Asked", "Decided by", "Decided", "Answer", "Until")
    rows = list_glass(reading(), current_member(), limit=None)
    return as_file(extension, table_of("Access for a time", (*columns, "Ended", "Ended by"), map(_exported, rows)))


@bp.post("/access/for-a-time")
@requires(Permission.AUDIT)
@shows_errors_on(".access_for_a_time")
def ask_for_a_time() -> ResponseReturnValue:
    values = read_form(GlassForm())
    with transaction() as session:
        ask_for_access(
            session,
            actor=current_member(),
            study_ref=values["study"],
            reason=values["reason"],
            hours=number_or_none(values["hours"]),
        )
    flash("Asked. The study’s lead, or somebody else who watches over data protection, answers here.", "success")
    return redirect(url_for(".access_for_a_time"), code=303)


@bp.post("/access/for-a-time/<ref>/decision")
@requires(Permission.READ)
@shows_errors_on(".access_for_a_time")
def decide_for_a_time(ref: str) -> ResponseReturnValue:
    """`decision` is approve or decline."""
    approve = request.form.get("decision") == "approve"
    with transaction() as session:
        glass = get_glass(session, current_member(), ref)
        decide_on_access(
            session, actor=current_member(), glass=glass, approve=approve, answer=request.form.get("answer", "")
        )
        until = glass.ends_at
    flash(f"Let in until {_moment(until)}." if until else "Declined.", "success")
    return redirect(url_for(".access_for_a_time"), code=303)


@bp.post("/access/for-a-time/<ref>/end")
@requires(Permission.READ)
@shows_errors_on(".access_for_a_time")
def end_for_a_time(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        end_access(session, actor=current_member(), glass=get_glass(session, current_member(), ref))
    flash("Ended. The study is out of sight from now on.", "success")
    return redirect(url_for(".access_for_a_time"), code=303)


def _moment(at: datetime | None) -> str:
    return "" if at is None else f"{at.astimezone():%d %B %Y, %H:%M}"


def _exported(row: GlassRow) -> tuple[str | int | datetime | None, ...]:
    return (
        *(row.ref, row.study_ref, row.holder, row.reason, row.hours, STATES[row.state], row.asked_at, row.decided_by),
        *(row.decided_at, row.answer, row.ends_at, row.ended_at, row.ended_by),
    )


def _by_study(rows: list[StudySight]) -> Table:
    columns = ("Study", "Title", "Team", "Lead", "Person", "Name", "Role", "By which rule", "Until")
    told = [
        (row.ref, row.title, row.team, row.lead, s.member_ref, s.name, s.role_label, SIGHTS[s.sight], s.until)
        for row in rows
        for s in row.seers
    ]
    unseen = [(row.ref, row.title, row.team, row.lead, "", "", "", "nobody", None) for row in rows if not row.seers]
    return table_of("Who sees restricted studies", columns, [*told, *unseen])


def _by_person(rows: list[PersonSight]) -> Table:
    columns = ("Person", "Name", "Role", "Team", "Across teams", "Looks after the team", "May", "Restricted studies")
    return table_of(
        "What people see",
        columns,
        [
            (
                *(row.ref, row.name, row.role_label, row.team),
                *("yes" if each else "no" for each in (row.is_central, row.administers_area)),
                ", ".join(each.value for each in row.beyond),
                ", ".join(each.ref for each in row.studies),
            )
            for row in rows
        ],
    )

"""The record of who did what."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from insights.core.access import Permission
from insights.people.queries import member_choices
from insights.stewardship.queries import PAGE, ActivityFilter, list_activity
from research_hub.db import reading
from research_hub.security import requires
from research_hub.web.exports import as_file, table_of
from research_hub.web.forms import day_or_none, number_or_none
from research_hub.web.stewardship.blueprint import bp


@bp.get("/activity")
@requires(Permission.AUDIT)
def activity() -> ResponseReturnValue:
    rows = list_activity(reading(), _filter(), before_id=number_or_none(request.args.get("before")), limit=PAGE + 1)
    return render_template(
        "stewardship/activity.html",
        rows=rows[:PAGE],
        more=len(rows) > PAGE,
        members=member_choices(reading()),
        chosen=request.args.to_dict(),
    )


@bp.get("/activity.<extension>")
@requires(Permission.AUDIT)
def export_activity(extension: str) -> ResponseReturnValue:
    rows = list_activity(reading(), _filter(), limit=None)
    columns = ("Number", "When (UTC)", "Who", "Did", "Kind", "Record", "More")
    return as_file(
        extension,
        table_of(
            "Activity",
            columns,
            [(r.id, r.at, r.actor, r.verb, r.subject_kind, r.subject_ref, r.detail_in_words) for r in rows],
        ),
    )


def _filter() -> ActivityFilter:
    return ActivityFilter(
        day_or_none(request.args.get("from")),
        day_or_none(request.args.get("to")),
        number_or_none(request.args.get("who")),
        request.args.get("ref", ""),
        access_only=request.args.get("what") == "access",
    )

"""Who saw what between two dates, and whether the record is whole."""

from __future__ import annotations

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue

from insights.core.access import Permission
from insights.people.queries import member_choices
from insights.stewardship.audit.anchors import anchor_now
from insights.stewardship.audit.checking import check_record
from insights.stewardship.audit.looks import PAGE, LookFilter, days_of, list_looks
from insights.stewardship.models import LookKind
from research_hub.anchors import kept_anchors
from research_hub.db import reading
from research_hub.security import requires
from research_hub.web.exports import as_file, table_of
from research_hub.web.forms import day_or_none, number_or_none
from research_hub.web.stewardship.blueprint import bp

KINDS = {
    LookKind.PAGE: "opened",
    LookKind.TEXT: "read the text of",
    LookKind.RECORDING: "opened the recording",
    LookKind.FILE: "took away a file",
    LookKind.PACK: "took away an evidence pack",
}


@bp.get("/looks")
@requires(Permission.AUDIT)
def looks() -> ResponseReturnValue:
    rows = list_looks(reading(), _filter(), before_id=number_or_none(request.args.get("before")), limit=PAGE + 1)
    return render_template(
        "stewardship/looks.html",
        days=days_of(rows[:PAGE]),
        last=rows[:PAGE][-1].id if rows else 0,
        more=len(rows) > PAGE,
        members=member_choices(reading()),
        kinds=KINDS,
        chosen={name: value for name, value in request.args.items() if value and name != "before"},
        months=current_app.extensions["settings"].looks_months,
    )


@bp.get("/looks.<extension>")
@requires(Permission.AUDIT)
def export_looks(extension: str) -> ResponseReturnValue:
    """All that the filters leave; that it was taken away is a look itself."""
    rows = list_looks(reading(), _filter(), limit=None)
    columns = ("Number", "When (UTC)", "Who", "Did", "Record", "Study", "Restricted", "Address")
    return as_file(
        extension,
        table_of(
            "Who saw what",
            columns,
            [
                (r.id, r.at, r.who, KINDS[r.kind], r.ref, r.study_ref, "yes" if r.restricted else "no", r.what)
                for r in rows
            ],
        ),
    )


@bp.get("/record")
@requires(Permission.AUDIT)
def record_state() -> ResponseReturnValue:
    """With `?check` the record is walked from its first entry to its last."""
    session, anchors = reading(), kept_anchors(current_app.extensions["settings"].data)
    return render_template(
        "stewardship/record.html",
        anchor=anchor_now(session),
        anchors=list(reversed(anchors)),
        checked=check_record(session, anchors) if "check" in request.args else [],
    )


def _filter() -> LookFilter:
    kind = request.args.get("kind", "")
    return LookFilter(
        day_or_none(request.args.get("from")),
        day_or_none(request.args.get("to")),
        number_or_none(request.args.get("who")),
        request.args.get("ref", ""),
        LookKind(kind) if kind in set(LookKind) else None,
    )

"""The queue of checks: who has to look at what, and when."""

from __future__ import annotations

from datetime import timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue

from insights.core.access import Permission
from insights.core.clock import today
from insights.decisions.queries import CheckRow, due_checks
from research_hub.db import reading
from research_hub.security import current_member, requires
from research_hub.web.decisions.blueprint import bp
from research_hub.web.decisions.states import check_words
from research_hub.web.exports import Value, as_file, table_of

SOON = timedelta(days=14)
SHOWN = 200
_COLUMNS = ("Ref", "Decision", "Service", "Measure", "Unit", "Baseline", "Target", "Due", "Days overdue", "Owner")


@bp.get("/checks")
@requires(Permission.READ)
def queue() -> ResponseReturnValue:
    """Overdue and due within two weeks, or all that are planned."""
    rows = _due(limit=SHOWN + 1)
    return render_template(
        "decisions/checks.html",
        rows=[(row, check_words(row)) for row in rows[:SHOWN]],
        more=len(rows) > SHOWN,
        overdue=sum(1 for row in rows if row.days_overdue),
        chosen={name: value for name, value in request.args.items() if value},
    )


@bp.get("/checks.<extension>")
@requires(Permission.READ)
def export_checks(extension: str) -> ResponseReturnValue:
    return as_file(extension, table_of("Checks", _COLUMNS, [_exported(row) for row in _due()]))


def _due(limit: int | None = None) -> list[CheckRow]:
    session = reading()
    until = None if request.args.get("all") else today(session) + SOON
    return due_checks(session, current_member(), until=until, mine=bool(request.args.get("mine")), limit=limit)


def _exported(row: CheckRow) -> tuple[Value, ...]:
    about = (row.decision_ref, row.decision, row.service, row.measure, row.unit, row.baseline, row.target)
    return (*about, row.due_on, row.days_overdue, row.owner)

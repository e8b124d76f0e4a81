from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from insights.core.access import Permission
from insights.core.clock import today
from insights.reports.documents import use_report
from insights.reports.use import SMALLEST_GROUP, use_of
from research_hub.db import reading
from research_hub.security import requires
from research_hub.web.exports import as_report
from research_hub.web.reports.blueprint import bp
from research_hub.web.reports.choice import read_period


@bp.get("/reports/use")
@requires(Permission.READ)
def use() -> ResponseReturnValue:
    """Is it a library or a filing cabinet: by role and team, and nobody by name."""
    report = use_of(reading(), read_period())
    return render_template("reports/use.html", report=report, address=_address(), smallest=SMALLEST_GROUP)


@bp.get("/reports/use.<extension>")
@requires(Permission.READ)
def export_use(extension: str) -> ResponseReturnValue:
    return as_report(extension, use_report(use_of(reading(), read_period()), today(reading())))


def _address() -> dict[str, str]:
    period = read_period()
    return {"from": period.start.isoformat(), "to": period.end.isoformat()}

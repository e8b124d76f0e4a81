from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from insights.core.access import Permission
from insights.reports.chain_documents import flow_report
from insights.reports.flow import flow as compute_flow
from insights.reports.flow import laid_out
from research_hub.security import requires
from research_hub.web.exports import as_report
from research_hub.web.reports.blueprint import bp
from research_hub.web.reports.choice import read_choice

ROWS_SHOWN = 200


@bp.get("/reports/flow")
@requires(Permission.READ)
def flow() -> ResponseReturnValue:
    """From studies to outcomes; `source` and `target` of the address open the rows behind one band."""
    choice = read_choice()
    found = compute_flow(choice.base, choice.period)
    opened = found.band(request.args.get("source", ""), request.args.get("target", ""))
    return render_template(
        "reports/flow.html",
        choice=choice,
        flow=found,
        drawing=laid_out(found),
        opened=opened,
        rows=opened.rows[:ROWS_SHOWN] if opened else (),
    )


@bp.get("/reports/flow.<extension>")
@requires(Permission.READ)
def export_flow(extension: str) -> ResponseReturnValue:
    choice = read_choice()
    return as_report(extension, flow_report(compute_flow(choice.base, choice.period), choice.scope))

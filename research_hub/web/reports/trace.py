from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from insights.core.access import Permission
from insights.reports.graph import Stage
from insights.reports.trace import trace as compute_trace
from research_hub.db import reading
from research_hub.security import current_member, requires
from research_hub.web.exports import as_file
from research_hub.web.reports.blueprint import bp


@bp.get("/reports/trace/<ref>")
@requires(Permission.READ)
def trace(ref: str) -> ResponseReturnValue:
    """From a record upstream to the raw quote and downstream to the outcome (features.md G10)."""
    depth = 1 if request.args.get("depth") == "1" else None
    found = compute_trace(reading(), current_member(), ref, depth=depth)
    titles = {node.ref: node for nodes in found.stages.values() for node in nodes}
    return render_template("reports/trace.html", trace=found, order=list(Stage), titles=titles, full=depth is None)


@bp.get("/reports/trace/<ref>.<extension>")
@requires(Permission.READ)
def export_trace(ref: str, extension: str) -> ResponseReturnValue:
    return as_file(extension, *compute_trace(reading(), current_member(), ref).as_table())

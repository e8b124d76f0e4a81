from __future__ import annotations

from flask import jsonify, render_template, request
from flask.typing import ResponseReturnValue

from insights.core.access import Permission
from insights.core.clock import today
from insights.reports.chain_documents import trace_report
from insights.reports.graph import Stage, layered
from insights.reports.trace import Trace
from insights.reports.trace import trace as compute_trace
from research_hub.db import reading
from research_hub.security import current_member, requires
from research_hub.web.exports import as_report
from research_hub.web.forms import number_or_none
from research_hub.web.reports.blueprint import bp
from research_hub.web.words import count

FORMS = {"thread": "Thread", "drawing": "Drawing", "table": "Table"}
DEPTHS = {"1": "What touches it", "2": "Two steps", "full": "The whole thread"}


@bp.get("/reports/trace/<ref>")
@requires(Permission.READ)
def trace(ref: str) -> ResponseReturnValue:
    """From a record upstream to the raw quote and downstream to the outcome (features.md G10)."""
    found = _trace(ref)
    form = request.args.get("form", "thread")
    return render_template(
        "reports/trace.html",
        trace=found,
        order=list(Stage),
        form=form if form in FORMS else "thread",
        forms=FORMS,
        depth=request.args.get("depth") or "full",
        depths=DEPTHS,
        drawing=layered(found.graph, found.ref) if form == "drawing" else None,
        upstream=found.counts(found.graph.upstream(found.ref)),
        downstream=found.counts(found.graph.downstream(found.ref)),
    )


@bp.get("/reports/trace/<ref>.<extension>")
@requires(Permission.READ)
def export_trace(ref: str, extension: str) -> ResponseReturnValue:
    found = _trace(ref)
    if extension == "json":
        return jsonify(found.as_json())
    depth = number_or_none(request.args.get("depth"))
    steps = f"As far as {count(depth, 'step')} from it" if depth else DEPTHS["full"]
    return as_report(extension, trace_report(found, today(reading()), steps))


def _trace(ref: str) -> Trace:
    """`depth` of the address is a number of steps; anything else is the whole thread."""
    depth = number_or_none(request.args.get("depth"))
    return compute_trace(reading(), current_member(), ref, depth=depth or None)

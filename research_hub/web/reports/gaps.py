from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from insights.core.access import Permission
from insights.reports.chain_documents import gaps_report
from insights.reports.gaps import gaps as compute_gaps
from research_hub.security import requires
from research_hub.web.exports import as_report
from research_hub.web.reports.blueprint import bp
from research_hub.web.reports.choice import read_choice


@bp.get("/reports/gaps")
@requires(Permission.READ)
def gaps() -> ResponseReturnValue:
    choice = read_choice()
    return render_template("reports/gaps.html", choice=choice, report=compute_gaps(choice.base))


@bp.get("/reports/gaps.<extension>")
@requires(Permission.READ)
def export_gaps(extension: str) -> ResponseReturnValue:
    choice = read_choice()
    return as_report(extension, gaps_report(compute_gaps(choice.base), choice.scope))

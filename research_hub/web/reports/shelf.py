from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from insights.core.access import Permission
from insights.people.queries import Choice
from insights.reports.documents import shelf_report
from insights.reports.shelf import AgeBand, ShelfReport
from insights.reports.shelf import shelf as compute_shelf
from research_hub.security import requires
from research_hub.web.exports import as_report
from research_hub.web.forms import number_or_none
from research_hub.web.reports.blueprint import bp
from research_hub.web.reports.choice import ReportChoice, read_choice


@bp.get("/reports/shelf")
@requires(Permission.READ)
def shelf() -> ResponseReturnValue:
    choice = read_choice()
    band = request.args.get("band", "")
    report = _report(choice)
    rows = [row for row in report.rows if not band or row.band == band]
    return render_template(
        "reports/shelf.html",
        choice=choice,
        report=report,
        rows=rows,
        band=band,
        bands=list(AgeBand),
        owners=_owners(choice),
        owner=request.args.get("owner", ""),
    )


@bp.get("/reports/shelf.<extension>")
@requires(Permission.READ)
def export_shelf(extension: str) -> ResponseReturnValue:
    choice = read_choice()
    return as_report(extension, shelf_report(_report(choice), choice.scope))


def _owners(choice: ReportChoice) -> list[Choice]:
    """Those who own an insight that the report could show, by name."""
    found = {(each.owner, each.owner_id) for each in choice.base.insights.values() if each.owner_id is not None}
    return [Choice(str(number), name) for name, number in sorted(found)]


def _report(choice: ReportChoice) -> ShelfReport:
    return compute_shelf(choice.base, owner_id=number_or_none(request.args.get("owner")))

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from insights.core.access import Permission
from insights.reports.matrix import Matrix, MatrixFilters
from insights.reports.matrix import matrix as compute_matrix
from insights.reports.matrix_document import matrix_report
from insights.reports.standing import COVERAGE_MEANINGS, EVIDENCE_MEANINGS, DecisionEvidence, InsightCoverage
from research_hub.security import requires
from research_hub.web.exports import as_report, asked, is_printed
from research_hub.web.forms import number_or_none
from research_hub.web.reports.blueprint import bp
from research_hub.web.reports.choice import ReportChoice, read_links_choice

ROWS, COLUMNS = 40, 12


@bp.get("/reports/matrix")
@requires(Permission.READ)
def matrix() -> ResponseReturnValue:
    choice = read_links_choice()
    found = _matrix(choice)
    page = found.page(
        number_or_none(request.args.get("row")) or 0, ROWS, number_or_none(request.args.get("column")) or 0, COLUMNS
    )
    return render_template(
        "reports/matrix.html",
        choice=choice,
        matrix=found,
        page=page,
        totals=found.totals(),
        chosen=asked("service", "from", "to", "coverage", "evidence", "gaps"),
        steps=(ROWS, COLUMNS),
        coverages=COVERAGE_MEANINGS,
        evidences=EVIDENCE_MEANINGS,
    )


@bp.get("/reports/matrix.<extension>")
@requires(Permission.READ)
def export_matrix(extension: str) -> ResponseReturnValue:
    choice = read_links_choice()
    # The grid of a large matrix is the work of seconds and no part of what is printed.
    return as_report(extension, matrix_report(_matrix(choice), _scope(choice), with_workbook=not is_printed(extension)))


def _matrix(choice: ReportChoice) -> Matrix:
    coverage, evidence = request.args.get("coverage"), request.args.get("evidence")
    filters = MatrixFilters(
        service_id=choice.service_id,
        period=choice.period if request.args.get("from") or request.args.get("to") else None,
        coverage=InsightCoverage(coverage) if coverage in list(InsightCoverage) else None,
        evidence=DecisionEvidence(evidence) if evidence in list(DecisionEvidence) else None,
        only_gaps=bool(request.args.get("gaps")),
    )
    return compute_matrix(choice.base, filters)


def _scope(choice: ReportChoice) -> str:
    """What was asked for, in words, so that a file tells of which part of the matrix it is."""
    given = request.args
    period = f"decided {choice.period.words}" if given.get("from") or given.get("to") else ""
    coverage, evidence = given.get("coverage", ""), given.get("evidence", "")
    only = [
        f"insights that are {coverage}" if coverage in list(InsightCoverage) else "",
        f"decisions that are {evidence.replace('_', ' ')}" if evidence in list(DecisionEvidence) else "",
        "gaps alone" if given.get("gaps") else "",
    ]
    return ", ".join(filter(None, (choice.scope, period, *only)))

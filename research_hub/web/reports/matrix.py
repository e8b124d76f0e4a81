from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from insights.core.access import Permission
from insights.reports.matrix import Matrix, MatrixFilters
from insights.reports.matrix import matrix as compute_matrix
from insights.reports.standing import DecisionEvidence, InsightCoverage
from research_hub.security import requires
from research_hub.web.exports import as_file
from research_hub.web.forms import number_or_none
from research_hub.web.reports.blueprint import bp
from research_hub.web.reports.choice import ReportChoice, read_links_choice

ROWS, COLUMNS = 40, 12
COVERAGE_MEANINGS = {
    InsightCoverage.UNCOVERED: "no decision in force rests on it",
    InsightCoverage.SHALLOW: "evidence for a decision in force",
    InsightCoverage.DEEP: "and one of those is live, with an outcome that was measured",
}
EVIDENCE_MEANINGS = {
    DecisionEvidence.UNEVIDENCED: "no insight linked as evidence, and no basis declared",
    DecisionEvidence.DECLARED_BASIS: "rests on law, security, cost or judgement, as declared",
    DecisionEvidence.EVIDENCED: "rests on insights, of which at least one changed, ended or is contradicted",
    DecisionEvidence.EVIDENCED_AND_CURRENT: "rests on insights that all still hold",
}


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
        chosen=request.args,
        steps=(ROWS, COLUMNS),
        coverages=COVERAGE_MEANINGS,
        evidences=EVIDENCE_MEANINGS,
    )


@bp.get("/reports/matrix.<extension>")
@requires(Permission.READ)
def export_matrix(extension: str) -> ResponseReturnValue:
    return as_file(extension, *_matrix(read_links_choice()).as_table())


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

"""The matrix made ready to leave: the grid in the workbook, and on paper as far as a page is wide enough for it."""

from __future__ import annotations

from collections import Counter

from insights.reports.days import day_in_words
from insights.reports.matrix import Matrix
from insights.reports.metrics.metric import counted
from insights.reports.report import Place, Report, Section
from insights.reports.standing import COVERAGE_MEANINGS, EVIDENCE_MEANINGS, DecisionEvidence, InsightCoverage
from insights.reports.table import Table

DECISIONS_ON_A_PAGE = 6
"""As many columns of a matrix as can be read on paper."""


def matrix_report(matrix: Matrix, scope: str, *, with_workbook: bool = True) -> Report:
    """`scope` says what was chosen, as in 'All services'; `with_workbook` is False where only print is asked for.

    The grid of a large matrix has millions of cells, most of them empty, so it is made for the workbook alone.
    """
    workbook = matrix.as_table() if with_workbook else []
    sections = (
        Section("How far insights got", table=_coverage_table(matrix), place=Place.PRINT),
        Section("What decisions rest on", table=_evidence_table(matrix), place=Place.PRINT),
        _grid_section(matrix),
        Section("Linked pairs", table=matrix.pairs_table(), place=Place.PRINT),
        Section("Insights without a link", table=_insights_without_link(matrix), place=Place.PRINT),
        Section("Decisions without a link", table=_decisions_without_link(matrix), place=Place.PRINT),
        *(Section(table.name, table=table, place=Place.WORKBOOK) for table in workbook),
    )
    cautions = (
        "It covers what you may see. An insight without a link may have a reasoned no for an answer.",
        "A link says that research was known, not that the decision is good.",
    )
    return Report(
        "matrix",
        "Insights against decisions",
        f"{scope}, as of {day_in_words(matrix.on)}.",
        matrix.on,
        sections,
        cautions,
    )


def _grid_section(matrix: Matrix) -> Section:
    title = "Insights against decisions"
    if len(matrix.columns) <= DECISIONS_ON_A_PAGE:
        return Section(title, table=matrix.grid_table(), place=Place.PRINT)
    size = f"{counted(len(matrix.rows), 'insight')} by {counted(len(matrix.columns), 'decision')}"
    files = "have the matrix itself" if matrix.fits_a_sheet else "list them too, for the grid is too large for a sheet"
    words = (
        f"The matrix has {size} and is too wide for a page. Below are all of its cells that hold a link; the workbook "
        f"(XLSX) and the CSV file {files}."
    )
    return Section(title, (words,), place=Place.PRINT)


def _coverage_table(matrix: Matrix) -> Table:
    counts = Counter(row.status for row in matrix.rows)
    rows = [(_words(status), counts[status], len(matrix.rows), said) for status, said in COVERAGE_MEANINGS.items()]
    return Table("Coverage", ("State", "Insights", "Of", "Which means"), tuple(rows))


def _evidence_table(matrix: Matrix) -> Table:
    counts = Counter(column.status for column in matrix.columns)
    rows = [(_words(status), counts[status], len(matrix.columns), said) for status, said in EVIDENCE_MEANINGS.items()]
    return Table("Evidence", ("State", "Decisions", "Of", "Which means"), tuple(rows))


def _insights_without_link(matrix: Matrix) -> Table:
    rows = tuple((row.ref, row.claim, row.service) for row in matrix.rows if row.is_empty)
    return Table("Insights without a link", ("Insight", "Claim", "Service"), rows)


def _decisions_without_link(matrix: Matrix) -> Table:
    rows = tuple(
        (column.ref, column.title, column.service, column.decided_on, _words(column.status))
        for column in matrix.columns
        if column.is_empty
    )
    return Table("Decisions without a link", ("Decision", "Title", "Service", "Decided", "Rests on"), rows)


def _words(status: InsightCoverage | DecisionEvidence) -> str:
    return status.value.replace("_", " ")

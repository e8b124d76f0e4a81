"""Chooses rows and columns by the filters, and fills the cells."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from insights.decisions.models import DecisionStatus, LinkStatus
from insights.reports.facts import DecisionFact, EvidenceBase, InsightFact, LinkFact
from insights.reports.matrix.grid import Cell, CellLink, Matrix, MatrixColumn, MatrixFilters, MatrixRow
from insights.reports.standing import (
    DecisionEvidence,
    InsightCoverage,
    coverage_of,
    evidence_of,
    has_ended,
    is_retrospective,
    statuses_of_links,
)
from insights.reports.uncollected import uncollected

_NOT_SHOWN = {DecisionStatus.DRAFT, DecisionStatus.REJECTED}
_WITHOUT_EVIDENCE = {DecisionEvidence.UNEVIDENCED, DecisionEvidence.DECLARED_BASIS}


def matrix(base: EvidenceBase, filters: MatrixFilters | None = None, on: date | None = None) -> Matrix:
    """The matrix as it stood on a day, today by default.

    Rows are the insights published by then, columns the decisions proposed or accepted; both of the base's scope, and
    beyond it where a link leads there. Superseded and retired insights appear while something is linked to them.
    """
    with uncollected():
        day = base.today if on is None else on
        chosen = filters or MatrixFilters()
        linked = [link for link in base.links if link.linked_on <= day]
        statuses = statuses_of_links(base, day)
        coverage = _coverage_of_rows(base, chosen, linked, day)
        evidence = _evidence_of_columns(base, chosen, linked, day, statuses)
        shown = [link for link in linked if link.insight_id in coverage and link.decision_id in evidence]
        columns = _columns(base, evidence, shown, chosen)
        return Matrix(
            day, chosen, _rows(base, coverage, shown, chosen, columns), columns, _cells(base, shown, statuses)
        )


def _coverage_of_rows(
    base: EvidenceBase, filters: MatrixFilters, linked: Iterable[LinkFact], on: date
) -> dict[int, InsightCoverage]:
    """The ids of the insights that belong in, with how far each got."""
    wanted = {decision.id for decision in base.decisions_in_scope if _belongs(decision, filters)}
    beyond = {link.insight_id for link in linked if link.decision_id in wanted}
    found = {}
    for insight in base.insights.values():
        if not ((insight.in_scope and _belongs(insight, filters)) or insight.id in beyond):
            continue
        if _is_shown(base, insight, on):
            found[insight.id] = coverage_of(base, insight, on)
    return {
        insight_id: status
        for insight_id, status in found.items()
        if filters.coverage in {None, status} and not (filters.only_gaps and status is not InsightCoverage.UNCOVERED)
    }


def _evidence_of_columns(
    base: EvidenceBase,
    filters: MatrixFilters,
    linked: Iterable[LinkFact],
    on: date,
    statuses: Mapping[int, LinkStatus],
) -> dict[int, DecisionEvidence]:
    """The ids of the decisions that belong in, with what each rests on."""
    wanted = {insight.id for insight in base.insights_in_scope if _belongs(insight, filters)}
    beyond = {link.decision_id for link in linked if link.insight_id in wanted}
    found = {}
    for decision in base.decisions.values():
        if not ((decision.in_scope and _belongs(decision, filters)) or decision.id in beyond):
            continue
        if decision.status not in _NOT_SHOWN and _is_decided_in(decision, filters, on):
            found[decision.id] = evidence_of(base, decision, on, statuses)
    return {
        decision_id: status
        for decision_id, status in found.items()
        if filters.evidence in {None, status} and not (filters.only_gaps and status not in _WITHOUT_EVIDENCE)
    }


def _belongs(record: InsightFact | DecisionFact, filters: MatrixFilters) -> bool:
    return filters.service_id in {None, record.service_id} and filters.team_id in {None, record.team_id}


def _is_shown(base: EvidenceBase, insight: InsightFact, on: date) -> bool:
    if insight.published_on is None or insight.published_on > on:
        return False
    return not has_ended(insight, on) or insight.id in base.links_of_insight


def _is_decided_in(decision: DecisionFact, filters: MatrixFilters, on: date) -> bool:
    """Proposed ones have no date yet: they show unless a period is asked for."""
    if filters.period is not None:
        return decision.decided_on in filters.period
    return decision.decided_on is None or decision.decided_on <= on


def _columns(
    base: EvidenceBase, evidence: Mapping[int, DecisionEvidence], shown: Iterable[LinkFact], filters: MatrixFilters
) -> tuple[MatrixColumn, ...]:
    """Newest decision first, those without a date last."""
    links = Counter(link.decision_id for link in shown)
    made = [_column(base.decisions[key], status, links[key]) for key, status in evidence.items()]
    kept = [column for column in made if column.links or not filters.only_linked]
    return tuple(sorted(kept, key=lambda column: (column.decided_on or date.min, column.id), reverse=True))


def _column(decision: DecisionFact, status: DecisionEvidence, links: int) -> MatrixColumn:
    return MatrixColumn(decision.id, decision.ref, decision.title, decision.service, decision.decided_on, status, links)


def _rows(
    base: EvidenceBase,
    coverage: Mapping[int, InsightCoverage],
    shown: Iterable[LinkFact],
    filters: MatrixFilters,
    columns: tuple[MatrixColumn, ...],
) -> tuple[MatrixRow, ...]:
    """In the order of the first column each is linked to, so that links gather along the diagonal; empty rows last."""
    links = Counter(link.insight_id for link in shown)
    places = {column.id: place for place, column in enumerate(columns)}
    first: dict[int, int] = {}
    for link in shown:
        first[link.insight_id] = min(places[link.decision_id], first.get(link.insight_id, len(places)))
    made = [_row(base.insights[key], status, links[key]) for key, status in coverage.items()]
    kept = [row for row in made if row.links or not filters.only_linked]
    return tuple(sorted(kept, key=lambda row: (first.get(row.id, len(places)), row.id)))


def _row(insight: InsightFact, status: InsightCoverage, links: int) -> MatrixRow:
    return MatrixRow(insight.id, insight.ref, insight.claim, insight.service, status, links)


def _cells(
    base: EvidenceBase, shown: Iterable[LinkFact], statuses: Mapping[int, LinkStatus]
) -> dict[tuple[int, int], Cell]:
    gathered: defaultdict[tuple[int, int], list[CellLink]] = defaultdict(list)
    for link in shown:
        late = is_retrospective(link, base.insights[link.insight_id], base.decisions[link.decision_id])
        made = CellLink(link.ref, link.type, statuses[link.id], late, link.rationale)
        gathered[link.insight_id, link.decision_id].append(made)
    return {key: tuple(cell) for key, cell in gathered.items()}

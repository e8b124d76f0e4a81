"""What a matrix is: rows, columns, the cells that hold links, the window a page shows, and the ways out of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from insights.decisions.link_status import LINK_STATUS_WORDS
from insights.decisions.models import LinkStatus, LinkType
from insights.reports.days import Period
from insights.reports.standing import (
    DecisionEvidence,
    InsightCoverage,
)
from insights.reports.table import Table, Value

LARGEST_GRID = 2_000_000
"""Cells beyond which a grid is not written: a sheet of 10,000 by 3,000 has thirty million, nearly all of them empty."""

LINK_TYPE_WORDS: dict[LinkType, str] = {kind: kind.value.replace("_", " ") for kind in LinkType}


@dataclass(frozen=True, slots=True)
class MatrixFilters:
    """None stands for all. `period` is that of the decision date.

    `only_gaps` keeps the uncovered insights and the decisions without evidence; `only_linked` keeps what has a link.
    """

    service_id: int | None = None
    team_id: int | None = None
    period: Period | None = None
    coverage: InsightCoverage | None = None
    evidence: DecisionEvidence | None = None
    only_gaps: bool = False
    only_linked: bool = False

    def as_json(self) -> dict[str, object]:
        return {
            "service_id": self.service_id,
            "team_id": self.team_id,
            "decided_from": None if self.period is None else self.period.start.isoformat(),
            "decided_to": None if self.period is None else self.period.end.isoformat(),
            "coverage": None if self.coverage is None else self.coverage.value,
            "evidence": None if self.evidence is None else self.evidence.value,
            "only_gaps": self.only_gaps,
            "only_linked": self.only_linked,
        }


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """An insight. `links` counts its links to the decisions of this matrix; none makes the row empty."""

    id: int
    ref: str
    claim: str
    service: str
    status: InsightCoverage
    links: int

    @property
    def is_empty(self) -> bool:
        return self.links == 0


@dataclass(frozen=True, slots=True)
class MatrixColumn:
    """A decision. `links` counts its links to the insights of this matrix; none makes the column empty."""

    id: int
    ref: str
    title: str
    service: str
    decided_on: date | None
    status: DecisionEvidence
    links: int

    @property
    def is_empty(self) -> bool:
        return self.links == 0


@dataclass(frozen=True, slots=True)
class CellLink:
    ref: str
    type: LinkType
    status: LinkStatus
    is_retrospective: bool
    rationale: str

    @property
    def words(self) -> str:
        """'changed (current)', 'informed (evidence changed since, retrospective)'."""
        late = ", retrospective" if self.is_retrospective else ""
        return f"{LINK_TYPE_WORDS[self.type]} ({LINK_STATUS_WORDS[self.status]}{late})"


Cell = tuple[CellLink, ...]


@dataclass(frozen=True, slots=True)
class MatrixPage:
    """`grid` has one list a row and one cell, maybe empty, a column. The totals are those of the whole matrix."""

    rows: tuple[MatrixRow, ...]
    columns: tuple[MatrixColumn, ...]
    grid: tuple[tuple[Cell, ...], ...]
    first_row: int
    first_column: int
    total_rows: int
    total_columns: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """`cells` are keyed by insight id and decision id. Decisions run newest first, insights as they are met by them."""

    on: date
    filters: MatrixFilters
    rows: tuple[MatrixRow, ...]
    columns: tuple[MatrixColumn, ...]
    cells: Mapping[tuple[int, int], Cell]

    def page(self, first_row: int = 0, rows: int = 50, first_column: int = 0, columns: int = 20) -> MatrixPage:
        """A window of the matrix, counted from 0; one that begins beyond the end is empty."""
        row_start, column_start = max(0, first_row), max(0, first_column)
        shown_rows = self.rows[row_start : row_start + max(0, rows)]
        shown_columns = self.columns[column_start : column_start + max(0, columns)]
        return MatrixPage(
            shown_rows,
            shown_columns,
            tuple(tuple(self.cells.get((row.id, column.id), ()) for column in shown_columns) for row in shown_rows),
            row_start,
            column_start,
            len(self.rows),
            len(self.columns),
        )

    def totals(self) -> dict[str, int | dict[str, int]]:
        """Counts of insights, decisions and links, by state; empty rows and columns counted."""
        links = [link for cell in self.cells.values() for link in cell]
        coverage = Counter(row.status for row in self.rows)
        evidence = Counter(column.status for column in self.columns)
        return {
            "insights": len(self.rows),
            "decisions": len(self.columns),
            "links": len(links),
            "insights_by_status": {status.value: coverage[status] for status in InsightCoverage},
            "decisions_by_status": {status.value: evidence[status] for status in DecisionEvidence},
            "links_by_type": _counts(LinkType, (link.type for link in links)),
            "links_by_status": _counts(LinkStatus, (link.status for link in links)),
            "retrospective_links": sum(link.is_retrospective for link in links),
            "empty_rows": sum(row.is_empty for row in self.rows),
            "empty_columns": sum(column.is_empty for column in self.columns),
        }

    def as_json(self) -> dict[str, object]:
        """{"as_of", "filters", "insights": [...], "decisions": [...], "links": [...], "totals": {...}}."""
        return {
            "as_of": self.on.isoformat(),
            "filters": self.filters.as_json(),
            "insights": [_row_json(row) for row in self.rows],
            "decisions": [_column_json(column) for column in self.columns],
            "links": [_link_json(*listed) for listed in self._listed_links()],
            "totals": self.totals(),
        }

    def as_table(self) -> list[Table]:
        """The matrix as on screen, then its insights, decisions and links as lists, and the totals.

        Where the grid is too large for a sheet, the cells that hold a link stand in its place, as a list.
        """
        totals: list[tuple[Value, ...]] = []
        for name, count in self.totals().items():
            counts = count.items() if isinstance(count, dict) else [("", count)]
            totals += [(_words(name), _words(term), number) for term, number in counts]
        return [
            self.grid_table() if self.fits_a_sheet else self.pairs_table(),
            self._insights_table(),
            self._decisions_table(),
            self._links_table(),
            Table("Totals", ("What", "State", "Count"), tuple(totals)),
        ]

    @property
    def fits_a_sheet(self) -> bool:
        return len(self.rows) * len(self.columns) <= LARGEST_GRID

    def pairs_table(self) -> Table:
        """Each link with the words of both ends, in the order of the matrix."""
        claims = {row.id: f"{row.ref} {row.claim}" for row in self.rows}
        titles = {column.id: f"{column.ref} {column.title}" for column in self.columns}
        places = {row.id: place for place, row in enumerate(self.rows)}
        orders = {column.id: place for place, column in enumerate(self.columns)}
        cells = sorted(self.cells.items(), key=lambda cell: (places[cell[0][0]], orders[cell[0][1]]))
        rows = tuple(
            (claims[insight], titles[decision], link.words, link.rationale)
            for (insight, decision), links in cells
            for link in links
        )
        return Table("Linked pairs", ("Insight", "Decision", "What it did", "Why"), rows)

    def grid_table(self) -> Table:
        """One row an insight and one column a decision, the last row with the columns' totals."""
        columns = ("Insight", "Claim", "Status", "Links", *(column.ref for column in self.columns))
        places = {column.id: place for place, column in enumerate(self.columns, start=4)}
        by_insight: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
        for (insight_id, decision_id), cell in self.cells.items():
            by_insight[insight_id].append((places[decision_id], "; ".join(link.words for link in cell)))
        rows = [_grid_row(row, len(columns), by_insight[row.id]) for row in self.rows]
        rows.append(("", "Decision status", "", None, *(_words(column.status.value) for column in self.columns)))
        total = sum(row.links for row in self.rows)
        rows.append(("", "Links", "", total, *(column.links for column in self.columns)))
        return Table("Matrix", columns, tuple(rows))

    def _insights_table(self) -> Table:
        rows = tuple(
            (row.ref, row.claim, row.service, _words(row.status.value), row.links, row.is_empty) for row in self.rows
        )
        return Table("Insights", ("Reference", "Claim", "Service", "Status", "Links", "Empty"), rows)

    def _decisions_table(self) -> Table:
        rows = tuple(
            (
                column.ref,
                column.title,
                column.service,
                column.decided_on,
                _words(column.status.value),
                column.links,
                column.is_empty,
            )
            for column in self.columns
        )
        return Table("Decisions", ("Reference", "Title", "Service", "Decided", "Status", "Links", "Empty"), rows)

    def _links_table(self) -> Table:
        rows = tuple(
            (
                link.ref,
                row_ref,
                column_ref,
                LINK_TYPE_WORDS[link.type],
                LINK_STATUS_WORDS[link.status],
                link.is_retrospective,
                link.rationale,
            )
            for link, row_ref, column_ref in self._listed_links()
        )
        columns = ("Reference", "Insight", "Decision", "Type", "Status", "Retrospective", "Why")
        return Table("Links", columns, rows)

    def _listed_links(self) -> list[tuple[CellLink, str, str]]:
        """Each link with the refs of its insight and decision, in the order of its number."""
        listed = [
            (link, f"INS-{insight_id}", f"DEC-{decision_id}")
            for (insight_id, decision_id), cell in self.cells.items()
            for link in cell
        ]
        return sorted(listed, key=lambda entry: int(entry[0].ref.rpartition("-")[2]))


def _counts(terms: type[LinkType | LinkStatus], found: Iterable[LinkType | LinkStatus]) -> dict[str, int]:
    counts = Counter(term.value for term in found)
    return {term.value: counts[term.value] for term in terms}


def _words(term: str) -> str:
    return term.replace("_", " ")


def _grid_row(row: MatrixRow, width: int, filled: Iterable[tuple[int, str]]) -> tuple[Value, ...]:
    values: list[Value] = [None] * width
    values[:4] = [row.ref, row.claim, _words(row.status.value), row.links]
    for place, words in filled:
        values[place] = words
    return tuple(values)


def _row_json(row: MatrixRow) -> dict[str, object]:
    return {
        "ref": row.ref,
        "claim": row.claim,
        "service": row.service,
        "status": row.status.value,
        "links": row.links,
        "empty": row.is_empty,
    }


def _column_json(column: MatrixColumn) -> dict[str, object]:
    return {
        "ref": column.ref,
        "title": column.title,
        "service": column.service,
        "decided_on": None if column.decided_on is None else column.decided_on.isoformat(),
        "status": column.status.value,
        "links": column.links,
        "empty": column.is_empty,
    }


def _link_json(link: CellLink, insight: str, decision: str) -> dict[str, object]:
    return {
        "ref": link.ref,
        "insight": insight,
        "decision": decision,
        "type": link.type.value,
        "status": link.status.value,
        "retrospective": link.is_retrospective,
        "rationale": link.rationale,
    }

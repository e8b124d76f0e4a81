from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.decisions.models import Basis, DecisionStatus, DeliveryState, LinkStatus, LinkType, Verdict
from insights.reports import matrix_document
from insights.reports.days import Period
from insights.reports.facts import (
    CheckFact,
    ContradictionFact,
    DecisionFact,
    EvidenceBase,
    InsightFact,
    LinkFact,
    evidence_base,
)
from insights.reports.matrix import MatrixFilters, grid, matrix
from insights.reports.matrix_document import matrix_report
from insights.reports.standing import (
    DecisionEvidence,
    InsightCoverage,
    evidence_of,
    status_of_link,
    statuses_of_links,
)
from insights.synthesis.models import InsightStatus

TODAY = date(2026, 7, 1)
WINTER = date(2026, 1, 1)


def insight(number: int, **values: Any) -> InsightFact:
    values.setdefault("published_on", WINTER)
    return InsightFact(number, f"Claim {number}", fingerprint="a", **values)


def decision(number: int, **values: Any) -> DecisionFact:
    values.setdefault("decided_on", WINTER + timedelta(days=number))
    return DecisionFact(number, f"Decision {number}", **values)


def link(
    number: int, insight_id: int, decision_id: int, type_: LinkType = LinkType.INFORMED, **values: Any
) -> LinkFact:
    values.setdefault("fingerprint", "a")
    return LinkFact(number, insight_id, decision_id, type_, values.pop("on", WINTER), **values)


def a_small_team() -> EvidenceBase:
    """INS-1 is followed through to a measured outcome, INS-2 to a decision, INS-3 and INS-4 to none."""
    return evidence_base(
        TODAY,
        insights=[insight(1), insight(2), insight(3), insight(4, service_id=2)],
        decisions=[
            decision(1, delivery_state=DeliveryState.LIVE, live_on=date(2026, 3, 1)),
            decision(2, service_id=2),
            decision(3, basis=Basis.COST),
            decision(4),
            decision(5, status=DecisionStatus.PROPOSED, decided_on=None),
            decision(6, status=DecisionStatus.DRAFT),
        ],
        links=[
            link(1, 1, 1, LinkType.CHANGED),
            link(2, 2, 2, LinkType.INFORMED, fingerprint="an older one"),
            link(3, 1, 2, LinkType.CONFIRMED, on=date(2026, 5, 1)),
            link(4, 3, 4, LinkType.CONSIDERED_NOT_FOLLOWED),
            link(5, 1, 1, LinkType.CONFIRMED),
        ],
        checks=[CheckFact(1, 1, date(2026, 6, 1), date(2026, 6, 2), Verdict.IMPROVED)],
    )


def test_every_insight_says_how_far_it_got() -> None:
    shown = matrix(a_small_team())

    assert {row.ref: (row.status, row.links, row.is_empty) for row in shown.rows} == {
        "INS-1": (InsightCoverage.DEEP, 3, False),
        "INS-2": (InsightCoverage.SHALLOW, 1, False),
        "INS-3": (InsightCoverage.UNCOVERED, 1, False),
        "INS-4": (InsightCoverage.UNCOVERED, 0, True),
    }


def test_every_decision_says_what_it_rests_on() -> None:
    shown = matrix(a_small_team())

    assert {column.ref: (column.status, column.links, column.is_empty) for column in shown.columns} == {
        "DEC-1": (DecisionEvidence.EVIDENCED_AND_CURRENT, 2, False),
        "DEC-2": (DecisionEvidence.EVIDENCED, 2, False),
        "DEC-3": (DecisionEvidence.DECLARED_BASIS, 0, True),
        "DEC-4": (DecisionEvidence.UNEVIDENCED, 1, False),
        "DEC-5": (DecisionEvidence.UNEVIDENCED, 0, True),
    }


def test_a_cell_holds_every_link_of_its_pair_with_type_state_and_badge() -> None:
    cells = matrix(a_small_team()).cells

    assert [each.words for each in cells[1, 1]] == ["changed (current)", "confirmed (current)"]
    assert [each.words for each in cells[2, 2]] == ["informed (evidence changed since)"]
    assert [each.words for each in cells[1, 2]] == ["confirmed (current, retrospective)"]
    assert (4, 1) not in cells


@pytest.mark.parametrize(
    ("change", "coverage"),
    [
        ({"delivery_state": DeliveryState.ROLLED_BACK}, InsightCoverage.SHALLOW),
        ({"live_on": date(2026, 8, 1)}, InsightCoverage.SHALLOW),
        ({"status": DecisionStatus.SUPERSEDED, "ended_on": date(2026, 6, 30)}, InsightCoverage.UNCOVERED),
        ({"status": DecisionStatus.SUPERSEDED, "ended_on": date(2026, 7, 2)}, InsightCoverage.DEEP),
        ({"status": DecisionStatus.PROPOSED}, InsightCoverage.UNCOVERED),
    ],
)
def test_deep_needs_a_decision_that_is_in_force_and_live(change: dict[str, Any], coverage: InsightCoverage) -> None:
    values: dict[str, Any] = {"delivery_state": DeliveryState.LIVE, "live_on": WINTER, **change}
    base = evidence_base(
        TODAY,
        insights=[insight(1)],
        decisions=[decision(1, **values)],
        links=[link(1, 1, 1)],
        checks=[CheckFact(1, 1, WINTER, WINTER, Verdict.NO_CHANGE)],
    )

    assert matrix(base).rows[0].status is coverage


@pytest.mark.parametrize("verdict", [None, Verdict.NOT_MEASURED])
def test_deep_needs_a_verdict_that_was_measured(verdict: Verdict | None) -> None:
    base = evidence_base(
        TODAY,
        insights=[insight(1)],
        decisions=[decision(1, delivery_state=DeliveryState.LIVE, live_on=WINTER)],
        links=[link(1, 1, 1)],
        checks=[CheckFact(1, 1, WINTER, WINTER, verdict)],
    )

    assert matrix(base).rows[0].status is InsightCoverage.SHALLOW


def test_a_retired_insight_stays_while_a_link_leads_to_it() -> None:
    retired = {"status": InsightStatus.RETIRED, "ended_on": date(2026, 2, 1)}
    base = evidence_base(
        TODAY, insights=[insight(1, **retired), insight(2, **retired)], decisions=[decision(1)], links=[link(1, 1, 1)]
    )

    shown = matrix(base)

    assert [row.ref for row in shown.rows] == ["INS-1"]
    assert shown.cells[1, 1][0].status is LinkStatus.UNSUPPORTED


def test_the_totals_are_those_of_the_cells() -> None:
    totals = matrix(a_small_team()).totals()

    assert (totals["insights"], totals["decisions"], totals["links"]) == (4, 5, 5)
    assert totals["insights_by_status"] == {"uncovered": 2, "shallow": 1, "deep": 1}
    assert totals["links_by_type"] == {
        "changed": 1,
        "informed": 1,
        "confirmed": 2,
        "considered_not_followed": 1,
        "contradicts": 0,
    }
    assert (totals["empty_rows"], totals["empty_columns"], totals["retrospective_links"]) == (1, 2, 1)


def test_a_service_shows_its_records_and_what_they_are_linked_to() -> None:
    shown = matrix(a_small_team(), MatrixFilters(service_id=2))

    # DEC-2 and INS-4 are of the service; INS-1 and INS-2 stand under DEC-2.
    assert {row.ref for row in shown.rows} == {"INS-1", "INS-2", "INS-4"}
    assert [column.ref for column in shown.columns] == ["DEC-2"]
    # INS-1 stays deep although the decision that made it so is not shown.
    assert {row.ref: row.status for row in shown.rows}["INS-1"] is InsightCoverage.DEEP


@pytest.mark.parametrize(
    ("filters", "rows", "columns"),
    [
        (MatrixFilters(period=Period(date(2026, 1, 2), date(2026, 1, 3))), 4, ["DEC-2", "DEC-1"]),
        (MatrixFilters(coverage=InsightCoverage.DEEP), 1, ["DEC-4", "DEC-3", "DEC-2", "DEC-1", "DEC-5"]),
        (MatrixFilters(evidence=DecisionEvidence.DECLARED_BASIS), 4, ["DEC-3"]),
        (MatrixFilters(only_gaps=True), 2, ["DEC-4", "DEC-3", "DEC-5"]),
        (MatrixFilters(only_linked=True), 3, ["DEC-4", "DEC-2", "DEC-1"]),
    ],
)
def test_the_filters_narrow_rows_and_columns(filters: MatrixFilters, rows: int, columns: list[str]) -> None:
    shown = matrix(a_small_team(), filters)

    assert len(shown.rows) == rows
    assert [column.ref for column in shown.columns] == columns
    assert set(shown.cells) <= {(row.id, column.id) for row in shown.rows for column in shown.columns}


def test_a_past_day_shows_what_was_there_then() -> None:
    shown = matrix(a_small_team(), on=date(2026, 1, 3))

    assert [column.ref for column in shown.columns] == ["DEC-2", "DEC-1", "DEC-5"]
    assert (1, 2) not in shown.cells


def test_pages_cover_the_matrix_once() -> None:
    shown = matrix(a_small_team())

    pages = [shown.page(row, 3, column, 2) for row in (0, 3) for column in (0, 2, 4)]

    assert {(row.ref, column.ref) for page in pages for row in page.rows for column in page.columns} == {
        (row.ref, column.ref) for row in shown.rows for column in shown.columns
    }
    assert sum(len(cell) for page in pages for line in page.grid for cell in line) == 5
    assert shown.page(99, 50, 99, 20).grid == ()


def test_json_names_both_ends_of_every_link() -> None:
    told = matrix(a_small_team()).as_json()

    assert list(told) == ["as_of", "filters", "insights", "decisions", "links", "totals"]
    links = told["links"]
    assert isinstance(links, list)
    assert [(each["ref"], each["insight"], each["decision"], each["status"]) for each in links] == [
        ("LNK-1", "INS-1", "DEC-1", "current"),
        ("LNK-2", "INS-2", "DEC-2", "outdated"),
        ("LNK-3", "INS-1", "DEC-2", "current"),
        ("LNK-4", "INS-3", "DEC-4", "current"),
        ("LNK-5", "INS-1", "DEC-1", "current"),
    ]


def test_the_grid_that_is_taken_away_is_the_one_on_screen() -> None:
    shown = matrix(a_small_team())

    table = shown.grid_table()

    assert table.columns == ("Insight", "Claim", "Status", "Links", "DEC-4", "DEC-3", "DEC-2", "DEC-1", "DEC-5")
    by_ref = {row[0]: row for row in table.rows}
    assert by_ref["INS-1"][3:] == (
        3,
        None,
        None,
        "confirmed (current, retrospective)",
        "changed (current); confirmed (current)",
        None,
    )
    assert table.rows[-1][3:] == (5, 1, 0, 2, 2, 0)
    assert all(len(row) == len(table.columns) for table in shown.as_table() for row in table.rows)


@settings(deadline=None)
@given(st.sets(st.tuples(st.integers(1, 9), st.integers(1, 6), st.sampled_from(LinkType)), max_size=40))
def test_rows_columns_cells_and_totals_agree_for_any_links(triples: set[tuple[int, int, LinkType]]) -> None:
    links = [link(number, *triple) for number, triple in enumerate(sorted(triples), start=1)]
    base = evidence_base(TODAY, insights=map(insight, range(1, 10)), decisions=map(decision, range(1, 7)), links=links)

    shown = matrix(base)

    total = len(links)
    assert sum(row.links for row in shown.rows) == sum(column.links for column in shown.columns) == total
    assert shown.totals()["links"] == total
    assert [row.is_empty for row in shown.rows] == sorted(row.is_empty for row in shown.rows)


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_the_states_of_all_links_are_those_asked_one_by_one(data: st.DataObject) -> None:
    days = st.dates(date(1900, 1, 1), date(2100, 1, 1))
    prints = st.sampled_from(["f1", "f2"])
    insights = [
        InsightFact(
            number,
            "People give up",
            status=data.draw(st.sampled_from(list(InsightStatus))),
            fingerprint=data.draw(prints),
            published_on=data.draw(days),
            ended_on=data.draw(st.none() | days),
        )
        for number in range(4)
    ]
    decisions = [
        DecisionFact(number, "Shorten", basis=data.draw(st.sampled_from([None, Basis.COST]))) for number in range(3)
    ]
    pairs = data.draw(st.sets(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=12))
    links = [
        LinkFact(
            place,
            *pair,
            LinkType.INFORMED,
            data.draw(days),
            affirmed_on=data.draw(st.none() | days),
            fingerprint=data.draw(prints),
            first_fingerprint=data.draw(prints),
        )
        for place, pair in enumerate(sorted(pairs))
    ]
    doubts = [ContradictionFact(1, 0, data.draw(days), data.draw(st.none() | days))]
    base = evidence_base(TODAY, insights=insights, decisions=decisions, links=links, contradictions=doubts)

    for day in (TODAY, data.draw(days)):
        statuses = statuses_of_links(base, day)
        assert statuses == {link.id: status_of_link(base, link, day) for link in base.links}
        for decision in base.decisions.values():
            assert evidence_of(base, decision, day, statuses) is evidence_of(base, decision, day)


def test_a_grid_too_large_for_a_sheet_leaves_as_the_list_of_its_links(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grid, "LARGEST_GRID", 10)
    monkeypatch.setattr(matrix_document, "DECISIONS_ON_A_PAGE", 2)
    shown = matrix(a_small_team())

    first, *others = shown.as_table()

    assert first.name == "Linked pairs"
    assert len(first.rows) == len(shown.as_json()["links"])  # type: ignore[arg-type]
    assert [table.name for table in others] == ["Insights", "Decisions", "Links", "Totals"]
    assert "too large for a sheet" in str(matrix_report(shown, "All services").sections)

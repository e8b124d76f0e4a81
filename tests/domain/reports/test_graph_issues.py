"""What is wrong with a chain: each rule by one case, and rings against a naive model."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.coding.models import HighlightStatus
from insights.decisions.models import Basis, DecisionStatus, DeliveryState, LinkType, Verdict
from insights.reports.facts import (
    CheckFact,
    ContradictionFact,
    DecisionFact,
    EvidenceBase,
    InsightFact,
    LinkFact,
    MeasureFact,
    evidence_base,
)
from insights.reports.graph.issues import (
    MEANINGS,
    EvidenceFact,
    Issue,
    IssueKind,
    Severity,
    issue_report,
    issues,
)
from insights.reports.graph.rings import rings
from insights.synthesis.models import InsightStatus, Relation

TODAY = date(2026, 7, 1)
INSIGHT = InsightFact(1, "People give up", published_on=date(2026, 1, 1), newest_evidence_on=date(2026, 6, 1))
DECISION = DecisionFact(1, "Shorten the form", decided_on=date(2026, 2, 1), owner_id=7, owner="Ann", service="Parking")
LINK = LinkFact(1, 1, 1, LinkType.CHANGED, date(2026, 2, 1))
QUOTE = EvidenceFact(1, highlight_id=5, highlight_status=HighlightStatus.ACTIVE)


def base(  # noqa: PLR0917 - a test names the facts it needs
    insights: tuple[InsightFact, ...] = (INSIGHT,),
    decisions: tuple[DecisionFact, ...] = (DECISION,),
    links: tuple[LinkFact, ...] = (LINK,),
    checks: tuple[CheckFact, ...] = (),
    measures: tuple[MeasureFact, ...] = (),
    contradictions: tuple[ContradictionFact, ...] = (),
) -> EvidenceBase:
    return evidence_base(
        TODAY,
        insights=insights,
        decisions=decisions,
        links=links,
        checks=checks,
        measures=measures,
        contradictions=contradictions,
    )


def found(of: EvidenceBase, *evidence: EvidenceFact) -> list[Issue]:
    return list(issues(of, evidence or (QUOTE,)))


def kinds(of: EvidenceBase, *evidence: EvidenceFact) -> list[IssueKind]:
    return [issue.kind for issue in found(of, *evidence)]


def test_a_sound_chain_has_no_issue() -> None:
    assert kinds(base()) == []


def test_every_kind_says_its_name_what_to_do_and_how_bad_it_is() -> None:
    assert set(MEANINGS) == set(IssueKind)
    assert [each.severity for each in MEANINGS.values()] == sorted(
        (each.severity for each in MEANINGS.values()), key=list(Severity).index
    )
    assert all(each.name and each.advice.endswith(".") for each in MEANINGS.values())


@pytest.mark.parametrize("status", [HighlightStatus.DROPPED, HighlightStatus.WITHDRAWN])
def test_evidence_that_is_gone_dangles_and_leaves_the_insight_on_nothing(status: HighlightStatus) -> None:
    gone, on_nothing = found(base(), replace(QUOTE, highlight_status=status))

    assert (gone.kind, gone.ref, gone.others) == (IssueKind.EVIDENCE_GONE, "INS-1", ("HL-5",))
    assert gone.words == f"HL-5 was {status.value}, and the insight still leads to it."
    assert on_nothing.kind is IssueKind.INSIGHT_ON_NOTHING


def test_a_quote_that_lost_its_place_still_supports() -> None:
    assert kinds(base(), replace(QUOTE, highlight_status=HighlightStatus.ORPHANED)) == [IssueKind.QUOTE_LOST_ITS_PLACE]


def test_what_only_contradicts_does_not_support() -> None:
    assert kinds(base(), replace(QUOTE, relation=Relation.CONTRADICTS)) == [IssueKind.INSIGHT_ON_NOTHING]


def test_a_source_outside_is_support_enough() -> None:
    assert kinds(base(), EvidenceFact(1)) == []


def test_nothing_is_said_about_evidence_that_was_not_read() -> None:
    assert list(issues(base())) == []


@pytest.mark.parametrize(
    ("insight", "decision", "expected"),
    [
        (replace(INSIGHT, status=InsightStatus.RETIRED), DECISION, IssueKind.LINK_UNSUPPORTED),
        (replace(INSIGHT, fingerprint="changed"), DECISION, IssueKind.LINK_OUTDATED),
        (replace(INSIGHT, status=InsightStatus.CHALLENGED), DECISION, IssueKind.LINK_CHALLENGED),
        (INSIGHT, replace(DECISION, basis=Basis.COST), IssueKind.LINK_UNWANTED),
    ],
)
def test_a_link_says_its_state(insight: InsightFact, decision: DecisionFact, expected: IssueKind) -> None:
    assert expected in kinds(base((insight,), (decision,)))


def test_a_link_to_an_insight_with_an_open_contradiction_is_challenged() -> None:
    contradicted = base(contradictions=(ContradictionFact(1, 1, date(2026, 3, 1)),))

    assert kinds(contradicted) == [IssueKind.LINK_CHALLENGED]


def test_a_decision_that_is_no_longer_in_force_has_no_issue_of_links() -> None:
    ended = replace(DECISION, status=DecisionStatus.DEPRECATED, ended_on=date(2026, 3, 1))

    assert kinds(base((replace(INSIGHT, fingerprint="changed"),), (ended,))) == []


def test_a_decision_on_nothing_is_an_error_with_its_owner_unless_a_basis_is_declared() -> None:
    (issue,) = found(base(links=()))

    assert (issue.kind, issue.severity, issue.owner, issue.service) == (
        IssueKind.DECISION_ON_NOTHING,
        Severity.ERROR,
        "Ann",
        "Parking",
    )
    assert kinds(base(decisions=(replace(DECISION, basis=Basis.SECURITY),), links=())) == []
    assert kinds(base(decisions=(replace(DECISION, legacy=True),), links=())) == [IssueKind.IMPORTED_WITHOUT_EVIDENCE]


def test_evidence_that_came_after_the_decision_is_retrospective() -> None:
    late = replace(INSIGHT, published_on=date(2026, 2, 2))

    assert kinds(base((late,))) == [IssueKind.LINK_RETROSPECTIVE]


def test_stale_evidence_only_is_said_once_a_decision() -> None:
    stale = replace(INSIGHT, newest_evidence_on=date(2019, 1, 1))
    second = replace(stale, id=2)
    of = base((stale, second), links=(LINK, replace(LINK, id=2, insight_id=2)))

    assert kinds(of, QUOTE, replace(QUOTE, insight_id=2)) == [IssueKind.STALE_EVIDENCE_ONLY]
    fresh = replace(second, newest_evidence_on=TODAY)
    assert kinds(base((stale, fresh), links=of.links), QUOTE, replace(QUOTE, insight_id=2)) == []


def test_superseded_by_nothing_is_told_apart_from_superseded() -> None:
    gone = replace(DECISION, status=DecisionStatus.SUPERSEDED, ended_on=date(2026, 3, 1))

    assert kinds(base(decisions=(gone,))) == [IssueKind.SUPERSEDED_BY_NOTHING]
    assert kinds(base(decisions=(replace(gone, superseded_by_id=2), replace(DECISION, id=2, basis=Basis.COST)))) == []


def test_a_ring_of_supersession_is_said_once_with_all_who_take_part() -> None:
    ring = tuple(
        replace(DECISION, id=number, status=DecisionStatus.SUPERSEDED, superseded_by_id=number % 3 + 1)
        for number in (1, 2, 3)
    )

    (issue,) = found(base(decisions=ring))

    assert (issue.kind, issue.ref, issue.others) == (IssueKind.SUPERSESSION_RING, "DEC-1", ("DEC-2", "DEC-3"))
    assert issue.words == "It is superseded by itself, by way of DEC-2, DEC-3."


def test_insights_that_rest_on_one_another_are_a_ring() -> None:
    both = (INSIGHT, replace(INSIGHT, id=2))
    evidence = (EvidenceFact(1, other_insight_id=2), EvidenceFact(2, other_insight_id=1))

    assert kinds(base(both), *evidence) == [IssueKind.EVIDENCE_RING]


def test_a_ring_with_a_record_out_of_sight_is_not_told() -> None:
    half = replace(DECISION, status=DecisionStatus.SUPERSEDED, superseded_by_id=99)

    assert kinds(base(decisions=(half,))) == []


def test_an_overdue_check_is_its_owners_and_a_live_decision_without_one_is_said() -> None:
    live = replace(DECISION, delivery_state=DeliveryState.LIVE, live_on=date(2026, 3, 1))
    due = CheckFact(1, 1, date(2026, 6, 1), owner_id=9, owner="Bo")

    (overdue,) = found(base(decisions=(live,), checks=(due,)))

    assert (overdue.kind, overdue.owner, overdue.others) == (IssueKind.OUTCOME_OVERDUE, "Bo", ("CHK-1",))
    assert kinds(base(decisions=(live,))) == [IssueKind.LIVE_WITHOUT_CHECK]
    assert kinds(base(decisions=(replace(live, measurable=False),))) == []
    seen = replace(due, verdict=Verdict.IMPROVED, recorded_on=date(2026, 6, 2))
    assert kinds(base(decisions=(live,), checks=(seen,))) == []
    unread = base(decisions=(live,), checks=(seen,), measures=(MeasureFact(1, 1, "Completion", date(2026, 3, 1)),))
    assert kinds(unread) == [IssueKind.MEASURE_WITHOUT_READING]


def test_days_in_the_future_before_the_epoch_and_out_of_order_are_said() -> None:
    future = replace(DECISION, decided_on=TODAY + timedelta(days=1))
    ancient = replace(DECISION, decided_on=date(1, 1, 1))
    backwards = replace(DECISION, status=DecisionStatus.DEPRECATED, ended_on=date(2026, 1, 1))
    undated = replace(DECISION, decided_on=None)

    assert kinds(base(decisions=(future,))) == [IssueKind.DATE_IN_FUTURE]
    assert IssueKind.DATE_LONG_PAST in kinds(base(decisions=(ancient,)))
    assert kinds(base(decisions=(backwards,))) == [IssueKind.DATES_OUT_OF_ORDER]
    assert IssueKind.ACCEPTED_WITHOUT_DATE in kinds(base(decisions=(undated,)))


def test_records_out_of_scope_are_not_told() -> None:
    elsewhere = base((replace(INSIGHT, in_scope=False),), (replace(DECISION, in_scope=False),), links=())

    assert kinds(elsewhere, replace(QUOTE, highlight_status=HighlightStatus.WITHDRAWN)) == []


def test_a_decision_with_five_thousand_links_is_told_link_by_link() -> None:
    insights = tuple(replace(INSIGHT, id=number, fingerprint="changed") for number in range(1, 5_001))
    links = tuple(replace(LINK, id=number, insight_id=number) for number in range(1, 5_001))

    assert Counter(issue.kind for issue in issues(base(insights, links=links))) == {IssueKind.LINK_OUTDATED: 5_000}


def test_a_ring_of_fifty_thousand_is_found_and_said_in_one_line() -> None:
    ring = tuple(
        replace(DECISION, id=number, status=DecisionStatus.SUPERSEDED, superseded_by_id=number % 50_000 + 1)
        for number in range(1, 50_001)
    )

    (issue,) = found(base(decisions=ring))

    assert len(issue.others) == 49_999
    assert issue.words.endswith("DEC-5, DEC-6 and more.")


def test_the_report_lists_the_worst_first_and_counts_all_whatever_is_shown() -> None:
    everything = found(
        base(
            (replace(INSIGHT, fingerprint="changed"),),
            (DECISION, replace(DECISION, id=2, owner_id=8, owner="Bo")),
        )
    )

    report = issue_report(everything, TODAY)
    only = issue_report(everything, TODAY, severity=Severity.WARNING, owner_id=7)

    assert [row.kind for row in report.rows] == [IssueKind.DECISION_ON_NOTHING, IssueKind.LINK_OUTDATED]
    assert (report.errors, only.errors) == (1, 1)
    assert [row.ref for row in only.rows] == ["DEC-1"]
    assert only.by_kind == {IssueKind.DECISION_ON_NOTHING: 1, IssueKind.LINK_OUTDATED: 1}
    issues_table, totals = report.as_table()
    assert (len(issues_table.rows), len(totals.rows)) == (2, 2)
    assert report.as_json()["by_severity"] == {"error": 1, "warning": 1, "note": 0}


PAIRS = st.sets(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=20)


@settings(deadline=None)
@given(PAIRS)
def test_rings_are_those_that_repeated_union_finds(pairs: set[tuple[int, int]]) -> None:
    """Two records are in one ring when each reaches the other."""
    reach = {number: {second for first, second in pairs if first == number} for number in range(8)}
    for _ in range(8):
        reach = {number: set.union(there, *(reach[other] for other in there)) for number, there in reach.items()}
    expected = {
        tuple(sorted(other for other in range(8) if other in reach[number] and number in reach[other]))
        for number in range(8)
        if number in reach[number]
    }
    after = {number: [second for first, second in sorted(pairs) if first == number] for number in range(8)}

    told = list(rings(after))

    assert set(told) == expected
    assert len(told) == len(expected)


def test_a_chain_of_a_hundred_thousand_has_no_ring() -> None:
    assert list(rings({first: (second,) for first, second in pairwise(range(100_000))})) == []

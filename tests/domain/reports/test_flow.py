"""The flow from studies to outcomes, against counts made by hand and against sums that must agree."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from insights.decisions.models import Basis, DecisionStatus, DeliveryState, LinkType, Verdict
from insights.reports.days import Period
from insights.reports.facts import (
    CheckFact,
    DecisionFact,
    EvidenceBase,
    InsightFact,
    LinkFact,
    StudyFact,
    evidence_base,
)
from insights.reports.flow import Flow, flow, laid_out
from insights.synthesis.models import InsightType

TODAY = date(2026, 7, 1)
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
INSIGHT = InsightFact(1, "People give up", published_on=date(2026, 2, 1))
DECISION = DecisionFact(1, "Shorten the form", decided_on=date(2026, 3, 1))
LIVE = replace(DECISION, delivery_state=DeliveryState.LIVE, live_on=date(2026, 4, 1))
LINK = LinkFact(1, 1, 1, LinkType.CHANGED, date(2026, 3, 1))
STUDY = StudyFact(1, "Letters", 1, (1,))


def told(found: Flow) -> dict[tuple[str, str], list[str]]:
    return {(band.source, band.target): [row.ref for row in band.rows] for band in found.bands}


def test_an_insight_is_followed_from_its_study_to_the_verdict_on_its_decision() -> None:
    check = CheckFact(1, 1, date(2026, 6, 1), recorded_on=date(2026, 6, 2), verdict=Verdict.IMPROVED)
    found = flow(
        evidence_base(TODAY, insights=[INSIGHT], decisions=[LIVE], links=[LINK], checks=[check], studies=[STUDY]), YEAR
    )

    assert told(found) == {
        ("study-1", "answer-acted_on"): ["INS-1"],
        ("answer-acted_on", "decision-live"): ["INS-1"],
        ("decision-live", "outcome-improved"): ["DEC-1"],
    }
    assert (found.insights, found.decisions) == (1, 1)
    assert [found.words(band) for band in found.bands] == [
        "Letters to Acted on: 1 insight",
        "Acted on to Live: 1 insight",
        "Live to Improved: 1 decision",
    ]


def test_every_answer_has_a_stop_of_its_own() -> None:
    insights = [
        INSIGHT,
        replace(INSIGHT, id=2),
        replace(INSIGHT, id=3, type=InsightType.INFORMATIVE),
    ]
    refused = replace(LINK, id=2, insight_id=2, type=LinkType.CONSIDERED_NOT_FOLLOWED)
    found = flow(evidence_base(TODAY, insights=insights, decisions=[LIVE], links=[refused]), YEAR)

    assert told(found) == {
        ("study-none", "answer-declined"): ["INS-2"],
        ("study-none", "answer-open"): ["INS-1"],
        ("study-none", "answer-for_information"): ["INS-3"],
        ("answer-declined", "decision-live"): ["INS-2"],
        ("answer-nothing", "decision-live"): ["DEC-1"],
        ("decision-live", "outcome-no_check"): ["DEC-1"],
    }


def test_a_decision_of_the_period_without_research_stands_beside() -> None:
    declared = replace(DECISION, id=2, basis=Basis.SECURITY, measurable=False)
    long_ago = replace(DECISION, id=3, decided_on=date(2020, 1, 1))
    found = flow(evidence_base(TODAY, decisions=[declared, long_ago]), YEAR)

    assert told(found) == {
        ("answer-declared_basis", "decision-not_started"): ["DEC-2"],
        ("decision-not_started", "outcome-cannot"): ["DEC-2"],
    }
    assert found.bands[0].rows[0].note == "security"


def test_where_a_decision_stands_and_what_came_of_it_is_that_of_the_day() -> None:
    ended = replace(DECISION, status=DecisionStatus.DEPRECATED, ended_on=date(2026, 5, 1))
    due = CheckFact(1, 1, date(2026, 6, 1))
    base = evidence_base(TODAY, decisions=[ended], checks=[due])

    assert set(told(flow(base, YEAR))) == {("answer-nothing", "decision-ended"), ("decision-ended", "outcome-overdue")}
    assert set(told(flow(base, YEAR, date(2026, 4, 1)))) == {
        ("answer-nothing", "decision-not_started"),
        ("decision-not_started", "outcome-to_come"),
    }


def test_the_largest_studies_are_named_and_the_others_gathered() -> None:
    insights = [replace(INSIGHT, id=number) for number in range(1, 21)]
    studies = [StudyFact(number, f"Study {number}", 1, tuple(range(1, number + 1))) for number in range(1, 11)]
    found = flow(evidence_base(TODAY, insights=insights, studies=studies), YEAR)

    named = [stop.label for stop in found.stops.values() if stop.column == 0]
    assert named == [
        *(f"Study {number}" for number in range(10, 2, -1)),
        "2 other studies",
        "No study: sources outside",
    ]
    other = found.band("study-other", "answer-open")
    assert other is not None
    assert [row.ref for row in other.rows] == ["INS-1", "INS-2"]


def test_insights_of_another_period_or_service_are_left_out() -> None:
    early = replace(INSIGHT, published_on=date(2025, 12, 31))
    elsewhere = replace(INSIGHT, id=2, in_scope=False)
    future = replace(INSIGHT, id=3, published_on=date(2026, 12, 1))

    assert flow(evidence_base(TODAY, insights=[early, elsewhere, future]), YEAR).bands == ()


@st.composite
def bases(draw: st.DrawFn) -> EvidenceBase:
    count = st.integers(0, 8)
    insights = [
        replace(INSIGHT, id=number, type=draw(st.sampled_from(list(InsightType)))) for number in range(1, draw(count))
    ]
    decisions = [
        replace(
            DECISION,
            id=number,
            delivery_state=draw(st.sampled_from(list(DeliveryState))),
            basis=draw(st.sampled_from([None, Basis.COST])),
        )
        for number in range(1, draw(count))
    ]
    pairs = draw(st.sets(st.tuples(st.integers(1, 8), st.integers(1, 8), st.sampled_from(list(LinkType))), max_size=20))
    links = [replace(LINK, id=n, insight_id=i, decision_id=d, type=t) for n, (i, d, t) in enumerate(sorted(pairs))]
    checks = [
        CheckFact(number, number, date(2026, 6, 1), date(2026, 6, 2), draw(st.sampled_from([None, *Verdict])))
        for number in range(1, draw(count))
    ]
    studies = [
        StudyFact(number, f"Study {number}", 1, tuple(sorted(draw(st.sets(st.integers(1, 8))))))
        for number in range(1, draw(count))
    ]
    return evidence_base(TODAY, insights=insights, decisions=decisions, links=links, checks=checks, studies=studies)


@settings(deadline=None, max_examples=60)
@given(bases())
def test_nothing_is_lost_and_no_record_is_counted_twice_in_a_band(base: EvidenceBase) -> None:
    found = flow(base, YEAR)
    bands = told(found)

    assert all(len(set(refs)) == len(refs) > 0 for refs in bands.values())
    from_studies = {ref for (source, _), refs in bands.items() if source.startswith("study-") for ref in refs}
    assert from_studies == {insight.ref for insight in base.insights.values()}
    to_outcomes = [ref for (_, target), refs in bands.items() if target.startswith("outcome-") for ref in refs]
    assert len(to_outcomes) == len(set(to_outcomes)) == found.decisions
    assert found.as_table()[0].rows == tuple(
        (found.stops[band.source].label, found.stops[band.target].label, band.count, f"{band.unit.value}s")
        for band in found.bands
    )


@settings(deadline=None, max_examples=60)
@given(bases())
def test_no_two_bars_of_the_drawing_lie_on_one_another(base: EvidenceBase) -> None:
    drawn = laid_out(flow(base, YEAR))

    for x in {bar.x for bar in drawn.bars}:
        column = [bar for bar in drawn.bars if bar.x == x]
        assert all(upper.y + upper.height < lower.y for upper, lower in pairwise(column))
    assert all(bar.y + bar.height <= drawn.height for bar in drawn.bars)
    assert len(drawn.ribbons) == len(flow(base, YEAR).bands)

"""Figures worked out by hand; the arithmetic stands beside each."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.core.errors import InvalidInput, NotFound
from insights.decisions.disposition import EventFact
from insights.decisions.models import Basis, DecisionStatus, DeliveryState, LinkType, Verdict
from insights.reports.facts import (
    CheckFact,
    ContradictionFact,
    DecisionFact,
    EvidenceBase,
    InsightFact,
    LinkFact,
    RecommendationFact,
    VersionFact,
    evidence_base,
)
from insights.reports.metrics import CODES, Metric, MetricSettings, Period, metric_help, scorecard
from insights.synthesis.models import (
    ConfidenceLevel,
    DispositionKind,
    InsightStatus,
    InsightType,
    RecommendationStatus,
)

TODAY = date(2026, 7, 1)
FIRST_HALF = Period(date(2026, 1, 1), date(2026, 6, 30))


def day(number: int) -> date:
    """Days counted from 1 January 2026, which is 0."""
    return date(2026, 1, 1) + timedelta(days=number)


def insight(number: int, published: int | None = 0, **values: Any) -> InsightFact:
    return InsightFact(number, f"Claim {number}", published_on=None if published is None else day(published), **values)


def decision(number: int, decided: int | None = 30, **values: Any) -> DecisionFact:
    return DecisionFact(number, f"Decision {number}", decided_on=None if decided is None else day(decided), **values)


def link(
    number: int,
    insight_id: int,
    decision_id: int,
    type_: LinkType = LinkType.INFORMED,
    linked: int = 30,
    **values: Any,
) -> LinkFact:
    return LinkFact(number, insight_id, decision_id, type_, day(linked), **values)


def figure(base: EvidenceBase, code: str, period: Period = FIRST_HALF, **values: Any) -> Metric:
    return scorecard(base, period, **values).metric(code)


def shares(metric: Metric) -> dict[str, tuple[int, int]]:
    return {part.label: (part.numerator, part.denominator) for part in (*metric.parts, *metric.asides)}


# T1 and T2


def a_half_year_of_decisions() -> EvidenceBase:
    """Ten decisions in the period: 4 on timely evidence, 3 on a declared basis only, 3 on neither; one outside it."""
    return evidence_base(
        TODAY,
        insights=[
            insight(1, 0, confidence=ConfidenceLevel.LOW),
            insight(2, 10, confidence=ConfidenceLevel.HIGH),
            insight(3, 100),
        ],
        decisions=[
            decision(1),
            decision(2),
            decision(3, basis=Basis.COST),
            decision(4),
            decision(5, basis=Basis.SECURITY),
            decision(6, basis=Basis.URGENT),
            decision(7, basis=Basis.COST),
            decision(8),
            decision(9),
            decision(10, legacy=True),
            decision(11, decided=-1),
        ],
        links=[
            link(1, 1, 1, LinkType.CHANGED),
            link(2, 2, 1, LinkType.CONFIRMED),
            link(3, 1, 2, LinkType.INFORMED, linked=44),  # day 44 is 14 days after day 30: in time
            link(4, 2, 3, LinkType.CONFIRMED),  # evidence counts before the declared basis
            link(5, 2, 4, LinkType.CHANGED),
            link(6, 1, 7, LinkType.INFORMED, linked=45),  # a day late: retrospective
            link(7, 3, 8, LinkType.CHANGED),  # published on day 100, after the acceptance: retrospective
            link(8, 1, 9, LinkType.CONSIDERED_NOT_FOLLOWED),
            link(9, 1, 9, LinkType.CONTRADICTS),
        ],
    )


def test_the_evidence_backed_rate_has_three_parts_that_sum_to_all() -> None:
    metric = figure(a_half_year_of_decisions(), "T1")

    # Evidence: 1, 2, 3, 4. Basis only: 5, 6, 7. Neither: 8, 9, 10. Decision 11 lies before the period.
    assert (metric.value, metric.numerator, metric.denominator, metric.display) == (0.4, 4, 10, "40%")
    assert [part.numerator for part in metric.parts] == [4, 3, 3]
    assert metric.rows == ("DEC-1", "DEC-2", "DEC-3", "DEC-4")
    assert metric.parts[1].rows == ("DEC-5", "DEC-6", "DEC-7")


def test_retrospective_links_are_counted_apart() -> None:
    metric = figure(a_half_year_of_decisions(), "T1")

    # Links 6 and 7 of nine; considered and contradicting links are no evidence and so no decoration.
    assert shares(metric)["retrospective links, not counted"] == (2, 9)
    assert metric.asides[0].rows == ("LNK-6", "LNK-7")


def test_the_rate_is_printed_with_its_interval_and_with_what_makes_it_rise() -> None:
    metric = figure(a_half_year_of_decisions(), "T1")

    # Wilson for 4 of 10: (0.4 + 0.192073 -+ sqrt(3.84146 * (0.024 + 0.0096036))) / 1.384146.
    assert metric.interval == pytest.approx((0.16818, 0.68733), abs=1e-5)
    # T2: decisions 1 and 4 were changed, of 1 to 4. Weak: links 1 and 3 of the five counted (1, 2, 3, 4, 5).
    assert "50%, 2 of 4" in metric.cautions[0]
    assert metric.cautions[1].startswith("2 of 5 counted links (40%)")


def test_the_changed_share_looks_at_decisions_with_evidence_only() -> None:
    metric = figure(a_half_year_of_decisions(), "T2")

    assert (metric.value, metric.rows, metric.base_rows) == (
        0.5,
        ("DEC-1", "DEC-4"),
        ("DEC-1", "DEC-2", "DEC-3", "DEC-4"),
    )


def test_a_grace_of_no_days_leaves_out_what_came_after_the_acceptance() -> None:
    card = scorecard(a_half_year_of_decisions(), FIRST_HALF, MetricSettings(link_grace_days=0))

    assert card.metric("T1").rows == ("DEC-1", "DEC-3", "DEC-4")


@pytest.mark.parametrize(
    ("status", "counts"),
    [
        (DecisionStatus.ACCEPTED, 1),
        (DecisionStatus.SUPERSEDED, 1),
        (DecisionStatus.DEPRECATED, 1),
        (DecisionStatus.REJECTED, 0),
        (DecisionStatus.PROPOSED, 0),
        (DecisionStatus.DRAFT, 0),
    ],
)
def test_only_what_was_accepted_is_counted_whatever_became_of_it(status: DecisionStatus, counts: int) -> None:
    base = evidence_base(TODAY, decisions=[decision(1, status=status)])

    assert figure(base, "T1").denominator == counts


def test_an_accepted_decision_without_a_date_is_in_no_period_and_said_so() -> None:
    metric = figure(evidence_base(TODAY, decisions=[decision(1, decided=None)]), "T1")

    assert metric.display == "n/a"
    assert metric.note.startswith("1 accepted decision without a date")


def test_a_decision_with_five_thousand_links_counts_once() -> None:
    insights = [insight(number) for number in range(1, 5_001)]
    links = [link(number, number, 1) for number in range(1, 5_001)]
    base = evidence_base(TODAY, insights=insights, decisions=[decision(1)], links=links)

    assert (figure(base, "T1").numerator, figure(base, "T8").denominator) == (1, 5_000)


# T3 and T5


def insights_of_the_winter() -> EvidenceBase:
    """The cohort of T3 for 1 April to 30 June is what was published from 1 January (day 0) to 1 April (day 90)."""
    return evidence_base(
        TODAY,
        insights=[
            insight(1, 0),  # acted on after 90 days exactly: in time
            insight(2, 10),  # acted on after 91 days: too late
            insight(3, 20),  # declined by a link on day 40
            insight(4, 30),  # declined by a recommendation on day 60
            insight(5, 40),  # closed without action: no answer in the sense of T3
            insight(6, 50),  # open
            insight(7, 60, type=InsightType.INFORMATIVE),
            insight(8, 70, legacy=True),
            insight(9, -1),  # a day too early for the cohort
            insight(10, 91),  # a day too late for the cohort
            insight(11, None, status=InsightStatus.DRAFT),
        ],
        decisions=[decision(1, 90), decision(2, 101), decision(3, 40)],
        links=[
            link(1, 1, 1, linked=90),
            link(2, 2, 2, linked=101),
            link(3, 3, 3, LinkType.CONSIDERED_NOT_FOLLOWED, linked=40),
            link(4, 9, 1, linked=90),
            link(5, 10, 2, linked=101),
        ],
        recommendations=[
            RecommendationFact(1, "Do it", (4,), day(31), status=RecommendationStatus.DECLINED, responded_on=day(60))
        ],
        events={5: (EventFact(DispositionKind.NO_ACTION, day(45)),)},
    )


def test_uptake_counts_answers_given_in_time_and_shows_acted_on_apart() -> None:
    metric = figure(insights_of_the_winter(), "T3", Period(date(2026, 4, 1), date(2026, 6, 30)))

    # Cohort 1 to 6; answered in time 1, 3, 4; acted on 1.
    assert metric.base_rows == ("INS-1", "INS-2", "INS-3", "INS-4", "INS-5", "INS-6")
    assert (metric.rows, metric.value) == (("INS-1", "INS-3", "INS-4"), 0.5)
    assert shares(metric) == {"acted on": (1, 6)}


def test_uptake_judges_only_insights_whose_ninety_days_have_passed() -> None:
    base = evidence_base(date(2026, 4, 15), insights=[insight(1, 10), insight(2, 20)])

    metric = figure(base, "T3", Period(date(2026, 4, 1), date(2026, 6, 30)))

    # On 15 April, day 104, 94 days have passed since day 10 and 84 since day 20.
    assert metric.base_rows == ("INS-1",)


def test_the_shelf_holds_what_is_open_or_parked_past_its_date_and_older_than_ninety_days() -> None:
    base = evidence_base(
        TODAY,
        insights=[
            insight(1, 0),  # age 180 on 30 June: on the shelf
            insight(2, 89),  # age 91: on the shelf
            insight(3, 90),  # age 90: not yet
            insight(4, 10),  # parked until 1 June: back on the shelf, age 170
            insight(5, 10),  # parked until 30 June, which is today: still parked
            insight(6, 10),  # closed without action
            insight(7, 10, status=InsightStatus.RETIRED, ended_on=day(100)),
            insight(8, 10, status=InsightStatus.RETIRED, ended_on=date(2026, 7, 1)),  # ends tomorrow: age 170
            insight(9, 10, type=InsightType.INFORMATIVE),
            insight(10, 10, legacy=True),
            insight(11, 10),  # acted on
        ],
        decisions=[decision(1)],
        links=[link(1, 11, 1)],
        events={
            4: (EventFact(DispositionKind.PARKED, day(20), until=date(2026, 6, 1)),),
            5: (EventFact(DispositionKind.PARKED, day(20), until=date(2026, 6, 30)),),
            6: (EventFact(DispositionKind.NO_ACTION, day(20)),),
        },
    )

    metric = figure(base, "T5")

    # Shelf: 1, 2, 4, 8. Older than 90 days and in force: these and 5, 6, 11.
    assert metric.rows == ("INS-1", "INS-4", "INS-8", "INS-2")
    assert (metric.numerator, metric.denominator) == (4, 7)
    # Ages 180, 170, 170, 91: the median is 170.
    assert metric.note == "Older than 90 days on 2026-06-30. Median age 170 days, oldest 180 days."
    # New in the period without the back catalogue: ten, one of them informative.
    assert "1 of 10 insights new in the period (10%)" in metric.cautions[0]


def test_a_past_shelf_does_not_change_when_an_insight_is_marked_informative_later() -> None:
    versions = (VersionFact(day(0), InsightType.ACTIONABLE, "a"), VersionFact(day(170), InsightType.INFORMATIVE, "b"))
    base = evidence_base(TODAY, insights=[insight(1, 0, type=InsightType.INFORMATIVE, versions=versions)])

    before, after = Period(day(0), day(169)), Period(day(0), day(170))

    assert [figure(base, "T5", period).numerator for period in (before, after)] == [1, 0]


# T4


def test_decision_time_keeps_those_who_wait_in_the_curve() -> None:
    base = evidence_base(
        TODAY,
        insights=[insight(number, 0) for number in range(1, 7)] + [insight(7, 0, legacy=True)],
        decisions=[decision(1, 10), decision(2, 40), decision(3, 20), decision(4, 5)],
        links=[
            link(1, 1, 1, linked=10),  # W1 event on day 10
            link(2, 1, 2, linked=40),  # the first decision counts
            link(3, 2, 2, linked=40),  # W1 event on day 40
            link(4, 3, 3, LinkType.CONSIDERED_NOT_FOLLOWED, linked=20),  # declined on day 20: W1 leaves, W2 event
            link(5, 4, 4, linked=30),  # made 25 days after day 5: retrospective, so W1 leaves and W2 event on day 30
        ],
        events={5: (EventFact(DispositionKind.PARKED, day(3), until=date(2027, 1, 1)),)},
    )

    metric = figure(base, "T4")
    w1, w2, waiting, deciding = metric.curves

    # W1: day 10, 1 of 6 -> 5/6. Day 20 one leaves, day 30 one leaves. Day 40: 1 of 3 -> 5/9 = 0.556 > 0.5.
    assert [(step.day, step.at_risk) for step in w1.curve.steps] == [(10, 6), (40, 3)]
    assert w1.curve.steps[-1].open_share == pytest.approx(5 / 9)
    assert (metric.value, metric.display, metric.numerator, metric.denominator) == (None, "not reached", 2, 6)
    # W2: days 10, 20, 30, 40, each one of 6, 5, 4, 3 -> 5/6, 4/6, 3/6 (the median, day 30), 2/6.
    assert (w2.curve.median, w2.curve.upper_quartile) == (30, None)
    assert w1.still_open == w2.still_open == ("INS-5", "INS-6")
    # Waiting ends with a link as evidence: days 10, 30 and 40; the declined one leaves on day 20. Deciding took no day.
    assert [(step.day, step.at_risk) for step in waiting.curve.steps] == [(10, 6), (30, 4), (40, 3)]
    assert [(step.day, step.at_risk, step.events) for step in deciding.curve.steps] == [(0, 3, 2)]
    assert (
        "W1: median not reached, 75th centile not reached, 3 at risk at the last step (day 40), 2 still open."
        in metric.note
    )


def test_an_answer_taken_back_waits_again() -> None:
    events = (EventFact(DispositionKind.NO_ACTION, day(5)), EventFact(DispositionKind.REOPENED, day(9)))
    base = evidence_base(TODAY, insights=[insight(1, 0)], events={1: events})

    assert figure(base, "T4").curves[1].still_open == ("INS-1",)
    assert figure(base, "T4", Period(day(0), day(7))).curves[1].curve.events == 1


def test_a_decline_overtaken_by_a_decision_still_was_the_first_answer() -> None:
    base = evidence_base(
        TODAY,
        insights=[insight(1, 0)],
        decisions=[decision(1, 10), decision(2, 50)],
        links=[link(1, 1, 1, LinkType.CONSIDERED_NOT_FOLLOWED, linked=10), link(2, 1, 2, linked=50)],
    )

    w1, w2, *_ = figure(base, "T4").curves

    assert (w1.curve.median, w2.curve.median) == (50, 10)


def test_a_retired_insight_waits_no_longer() -> None:
    base = evidence_base(TODAY, insights=[insight(1, 0, status=InsightStatus.RETIRED, ended_on=day(12))])

    curve = figure(base, "T4").curves[0]

    assert (curve.curve.last_day, curve.still_open) == (12, ())


# T8 and T9


def test_trace_integrity_counts_links_of_decisions_in_force_by_state() -> None:
    base = evidence_base(
        TODAY,
        insights=[
            insight(1, fingerprint="a"),
            insight(2, fingerprint="changed"),
            insight(3, fingerprint="a"),
            insight(4, fingerprint="a", status=InsightStatus.RETIRED, ended_on=day(50)),
            insight(5, fingerprint="a"),
        ],
        decisions=[
            decision(1, delivery_state=DeliveryState.LIVE, live_on=day(60)),
            decision(2, status=DecisionStatus.SUPERSEDED, ended_on=day(90)),
            decision(3, basis=Basis.COST),
            decision(4, status=DecisionStatus.PROPOSED, decided=None),
        ],
        links=[
            link(1, 1, 1, fingerprint="a"),  # current
            link(2, 2, 1, fingerprint="a"),  # outdated
            link(3, 3, 1, fingerprint="a"),  # challenged
            link(4, 4, 1, fingerprint="a"),  # unsupported
            link(5, 1, 3, fingerprint="a"),  # beside a declared basis
            link(6, 1, 2, fingerprint="a"),  # not in force
            link(7, 5, 4, fingerprint="a"),  # not accepted
            link(8, 5, 1, fingerprint="a", linked=181),  # made on 1 July, after the period
        ],
        checks=[CheckFact(1, 1, day(100), day(101), Verdict.IMPROVED)],
        contradictions=[ContradictionFact(1, 3, day(70)), ContradictionFact(2, 1, day(70), settled_on=day(80))],
    )

    metric = figure(base, "T8")

    assert (metric.rows, metric.value) == (("LNK-1",), 0.2)
    # Insights 1 to 4 stand under decision 1, live and measured: deep. Insight 5 is under nothing in force by then.
    assert shares(metric) == {
        "current": (1, 5),
        "evidence changed since": (1, 5),
        "evidence withdrawn": (1, 5),
        "contradicted": (1, 5),
        "beside a declared basis": (1, 5),
        "deep coverage of insights": (4, 4),
    }


def test_trace_integrity_of_a_past_day_knows_nothing_of_what_came_later() -> None:
    versions = (VersionFact(day(0), InsightType.ACTIONABLE, "a"), VersionFact(day(60), InsightType.ACTIONABLE, "b"))
    base = evidence_base(
        TODAY,
        insights=[insight(1, fingerprint="b", versions=versions)],
        decisions=[decision(1)],
        links=[link(1, 1, 1, fingerprint="b", first_fingerprint="a", affirmed_on=day(80))],
    )

    values = [figure(base, "T8", Period(day(0), day(last))).value for last in (59, 79, 80)]

    # Current, then outdated by the second version, then affirmed again.
    assert values == [1.0, 0.0, 1.0]


def test_a_challenged_insight_was_sound_before_its_contradiction_was_opened() -> None:
    base = evidence_base(
        TODAY,
        insights=[insight(1, fingerprint="a", status=InsightStatus.CHALLENGED)],
        decisions=[decision(1)],
        links=[link(1, 1, 1, fingerprint="a")],
        contradictions=[ContradictionFact(1, 1, day(70))],
    )

    assert [figure(base, "T8", Period(day(0), day(last))).value for last in (69, 70)] == [1.0, 0.0]


def test_a_challenge_counts_today_also_when_its_contradiction_is_settled() -> None:
    base = evidence_base(
        TODAY,
        insights=[insight(1, fingerprint="a", status=InsightStatus.CHALLENGED)],
        decisions=[decision(1)],
        links=[link(1, 1, 1, fingerprint="a")],
        contradictions=[ContradictionFact(1, 1, day(70), settled_on=day(80))],
    )

    assert figure(base, "T8", Period(day(0), TODAY)).value == 0.0


def test_outcome_checks_count_by_the_day_they_were_due() -> None:
    base = evidence_base(
        TODAY,
        decisions=[decision(1)],
        checks=[
            CheckFact(1, 1, day(40), day(45), Verdict.IMPROVED),
            CheckFact(2, 1, day(50), day(50), Verdict.IMPROVED),
            CheckFact(3, 1, day(60), day(60), Verdict.WORSENED),
            CheckFact(4, 1, day(70), day(70), Verdict.NOT_MEASURED),
            CheckFact(5, 1, day(80)),
            CheckFact(6, 1, day(-1), day(20), Verdict.IMPROVED),
            CheckFact(7, 1, date(2026, 7, 2)),
        ],
    )

    metric = figure(base, "T9")

    # Due in the period: 1 to 5. Recorded with a verdict: 1, 2, 3. Overdue: 5.
    assert (metric.value, metric.rows) == (0.6, ("CHK-1", "CHK-2", "CHK-3"))
    assert shares(metric) == {
        "recorded with a verdict": (3, 5),
        "said not to be measured": (1, 5),
        "overdue, nothing recorded": (1, 5),
        "improved": (2, 3),
        "no change": (0, 3),
        "worsened": (1, 3),
        "inconclusive": (0, 3),
    }


def test_a_check_recorded_after_the_report_was_made_was_overdue_then() -> None:
    base = evidence_base(TODAY, decisions=[decision(1)], checks=[CheckFact(1, 1, day(40), day(60), Verdict.IMPROVED)])

    assert [figure(base, "T9", known_on=day(last)).numerator for last in (59, 60)] == [0, 1]


# All of them


def test_with_nothing_to_count_every_figure_says_so_and_none_says_nought() -> None:
    card = scorecard(evidence_base(TODAY), FIRST_HALF)

    assert [(metric.code, metric.value, metric.display) for metric in card.metrics] == [
        (code, None, "n/a") for code in CODES
    ]
    assert all(metric.interval is None for metric in card.metrics)


def test_an_interval_is_printed_below_a_hundred_only() -> None:
    few, many = (evidence_base(TODAY, decisions=[decision(n) for n in range(count)]) for count in (99, 100))

    assert figure(few, "T1").interval is not None
    assert figure(many, "T1").interval is None


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(InvalidInput, match="before it begins") as refused:
        Period(date(2026, 2, 1), date(2026, 1, 31))

    assert "end" in refused.value.fields


@pytest.mark.parametrize(
    "period",
    [
        Period(date.min, date.min),
        Period(date.min, date.max),
        Period(date.max, date.max),
        Period(date(1815, 6, 18), date(1969, 12, 31)),
        Period(date(2031, 1, 1), date(2031, 12, 31)),
    ],
)
def test_a_period_at_any_place_of_the_calendar_is_answered(period: Period) -> None:
    old, late = date(1066, 10, 14), date(9999, 12, 31)
    base = evidence_base(
        TODAY,
        insights=[InsightFact(1, "Old", published_on=old), InsightFact(2, "Late", published_on=late)],
        decisions=[DecisionFact(1, "Old", decided_on=old), DecisionFact(2, "Late", decided_on=late)],
        links=[LinkFact(1, 1, 1, LinkType.CHANGED, old), LinkFact(2, 2, 2, LinkType.CHANGED, late)],
        checks=[CheckFact(1, 1, old), CheckFact(2, 2, late)],
    )

    card = scorecard(base, period)

    assert [metric.code for metric in card.metrics] == list(CODES)


def test_what_lies_outside_the_scope_is_in_no_figure() -> None:
    base = evidence_base(
        TODAY,
        insights=[insight(1, in_scope=False)],
        decisions=[decision(1, in_scope=False)],
        links=[link(1, 1, 1)],
        checks=[CheckFact(1, 1, day(40))],
    )

    assert {metric.denominator for metric in scorecard(base, FIRST_HALF).metrics} == {0}


@pytest.mark.parametrize("code", CODES)
def test_every_figure_has_a_help_that_says_what_how_and_how_it_misleads(code: str) -> None:
    entry = metric_help(code.lower())

    assert entry.code == code
    assert min(len(entry.meaning), len(entry.formula), len(entry.misleads)) > 40


def test_a_figure_that_does_not_exist_has_no_help_and_no_place_on_the_card() -> None:
    with pytest.raises(NotFound):
        metric_help("T99")
    with pytest.raises(NotFound):
        scorecard(evidence_base(TODAY), FIRST_HALF).metric("T13")


def test_json_and_tables_carry_the_same_figures() -> None:
    card = scorecard(a_half_year_of_decisions(), FIRST_HALF)

    told = card.as_json()
    tables = {table.name: table for table in card.as_table()}

    assert told["period"] == {"from": "2026-01-01", "to": "2026-06-30"}
    assert tables["Metrics"].rows[0][:5] == ("T1", "Evidence-backed decision rate", 0.4, 4, 10)
    assert ("T1", "rest on a declared basis only", "DEC-5") in tables["Rows behind the figures"].rows
    assert all(len(row) == len(table.columns) for table in tables.values() for row in table.rows)


EVENTS = st.integers(0, 200)


@settings(deadline=None)
@given(
    published=st.lists(EVENTS, min_size=1, max_size=8),
    decided=st.lists(EVENTS, min_size=1, max_size=5),
    pairs=st.lists(st.tuples(st.integers(0, 7), st.integers(0, 4), st.sampled_from(LinkType), EVENTS), max_size=12),
    last=st.integers(0, 180),
)
def test_a_past_report_gives_the_same_figures_whatever_happens_later(
    published: list[int], decided: list[int], pairs: list[tuple[int, int, LinkType, int]], last: int
) -> None:
    insights = [insight(number, when) for number, when in enumerate(published)]
    decisions = [decision(number, when) for number, when in enumerate(decided)]
    links = [link(number, *pair[:3], linked=pair[3]) for number, pair in enumerate(pairs)]
    known = [each for each in links if each.linked_on <= day(last)]
    period = Period(day(0), day(last))

    later = evidence_base(TODAY, insights=insights, decisions=decisions, links=links)
    then = evidence_base(day(last), insights=insights, decisions=decisions, links=known)

    assert scorecard(later, period, known_on=day(last)).as_json() == scorecard(then, period).as_json()
    parts = figure(later, "T1", period).parts
    assert sum(part.numerator for part in parts) == figure(later, "T1", period).denominator

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.duration.survfunc import SurvfuncRight

from insights.core.errors import InvalidInput
from insights.reports.kaplan_meier import kaplan_meier

CASES = st.lists(st.tuples(st.integers(1, 60), st.booleans()), min_size=1, max_size=80)


def test_a_worked_example_gives_the_shares_worked_out_by_hand() -> None:
    # Six insights. Day 10: 1 of 6 decided -> 5/6. Day 20: one leaves. Day 30: 1 of 4 -> 5/6 * 3/4 = 0.625.
    # Day 40: one leaves. Day 50: 1 of 2 -> 0.3125. Day 60: the last leaves undecided.
    curve = kaplan_meier([(10, True), (20, False), (30, True), (40, False), (50, True), (60, False)])

    assert [(step.day, step.at_risk, step.events) for step in curve.steps] == [(10, 6, 1), (30, 4, 1), (50, 2, 1)]
    assert [step.open_share for step in curve.steps] == pytest.approx([5 / 6, 0.625, 0.3125])
    assert (curve.median, curve.upper_quartile) == (50, None)


def test_the_median_counts_as_reached_when_exactly_half_are_decided() -> None:
    curve = kaplan_meier([(1, True), (2, True), (3, True), (4, True)])

    assert (curve.median, curve.upper_quartile) == (2, 3)


def test_the_median_is_not_reached_while_more_than_half_wait() -> None:
    curve = kaplan_meier([(5, True), (90, False), (90, False)])

    assert curve.median is None


def test_what_is_decided_on_a_day_comes_before_what_leaves_on_it() -> None:
    # Both were at risk on day 7, so half are decided.
    curve = kaplan_meier([(7, True), (7, False)])

    assert curve.steps[0].open_share == pytest.approx(0.5)


def test_nothing_watched_gives_an_empty_curve() -> None:
    curve = kaplan_meier([])

    assert (curve.cases, curve.median, curve.points()) == (0, None, ((0, 1.0),))


def test_the_drawn_line_goes_level_and_then_down_to_the_last_day() -> None:
    curve = kaplan_meier([(10, True), (30, False)])

    assert curve.points() == ((0, 1.0), (10, 1.0), (10, 0.5), (30, 0.5))


def test_the_share_and_the_number_at_risk_can_be_read_on_any_day() -> None:
    curve = kaplan_meier([(10, True), (20, False), (30, True), (40, False)])

    assert [curve.open_share_on(day) for day in (0, 9, 10, 29, 30, 99)] == pytest.approx(
        [1, 1, 0.75, 0.75, 0.375, 0.375]
    )
    assert [curve.at_risk_on(day) for day in (0, 10, 11, 40, 41)] == [4, 4, 3, 1, 0]


def test_a_negative_time_is_refused() -> None:
    with pytest.raises(InvalidInput, match="-3 days"):
        kaplan_meier([(-3, True)])


@settings(deadline=None)
@given(CASES)
def test_the_curve_equals_that_of_statsmodels(cases: list[tuple[int, bool]]) -> None:
    reference = SurvfuncRight(np.array([days for days, _ in cases]), np.array([int(event) for _, event in cases]))

    curve = kaplan_meier(cases)

    # statsmodels gives a point for each day with events.
    days = [int(day) for day in reference.surv_times]
    assert [step.day for step in curve.steps] == days
    assert [step.open_share for step in curve.steps] == pytest.approx(list(reference.surv_prob))
    assert [step.at_risk for step in curve.steps] == [int(number) for number in reference.n_risk]


@settings(deadline=None)
@given(CASES, st.randoms())
def test_the_order_of_cases_makes_no_difference(cases: list[tuple[int, bool]], chance: Random) -> None:
    shuffled = chance.sample(cases, len(cases))

    assert kaplan_meier(shuffled) == kaplan_meier(cases)

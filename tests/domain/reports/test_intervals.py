from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from insights.core.errors import InvalidInput
from insights.reports.intervals import wilson_interval


def test_three_of_ten_gives_the_interval_of_the_textbook() -> None:
    # z = 1.95996, z^2 = 3.84146. Centre 0.3 + 3.84146/20 = 0.492073;
    # reach sqrt(3.84146 * (0.021 + 0.0096036)) = 0.342874;
    # scale 1.384146: (0.492073 -+ 0.342874) / 1.384146 = 0.10779 and 0.60322.
    assert wilson_interval(3, 10) == pytest.approx((0.10779, 0.60322), abs=1e-5)


def test_nothing_to_divide_by_has_no_interval() -> None:
    assert wilson_interval(0, 0) is None


def test_none_and_all_stay_within_the_scale() -> None:
    none, every = wilson_interval(0, 4), wilson_interval(4, 4)

    assert none is not None
    assert none[0] == 0.0
    assert every is not None
    assert every[1] == 1.0


@pytest.mark.parametrize(("numerator", "denominator"), [(5, 4), (-1, 4), (1, 0), (0, -1)])
def test_what_is_no_share_is_refused(numerator: int, denominator: int) -> None:
    with pytest.raises(InvalidInput):
        wilson_interval(numerator, denominator)


@settings(deadline=None)
@given(st.integers(1, 5_000).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))))
def test_the_interval_equals_that_of_statsmodels(counts: tuple[int, int]) -> None:
    lower, upper = proportion_confint(*counts, alpha=0.05, method="wilson")

    assert wilson_interval(*counts) == pytest.approx((lower, upper), abs=1e-9)

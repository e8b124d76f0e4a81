"""The leadership metrics of the scorecard: pure functions of dated facts.

    scorecard(base, period, settings=None, *, known_on=None, around=NOTHING_AROUND) -> Scorecard
    metric_help("T1") -> MetricHelp

`Scorecard.metrics` are T1 to T12 in order; `.metric("T1")` finds one; `.as_json()` and `.as_table()` take it
away.
"""

from insights.reports.days import Period
from insights.reports.metrics.explain import CODES, MetricHelp, metric_help
from insights.reports.metrics.metric import (
    Metric,
    MetricSettings,
    NamedCurve,
    Part,
    RequiredGroup,
    Unit,
    in_per_cent,
)
from insights.reports.metrics.scorecard import Scorecard, scorecard

__all__ = [
    "CODES",
    "Metric",
    "MetricHelp",
    "MetricSettings",
    "NamedCurve",
    "Part",
    "Period",
    "RequiredGroup",
    "Scorecard",
    "Unit",
    "in_per_cent",
    "metric_help",
    "scorecard",
]

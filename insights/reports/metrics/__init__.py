"""The leadership metrics of the scorecard: pure functions of dated facts.

    scorecard(base, period, settings=None, *, known_on=None) -> Scorecard
    metric_help("T1") -> MetricHelp

`Scorecard.metrics` are T1, T2, T3, T4, T5, T8, T9; `.metric("T1")` finds one; `.as_json()` and `.as_table()` take it
away.
"""

from insights.reports.days import Period
from insights.reports.metrics.explain import MetricHelp, metric_help
from insights.reports.metrics.metric import (
    Metric,
    MetricSettings,
    NamedCurve,
    Part,
    Unit,
    in_per_cent,
)
from insights.reports.metrics.scorecard import Scorecard, scorecard

__all__ = [
    "Metric",
    "MetricHelp",
    "MetricSettings",
    "NamedCurve",
    "Part",
    "Period",
    "Scorecard",
    "Unit",
    "in_per_cent",
    "metric_help",
    "scorecard",
]

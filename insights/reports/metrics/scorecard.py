"""All figures of the scorecard for one period, from one evidence base."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from insights.core.errors import NotFound
from insights.reports.days import Period
from insights.reports.facts import EvidenceBase
from insights.reports.metrics.answers_given import insight_uptake, shelf_count
from insights.reports.metrics.closing import loop_closure
from insights.reports.metrics.decision_time import decision_time
from insights.reports.metrics.evidence_rates import changed_by_research_share, evidence_backed_rate
from insights.reports.metrics.expiry import stale_reliance
from insights.reports.metrics.metric import Metric, MetricSettings, Window
from insights.reports.metrics.responses import leadership_response
from insights.reports.metrics.reuse import reuse_rate
from insights.reports.metrics.trust import outcome_checks, trace_integrity
from insights.reports.metrics.voices import inclusion_coverage
from insights.reports.surroundings import NOTHING_AROUND, Surroundings
from insights.reports.table import Table, Value


@dataclass(frozen=True, slots=True)
class Scorecard:
    """`on` is the day as of which ages and states are told; `known_on` the last day whose facts were used."""

    period: Period
    on: date
    known_on: date
    settings: MetricSettings
    metrics: tuple[Metric, ...]

    def metric(self, code: str) -> Metric:
        """Raises NotFound for a code that is not on the card."""
        for metric in self.metrics:
            if metric.code == code.strip().upper():
                return metric
        raise NotFound(code)

    def as_json(self) -> dict[str, object]:
        """{"period": {"from", "to"}, "on", "known_on", "settings", "metrics": [...]}."""
        return {
            "period": {"from": self.period.start.isoformat(), "to": self.period.end.isoformat()},
            "on": self.on.isoformat(),
            "known_on": self.known_on.isoformat(),
            "settings": self.settings.as_json(),
            "metrics": [metric.as_json() for metric in self.metrics],
        }

    def as_table(self) -> list[Table]:
        """Metrics, the parts of each, the steps of the curves, the rows behind every figure, and the settings."""
        return [
            self._metrics_table(),
            self._parts_table(),
            self._curves_table(),
            *(table for metric in self.metrics for table in metric.tables),
            self._rows_table(),
            self._settings_table(),
        ]

    def _metrics_table(self) -> Table:
        columns = ("Code", "Metric", "Value", "Numerator", "Denominator", "95% from", "95% to", "Note", "Cautions")
        return Table("Metrics", columns, tuple(_metric_row(metric) for metric in self.metrics))

    def _parts_table(self) -> Table:
        rows = [
            (metric.code, kind, part.label, part.counted, part.denominator, part.share)
            for metric in self.metrics
            for kind, parts in (("part", metric.parts), ("beside", metric.asides))
            for part in parts
        ]
        return Table("Parts", ("Code", "Kind", "Part", "Numerator", "Denominator", "Share"), tuple(rows))

    def _curves_table(self) -> Table:
        rows = [
            (curve.name, step.day, step.at_risk, step.events, step.open_share)
            for metric in self.metrics
            for curve in metric.curves
            for step in curve.curve.steps
        ]
        return Table("Decision time curves", ("Curve", "Day", "At risk", "Events", "Share still open"), tuple(rows))

    def _rows_table(self) -> Table:
        rows: list[tuple[Value, ...]] = []
        for metric in self.metrics:
            rows += [(metric.code, "numerator", ref) for ref in metric.rows]
            rows += [(metric.code, "denominator", ref) for ref in metric.base_rows]
            rows += [(metric.code, part.label, ref) for part in (*metric.parts, *metric.asides) for ref in part.rows]
        return Table("Rows behind the figures", ("Code", "Counted as", "Reference"), tuple(rows))

    def _settings_table(self) -> Table:
        rows: list[tuple[Value, ...]] = [
            ("Period from", self.period.start),
            ("Period to", self.period.end),
            ("As of", self.on),
            ("Known on", self.known_on),
        ]
        rows += [(f"{name.replace('_', ' ').capitalize()}", days) for name, days in self.settings.days.items()]
        rows += [("Required group", group.label) for group in self.settings.required_groups]
        return Table("Settings", ("Setting", "Value"), tuple(rows))


def scorecard(
    base: EvidenceBase,
    period: Period,
    settings: MetricSettings | None = None,
    *,
    known_on: date | None = None,
    around: Surroundings = NOTHING_AROUND,
) -> Scorecard:
    """T1 to T12 for the scope of `base`; what `around` does not hold is n/a in T10 to T12.

    `known_on` leaves out whatever was linked, answered or recorded after that day; give the day an old report was made
    to compute it again. Without it, all that is known on the day the base was loaded counts.
    """
    chosen = settings or MetricSettings()
    window = Window(period, base.today if known_on is None else known_on)
    metrics = (
        evidence_backed_rate(base, window, chosen),
        changed_by_research_share(base, window, chosen),
        insight_uptake(base, window, chosen),
        decision_time(base, window, chosen),
        shelf_count(base, window, chosen),
        leadership_response(base, window, chosen),
        stale_reliance(base, window, around),
        trace_integrity(base, window),
        outcome_checks(base, window),
        loop_closure(base, window, chosen, around),
        inclusion_coverage(base, window, chosen, around),
        reuse_rate(base, window, chosen, around),
    )
    return Scorecard(period, window.on, window.known_on, chosen, metrics)


def _metric_row(metric: Metric) -> tuple[Value, ...]:
    lower, upper = metric.interval or (None, None)
    shown = metric.display if metric.value is None else metric.value
    return (
        metric.code,
        metric.title,
        shown,
        metric.counted,
        metric.denominator,
        lower,
        upper,
        metric.note,
        " ".join(metric.cautions),
    )

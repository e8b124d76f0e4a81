"""How decisions were grounded over the quarters, and how services compare (features.md G8, beyond.md 5).

grounds_by_quarter(base, period=None) -> GroundsTrend
compare_services(base, period, settings=None, *, known_on=None) -> list[ServiceFigures]
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

import pandas as pd

from insights.decisions.models import Basis
from insights.reports.days import Period
from insights.reports.facts import EVER_ACCEPTED, DecisionFact, EvidenceBase, InsightFact
from insights.reports.metrics import Metric, MetricSettings, scorecard
from insights.reports.standing import is_timely_evidence
from insights.reports.table import Table, Value

EVIDENCE, NEITHER = "evidence", "neither"
GROUNDS: tuple[str, ...] = (EVIDENCE, *(basis.value for basis in Basis), NEITHER)
# Shares of fewer cases say more about chance than about a service (metrics.md).
FEWEST_COMPARED = 5


@dataclass(frozen=True, slots=True)
class GroundsTrend:
    """`frame` has one row a quarter, indexed 'quarter' as in '2026Q1' without gaps, and one column for each of GROUNDS
    with the number of decisions accepted on it.
    """

    frame: pd.DataFrame

    def counts(self) -> list[tuple[str, dict[str, int]]]:
        """The quarters in order, each with its count for every ground."""
        return [(str(quarter), {name: int(row[name]) for name in GROUNDS}) for quarter, row in self.frame.iterrows()]

    def as_json(self) -> dict[str, object]:
        """{"quarters": [{"quarter", "grounds": {ground: count}}]}."""
        return {"quarters": [{"quarter": quarter, "grounds": grounds} for quarter, grounds in self.counts()]}

    def as_table(self) -> list[Table]:
        columns = ("Quarter", *(ground.replace("_", " ").capitalize() for ground in GROUNDS))
        rows: list[tuple[Value, ...]] = [(quarter, *grounds.values()) for quarter, grounds in self.counts()]
        return [Table("Grounds by quarter", columns, tuple(rows))]


@dataclass(frozen=True, slots=True)
class ServiceFigures:
    """The figures of one service; those counted on fewer than five cases are left out of `metrics`."""

    service_id: int
    service: str
    metrics: Mapping[str, Metric]

    def shown(self, code: str) -> str:
        """The figure in words, or 'fewer than 5' where it is hidden."""
        metric = self.metrics.get(code)
        return f"fewer than {FEWEST_COMPARED}" if metric is None else metric.display


def grounds_by_quarter(base: EvidenceBase, period: Period | None = None) -> GroundsTrend:
    """Decisions accepted, by calendar quarter and by what they were taken on: evidence in time, a basis, or neither."""
    accepted = [
        decision
        for decision in base.decisions_in_scope
        if decision.status in EVER_ACCEPTED
        and decision.decided_on is not None
        and (period is None or decision.decided_on in period)
    ]
    if not accepted:
        return GroundsTrend(pd.DataFrame(columns=list(GROUNDS), index=pd.Index([], name="quarter"), dtype=int))
    days = [decision.decided_on or date.min for decision in accepted]
    first, last = min(days), max(days)
    quarters = pd.Series([_quarter(day) for day in days], name="quarter")
    grounds = pd.Series([_ground(base, decision) for decision in accepted], name="ground")
    counts = pd.crosstab(quarters, grounds)
    frame = counts.reindex(index=pd.Index(_quarters(first, last), name="quarter"), columns=list(GROUNDS), fill_value=0)
    return GroundsTrend(frame)


def compare_services(
    base: EvidenceBase, period: Period, settings: MetricSettings | None = None, *, known_on: date | None = None
) -> list[ServiceFigures]:
    """The scorecard of every service in scope that has an insight or a decision, by name."""
    records: list[InsightFact | DecisionFact] = [*base.insights_in_scope, *base.decisions_in_scope]
    services = {record.service_id: record.service for record in records if record.service_id is not None}
    compared = []
    for service_id, service in sorted(services.items(), key=lambda each: (each[1].casefold(), each[0])):
        card = scorecard(_narrowed(base, service_id), period, settings, known_on=known_on)
        shown = {metric.code: metric for metric in card.metrics if metric.denominator >= FEWEST_COMPARED}
        compared.append(ServiceFigures(service_id, service, shown))
    return compared


def _narrowed(base: EvidenceBase, service_id: int) -> EvidenceBase:
    insights = {
        key: replace(fact, in_scope=fact.in_scope and fact.service_id == service_id)
        for key, fact in base.insights.items()
    }
    decisions = {
        key: replace(fact, in_scope=fact.in_scope and fact.service_id == service_id)
        for key, fact in base.decisions.items()
    }
    return replace(base, insights=MappingProxyType(insights), decisions=MappingProxyType(decisions))


def _ground(base: EvidenceBase, decision: DecisionFact) -> str:
    for link in base.links_of_decision.get(decision.id, ()):
        if link.linked_on <= base.today and is_timely_evidence(link, base.insights[link.insight_id], decision):
            return EVIDENCE
    return NEITHER if decision.basis is None else decision.basis.value


def _quarter(day: date) -> str:
    return f"{day.year:04}Q{(day.month + 2) // 3}"


def _quarters(first: date, last: date) -> list[str]:
    """Every quarter from the first day's to the last day's; counted by hand, for pandas knows no year before 1677."""
    begin, end = (4 * day.year + (day.month - 1) // 3 for day in (first, last))
    return [f"{number // 4:04}Q{number % 4 + 1}" for number in range(begin, end + 1)]

"""T3 and T5: does research get an answer, and what lies on the shelf (metrics.md)."""

from __future__ import annotations

from datetime import date
from statistics import median

from insights.decisions.disposition import DispositionState
from insights.reports.days import age_in_days, shifted
from insights.reports.facts import EvidenceBase, InsightFact
from insights.reports.metrics.metric import Metric, MetricSettings, Part, Window, counted, in_per_cent, share_metric
from insights.reports.standing import disposition, is_actionable, is_published

_ANSWERS = {DispositionState.ACTED_ON, DispositionState.DECLINED}


def insight_uptake(base: EvidenceBase, window: Window, settings: MetricSettings) -> Metric:
    """T3: actionable insights first published N days before the period, and answered within N days."""
    days = settings.uptake_days
    published = window.period.earlier_by(days)
    # Of a period that is not over, only those whose days have passed can be judged.
    cohort = [
        insight
        for insight in first_published(base, window.on)
        if insight.published_on in published and shifted(insight.published_on or date.max, days) <= window.known_on
    ]
    states = {insight.ref: _state_after(base, insight, days) for insight in cohort}
    answered = tuple(ref for ref, state in states.items() if state in _ANSWERS)
    acted_on = tuple(ref for ref, state in states.items() if state is DispositionState.ACTED_ON)
    return share_metric(
        "T3",
        f"Insight uptake within {days} days",
        rows=answered,
        base_rows=tuple(states),
        note=f"Insights first published from {published.start.isoformat()} to {published.end.isoformat()}.",
        cautions=("A decline with a reason counts: the aim is an answer, not obedience.",) if cohort else (),
        asides=(Part("acted on", len(acted_on), len(cohort), acted_on),),
    )


def shelf_count(base: EvidenceBase, window: Window, settings: MetricSettings) -> Metric:
    """T5: published actionable insights without an answer that are older than the limit."""
    on = window.on
    old = [
        insight
        for insight in first_published(base, on)
        if is_published(insight, on) and _shelf_age(insight, on) > settings.shelf_days
    ]
    waiting = sorted(
        (insight for insight in old if disposition(base, insight, on).state is DispositionState.OPEN),
        key=lambda insight: (-_shelf_age(insight, on), insight.id),
    )
    ages = [_shelf_age(insight, on) for insight in waiting]
    note = f"Older than {settings.shelf_days} days on {on.isoformat()}."
    if ages:
        note += f" Median age {median(ages):g} days, oldest {counted(max(ages), 'day')}."
    return share_metric(
        "T5",
        "Shelf count and shelf rate",
        rows=tuple(insight.ref for insight in waiting),
        base_rows=tuple(insight.ref for insight in old),
        note=note,
        cautions=_t5_cautions(base, window),
    )


def first_published(base: EvidenceBase, on: date) -> list[InsightFact]:
    """I_act: actionable insights in scope published by that day, without the back catalogue."""
    return [
        insight
        for insight in base.insights_in_scope
        if insight.published_on is not None
        and insight.published_on <= on
        and not insight.legacy
        and is_actionable(insight, on)
    ]


def _state_after(base: EvidenceBase, insight: InsightFact, days: int) -> DispositionState:
    published_on = insight.published_on or date.max
    return disposition(base, insight, shifted(published_on, days)).state


def _shelf_age(insight: InsightFact, on: date) -> int:
    return age_in_days(insight.published_on or on, on)


def _t5_cautions(base: EvidenceBase, window: Window) -> tuple[str, ...]:
    new = [
        insight
        for insight in base.insights_in_scope
        if insight.published_on in window.period and insight.published_on is not None and not insight.legacy
    ]
    informative = sum(not is_actionable(insight, window.on) for insight in new)
    if not new:
        return ()
    share = f"{informative} of {counted(len(new), 'insight')} new in the period ({in_per_cent(informative / len(new))})"
    return (f"This falls when insights are marked informative: {share}.",)

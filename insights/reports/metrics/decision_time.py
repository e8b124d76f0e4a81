"""T4: how long research waits for a decision, without hiding what still waits (metrics.md).

Two Kaplan-Meier curves over all actionable insights published up to the report day. W1 ends with the acceptance of the
first decision that rests on the insight in time; W2 with any answer. Whoever has no event yet is censored: on the
report day, or on the day the insight was answered otherwise, retired or superseded, for it waits no longer then.

Two more split the first (beyond.md 9): waiting, from publication to the first link to any decision, and deciding, from
that link to the acceptance.
"""

from __future__ import annotations

from datetime import date

from insights.decisions.models import EVIDENCE_TYPES
from insights.reports.days import age_in_days
from insights.reports.facts import EVER_ACCEPTED, EvidenceBase, InsightFact
from insights.reports.kaplan_meier import kaplan_meier
from insights.reports.metrics.answers_given import first_published
from insights.reports.metrics.metric import Metric, MetricSettings, NamedCurve, Unit, Window, counted
from insights.reports.standing import disposition, first_answer_on, has_ended, is_timely_evidence

NOT_REACHED = "not reached"


def decision_time(base: EvidenceBase, window: Window, settings: MetricSettings) -> Metric:
    """T4. `value` is the median of W1 in days; numerator the insights decided on, denominator all that were watched."""
    on = window.on
    cohort = first_published(base, on)
    to_decision = {insight.ref: _until_decision(base, insight, on, settings) for insight in cohort}
    to_answer = {insight.ref: _until_answer(base, insight, on) for insight in cohort}
    w1 = _curve("W1", "Days from publication to the first decision that rests on it", to_decision)
    w2 = _curve("W2", "Days from publication to any answer", to_answer)
    to_link = {insight.ref: _until_link(base, insight, on) for insight in cohort}
    waiting = _curve("Waiting", "Days from publication to the first link to a decision", to_link)
    linked = [insight for insight in cohort if first_link_on(base, insight, on) is not None]
    deciding = {insight.ref: _from_link_to_decision(base, insight, on, settings) for insight in linked}
    decided = tuple(ref for ref, (_, happened, _) in to_decision.items() if happened)
    return Metric(
        "T4",
        "Decision time",
        Unit.DAYS,
        w1.curve.median,
        len(decided),
        len(cohort),
        _median_in_words(w1),
        note=_note(w1, w2, on) if cohort else "",
        cautions=("A median over decided insights alone would hide those that wait; here they stay in.",)
        if cohort
        else (),
        rows=decided,
        base_rows=tuple(to_decision),
        curves=(w1, w2, waiting, _curve("Deciding", "Days from the first link to the acceptance", deciding)),
    )


def days_in_words(days: int | None) -> str:
    return NOT_REACHED if days is None else counted(days, "day")


def _until_decision(
    base: EvidenceBase, insight: InsightFact, on: date, settings: MetricSettings
) -> tuple[int, bool, bool]:
    """Days, whether the event ended them, and whether the insight still waits."""
    since = insight.published_on or on
    accepted = _first_acceptance(base, insight, on, settings)
    if accepted is not None:
        return age_in_days(since, accepted), True, False
    return _until_left(base, insight, on)


def _until_left(base: EvidenceBase, insight: InsightFact, on: date) -> tuple[int, bool, bool]:
    """Without the event: until it was answered otherwise, ended, or today."""
    since = insight.published_on or on
    answer = disposition(base, insight, on)
    if answer.is_answered and answer.since is not None:
        return age_in_days(since, answer.since), False, False
    return _still_watched(insight, on)


def _until_answer(base: EvidenceBase, insight: InsightFact, on: date) -> tuple[int, bool, bool]:
    answered = first_answer_on(base, insight, on)
    if answered is not None:
        return age_in_days(insight.published_on or on, answered), True, False
    return _still_watched(insight, on)


def _until_link(base: EvidenceBase, insight: InsightFact, on: date) -> tuple[int, bool, bool]:
    linked_on = first_link_on(base, insight, on)
    if linked_on is not None:
        return age_in_days(insight.published_on or on, linked_on), True, False
    return _until_left(base, insight, on)


def _from_link_to_decision(
    base: EvidenceBase, insight: InsightFact, on: date, settings: MetricSettings
) -> tuple[int, bool, bool]:
    """Of an insight that is linked: nought days where it was linked after the acceptance, within the days of grace."""
    linked_on = first_link_on(base, insight, on) or on
    accepted = _first_acceptance(base, insight, on, settings)
    if accepted is not None:
        return age_in_days(linked_on, accepted), True, False
    watched, _, waits = _until_left(base, insight, on)
    until_link = age_in_days(insight.published_on or on, linked_on)
    return max(0, watched - until_link), False, waits


def first_link_on(base: EvidenceBase, insight: InsightFact, on: date) -> date | None:
    """The day on which it was first named as evidence for a decision, whatever became of the decision."""
    links = base.links_of_insight.get(insight.id, ())
    return min((link.linked_on for link in links if link.type in EVIDENCE_TYPES and link.linked_on <= on), default=None)


def _first_acceptance(base: EvidenceBase, insight: InsightFact, on: date, settings: MetricSettings) -> date | None:
    days = []
    for link in base.links_of_insight.get(insight.id, ()):
        decision = base.decisions[link.decision_id]
        if decision.status not in EVER_ACCEPTED or link.linked_on > on:
            continue
        if is_timely_evidence(link, insight, decision, grace_days=settings.link_grace_days):
            days.append(decision.decided_on or on)
    return min((day for day in days if day <= on), default=None)


def _still_watched(insight: InsightFact, on: date) -> tuple[int, bool, bool]:
    since = insight.published_on or on
    if has_ended(insight, on):
        return age_in_days(since, min(insight.ended_on or since, on)), False, False
    return age_in_days(since, on), False, True


def _curve(name: str, title: str, cases: dict[str, tuple[int, bool, bool]]) -> NamedCurve:
    curve = kaplan_meier((days, happened) for days, happened, _ in cases.values())
    return NamedCurve(name, title, curve, tuple(ref for ref, (_, _, waits) in cases.items() if waits))


def _median_in_words(curve: NamedCurve) -> str:
    return days_in_words(curve.curve.median) if curve.curve.cases else "n/a"


def _note(w1: NamedCurve, w2: NamedCurve, on: date) -> str:
    lines = [
        f"{curve.name}: median {days_in_words(curve.curve.median)}, "
        f"75th centile {days_in_words(curve.curve.upper_quartile)}, {_at_risk_at_the_end(curve)}, "
        f"{len(curve.still_open)} still open."
        for curve in (w1, w2)
    ]
    return " ".join([*lines, f"As of {on.isoformat()}, {counted(w1.curve.cases, 'insight')} watched."])


def _at_risk_at_the_end(curve: NamedCurve) -> str:
    steps = curve.curve.steps
    if not steps:
        return f"{curve.curve.cases} at risk throughout"
    return f"{steps[-1].at_risk} at risk at the last step (day {steps[-1].day})"

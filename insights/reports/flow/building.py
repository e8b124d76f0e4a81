"""Counts the flow from the facts of a report.

The insights are those first published in the period, the decisions those that they led to, whenever; beside them stand
the decisions of the period that no insight is evidence for. All are as they stand on the day of the report.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from insights.decisions.disposition import DispositionState
from insights.decisions.models import EVIDENCE_TYPES, DeliveryState, LinkType, Verdict
from insights.reports.days import Period
from insights.reports.facts import DecisionFact, EvidenceBase, InsightFact
from insights.reports.flow.model import Band, Flow, FlowRow, Stop, Unit
from insights.reports.standing import disposition, evidence_links, is_actionable, is_in_force, was_accepted

STUDIES_NAMED = 8
_FOR_INFORMATION = "for_information"
_ANSWERS = {
    DispositionState.ACTED_ON.value: "Acted on",
    DispositionState.DECLINED.value: "Declined",
    DispositionState.PARKED.value: "Parked",
    DispositionState.NO_ACTION.value: "No action needed",
    DispositionState.OPEN.value: "No answer yet",
    _FOR_INFORMATION: "For information",
}
_WITHOUT_RESEARCH = {"declared_basis": "No research: declared basis", "nothing": "No research: nothing recorded"}
_STATES = {
    "live": "Live",
    "in_progress": "Being built",
    "not_started": "Not begun",
    "rolled_back": "Rolled back",
    "ended": "No longer in force",
}
_OUTCOMES = {
    **{verdict.value: verdict.value.replace("_", " ").capitalize() for verdict in Verdict},
    "to_come": "Check to come",
    "overdue": "Check overdue",
    "no_check": "No check planned",
    "cannot": "Cannot be measured",
}
_COUNTED = {
    DispositionState.ACTED_ON.value: frozenset(EVIDENCE_TYPES),
    DispositionState.DECLINED.value: frozenset({LinkType.CONSIDERED_NOT_FOLLOWED}),
}


def flow(base: EvidenceBase, period: Period, on: date | None = None) -> Flow:
    """The flow of the base's scope; on today by default."""
    day = base.today if on is None else on
    insights = [each for each in base.insights_in_scope if each.published_on in period and each.published_on <= day]  # type: ignore[operator] # a day in a period is a day
    answers = {each.id: _answer(base, each, day) for each in insights}
    stops = {stop.key: stop for stop in _stops(base, insights)}
    led_to = {each.id: _led_to(base, each, answers[each.id], day) for each in insights}
    alone = [each for each in base.decisions_in_scope if _is_alone(base, each, period, day)]
    decisions = {number for reached in led_to.values() for number in reached} | {each.id for each in alone}
    bands = [
        *_from_studies(base, insights, answers, stops),
        *_to_decisions(base, insights, answers, led_to, day),
        *_without_research(alone, day),
        *_to_outcomes([base.decisions[number] for number in sorted(decisions)], base, day),
    ]
    places = {key: place for place, key in enumerate(stops)}
    ordered = tuple(sorted(bands, key=lambda band: (places[band.source], places[band.target])))
    used = {key for band in ordered for key in (band.source, band.target)}
    kept = {key: stop for key, stop in stops.items() if key in used}
    return Flow(day, period, kept, ordered, len(insights), len(decisions))


def _stops(base: EvidenceBase, insights: Iterable[InsightFact]) -> Iterator[Stop]:
    """All that there can be, in the order in which they are drawn."""
    cohort = {insight.id for insight in insights}
    counted = Counter({study.id: len(cohort.intersection(study.insight_ids)) for study in base.studies})
    titles = {study.id: study.title for study in base.studies}
    named = [number for number, count in sorted(counted.items(), key=lambda each: (-each[1], each[0])) if count]
    for number in named[:STUDIES_NAMED]:
        yield Stop(f"study-{number}", 0, titles[number], "study")
    others = len(named) - STUDIES_NAMED
    yield Stop("study-other", 0, f"{others:,} other {'study' if others == 1 else 'studies'}", "study")
    yield Stop("study-none", 0, "No study: sources outside", "study")
    for key, label in (_ANSWERS | _WITHOUT_RESEARCH).items():
        yield Stop(f"answer-{key}", 1, label, "plain" if key in _WITHOUT_RESEARCH else "insight")
    yield from (Stop(f"decision-{key}", 2, label, "decision") for key, label in _STATES.items())
    yield from (Stop(f"outcome-{key}", 3, label, "outcome") for key, label in _OUTCOMES.items())


def _answer(base: EvidenceBase, insight: InsightFact, on: date) -> str:
    return disposition(base, insight, on).state.value if is_actionable(insight, on) else _FOR_INFORMATION


def _from_studies(
    base: EvidenceBase, insights: Iterable[InsightFact], answers: Mapping[int, str], stops: Mapping[str, Stop]
) -> Iterator[Band]:
    """An insight that rests on two studies is counted in each, but only once among the other studies."""
    studies: defaultdict[int, set[str]] = defaultdict(set)
    for study in base.studies:
        key = f"study-{study.id}" if f"study-{study.id}" in stops else "study-other"
        for insight_id in study.insight_ids:
            studies[insight_id].add(key)
    rows: defaultdict[tuple[str, str], list[FlowRow]] = defaultdict(list)
    for insight in insights:
        for key in studies.get(insight.id, {"study-none"}):
            rows[key, f"answer-{answers[insight.id]}"].append(_row(insight))
    return _bands(rows, Unit.INSIGHT)


def _led_to(base: EvidenceBase, insight: InsightFact, answer: str, on: date) -> list[int]:
    """The decisions behind the answer: those it is evidence for, or those that considered and did not follow it."""
    types = _COUNTED.get(answer, frozenset())
    links = base.links_of_insight.get(insight.id, ())
    reached = {link.decision_id for link in links if link.type in types and link.linked_on <= on}
    return sorted(number for number in reached if was_accepted(base.decisions[number], on))


def _to_decisions(
    base: EvidenceBase,
    insights: Iterable[InsightFact],
    answers: Mapping[int, str],
    led_to: Mapping[int, list[int]],
    on: date,
) -> Iterator[Band]:
    rows: defaultdict[tuple[str, str], list[FlowRow]] = defaultdict(list)
    for insight in insights:
        by_state: defaultdict[str, list[str]] = defaultdict(list)
        for number in led_to[insight.id]:
            by_state[_state(base.decisions[number], on)].append(f"DEC-{number}")
        for state, refs in by_state.items():
            rows[f"answer-{answers[insight.id]}", f"decision-{state}"].append(_row(insight, ", ".join(refs)))
    return _bands(rows, Unit.INSIGHT)


def _is_alone(base: EvidenceBase, decision: DecisionFact, period: Period, on: date) -> bool:
    return was_accepted(decision, on) and decision.decided_on in period and not evidence_links(base, decision, on)


def _without_research(decisions: Iterable[DecisionFact], on: date) -> Iterator[Band]:
    rows: defaultdict[tuple[str, str], list[FlowRow]] = defaultdict(list)
    for decision in decisions:
        key = "nothing" if decision.basis is None else "declared_basis"
        note = "" if decision.basis is None else decision.basis.value.replace("_", " ")
        rows[f"answer-{key}", f"decision-{_state(decision, on)}"].append(_row(decision, note))
    return _bands(rows, Unit.DECISION)


def _to_outcomes(decisions: Iterable[DecisionFact], base: EvidenceBase, on: date) -> Iterator[Band]:
    rows: defaultdict[tuple[str, str], list[FlowRow]] = defaultdict(list)
    for decision in decisions:
        ends = (f"decision-{_state(decision, on)}", f"outcome-{_outcome(base, decision, on)}")
        rows[ends].append(_row(decision))
    return _bands(rows, Unit.DECISION)


def _state(decision: DecisionFact, on: date) -> str:
    if not is_in_force(decision, on):
        return "ended"
    if decision.delivery_state is DeliveryState.LIVE and decision.live_on is not None and decision.live_on > on:
        return DeliveryState.IN_PROGRESS.value
    return decision.delivery_state.value


def _outcome(base: EvidenceBase, decision: DecisionFact, on: date) -> str:
    """The verdict recorded last, or else whether anybody will look."""
    checks = base.checks_of_decision.get(decision.id, ())
    recorded = [each for each in checks if each.verdict is not None and (each.recorded_on or each.due_on) <= on]
    if recorded:
        last = max(recorded, key=lambda each: (each.recorded_on or each.due_on, each.id))
        return "" if last.verdict is None else last.verdict.value
    if checks:
        return "overdue" if any(each.due_on < on for each in checks) else "to_come"
    return "no_check" if decision.measurable else "cannot"


def _row(fact: InsightFact | DecisionFact, note: str = "") -> FlowRow:
    title = fact.claim if isinstance(fact, InsightFact) else fact.title
    return FlowRow(fact.ref, title, fact.service, fact.owner, note)


def _bands(rows: Mapping[tuple[str, str], list[FlowRow]], unit: Unit) -> Iterator[Band]:
    for (source, target), found in rows.items():
        yield Band(source, target, unit, tuple(found))

"""T10: are those who took part told, and does the public read what was done (metrics.md)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from insights.reports.days import shifted
from insights.reports.facts import EVER_ACCEPTED, EvidenceBase
from insights.reports.metrics.metric import Metric, MetricSettings, Part, Window, counted_share
from insights.reports.surroundings import FollowUpFact, Surroundings

NOT_RECORDED = "Not recorded yet"
_CAUTIONS = (
    "To be told is not to be heard: read it with what decisions changed (T2).",
    "Every service counts as public-facing.",
)


def loop_closure(base: EvidenceBase, window: Window, settings: MetricSettings, around: Surroundings) -> Metric:
    """T10 (a) is the figure; (b), the decisions with a public entry, stands beside it with its own denominator.

    Participants are counted and never listed: codes in a report could be matched with codes elsewhere.
    """
    told, all_of_them = _participants(base, window, settings, around)
    title = f"Loop closure within {settings.closing_days} days"
    return replace(
        counted_share("T10", title, told, all_of_them, note=_note(window, settings, around), cautions=_CAUTIONS),
        asides=(_public_part(base, window, around),),
    )


def _participants(
    base: EvidenceBase, window: Window, settings: MetricSettings, around: Surroundings
) -> tuple[int, int]:
    """How many were told in time, and of how many whose session a decision of the cohort cites."""
    days = settings.closing_days
    cohort = window.period.earlier_by(days)
    cited: defaultdict[int, list[FollowUpFact]] = defaultdict(list)
    for fact in around.follow_ups or ():
        decision = base.decisions.get(fact.decision_id)
        if decision is None or not decision.in_scope or decision.status not in EVER_ACCEPTED:
            continue
        day = decision.decided_on
        if day is not None and day in cohort and shifted(day, days) <= window.known_on:
            cited[fact.participant_id].append(fact)
    told = sum(any(_is_in_time(base, fact, days) for fact in facts) for facts in cited.values())
    return told, len(cited)


def _is_in_time(base: EvidenceBase, fact: FollowUpFact, days: int) -> bool:
    decided_on = base.decisions[fact.decision_id].decided_on
    return fact.told_on is not None and decided_on is not None and fact.told_on <= shifted(decided_on, days)


def _public_part(base: EvidenceBase, window: Window, around: Surroundings) -> Part:
    label = "decisions on services with a public “we did”"
    if around.public_entries is None:
        return Part(f"{label} (not recorded yet)", 0, 0)
    shown = {
        entry.decision_id
        for entry in around.public_entries
        if entry.published_on <= window.known_on and (entry.ended_on is None or entry.ended_on > window.known_on)
    }
    accepted = [
        decision
        for decision in base.decisions_in_scope
        if decision.status in EVER_ACCEPTED and decision.decided_on in window.period and decision.service_id is not None
    ]
    published = tuple(decision.ref for decision in accepted if decision.id in shown)
    return Part(label, len(published), len(accepted), published)


def _note(window: Window, settings: MetricSettings, around: Surroundings) -> str:
    if around.follow_ups is None:
        return f"{NOT_RECORDED}: who of the participants was told of a decision."
    cohort = window.period.earlier_by(settings.closing_days)
    return (
        "Participants who may be contacted again and whose session is cited by a decision accepted from "
        f"{cohort.start.isoformat()} to {cohort.end.isoformat()}."
    )

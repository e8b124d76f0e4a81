"""T7: decisions that rest on expired evidence alone (metrics.md)."""

from __future__ import annotations

from datetime import date

from insights.reports.facts import DecisionFact, EvidenceBase, InsightFact
from insights.reports.metrics.metric import Metric, Part, Window, share_metric
from insights.reports.standing import evidence_links, has_ended, is_in_force
from insights.reports.surroundings import Surroundings
from insights.synthesis.freshness import FreshnessState, assess_freshness

_CAUTIONS = (
    "Stale is a prompt to look again, not proof that the evidence is wrong; half-lives are opinion and can be set.",
    "Of changes to a component only the last is kept.",
)


def stale_reliance(base: EvidenceBase, window: Window, around: Surroundings) -> Metric:
    """T7: of decisions in force with evidence, those whose every supporting insight is stale, retired or superseded."""
    on = window.on
    resting: list[str] = []
    expired: list[str] = []
    partly: list[str] = []
    for decision in base.decisions_in_scope:
        supporting = _supporting(base, decision, on) if is_in_force(decision, on) else []
        if not supporting:
            continue
        resting.append(decision.ref)
        states = {_is_expired(insight, on, around) for insight in supporting}
        if True in states:
            (partly if False in states else expired).append(decision.ref)
    return share_metric(
        "T7",
        "Stale-reliance rate",
        rows=tuple(expired),
        base_rows=tuple(resting),
        note=f"Decisions in force with evidence on {on.isoformat()}.",
        cautions=_CAUTIONS if resting else (),
        asides=(Part("rest on some expired evidence, not all", len(partly), len(resting), tuple(partly)),),
    )


def _supporting(base: EvidenceBase, decision: DecisionFact, on: date) -> list[InsightFact]:
    return [base.insights[link.insight_id] for link in evidence_links(base, decision, on)]


def _is_expired(insight: InsightFact, on: date, around: Surroundings) -> bool:
    if has_ended(insight, on):
        return True
    changed = insight.component_changed_on
    freshness = assess_freshness(
        insight.kind,
        _newest_evidence(insight, on, around),
        on,
        component_changed_on=changed if changed is None or changed <= on else None,
        half_lives=insight.half_lives,
    )
    return freshness.state is FreshnessState.STALE


def _newest_evidence(insight: InsightFact, on: date, around: Surroundings) -> date | None:
    """The newest evidence that was known on the day; without dated evidence what is known today has to do."""
    if around.evidence_days is None:
        return insight.newest_evidence_on
    known = [each.on for each in around.evidence_days.get(insight.id, ()) if each.known_from <= on]
    return max(known, default=None)

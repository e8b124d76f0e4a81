"""T1 and T2: do decisions rest on evidence, and does evidence change them (metrics.md)."""

from __future__ import annotations

from insights.decisions.models import LinkType
from insights.reports.days import Period
from insights.reports.facts import EVER_ACCEPTED, DecisionFact, EvidenceBase, LinkFact
from insights.reports.metrics.metric import Metric, MetricSettings, Part, Window, counted, in_per_cent, share_metric
from insights.reports.standing import is_retrospective, is_timely_evidence
from insights.synthesis.models import ConfidenceLevel

_WEAK = {ConfidenceLevel.LOW, ConfidenceLevel.VERY_LOW}


def evidence_backed_rate(base: EvidenceBase, window: Window, settings: MetricSettings) -> Metric:
    """T1, in three parts that sum to all decisions accepted in the period."""
    accepted = accepted_in(base, window.period)
    timely = {decision.id: timely_links(base, decision, window, settings) for decision in accepted}
    backed = tuple(decision.ref for decision in accepted if timely[decision.id])
    without = [decision for decision in accepted if not timely[decision.id]]
    declared = tuple(decision.ref for decision in without if decision.basis is not None)
    neither = tuple(decision.ref for decision in without if decision.basis is None)
    return share_metric(
        "T1",
        "Evidence-backed decision rate",
        rows=backed,
        base_rows=tuple(decision.ref for decision in accepted),
        note=_undated_note(base),
        cautions=_t1_cautions(base, [link for links in timely.values() for link in links], accepted, window, settings),
        parts=(
            Part("rest on evidence", len(backed), len(accepted), backed),
            Part("rest on a declared basis only", len(declared), len(accepted), declared),
            Part("neither (legacy)", len(neither), len(accepted), neither),
        ),
        asides=(_retrospective_part(base, accepted, window, settings),),
    )


def changed_by_research_share(base: EvidenceBase, window: Window, settings: MetricSettings) -> Metric:
    """T2: of the decisions with evidence, those that evidence changed."""
    accepted = accepted_in(base, window.period)
    timely = {decision.ref: timely_links(base, decision, window, settings) for decision in accepted}
    backed = tuple(ref for ref, links in timely.items() if links)
    changed = tuple(ref for ref in backed if any(link.type is LinkType.CHANGED for link in timely[ref]))
    return share_metric(
        "T2",
        "Changed-by-research share",
        rows=changed,
        base_rows=backed,
        cautions=("Near 0% research is used as a rubber stamp: it is cited, but changes nothing.",) if backed else (),
    )


def accepted_in(base: EvidenceBase, period: Period) -> list[DecisionFact]:
    """A(p): decisions in scope accepted in the period, whatever became of them."""
    return [
        decision
        for decision in base.decisions_in_scope
        if decision.status in EVER_ACCEPTED and decision.decided_on in period
    ]


def timely_links(
    base: EvidenceBase, decision: DecisionFact, window: Window, settings: MetricSettings
) -> list[LinkFact]:
    """The decision's links of the set EL that were known by then."""
    return [
        link
        for link in base.links_of_decision.get(decision.id, ())
        if link.linked_on <= window.known_on
        and is_timely_evidence(link, base.insights[link.insight_id], decision, grace_days=settings.link_grace_days)
    ]


def _retrospective_part(
    base: EvidenceBase, accepted: list[DecisionFact], window: Window, settings: MetricSettings
) -> Part:
    links = [
        link
        for decision in accepted
        for link in base.links_of_decision.get(decision.id, ())
        if link.linked_on <= window.known_on
    ]
    late = tuple(
        link.ref
        for link in links
        if is_retrospective(
            link,
            base.insights[link.insight_id],
            base.decisions[link.decision_id],
            grace_days=settings.link_grace_days,
        )
    )
    return Part("retrospective links, not counted", len(late), len(links), late)


def _undated_note(base: EvidenceBase) -> str:
    undated = sum(
        decision.status in EVER_ACCEPTED and decision.decided_on is None for decision in base.decisions_in_scope
    )
    if not undated:
        return ""
    return f"{counted(undated, 'accepted decision')} without a date: in no period, so not counted."


def _t1_cautions(
    base: EvidenceBase,
    links: list[LinkFact],
    accepted: list[DecisionFact],
    window: Window,
    settings: MetricSettings,
) -> tuple[str, ...]:
    if not accepted:
        return ()
    weak = sum(base.insights[link.insight_id].confidence in _WEAK for link in links)
    share = in_per_cent(weak / len(links) if links else None)
    changed = changed_by_research_share(base, window, settings)
    shown = f"{changed.display}, {changed.numerator} of {changed.denominator}"
    return (
        f"Weak links raise this figure. Read it with the changed-by-research share (T2): {shown}.",
        f"{weak} of {counted(len(links), 'counted link')} ({share}) rest on insights of low or very low confidence.",
    )

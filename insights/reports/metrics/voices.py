"""T11: whose voice is missing behind the decisions that rest on evidence (metrics.md).

Which decisions a group stands behind is not listed and numbers of one or two people are held back, for with a decision
and a group somebody could be singled out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from insights.reports.facts import EvidenceBase
from insights.reports.inclusion import FEW
from insights.reports.metrics.evidence_rates import accepted_in, timely_links
from insights.reports.metrics.metric import (
    Metric,
    MetricSettings,
    Part,
    RequiredGroup,
    Window,
    counted_share,
)
from insights.reports.surroundings import Surroundings, VoiceFact

FEW_PEOPLE = f"<{FEW} people"
_CAUTIONS = (
    "It counts whom the studies recorded: “not recorded” is not “none”.",
    "One person heard is enough to count, which is little; read it with who stands behind each decision.",
)


@dataclass(frozen=True, slots=True)
class _Reach:
    """In how many decisions a group is heard, and by how many different people."""

    group: RequiredGroup
    decisions: int
    people: int

    @property
    def order(self) -> tuple[int, int]:
        """Nobody first, then too few to tell, then by decisions; held-back numbers do not show in the order."""
        if self.people == 0:
            return 0, 0
        return (1, 0) if self.people < FEW else (2, self.decisions)

    def part(self, denominator: int) -> Part:
        if 0 < self.people < FEW:
            return Part(self.group.label, 0, denominator, withheld=FEW_PEOPLE)
        return Part(self.group.label, self.decisions, denominator)


def inclusion_coverage(base: EvidenceBase, window: Window, settings: MetricSettings, around: Surroundings) -> Metric:
    """T11: decisions accepted in the period on evidence with somebody of a group behind it, the lowest group first."""
    backed = {
        decision.id: {link.insight_id for link in links}
        for decision in accepted_in(base, window.period)
        if (links := timely_links(base, decision, window, settings))
    }
    decisions = tuple(base.decisions[decision_id].ref for decision_id in backed)
    title = "Inclusion coverage"
    if around.voices is None:
        return counted_share("T11", title, 0, 0, note="The people behind the evidence were not read for this report.")
    reaches = sorted(
        (_reach(group, backed, around.voices) for group in settings.required_groups), key=lambda reach: reach.order
    )
    parts = tuple(reach.part(len(backed)) for reach in reaches)
    return _headed_by_the_lowest(title, parts, decisions)


def _reach(group: RequiredGroup, backed: Mapping[int, set[int]], voices: Mapping[int, tuple[VoiceFact, ...]]) -> _Reach:
    people: set[int] = set()
    decisions = 0
    for insight_ids in backed.values():
        heard = {
            voice.participant_id
            for insight_id in insight_ids
            for voice in voices.get(insight_id, ())
            if group.holds(voice.told)
        }
        decisions += bool(heard)
        people |= heard
    return _Reach(group, decisions, len(people))


def _headed_by_the_lowest(title: str, parts: tuple[Part, ...], decisions: tuple[str, ...]) -> Metric:
    lowest = parts[0] if parts else Part("", 0, 0)
    metric = counted_share("T11", title, lowest.numerator, len(decisions))
    if not decisions or not parts:
        return replace(metric, base_rows=decisions, asides=parts)
    return replace(
        metric,
        value=lowest.share,
        display=lowest.withheld or metric.display,
        interval=None if lowest.withheld else metric.interval,
        note=f"Lowest: {lowest.label}. Decisions are counted, not listed by group, so that nobody is singled out.",
        cautions=_CAUTIONS,
        base_rows=decisions,
        asides=parts,
        withheld=lowest.withheld,
    )

"""Frozen facts that reports are computed from. Days are local calendar days; nothing here touches the database.

`EvidenceBase` is what one member may see, with every dated event, so that any past day can be asked again. `in_scope`
says whether a record belongs to the service and team that the report is about; what lies outside stays in the base, for
a decision may rest on another service's insight.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import TypeVar

from insights.decisions import disposition as answers
from insights.decisions.disposition import EventFact
from insights.decisions.models import Basis, DecisionStatus, DeliveryState, LinkType, Verdict
from insights.synthesis.models import ConfidenceLevel, InsightKind, InsightStatus, InsightType, RecommendationStatus

Fact = TypeVar("Fact")

# Accepted once, whatever became of it.
EVER_ACCEPTED = frozenset({DecisionStatus.ACCEPTED, DecisionStatus.DEPRECATED, DecisionStatus.SUPERSEDED})


@dataclass(frozen=True, slots=True)
class VersionFact:
    """What an insight was from that day on."""

    on: date
    type: InsightType
    fingerprint: str


@dataclass(frozen=True, slots=True)
class InsightFact:
    """`versions` are oldest first, and empty where there is only one. `people` are distinct participant codes."""

    id: int
    claim: str
    type: InsightType = InsightType.ACTIONABLE
    kind: InsightKind = InsightKind.USABILITY
    status: InsightStatus = InsightStatus.PUBLISHED
    confidence: ConfidenceLevel | None = None
    fingerprint: str = ""
    team_id: int = 0
    service_id: int | None = None
    service: str = ""
    owner_id: int | None = None
    owner: str = ""
    published_on: date | None = None
    ended_on: date | None = None
    superseded_by_id: int | None = None
    legacy: bool = False
    in_scope: bool = True
    versions: tuple[VersionFact, ...] = ()
    people: int = 0
    sessions: int = 0
    quotes: int = 0
    studies: int = 0
    newest_evidence_on: date | None = None
    component_changed_on: date | None = None
    half_lives: Mapping[str, float] = field(default_factory=dict)

    @property
    def ref(self) -> str:
        return f"INS-{self.id}"


@dataclass(frozen=True, slots=True)
class DecisionFact:
    id: int
    title: str
    status: DecisionStatus = DecisionStatus.ACCEPTED
    decided_on: date | None = None
    ended_on: date | None = None
    superseded_by_id: int | None = None
    basis: Basis | None = None
    delivery_state: DeliveryState = DeliveryState.NOT_STARTED
    live_on: date | None = None
    measurable: bool = True
    team_id: int = 0
    service_id: int | None = None
    service: str = ""
    owner_id: int | None = None
    owner: str = ""
    legacy: bool = False
    in_scope: bool = True

    @property
    def ref(self) -> str:
        return f"DEC-{self.id}"


@dataclass(frozen=True, slots=True)
class LinkFact:
    """`fingerprint` is what the link pins now; `first_fingerprint` what it pinned when it was made."""

    id: int
    insight_id: int
    decision_id: int
    type: LinkType
    linked_on: date
    affirmed_on: date | None = None
    fingerprint: str = ""
    first_fingerprint: str = ""
    rationale: str = ""

    @property
    def ref(self) -> str:
        return f"LNK-{self.id}"


@dataclass(frozen=True, slots=True)
class CheckFact:
    id: int
    decision_id: int
    due_on: date
    recorded_on: date | None = None
    verdict: Verdict | None = None
    owner_id: int | None = None
    owner: str = ""

    @property
    def ref(self) -> str:
        return f"CHK-{self.id}"


@dataclass(frozen=True, slots=True)
class MeasureFact:
    id: int
    decision_id: int
    name: str
    added_on: date
    readings: int = 0

    @property
    def ref(self) -> str:
        return f"MEA-{self.id}"


@dataclass(frozen=True, slots=True)
class RecommendationFact:
    id: int
    text: str
    insight_ids: tuple[int, ...]
    issued_on: date
    status: RecommendationStatus = RecommendationStatus.ISSUED
    responded_on: date | None = None
    due_on: date | None = None
    service_id: int | None = None
    service: str = ""
    addressee_id: int | None = None
    addressee: str = ""
    in_scope: bool = True

    @property
    def ref(self) -> str:
        return f"REC-{self.id}"


@dataclass(frozen=True, slots=True)
class ContradictionFact:
    """Open from `opened_on` until the day before `settled_on`."""

    id: int
    insight_id: int
    opened_on: date
    settled_on: date | None = None

    @property
    def ref(self) -> str:
        return f"CON-{self.id}"


@dataclass(frozen=True, slots=True)
class StudyFact:
    """A study that at least one insight rests on."""

    id: int
    title: str
    team_id: int
    insight_ids: tuple[int, ...]

    @property
    def ref(self) -> str:
        return f"STU-{self.id}"


@dataclass(frozen=True, slots=True)
class EvidenceBase:
    """Everything a report needs, keyed by id; make one with `evidence_base(...)` or `load_evidence_base`.

    `answers_of_insight` are the links to dated accepted decisions, as the rule of dispositions takes them.
    """

    today: date
    insights: Mapping[int, InsightFact]
    decisions: Mapping[int, DecisionFact]
    links: tuple[LinkFact, ...]
    checks: tuple[CheckFact, ...]
    measures: tuple[MeasureFact, ...]
    recommendations: tuple[RecommendationFact, ...]
    studies: tuple[StudyFact, ...]
    links_of_insight: Mapping[int, tuple[LinkFact, ...]]
    links_of_decision: Mapping[int, tuple[LinkFact, ...]]
    checks_of_decision: Mapping[int, tuple[CheckFact, ...]]
    answers_of_insight: Mapping[int, tuple[answers.LinkFact, ...]]
    events_of_insight: Mapping[int, tuple[EventFact, ...]]
    declines_of_insight: Mapping[int, tuple[date, ...]]
    contradictions_of_insight: Mapping[int, tuple[ContradictionFact, ...]]

    @property
    def insights_in_scope(self) -> list[InsightFact]:
        return [insight for insight in self.insights.values() if insight.in_scope]

    @property
    def decisions_in_scope(self) -> list[DecisionFact]:
        return [decision for decision in self.decisions.values() if decision.in_scope]


def evidence_base(
    today: date,
    *,
    insights: Iterable[InsightFact] = (),
    decisions: Iterable[DecisionFact] = (),
    links: Iterable[LinkFact] = (),
    checks: Iterable[CheckFact] = (),
    measures: Iterable[MeasureFact] = (),
    recommendations: Iterable[RecommendationFact] = (),
    contradictions: Iterable[ContradictionFact] = (),
    studies: Iterable[StudyFact] = (),
    events: Mapping[int, tuple[EventFact, ...]] | None = None,
) -> EvidenceBase:
    """Joins the facts. What hangs on an insight or decision that is not given is left out: it may not be seen."""
    known_insights = {insight.id: insight for insight in insights}
    known_decisions = {decision.id: decision for decision in decisions}
    kept = tuple(link for link in links if link.insight_id in known_insights and link.decision_id in known_decisions)
    kept_checks = tuple(check for check in checks if check.decision_id in known_decisions)
    kept_recommendations = tuple(item for item in recommendations if set(item.insight_ids) <= known_insights.keys())
    return EvidenceBase(
        today=today,
        insights=MappingProxyType(known_insights),
        decisions=MappingProxyType(known_decisions),
        links=kept,
        checks=kept_checks,
        measures=tuple(measure for measure in measures if measure.decision_id in known_decisions),
        recommendations=kept_recommendations,
        studies=tuple(studies),
        links_of_insight=_grouped(kept, lambda link: link.insight_id),
        links_of_decision=_grouped(kept, lambda link: link.decision_id),
        checks_of_decision=_grouped(kept_checks, lambda check: check.decision_id),
        answers_of_insight=_answers(kept, known_decisions),
        events_of_insight={key: value for key, value in (events or {}).items() if key in known_insights},
        declines_of_insight=_declines(kept_recommendations),
        contradictions_of_insight=_grouped(contradictions, lambda contradiction: contradiction.insight_id),
    )


def _grouped(facts: Iterable[Fact], key: Callable[[Fact], int]) -> dict[int, tuple[Fact, ...]]:
    groups: defaultdict[int, list[Fact]] = defaultdict(list)
    for fact in facts:
        groups[key(fact)].append(fact)
    return {number: tuple(members) for number, members in groups.items()}


def _answers(
    links: Iterable[LinkFact], decisions: Mapping[int, DecisionFact]
) -> dict[int, tuple[answers.LinkFact, ...]]:
    """Without a date of acceptance nobody can say when the insight was answered."""
    found: defaultdict[int, list[answers.LinkFact]] = defaultdict(list)
    for link in links:
        decision = decisions[link.decision_id]
        if decision.status in EVER_ACCEPTED and decision.decided_on is not None:
            found[link.insight_id].append(answers.LinkFact(link.type, decision.decided_on, link.linked_on))
    return {insight_id: tuple(given) for insight_id, given in found.items()}


def _declines(recommendations: Iterable[RecommendationFact]) -> dict[int, tuple[date, ...]]:
    days: defaultdict[int, list[date]] = defaultdict(list)
    for item in recommendations:
        if item.status is RecommendationStatus.DECLINED and item.responded_on is not None:
            for insight_id in item.insight_ids:
                days[insight_id].append(item.responded_on)
    return {insight_id: tuple(found) for insight_id, found in days.items()}

"""What the telling of the story shares: its days, its people, and what has been stored so far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import IntEnum

from sqlalchemy.orm import Session

from insights.capture.models import SourceText, Study
from insights.coding.models import Highlight
from insights.decisions.models import Decision, DecisionLink, ImpactEntry, Measure, OutcomeCheck
from insights.people.models import Component, Member, Participant, Service, Team
from insights.synthesis.models import Contradiction, EvidenceLink, Insight, Recommendation
from research_hub.demo.records import Story
from research_hub.files import FileStore


class Part(IntEnum):
    """The order of acts within one day: what is known comes before what is made of it."""

    OPENING = 0
    STUDY = 1
    SESSION = 2
    HIGHLIGHT = 3
    INSIGHT = 4
    EVIDENCE = 5
    PUBLICATION = 6
    CONTRADICTION = 7
    SETTLEMENT = 8
    EDIT = 9
    RECOMMENDATION = 10
    PROPOSAL = 11
    LINK = 12
    MEASURE = 13
    ACCEPTANCE = 14
    SUCCESSION = 15
    DELIVERY = 16
    REAFFIRMATION = 17
    READING = 18
    OUTCOME = 19
    ANSWER = 20
    CLOSING = 21


@dataclass(frozen=True, slots=True)
class Act:
    """Something done on a day, counted from the day the story is loaded."""

    day: int
    part: Part
    do: Callable[[], object]


@dataclass(slots=True)
class Told:
    """What is stored by now, by the story's keys; evidence and links by pairs of them."""

    teams: dict[str, Team] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)
    components: dict[str, Component] = field(default_factory=dict)
    studies: dict[str, Study] = field(default_factory=dict)
    participants: dict[str, Participant] = field(default_factory=dict)
    sources: dict[str, SourceText] = field(default_factory=dict)
    highlights: dict[str, Highlight] = field(default_factory=dict)
    insights: dict[str, Insight] = field(default_factory=dict)
    evidence: dict[tuple[str, str], EvidenceLink] = field(default_factory=dict)
    contradictions: dict[str, Contradiction] = field(default_factory=dict)
    recommendations: dict[str, Recommendation] = field(default_factory=dict)
    decisions: dict[str, Decision] = field(default_factory=dict)
    links: dict[tuple[str, str], DecisionLink] = field(default_factory=dict)
    measures: dict[str, Measure] = field(default_factory=dict)
    checks: dict[str, OutcomeCheck] = field(default_factory=dict)
    impact: dict[str, ImpactEntry] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stage:
    session: Session
    story: Story
    files: FileStore
    today: date
    told: Told

    def on(self, day: int) -> date:
        return self.today + timedelta(days=day)

    def day_or_none(self, day: int | None) -> date | None:
        return None if day is None else self.on(day)

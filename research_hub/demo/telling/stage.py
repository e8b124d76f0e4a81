"""What the telling of the story shares: its days, its people, and what has been stored so far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import IntEnum

from sqlalchemy.orm import Session

from insights.capture.models import LiveLog, ResearchSession, SourceText, Study
from insights.coding.models import CodingRound, Highlight
from insights.decisions.models import Decision, DecisionLink, ImpactEntry, Measure, OutcomeCheck
from insights.openness.models import ResearchRequest
from insights.people.models import Component, Member, Participant, Service, Team
from insights.stewardship.models import Comment
from insights.synthesis.models import Contradiction, EvidenceLink, Insight, Recommendation
from research_hub.demo.records import Story
from research_hub.files import FileStore


class Part(IntEnum):
    """The order of acts within one day: what is known comes before what is made of it."""

    OPENING = 0
    STUDY = 1
    SESSION = 2
    LIVE_LOG = 3
    HIGHLIGHT = 4
    ANALYSIS = 5
    INSIGHT = 6
    EVIDENCE = 7
    PUBLICATION = 8
    CONTRADICTION = 9
    SETTLEMENT = 10
    EDIT = 11
    RECOMMENDATION = 12
    PROPOSAL = 13
    LINK = 14
    MEASURE = 15
    ACCEPTANCE = 16
    SUCCESSION = 17
    DELIVERY = 18
    REAFFIRMATION = 19
    READING = 20
    OUTCOME = 21
    ANSWER = 22
    TALK = 23
    CLOSING = 24


@dataclass(frozen=True, slots=True)
class Act:
    """Something done on a day, counted from the day the story is loaded; `lasts` until the next of that day begins."""

    day: int
    part: Part
    do: Callable[[], object]
    lasts: timedelta = timedelta(minutes=1)


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
    logs: dict[str, tuple[ResearchSession, LiveLog]] = field(default_factory=dict)
    rounds: dict[str, CodingRound] = field(default_factory=dict)
    comments: dict[str, Comment] = field(default_factory=dict)
    requests: dict[str, ResearchRequest] = field(default_factory=dict)


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

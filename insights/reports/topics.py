"""What is known about a topic, put together from rows by rules that anybody can follow (features.md E6).

topic(TopicRows(...)) -> Topic. Nothing here touches the database, and nothing is written by a machine.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from insights.reports.table import Table
from insights.synthesis.freshness import FreshnessState
from insights.synthesis.queries import ContradictionRow, InsightRow

_CONFIDENCE_RANK = {"high": 0, "moderate": 1, "low": 2, "very_low": 3}
_FRESHNESS_RANK = {FreshnessState.FRESH: 0, FreshnessState.AGEING: 1, FreshnessState.STALE: 2}


@dataclass(frozen=True, slots=True)
class HeardFact:
    """Somebody heard in support of an insight, in a session or report; `participant_id` None where nobody is named."""

    insight_id: int
    source_ref: str
    source: str
    study_ref: str
    study: str
    dated_on: date | None
    participant_id: int | None = None
    code: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class DecisionOnTopic:
    """`rests_on` are refs of the topic's insights that it is linked to; '' and () where it only matches the words."""

    id: int
    ref: str
    title: str
    status: str
    decided_on: date | None
    service: str
    rests_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OutcomeOnTopic:
    """A check of one of the decisions; `verdict` is '' while nobody has looked."""

    decision_ref: str
    measure: str
    due_on: date
    verdict: str
    recorded_on: date | None
    note: str


@dataclass(frozen=True, slots=True)
class TopicRows:
    """Everything of one topic that the member may see. `groups` are the user groups heard on anything at all."""

    insights: Sequence[InsightRow] = ()
    contradictions: Sequence[ContradictionRow] = ()
    heard: Sequence[HeardFact] = ()
    groups: Sequence[str] = ()
    decisions: Sequence[DecisionOnTopic] = ()
    outcomes: Sequence[OutcomeOnTopic] = ()


@dataclass(frozen=True, slots=True)
class GroupHeard:
    """`codes` are those of the people heard, each with its study; none where the group was not heard."""

    group: str
    codes: tuple[str, ...]
    insights: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourceHeard:
    ref: str
    title: str
    study_ref: str
    study: str
    dated_on: date | None
    insights: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Topic:
    insights: tuple[InsightRow, ...]
    contradictions: tuple[ContradictionRow, ...]
    groups: tuple[GroupHeard, ...]
    decisions: tuple[DecisionOnTopic, ...]
    outcomes: tuple[OutcomeOnTopic, ...]
    sources: tuple[SourceHeard, ...]
    people: int
    people_without_group: int

    @property
    def heard(self) -> tuple[GroupHeard, ...]:
        return tuple(each for each in self.groups if each.codes)

    @property
    def not_heard(self) -> tuple[GroupHeard, ...]:
        return tuple(each for each in self.groups if not each.codes)

    @property
    def verdicts(self) -> tuple[OutcomeOnTopic, ...]:
        return tuple(each for each in self.outcomes if each.verdict)

    def tables(self) -> list[Table]:
        """The same rows as on the page, a sheet for each section; the insights first."""
        return [
            Table("What we know", _INSIGHT_COLUMNS, tuple(_insight_values(row) for row in self.insights)),
            Table(
                "Contradictions",
                ("Insight", "Against it", "What it says", "Cause", "Status"),
                tuple((c.ref, c.other_ref, c.other_claim, c.cause, c.status) for c in self.contradictions),
            ),
            Table(
                "User groups",
                ("User group", "People heard", "Their codes", "Insights"),
                tuple((g.group, len(g.codes), ", ".join(g.codes), ", ".join(g.insights)) for g in self.groups),
            ),
            Table(
                "Decisions",
                ("Ref", "Decision", "Status", "Decided on", "Service", "Rests on"),
                tuple(
                    (d.ref, d.title, d.status, d.decided_on, d.service, ", ".join(d.rests_on)) for d in self.decisions
                ),
            ),
            Table(
                "Outcomes",
                ("Decision", "Measure", "Due on", "Verdict", "Recorded on", "Note"),
                tuple((o.decision_ref, o.measure, o.due_on, o.verdict, o.recorded_on, o.note) for o in self.outcomes),
            ),
            Table(
                "Sessions",
                ("Ref", "Title", "Study", "Study title", "Date", "Insights"),
                tuple((s.ref, s.title, s.study_ref, s.study, s.dated_on, ", ".join(s.insights)) for s in self.sources),
            ),
        ]


_INSIGHT_COLUMNS = (
    "Ref",
    "Claim",
    "Confidence",
    "People",
    "Studies",
    "Quotes for",
    "Evidence against",
    "Freshness",
    "Contradicted",
    "Newest evidence on",
)


def topic(rows: TopicRows) -> Topic:
    """The page from its rows.

    Insights: those with fresh evidence before ageing and stale ones, then by confidence, people, studies and quotes,
    the newest first among equals. Decisions: those resting on the most of the insights first. Sessions: newest first.
    """
    people = {fact.participant_id: fact.group for fact in rows.heard if fact.participant_id is not None}
    return Topic(
        insights=tuple(sorted(rows.insights, key=_strongest_first)),
        contradictions=tuple(each for each in _once(rows.contradictions) if each.status == "open"),
        groups=_groups(rows),
        decisions=tuple(sorted(rows.decisions, key=lambda each: (-len(each.rests_on), -each.id))),
        outcomes=tuple(sorted(rows.outcomes, key=lambda each: (not each.verdict, each.decision_ref, each.due_on))),
        sources=_sources(rows.heard),
        people=len(people),
        people_without_group=sum(1 for group in people.values() if not group),
    )


def _strongest_first(row: InsightRow) -> tuple[int, int, int, int, int, int]:
    strength = row.strength
    return (
        _FRESHNESS_RANK[row.freshness.state],
        _CONFIDENCE_RANK.get(row.confidence, len(_CONFIDENCE_RANK)),
        -strength.people,
        -strength.studies,
        -strength.quotes,
        -row.id,
    )


def _once(rows: Iterable[ContradictionRow]) -> list[ContradictionRow]:
    """A contradiction of which both sides are on the page is told once."""
    return list({each.id: each for each in rows}.values())


def _groups(rows: TopicRows) -> tuple[GroupHeard, ...]:
    """The best heard first; then, by name, those who were heard on other things but not on this."""
    people: dict[str, dict[int, str]] = defaultdict(dict)
    insights: dict[str, set[int]] = defaultdict(set)
    for fact in rows.heard:
        if fact.participant_id is not None and fact.group:
            people[fact.group][fact.participant_id] = f"{fact.code} ({fact.study_ref})"
            insights[fact.group].add(fact.insight_id)
    known = sorted({*(group for group in rows.groups if group), *people})
    found = [GroupHeard(each, tuple(sorted(people[each].values())), _refs(insights[each])) for each in known]
    return tuple(sorted(found, key=lambda each: (-len(each.codes), each.group)))


def _sources(heard: Iterable[HeardFact]) -> tuple[SourceHeard, ...]:
    facts: dict[str, HeardFact] = {}
    insights: Mapping[str, set[int]] = defaultdict(set)
    for fact in heard:
        facts[fact.source_ref] = fact
        insights[fact.source_ref].add(fact.insight_id)
    found = [
        SourceHeard(ref, fact.source, fact.study_ref, fact.study, fact.dated_on, _refs(insights[ref]))
        for ref, fact in facts.items()
    ]
    return tuple(sorted(found, key=lambda each: (each.dated_on or date.min, each.ref), reverse=True))


def _refs(ids: Iterable[int]) -> tuple[str, ...]:
    return tuple(f"INS-{number}" for number in sorted(ids))


def _insight_values(row: InsightRow) -> tuple[str | int | bool | date | None, ...]:
    strength = row.strength
    counts = (strength.people, strength.studies, strength.quotes, strength.against)
    state = row.freshness.state.value
    return (row.ref, row.claim, row.confidence, *counts, state, row.contradicted, row.freshness.newest_on)

"""Facts that some figures need beside the evidence base: answers with reasons, people heard, who was told, use.

    Surroundings(voices=..., evidence_days=..., follow_ups=..., public_entries=..., searches=..., readers=...)

Where a part is None nothing of it was read or nothing of the kind is recorded yet; the figure then says n/a and why,
never nought. Nothing here touches the database; `insights.reports.reading.surrounding_rows` reads it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from insights.reports.facts import RecommendationFact


@dataclass(frozen=True, slots=True)
class AskedFact(RecommendationFact):
    """A recommendation with how it was answered.

    `first_answer_on` is the day of the first answer, whatever was answered later; `reason` and `deferred_to` are of the
    answer that holds now. `role` is the addressee's, '' where nobody is named.
    """

    role: str = ""
    reason: str = ""
    deferred_to: date | None = None
    first_answer_on: date | None = None
    withdrawn_on: date | None = None


@dataclass(frozen=True, slots=True)
class VoiceFact:
    """Somebody heard in a quote that supports an insight, and what is known of them by attribute key."""

    insight_id: int
    participant_id: int
    told: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EvidenceDay:
    """Supporting evidence of an insight dated `on`, or the day somebody looked at it again; known from `known_from`."""

    insight_id: int
    on: date
    known_from: date


@dataclass(frozen=True, slots=True)
class FollowUpFact:
    """A participant who may be contacted again and whose session a decision cites; `told_on` None is not told yet."""

    participant_id: int
    decision_id: int
    told_on: date | None = None


@dataclass(frozen=True, slots=True)
class PublicEntryFact:
    """A published “We did” about a decision; `ended_on` is when it was withdrawn."""

    decision_id: int
    published_on: date
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class SearchDay:
    """Searches of one day, by nobody in particular."""

    on: date
    searches: int
    without_hits: int


@dataclass(frozen=True, slots=True)
class Readership:
    """Accounts that are not researchers', and how many of them were used in the period; never which."""

    readers: int
    accounts: int


Kind = TypeVar("Kind", VoiceFact, EvidenceDay)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`evidence_days` and `voices` by insight."""

    voices: Mapping[int, tuple[VoiceFact, ...]] | None = None
    evidence_days: Mapping[int, tuple[EvidenceDay, ...]] | None = None
    follow_ups: tuple[FollowUpFact, ...] | None = None
    public_entries: tuple[PublicEntryFact, ...] | None = None
    searches: tuple[SearchDay, ...] | None = None
    readership: Readership | None = None


NOTHING_AROUND = Surroundings()


def surroundings(
    *,
    voices: Iterable[VoiceFact] | None = None,
    evidence_days: Iterable[EvidenceDay] | None = None,
    follow_ups: Iterable[FollowUpFact] | None = None,
    public_entries: Iterable[PublicEntryFact] | None = None,
    searches: Iterable[SearchDay] | None = None,
    readership: Readership | None = None,
) -> Surroundings:
    """Groups what is given; None stays None."""
    return Surroundings(
        voices=None if voices is None else _by_insight(voices),
        evidence_days=None if evidence_days is None else _by_insight(evidence_days),
        follow_ups=None if follow_ups is None else tuple(follow_ups),
        public_entries=None if public_entries is None else tuple(public_entries),
        searches=None if searches is None else tuple(searches),
        readership=readership,
    )


def _by_insight(facts: Iterable[Kind]) -> dict[int, tuple[Kind, ...]]:
    found: dict[int, list[Kind]] = {}
    for fact in facts:
        found.setdefault(fact.insight_id, []).append(fact)
    return {insight_id: tuple(facts) for insight_id, facts in found.items()}

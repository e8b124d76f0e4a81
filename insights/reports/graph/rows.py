"""What a graph is built from: one plain row for each record and each connection, with no database behind it.

Days are local calendar days; `state` is the stored term ('in_field'), which the graph says in words.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from insights.decisions.models import LinkStatus, LinkType
from insights.synthesis.models import Relation


@dataclass(frozen=True, slots=True)
class PlacedRow:
    """A record that hangs on at most one other, of which `parent` is the ref.

    Studies, sessions, texts and quotes lie in one another; changes, measures and checks hang on a decision or measure.
    """

    ref: str
    parent: str
    title: str
    state: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class InsightRow:
    id: int
    claim: str
    state: str = ""
    on: date | None = None
    superseded_by_id: int | None = None


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """`source` is the ref of the quote or insight that the insight rests on."""

    source: str
    insight_id: int
    relation: Relation = Relation.SUPPORTS
    note: str = ""


@dataclass(frozen=True, slots=True)
class RecommendationRow:
    id: int
    text: str
    insight_ids: tuple[int, ...]
    state: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """`delivery` is the stored term of the delivery state, empty while nothing was begun."""

    id: int
    title: str
    state: str = ""
    delivery: str = ""
    on: date | None = None
    superseded_by_id: int | None = None


@dataclass(frozen=True, slots=True)
class LinkRow:
    insight_id: int
    decision_id: int
    type: LinkType
    status: LinkStatus
    note: str = ""


@dataclass(frozen=True, slots=True)
class ComponentRow:
    """A building block with the decisions taken on it and the insights that are about it."""

    id: int
    name: str
    kind: str = ""
    decision_ids: tuple[int, ...] = ()
    insight_ids: tuple[int, ...] = ()
    on: date | None = None


@dataclass(frozen=True, slots=True)
class GraphRows:
    """`capture` are studies, sessions, texts and quotes, `following` changes, measures and checks of outcomes."""

    capture: tuple[PlacedRow, ...] = ()
    insights: tuple[InsightRow, ...] = ()
    evidence: tuple[EvidenceRow, ...] = ()
    recommendations: tuple[RecommendationRow, ...] = ()
    decisions: tuple[DecisionRow, ...] = ()
    links: tuple[LinkRow, ...] = ()
    components: tuple[ComponentRow, ...] = ()
    following: tuple[PlacedRow, ...] = ()

"""What was learned from the highlights, and what was recommended."""

from dataclasses import dataclass
from typing import Literal

from insights.synthesis.models import (
    Concern,
    ConfidenceLevel,
    ContradictionReason,
    ContradictionStatus,
    InsightKind,
    InsightStatus,
    InsightType,
    NoActionReason,
    Relation,
)
from research_hub.demo.records.base import Record

ResponseKind = Literal["accepted", "declined", "deferred"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence(Record):
    """`day` is given where the evidence was added after the insight was first written."""

    highlight: str
    relation: Relation
    note: str = ""
    day: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Confidence(Record):
    """The four GRADE-CERQual components, the level they lead to, and why."""

    methodological_limitations: Concern
    coherence: Concern
    adequacy: Concern
    relevance: Concern
    level: ConfidenceLevel
    justification: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimEdit(Record):
    """A later wording of a published claim: it leaves earlier links outdated."""

    day: int
    by: str
    claim: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Parking(Record):
    day: int
    until_day: int
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoAction(Record):
    day: int
    by: str
    code: NoActionReason
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending(Record):
    """How an insight ended: `superseded_by` is given for a superseded one and for no other."""

    day: int
    by: str
    reason: str
    superseded_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Insight(Record):
    """`claim` is the first wording; each of `edits` replaces it from its day on."""

    key: str
    claim: str
    body: str
    type: InsightType
    kind: InsightKind
    service: str
    components: tuple[str, ...] = ()
    user_groups: tuple[str, ...] = ()
    author: str
    owner: str
    status: InsightStatus
    created_day: int
    published_day: int | None = None
    reviewer: str | None = None
    evidence: tuple[Evidence, ...]
    confidence: Confidence | None = None
    edits: tuple[ClaimEdit, ...] = ()
    parked: Parking | None = None
    no_action: NoAction | None = None
    ended: Ending | None = None

    @property
    def current_claim(self) -> str:
        return self.edits[-1].claim if self.edits else self.claim


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction(Record):
    """Two insights that disagree; the rest is given once it is no longer open.

    `highlights` are the evidence that speaks against each, as its insight names it.
    """

    key: str
    insights: tuple[str, ...]
    highlights: tuple[str, ...]
    opened_day: int
    opened_by: str
    status: ContradictionStatus
    reason: ContradictionReason | None = None
    explanation: str = ""
    settled_day: int | None = None
    settled_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Response(Record):
    """`reason` is required for a declined response, `until_day` for a deferred one."""

    kind: ResponseKind
    day: int
    by: str
    reason: str = ""
    until_day: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation(Record):
    key: str
    text: str
    insights: tuple[str, ...]
    addressee: str
    issued_day: int
    due_day: int
    response: Response | None = None

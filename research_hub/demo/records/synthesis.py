"""What was learned from the highlights, and what was recommended."""

from dataclasses import dataclass
from typing import Literal

from research_hub.demo.records.base import Record

Relation = Literal["supports", "contradicts", "qualifies"]
Concern = Literal["no_or_very_minor", "minor", "moderate", "serious"]
ConfidenceLevel = Literal["high", "moderate", "low", "very_low"]
InsightType = Literal["actionable", "informative"]
InsightKind = Literal["usability", "behaviour", "attitude_need", "legal_demographic"]
InsightState = Literal["draft", "in_review", "published", "superseded", "retired"]
NoActionReason = Literal[
    "exploratory",
    "validates_current_design",
    "acceptance_test",
    "further_research_needed",
    "out_of_remit",
    "duplicate",
]
ContradictionStatus = Literal["open", "explained", "resolved"]
ContradictionCause = Literal["segment", "time", "method"]
ResponseKind = Literal["accepted", "declined", "deferred"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence(Record):
    highlight: str
    relation: Relation
    note: str = ""


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
    """A later wording of a published claim: it makes the next version and leaves earlier links outdated."""

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
    """`claim` is version 1; each of `edits` makes the next version."""

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
    state: InsightState
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

    @property
    def current_version(self) -> int:
        return 1 + len(self.edits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction(Record):
    """Two insights that disagree; `cause` and `explanation` are given once it is no longer open."""

    key: str
    insights: tuple[str, ...]
    opened_day: int
    opened_by: str
    status: ContradictionStatus
    cause: ContradictionCause | None = None
    explanation: str = ""
    explained_day: int | None = None


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

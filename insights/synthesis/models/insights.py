"""An insight is a claim with typed evidence, versioned; its links to decisions belong to the next stage."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, ForeignKey, String, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from insights.core.base import Base, Record


class InsightType(StrEnum):
    ACTIONABLE = "actionable"
    INFORMATIVE = "informative"


class InsightKind(StrEnum):
    """What the claim is about; each kind ages at its own pace (beyond.md 7)."""

    USABILITY = "usability"
    BEHAVIOUR = "behaviour"
    ATTITUDE_NEED = "attitude_need"
    LEGAL_DEMOGRAPHIC = "legal_demographic"


class InsightStatus(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    CHALLENGED = "challenged"
    SUPERSEDED = "superseded"
    RETIRED = "retired"


CITABLE = (InsightStatus.PUBLISHED, InsightStatus.CHALLENGED)


class Relation(StrEnum):
    SUPPORTS = "supports"
    CONTRADICTS = "contradicts"
    QUALIFIES = "qualifies"


class Concern(StrEnum):
    """GRADE-CERQual's scale of concern for each component."""

    NO_OR_VERY_MINOR = "no_or_very_minor"
    MINOR = "minor"
    MODERATE = "moderate"
    SERIOUS = "serious"


class ConfidenceLevel(StrEnum):
    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"
    VERY_LOW = "very_low"


class ContradictionStatus(StrEnum):
    OPEN = "open"
    EXPLAINED = "explained"
    RESOLVED = "resolved"


class ContradictionReason(StrEnum):
    """What a resolution must say (beyond.md 6)."""

    SEGMENT_DIFFERS = "segment_differs"
    TIME_CHANGED = "time_changed"
    METHOD_ARTEFACT = "method_artefact"
    ONE_IS_WRONG = "one_is_wrong"


class DispositionKind(StrEnum):
    """Dated answers to an insight that are not a decision."""

    PARKED = "parked"
    NO_ACTION = "no_action"
    REOPENED = "reopened"


class NoActionReason(StrEnum):
    EXPLORATORY = "exploratory"
    VALIDATES_CURRENT_DESIGN = "validates_current_design"
    ACCEPTANCE_TEST = "acceptance_test"
    FURTHER_RESEARCH_NEEDED = "further_research_needed"
    OUT_OF_REMIT = "out_of_remit"
    DUPLICATE = "duplicate"


class RecommendationStatus(StrEnum):
    ISSUED = "issued"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    DEFERRED = "deferred"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    ABANDONED = "abandoned"
    WITHDRAWN = "withdrawn"


class RecommendationPriority(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


insight_components = Table(
    "insight_components",
    Base.metadata,
    Column("insight_id", ForeignKey("insights.id"), primary_key=True),
    Column("component_id", ForeignKey("components.id"), primary_key=True, index=True),
)

recommendation_insights = Table(
    "recommendation_insights",
    Base.metadata,
    Column("recommendation_id", ForeignKey("recommendations.id"), primary_key=True),
    Column("insight_id", ForeignKey("insights.id"), primary_key=True, index=True),
)


class Insight(Record, Base):
    """`version` counts saved versions from 1; `published_at` is the first publication and never moves.

    `fingerprint` is that of the current version (beyond.md 4); decision links pin it. `fingerprint_claim` is the claim
    that it was made from where the current one differs by typing alone, '' elsewhere. `merged_into_id` is where a
    duplicate went: its address leads on, and its evidence and links are the other's (features.md D6).
    """

    __tablename__ = "insights"
    PREFIX, KIND = "INS", "insight"

    claim: Mapped[str] = mapped_column(String(500))
    body: Mapped[str] = mapped_column(default="")
    type: Mapped[InsightType] = mapped_column(default=InsightType.ACTIONABLE)
    kind: Mapped[InsightKind] = mapped_column(default=InsightKind.USABILITY)
    status: Mapped[InsightStatus] = mapped_column(default=InsightStatus.DRAFT, index=True)
    version: Mapped[int] = mapped_column(default=1)
    fingerprint: Mapped[str] = mapped_column(String(64), default="")
    fingerprint_claim: Mapped[str] = mapped_column(String(500), default="")
    confidence: Mapped[ConfidenceLevel | None]
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    service_id: Mapped[int | None] = mapped_column(ForeignKey("services.id"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    review_by: Mapped[date | None]
    published_at: Mapped[datetime | None] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    superseded_by_id: Mapped[int | None] = mapped_column(ForeignKey("insights.id"))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("insights.id"))
    status_note: Mapped[str] = mapped_column(default="")
    legacy: Mapped[bool] = mapped_column(default=False)
    custom: Mapped[dict[str, Any]] = mapped_column(default=dict)


class InsightVersion(Base):
    """What the insight said at each save. `evidence` is a sorted list of [evidence ref, relation] pairs.

    `minor_at` and `minor_by_id` say that a second person found nothing but typing put right in it (beyond.md 4).
    """

    __tablename__ = "insight_versions"
    __table_args__ = (UniqueConstraint("insight_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    insight_id: Mapped[int] = mapped_column(ForeignKey("insights.id"), index=True)
    number: Mapped[int]
    claim: Mapped[str] = mapped_column(String(500))
    body: Mapped[str] = mapped_column(default="")
    type: Mapped[InsightType]
    kind: Mapped[InsightKind]
    confidence: Mapped[ConfidenceLevel | None]
    evidence: Mapped[list[Any]] = mapped_column(default=list)
    fingerprint: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    note: Mapped[str] = mapped_column(default="")
    minor_at: Mapped[datetime | None]
    minor_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))


class EvidenceLink(Record, Base):
    """What the claim rests on: a highlight, another insight, or a source outside, given as text and address."""

    __tablename__ = "evidence_links"
    PREFIX, KIND = "EVI", "evidence"

    insight_id: Mapped[int] = mapped_column(ForeignKey("insights.id"), index=True)
    highlight_id: Mapped[int | None] = mapped_column(ForeignKey("highlights.id"), index=True)
    other_insight_id: Mapped[int | None] = mapped_column(ForeignKey("insights.id"), index=True)
    external_title: Mapped[str] = mapped_column(String(500), default="")
    external_url: Mapped[str] = mapped_column(String(2000), default="")
    relation: Mapped[Relation] = mapped_column(default=Relation.SUPPORTS)
    note: Mapped[str] = mapped_column(default="")
    evidence_date: Mapped[date]

    @property
    def target_ref(self) -> str:
        if self.highlight_id is not None:
            return f"HL-{self.highlight_id}"
        return f"INS-{self.other_insight_id}" if self.other_insight_id is not None else f"EXT-{self.id}"


class ConfidenceAssessment(Base):
    """One assessment by the four GRADE-CERQual components; the latest counts. Append-only."""

    __tablename__ = "confidence_assessments"

    id: Mapped[int] = mapped_column(primary_key=True)
    insight_id: Mapped[int] = mapped_column(ForeignKey("insights.id"), index=True)
    insight_version: Mapped[int]
    methodological_limitations: Mapped[Concern]
    coherence: Mapped[Concern]
    adequacy: Mapped[Concern]
    relevance: Mapped[Concern]
    level: Mapped[ConfidenceLevel]
    justification: Mapped[str] = mapped_column(default="")
    assessor_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    at: Mapped[datetime]


class Contradiction(Record, Base):
    """Something speaks against an insight: another insight, or evidence of its own. `insight_id` is what is doubted.

    `origin_ref` is the record of a later stage that opened it, such as the check 'CHK-3'; '' where none did.
    """

    __tablename__ = "contradictions"
    PREFIX, KIND = "CON", "contradiction"

    insight_id: Mapped[int] = mapped_column(ForeignKey("insights.id"), index=True)
    other_insight_id: Mapped[int | None] = mapped_column(ForeignKey("insights.id"), index=True)
    evidence_link_id: Mapped[int | None] = mapped_column(ForeignKey("evidence_links.id", ondelete="SET NULL"))
    origin_ref: Mapped[str] = mapped_column(String(40), default="", index=True)
    cause: Mapped[str] = mapped_column(default="")
    status: Mapped[ContradictionStatus] = mapped_column(default=ContradictionStatus.OPEN, index=True)
    reason: Mapped[ContradictionReason | None]
    explanation: Mapped[str] = mapped_column(default="")
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))


class DispositionEvent(Base):
    """A dated answer to an actionable insight other than a decision. Append-only; the latest counts."""

    __tablename__ = "disposition_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    insight_id: Mapped[int] = mapped_column(ForeignKey("insights.id"), index=True)
    kind: Mapped[DispositionKind]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    until: Mapped[date | None]
    reason: Mapped[NoActionReason | None]
    note: Mapped[str] = mapped_column(default="")


class Recommendation(Record, Base):
    __tablename__ = "recommendations"
    PREFIX, KIND = "REC", "recommendation"

    text: Mapped[str]
    addressee_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    due_on: Mapped[date | None]
    status: Mapped[RecommendationStatus] = mapped_column(default=RecommendationStatus.ISSUED)
    priority: Mapped[RecommendationPriority | None]
    issued_on: Mapped[date]
    responded_on: Mapped[date | None]
    response_reason: Mapped[str] = mapped_column(default="")
    deferred_to: Mapped[date | None]
    service_id: Mapped[int | None] = mapped_column(ForeignKey("services.id"), index=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)

"""A decision links to pinned insight versions, and carries what it changed, where it is built and who looks again."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from insights.core.base import Base, Record
from insights.people.models import Phase


class DecisionStatus(StrEnum):
    """MADR 4's words, plus draft."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DEPRECATED = "deprecated"
    SUPERSEDED = "superseded"


class DeliveryState(StrEnum):
    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    LIVE = "live"
    ROLLED_BACK = "rolled_back"


class Basis(StrEnum):
    """A declared basis other than research, legitimate and counted (features.md G8)."""

    LAW_OR_POLICY = "law_or_policy"
    SECURITY = "security"
    TECHNICAL_CONSTRAINT = "technical_constraint"
    COST = "cost"
    EXPERT_JUDGEMENT = "expert_judgement"
    URGENT = "urgent"


class LinkType(StrEnum):
    CHANGED = "changed"
    INFORMED = "informed"
    CONFIRMED = "confirmed"
    CONSIDERED_NOT_FOLLOWED = "considered_not_followed"
    CONTRADICTS = "contradicts"


EVIDENCE_TYPES = (LinkType.CHANGED, LinkType.INFORMED, LinkType.CONFIRMED)


class LinkStatus(StrEnum):
    """Computed, never stored (model.md)."""

    CURRENT = "current"
    OUTDATED = "outdated"
    UNSUPPORTED = "unsupported"
    CHALLENGED = "challenged"
    ORPHANED = "orphaned"
    UNWANTED = "unwanted"


class Decision(Record, Base):
    """The MADR 4 fields as Markdown texts. `options` are {title, body}; `other_sections` are [heading, body].

    `front_matter` keeps unknown keys of an imported file, so that an export gives them back. `decided_on` is the
    decision date; text is immutable from acceptance on. `closing_reason` is why it was rejected, put off or taken out
    of force, `revisit_on` the day on which somebody asks again: a proposed one with that day is put off until then.
    """

    __tablename__ = "decisions"
    PREFIX, KIND = "DEC", "decision"

    title: Mapped[str] = mapped_column(String(500))
    context: Mapped[str] = mapped_column(default="")
    drivers: Mapped[str] = mapped_column(default="")
    options: Mapped[list[Any]] = mapped_column(default=list)
    outcome: Mapped[str] = mapped_column(default="")
    consequences: Mapped[str] = mapped_column(default="")
    confirmation: Mapped[str] = mapped_column(default="")
    more_information: Mapped[str] = mapped_column(default="")
    decision_makers: Mapped[list[Any]] = mapped_column(default=list)
    consulted: Mapped[list[Any]] = mapped_column(default=list)
    informed: Mapped[list[Any]] = mapped_column(default=list)
    other_sections: Mapped[list[Any]] = mapped_column(default=list)
    front_matter: Mapped[dict[str, Any]] = mapped_column(default=dict)
    status: Mapped[DecisionStatus] = mapped_column(default=DecisionStatus.DRAFT, index=True)
    decided_on: Mapped[date | None] = mapped_column(index=True)
    ended_on: Mapped[date | None]
    superseded_by_id: Mapped[int | None] = mapped_column(ForeignKey("decisions.id"), index=True)
    basis: Mapped[Basis | None]
    basis_reason: Mapped[str] = mapped_column(default="")
    beyond_evidence_reason: Mapped[str] = mapped_column(default="")
    delivery_state: Mapped[DeliveryState] = mapped_column(default=DeliveryState.NOT_STARTED)
    live_on: Mapped[date | None]
    delivery_url: Mapped[str] = mapped_column(String(2000), default="")
    phase: Mapped[Phase | None]
    review_by: Mapped[date | None]
    revisit_on: Mapped[date | None] = mapped_column(index=True)
    closing_reason: Mapped[str] = mapped_column(default="")
    not_measurable_reason: Mapped[str] = mapped_column(default="")
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    service_id: Mapped[int | None] = mapped_column(ForeignKey("services.id"), index=True)
    component_id: Mapped[int | None] = mapped_column(ForeignKey("components.id"), index=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    legacy: Mapped[bool] = mapped_column(default=False)
    source_name: Mapped[str] = mapped_column(String(1000), default="")
    source_sha256: Mapped[str] = mapped_column(String(64), default="", index=True)
    custom: Mapped[dict[str, Any]] = mapped_column(default=dict)


class DecisionLink(Record, Base):
    """An insight's part in a decision, in one sentence, pinned to the version and fingerprint it was read at."""

    __tablename__ = "decision_links"
    PREFIX, KIND = "LNK", "link"
    __table_args__ = (
        UniqueConstraint("decision_id", "insight_id", "type"),
        {"sqlite_autoincrement": True},
    )

    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), index=True)
    insight_id: Mapped[int] = mapped_column(ForeignKey("insights.id"), index=True)
    type: Mapped[LinkType]
    rationale: Mapped[str]
    insight_version: Mapped[int]
    fingerprint: Mapped[str] = mapped_column(String(64))
    affirmed_at: Mapped[datetime]
    affirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    affirmation: Mapped[str] = mapped_column(default="")
    revisit_on: Mapped[date | None]


class Change(Record, Base):
    """What was before and what is after, as text, images or address."""

    __tablename__ = "changes"
    PREFIX, KIND = "CHG", "change"

    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), index=True)
    before: Mapped[str] = mapped_column(default="")
    after: Mapped[str] = mapped_column(default="")
    url: Mapped[str] = mapped_column(String(2000), default="")


class ImageSide(StrEnum):
    BEFORE = "before"
    AFTER = "after"


class ChangeImage(Record, Base):
    """A picture of how it was or how it is, kept by its SHA-256; `alt` says what it shows. One to a side at a time."""

    __tablename__ = "change_images"
    PREFIX, KIND = "IMG", "image"

    change_id: Mapped[int] = mapped_column(ForeignKey("changes.id"), index=True)
    side: Mapped[ImageSide]
    sha256: Mapped[str] = mapped_column(ForeignKey("attachments.sha256"))
    media_type: Mapped[str] = mapped_column(String(100))
    width: Mapped[int]
    height: Mapped[int]
    alt: Mapped[str] = mapped_column(String(500))
    deleted_at: Mapped[datetime | None]


class Tracker(StrEnum):
    """Where work is kept; told from the address."""

    JIRA = "jira"
    GITHUB = "github"
    GITLAB = "gitlab"
    AZURE = "azure"
    OTHER = "other"


class WorkState(StrEnum):
    """As somebody typed it on a day; nothing is asked of the tracker."""

    UNKNOWN = "unknown"
    TO_DO = "to_do"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    DROPPED = "dropped"


class DeliveryLink(Record, Base):
    """Where a decision is built (features.md G9)."""

    __tablename__ = "delivery_links"
    PREFIX, KIND = "DLV", "delivery link"

    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), index=True)
    url: Mapped[str] = mapped_column(String(2000))
    title: Mapped[str] = mapped_column(String(300), default="")
    tracker: Mapped[Tracker] = mapped_column(default=Tracker.OTHER)
    state: Mapped[WorkState] = mapped_column(default=WorkState.UNKNOWN)
    state_on: Mapped[date | None]
    deleted_at: Mapped[datetime | None]


class ReviewResult(StrEnum):
    """How a review of a decision ended."""

    STANDS = "stands"
    REPLACED = "replaced"
    OUT_OF_FORCE = "out_of_force"
    WITHDRAWN = "withdrawn"


class DecisionReview(Record, Base):
    """A proposal to look whether a decision still stands; open until `result` says how it ended.

    `origin_ref` is the record that proposed it ('CHK-3', 'INS-42'), '' where a person did.
    """

    __tablename__ = "decision_reviews"
    PREFIX, KIND = "REV", "review"

    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), index=True)
    cause: Mapped[str]
    origin_ref: Mapped[str] = mapped_column(String(40), default="")
    result: Mapped[ReviewResult | None]
    note: Mapped[str] = mapped_column(default="")
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))

"""A decision links to pinned insight versions, carries changes, and is looked at again through measures and checks."""

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


class Direction(StrEnum):
    UP_IS_BETTER = "up_is_better"
    DOWN_IS_BETTER = "down_is_better"


class Verdict(StrEnum):
    IMPROVED = "improved"
    NO_CHANGE = "no_change"
    WORSENED = "worsened"
    INCONCLUSIVE = "inconclusive"
    NOT_MEASURED = "not_measured"


class Contribution(StrEnum):
    SOLE_REASON = "sole_reason"
    MAIN_REASON = "main_reason"
    ONE_OF_SEVERAL = "one_of_several"
    CONFIRMED = "confirmed"
    UNKNOWN = "unknown"


class Decision(Record, Base):
    """The MADR 4 fields as Markdown texts. `options` are {title, body}; `other_sections` are [heading, body].

    `front_matter` keeps unknown keys of an imported file, so that an export gives them back. `decided_on` is the
    decision date; text is immutable from acceptance on.
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


class Change(Record, Base):
    """What was before and what is after, as text or address; images follow with the file store."""

    __tablename__ = "changes"
    PREFIX, KIND = "CHG", "change"

    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), index=True)
    before: Mapped[str] = mapped_column(default="")
    after: Mapped[str] = mapped_column(default="")
    url: Mapped[str] = mapped_column(String(2000), default="")


class Measure(Record, Base):
    __tablename__ = "measures"
    PREFIX, KIND = "MEA", "measure"

    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), index=True)
    name: Mapped[str] = mapped_column(String(300))
    unit: Mapped[str] = mapped_column(String(60), default="")
    direction: Mapped[Direction] = mapped_column(default=Direction.UP_IS_BETTER)
    baseline: Mapped[float | None]
    baseline_on: Mapped[date | None]
    target: Mapped[float | None]
    source: Mapped[str] = mapped_column(String(300), default="")


class Reading(Base):
    """One value of a measure on a day. Append-only."""

    __tablename__ = "readings"

    id: Mapped[int] = mapped_column(primary_key=True)
    measure_id: Mapped[int] = mapped_column(ForeignKey("measures.id"), index=True)
    on: Mapped[date]
    value: Mapped[float]
    note: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))


class OutcomeCheck(Record, Base):
    """A day on which somebody looks whether the measure moved; recorded once, with a verdict."""

    __tablename__ = "outcome_checks"
    PREFIX, KIND = "CHK", "check"

    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), index=True)
    measure_id: Mapped[int | None] = mapped_column(ForeignKey("measures.id"), index=True)
    due_on: Mapped[date] = mapped_column(index=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    verdict: Mapped[Verdict | None]
    value: Mapped[float | None]
    note: Mapped[str] = mapped_column(default="")
    recorded_on: Mapped[date | None]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))


class ImpactEntry(Base):
    """The impact ledger (H4): append-only; a correction is a new entry that names the one it corrects."""

    __tablename__ = "impact_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), index=True)
    on: Mapped[date]
    what: Mapped[str]
    measure_id: Mapped[int | None] = mapped_column(ForeignKey("measures.id"))
    contribution: Mapped[Contribution]
    attested_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("impact_entries.id"))
    recorded_at: Mapped[datetime]

"""A study asks a question and holds research sessions; who may see it, what was planned, and who was there."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, ForeignKey, String, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from insights.core.base import Base, Record


class StudyStatus(StrEnum):
    PROPOSED = "proposed"
    PLANNED = "planned"
    IN_FIELD = "in_field"
    SYNTHESIS = "synthesis"
    COMPLETED = "completed"
    ARCHIVED = "archived"
    CANCELLED = "cancelled"


class Method(StrEnum):
    """Research methods by the names that government user researchers use."""

    INTERVIEW = "interview"
    MODERATED_USABILITY_TEST = "moderated_usability_test"
    UNMODERATED_USABILITY_TEST = "unmoderated_usability_test"
    CONTEXTUAL_VISIT = "contextual_visit"
    WORKSHOP = "workshop"
    SURVEY = "survey"
    CARD_SORT = "card_sort"
    DIARY_STUDY = "diary_study"
    FOCUS_GROUP = "focus_group"
    ACCESSIBILITY_TEST = "accessibility_test"
    ANALYTICS = "analytics"
    DESK_RESEARCH = "desk_research"
    OTHER = "other"


class Sensitivity(StrEnum):
    """How sensitive what people tell is (UK GDPR, articles 9 and 10)."""

    ORDINARY = "ordinary"
    SPECIAL_CATEGORY = "special_category"
    CRIMINAL_OFFENCES = "criminal_offences"
    PEOPLE_AT_RISK = "people_at_risk"


class PriorWorkVerdict(StrEnum):
    """What a researcher makes of a record that was there before the study (features.md E7)."""

    USED = "used"
    NOT_RELEVANT = "not_relevant"
    NEEDS_RETEST = "needs_retest"


class SessionStatus(StrEnum):
    SCHEDULED = "scheduled"
    HELD = "held"
    WRITTEN_UP = "written_up"
    CODED = "coded"
    NO_SHOW = "no_show"
    WITHDRAWN = "withdrawn"
    PURGED = "purged"


study_members = Table(
    "study_members",
    Base.metadata,
    Column("study_id", ForeignKey("studies.id"), primary_key=True),
    Column("member_id", ForeignKey("members.id"), primary_key=True, index=True),
)

session_participants = Table(
    "session_participants",
    Base.metadata,
    Column("research_session_id", ForeignKey("research_sessions.id"), primary_key=True),
    Column("participant_id", ForeignKey("participants.id"), primary_key=True, index=True),
)


class Study(Record, Base):
    """`restricted` studies are visible to the members named in `study_members` only; `legacy` is back catalogue.

    `plan` is Markdown, begun from a template's version. A data protection impact assessment has a reference, or a
    reason why none is needed; a study ends with an insight, or a reason why there is none (model.md, guards). `goals`
    are sentences; `prior_work_refs` names what was found to matter before the study was planned, and
    `prior_work_verdicts` says of each record that was looked at what was made of it (PriorWorkVerdict by ref).
    """

    __tablename__ = "studies"
    PREFIX, KIND = "STU", "study"

    title: Mapped[str] = mapped_column(String(500))
    question: Mapped[str] = mapped_column(default="")
    methods: Mapped[list[Any]] = mapped_column(default=list)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    status: Mapped[StudyStatus] = mapped_column(default=StudyStatus.IN_FIELD)
    restricted: Mapped[bool] = mapped_column(default=False, index=True)
    legacy: Mapped[bool] = mapped_column(default=False)
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    service_id: Mapped[int | None] = mapped_column(ForeignKey("services.id"), index=True)
    dpia_reference: Mapped[str] = mapped_column(String(200), default="")
    lawful_basis: Mapped[str] = mapped_column(String(200), default="")
    sensitivity: Mapped[Sensitivity | None]
    sharing_agreement: Mapped[str] = mapped_column(String(200), default="")
    no_dpia_reason: Mapped[str] = mapped_column(String(500), default="")
    no_insight_reason: Mapped[str] = mapped_column(String(500), default="")
    goals: Mapped[list[Any]] = mapped_column(default=list)
    plan: Mapped[str] = mapped_column(default="")
    plan_template_version_id: Mapped[int | None] = mapped_column(ForeignKey("text_template_versions.id"))
    prior_work_checked_on: Mapped[date | None]
    prior_work_checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    prior_work_note: Mapped[str] = mapped_column(default="")
    prior_work_refs: Mapped[list[Any]] = mapped_column(default=list)
    prior_work_verdicts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    custom: Mapped[dict[str, Any]] = mapped_column(default=dict)


class ResearchSession(Record, Base):
    """One meeting with one or more people; 'session' alone means the database's. `minutes` is how long it took."""

    __tablename__ = "research_sessions"
    PREFIX, KIND = "SES", "session"

    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id"), index=True)
    title: Mapped[str] = mapped_column(String(500), default="")
    held_on: Mapped[date] = mapped_column(index=True)
    method: Mapped[Method] = mapped_column(default=Method.INTERVIEW)
    moderator: Mapped[str] = mapped_column(String(200), default="")
    observers: Mapped[str] = mapped_column(String(500), default="")
    channel: Mapped[str] = mapped_column(String(60), default="")
    minutes: Mapped[int | None]
    status: Mapped[SessionStatus] = mapped_column(default=SessionStatus.WRITTEN_UP)
    deleted_at: Mapped[datetime | None]
    custom: Mapped[dict[str, Any]] = mapped_column(default=dict)


class HypothesisVerdict(StrEnum):
    """How sure a study is of a hypothesis at its end (model.md)."""

    DEFINITELY_TRUE = "definitely_true"
    LIKELY_TRUE = "likely_true"
    MAYBE_TRUE = "maybe_true"
    LIKELY_FALSE = "likely_false"
    DEFINITELY_FALSE = "definitely_false"
    NOT_ENOUGH_INFORMATION = "not_enough_information"


class Hypothesis(Record, Base):
    __tablename__ = "hypotheses"
    PREFIX, KIND = "HYP", "hypothesis"

    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id"), index=True)
    statement: Mapped[str] = mapped_column(String(500))
    verdict: Mapped[HypothesisVerdict | None]
    rationale: Mapped[str] = mapped_column(default="")
    removed_at: Mapped[datetime | None]


class AttendanceRole(StrEnum):
    MODERATOR = "moderator"
    NOTE_TAKER = "note_taker"
    OBSERVER = "observer"


class Attendance(Base):
    """A colleague who was at a session, and for how many minutes (features.md K3); one row per session and member."""

    __tablename__ = "attendances"
    __table_args__ = (UniqueConstraint("research_session_id", "member_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    research_session_id: Mapped[int] = mapped_column(ForeignKey("research_sessions.id"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    role: Mapped[AttendanceRole] = mapped_column(default=AttendanceRole.OBSERVER)
    minutes: Mapped[int]
    recorded_at: Mapped[datetime]


class InclusionTarget(Record, Base):
    """How many participants of a kind a study means to hear: attribute 'access_need', value 'screen reader', 3."""

    __tablename__ = "inclusion_targets"
    PREFIX, KIND = "TGT", "inclusion target"
    __table_args__ = (UniqueConstraint("study_id", "attribute", "value"), {"sqlite_autoincrement": True})

    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id"), index=True)
    attribute: Mapped[str] = mapped_column(String(60))
    value: Mapped[str] = mapped_column(String(200))
    target: Mapped[int]
    removed_at: Mapped[datetime | None]

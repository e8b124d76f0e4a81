"""A study has research sessions; a session or a report has a source text; a text has versions that never change."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, String, Table, UniqueConstraint
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


class SessionStatus(StrEnum):
    SCHEDULED = "scheduled"
    HELD = "held"
    WRITTEN_UP = "written_up"
    CODED = "coded"
    NO_SHOW = "no_show"
    WITHDRAWN = "withdrawn"
    PURGED = "purged"


class SourceKind(StrEnum):
    NOTE = "note"
    TRANSCRIPT = "transcript"
    SURVEY_ROW = "survey_row"
    DOCUMENT = "document"


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
    """`restricted` studies are visible to the members named in `study_members` only; `legacy` is back catalogue."""

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
    custom: Mapped[dict[str, Any]] = mapped_column(default=dict)


class ResearchSession(Record, Base):
    """One meeting with one or more people; 'session' alone means the database's."""

    __tablename__ = "research_sessions"
    PREFIX, KIND = "SES", "session"

    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id"), index=True)
    title: Mapped[str] = mapped_column(String(500), default="")
    held_on: Mapped[date] = mapped_column(index=True)
    method: Mapped[Method] = mapped_column(default=Method.INTERVIEW)
    moderator: Mapped[str] = mapped_column(String(200), default="")
    observers: Mapped[str] = mapped_column(String(500), default="")
    status: Mapped[SessionStatus] = mapped_column(default=SessionStatus.WRITTEN_UP)
    deleted_at: Mapped[datetime | None]
    custom: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Attachment(Base):
    """A file as it was uploaded, byte for byte, kept by its SHA-256; the same content is stored once."""

    __tablename__ = "attachments"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(200))
    added_at: Mapped[datetime]


class SourceText(Record, Base):
    """Notes or a transcript of a session, or a report that stands for itself (`research_session_id` is None).

    `current_version_id` is the text version that is read and highlighted now; it is filled in the same transaction.
    """

    __tablename__ = "source_texts"
    PREFIX, KIND = "SRC", "source"
    __table_args__ = (
        Index("ix_source_texts_study_id_sha256", "study_id", "sha256"),
        {"sqlite_autoincrement": True},
    )

    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id"), index=True)
    research_session_id: Mapped[int | None] = mapped_column(ForeignKey("research_sessions.id"), index=True)
    kind: Mapped[SourceKind] = mapped_column(default=SourceKind.NOTE)
    title: Mapped[str] = mapped_column(String(500), default="")
    current_version_id: Mapped[int | None] = mapped_column(
        ForeignKey("text_versions.id", use_alter=True, name="fk_source_texts_current_version_id_text_versions")
    )
    sha256: Mapped[str | None] = mapped_column(ForeignKey("attachments.sha256"))
    original_name: Mapped[str] = mapped_column(String(1000), default="")
    encoding: Mapped[str] = mapped_column(String(60), default="utf-8")
    url: Mapped[str] = mapped_column(String(2000), default="")
    dated_on: Mapped[date | None]
    date_precision: Mapped[str] = mapped_column(String(20), default="day")
    method: Mapped[Method | None]
    participant_count: Mapped[int | None]
    front_matter: Mapped[dict[str, Any]] = mapped_column(default=dict)
    personal_data_reviewed: Mapped[bool] = mapped_column(default=False)
    deleted_at: Mapped[datetime | None]


class TextVersion(Base):
    """The canonical text that offsets refer to, in Unicode code points. A version is never changed, only followed."""

    __tablename__ = "text_versions"
    __table_args__ = (UniqueConstraint("source_text_id", "number"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    source_text_id: Mapped[int] = mapped_column(ForeignKey("source_texts.id"), index=True)
    number: Mapped[int]
    text: Mapped[str]
    length: Mapped[int]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("text_versions.id"))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))


class Draft(Base):
    """What a member is typing into a form and has not saved; one per member and form."""

    __tablename__ = "drafts"
    __table_args__ = (UniqueConstraint("member_id", "form_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    form_key: Mapped[str] = mapped_column(String(120))
    fields: Mapped[dict[str, Any]] = mapped_column(default=dict)
    saved_at: Mapped[datetime]

"""A session or a report has a source text; a text has versions that never change, with its places in time and pages."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from insights.capture.models.studies import Method
from insights.core.base import Base, Record


class SourceKind(StrEnum):
    NOTE = "note"
    TRANSCRIPT = "transcript"
    SURVEY_ROW = "survey_row"
    DOCUMENT = "document"


class PersonalDataReview(StrEnum):
    """Whether somebody looked a text through for personal data (features.md L3).

    `not_asked` is for texts that came in before this was asked: they are found as they were, and counted as unreviewed.
    """

    NOT_REVIEWED = "not_reviewed"
    REVIEWED = "reviewed"
    NOT_ASKED = "not_asked"


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
    personal_data_review: Mapped[PersonalDataReview] = mapped_column(
        default=PersonalDataReview.NOT_REVIEWED, index=True
    )
    personal_data_reviewed_at: Mapped[datetime | None]
    personal_data_reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
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


class Utterance(Base):
    """What one person said at one time: code points [start, end) of a text version, milliseconds from the beginning.

    `speaker` is the label as the text shows it; `participant_id` is who that is, where it is known.
    """

    __tablename__ = "utterances"
    __table_args__ = (UniqueConstraint("text_version_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    text_version_id: Mapped[int] = mapped_column(ForeignKey("text_versions.id"), index=True)
    number: Mapped[int]
    start: Mapped[int]
    end: Mapped[int]
    start_ms: Mapped[int | None]
    end_ms: Mapped[int | None]
    speaker: Mapped[str] = mapped_column(String(200), default="")
    participant_id: Mapped[int | None] = mapped_column(ForeignKey("participants.id"))


class TextPage(Base):
    """A page of a printed document, kept for citation: `label` as printed, code points [start, end)."""

    __tablename__ = "text_pages"
    __table_args__ = (UniqueConstraint("text_version_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    text_version_id: Mapped[int] = mapped_column(ForeignKey("text_versions.id"), index=True)
    number: Mapped[int]
    label: Mapped[str] = mapped_column(String(40))
    start: Mapped[int]
    end: Mapped[int]


class Recording(Record, Base):
    """Sound or film that a source text was written from; utterances say where in it each passage lies."""

    __tablename__ = "recordings"
    PREFIX, KIND = "RCD", "recording"

    source_text_id: Mapped[int] = mapped_column(ForeignKey("source_texts.id"), index=True)
    sha256: Mapped[str] = mapped_column(ForeignKey("attachments.sha256"))
    media_type: Mapped[str] = mapped_column(String(100))
    original_name: Mapped[str] = mapped_column(String(1000), default="")
    deleted_at: Mapped[datetime | None]

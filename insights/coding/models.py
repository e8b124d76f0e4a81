"""A highlight is an anchored quote; tags form a codebook. Highlights anchor to one text version by code points."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Column, ForeignKey, String, Table
from sqlalchemy.orm import Mapped, mapped_column

from insights.core.base import Base, Record


class HighlightStatus(StrEnum):
    ACTIVE = "active"
    ORPHANED = "orphaned"
    DROPPED = "dropped"
    WITHDRAWN = "withdrawn"


class TagStatus(StrEnum):
    ACTIVE = "active"
    RETIRED = "retired"


highlight_tags = Table(
    "highlight_tags",
    Base.metadata,
    Column("highlight_id", ForeignKey("highlights.id"), primary_key=True),
    Column("tag_id", ForeignKey("tags.id"), primary_key=True, index=True),
)


class Tag(Record, Base):
    """`path` is the slash-joined chain of names, unique whatever the case; `study_id` None means organisation-wide."""

    __tablename__ = "tags"
    PREFIX, KIND = "TAG", "tag"

    parent_id: Mapped[int | None] = mapped_column(ForeignKey("tags.id"))
    study_id: Mapped[int | None] = mapped_column(ForeignKey("studies.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    path: Mapped[str] = mapped_column(String(400))
    folded_path: Mapped[str] = mapped_column(String(400), unique=True)
    definition: Mapped[str] = mapped_column(default="")
    use_when: Mapped[str] = mapped_column(default="")
    do_not_use_when: Mapped[str] = mapped_column(default="")
    example: Mapped[str] = mapped_column(default="")
    status: Mapped[TagStatus] = mapped_column(default=TagStatus.ACTIVE)
    redirect_to_id: Mapped[int | None] = mapped_column(ForeignKey("tags.id"))


class Highlight(Record, Base):
    """`exact` is the text under it, `prefix` and `suffix` up to 32 code points around it (W3C Web Annotation).

    `polarity` is -1, 0 or 1, or None where nobody said. Study, session and source are repeated from the text so that
    scope and counts need no chain of joins; they never change.
    """

    __tablename__ = "highlights"
    PREFIX, KIND = "HL", "highlight"

    text_version_id: Mapped[int] = mapped_column(ForeignKey("text_versions.id"), index=True)
    source_text_id: Mapped[int] = mapped_column(ForeignKey("source_texts.id"), index=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id"), index=True)
    research_session_id: Mapped[int | None] = mapped_column(ForeignKey("research_sessions.id"), index=True)
    participant_id: Mapped[int | None] = mapped_column(ForeignKey("participants.id"), index=True)
    start: Mapped[int]
    end: Mapped[int]
    exact: Mapped[str]
    prefix: Mapped[str] = mapped_column(String(64), default="")
    suffix: Mapped[str] = mapped_column(String(64), default="")
    observation: Mapped[str] = mapped_column(default="")
    polarity: Mapped[int | None]
    severity: Mapped[int | None]
    status: Mapped[HighlightStatus] = mapped_column(default=HighlightStatus.ACTIVE, index=True)
    dropped_at: Mapped[datetime | None]

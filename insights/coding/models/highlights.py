"""A highlight is an anchored quote; tags form a codebook. Highlights anchor to one text version by code points."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, String, Table, text
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


_ORGANISATION = text("study_id IS NULL")


class Tag(Record, Base):
    """`path` is the slash-joined chain of names, unique in its codebook whatever the case.

    `study_id` None is the organisation's codebook, else that study's own. A retired tag may name its successor in
    `redirect_to_id`. `colour` is a hex triplet for exchange with other programs; pages never rely on it. `position`
    orders siblings. A study's tag may lie within one of the organisation's, never the other way round. `heard_in`
    keeps the ids of the studies whose quotes carried it until an act took the last of them away, so that its words
    stay hidden from whoever may see none of those.
    """

    __tablename__ = "tags"
    PREFIX, KIND = "TAG", "tag"
    __table_args__ = (
        Index(
            "ix_tags_organisation_path",
            "folded_path",
            unique=True,
            sqlite_where=_ORGANISATION,
            postgresql_where=_ORGANISATION,
        ),
        Index("ix_tags_study_path", "study_id", "folded_path", unique=True),
        {"sqlite_autoincrement": True},
    )

    parent_id: Mapped[int | None] = mapped_column(ForeignKey("tags.id"))
    study_id: Mapped[int | None] = mapped_column(ForeignKey("studies.id"))
    name: Mapped[str] = mapped_column(String(120))
    path: Mapped[str] = mapped_column(String(400))
    folded_path: Mapped[str] = mapped_column(String(400), index=True)
    definition: Mapped[str] = mapped_column(default="")
    use_when: Mapped[str] = mapped_column(default="")
    do_not_use_when: Mapped[str] = mapped_column(default="")
    example: Mapped[str] = mapped_column(default="")
    synonyms: Mapped[list[Any]] = mapped_column(default=list)
    colour: Mapped[str] = mapped_column(String(20), default="")
    position: Mapped[int] = mapped_column(default=0)
    status: Mapped[TagStatus] = mapped_column(default=TagStatus.ACTIVE)
    redirect_to_id: Mapped[int | None] = mapped_column(ForeignKey("tags.id"))
    heard_in: Mapped[list[Any]] = mapped_column(default=list)


class Highlight(Record, Base):
    """`exact` is the text under it, `prefix` and `suffix` up to 32 code points around it (W3C Web Annotation).

    `polarity` is -1, 0 or 1, or None where nobody said. Study, session and source are repeated from the text so that
    scope and counts need no chain of joins; they never change. `coder` names who made it in another program.
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
    coder: Mapped[str] = mapped_column(String(200), default="")
    status: Mapped[HighlightStatus] = mapped_column(default=HighlightStatus.ACTIVE, index=True)
    dropped_at: Mapped[datetime | None]

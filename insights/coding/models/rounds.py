"""Coding rounds: several people code the same texts independently, then compare (features.md C6)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey, String, Table
from sqlalchemy.orm import Mapped, mapped_column

from insights.core.base import Base, Record

round_coders = Table(
    "round_coders",
    Base.metadata,
    Column("coding_round_id", ForeignKey("coding_rounds.id"), primary_key=True),
    Column("member_id", ForeignKey("members.id"), primary_key=True, index=True),
)

round_sources = Table(
    "round_sources",
    Base.metadata,
    Column("coding_round_id", ForeignKey("coding_rounds.id"), primary_key=True),
    Column("source_text_id", ForeignKey("source_texts.id"), primary_key=True),
    # All coders judge the same words, also where the text is edited meanwhile.
    Column("text_version_id", ForeignKey("text_versions.id"), nullable=False),
)

round_tags = Table(
    "round_tags",
    Base.metadata,
    Column("coding_round_id", ForeignKey("coding_rounds.id"), primary_key=True),
    Column("tag_id", ForeignKey("tags.id"), primary_key=True),
)


class CodingRound(Record, Base):
    """While a `blind` round runs, a coder sees their own codings alone. `ended_at` opens them for comparison."""

    __tablename__ = "coding_rounds"
    PREFIX, KIND = "RND", "coding round"

    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    blind: Mapped[bool] = mapped_column(default=True)
    ended_at: Mapped[datetime | None]


class LayerCoding(Base):
    """One tag on code points [start, end) of a text version, in one coder's layer of a round.

    It is no highlight, so it is in nobody's search or evidence; `highlight_id` is what was made of it afterwards.
    """

    __tablename__ = "layer_codings"

    id: Mapped[int] = mapped_column(primary_key=True)
    coding_round_id: Mapped[int] = mapped_column(ForeignKey("coding_rounds.id"), index=True)
    coder_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    source_text_id: Mapped[int] = mapped_column(ForeignKey("source_texts.id"))
    text_version_id: Mapped[int] = mapped_column(ForeignKey("text_versions.id"))
    tag_id: Mapped[int] = mapped_column(ForeignKey("tags.id"), index=True)
    start: Mapped[int]
    end: Mapped[int]
    exact: Mapped[str]
    at: Mapped[datetime]
    highlight_id: Mapped[int | None] = mapped_column(ForeignKey("highlights.id"))

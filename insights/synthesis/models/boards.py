"""Affinity boards: quotes on cards, cards in clusters; a cluster becomes a theme (features.md D2)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey, String, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from insights.core.base import Base, Record

theme_highlights = Table(
    "theme_highlights",
    Base.metadata,
    Column("theme_id", ForeignKey("themes.id"), primary_key=True),
    Column("highlight_id", ForeignKey("highlights.id"), primary_key=True, index=True),
)

theme_tags = Table(
    "theme_tags",
    Base.metadata,
    Column("theme_id", ForeignKey("themes.id"), primary_key=True),
    Column("tag_id", ForeignKey("tags.id"), primary_key=True, index=True),
)


class Theme(Record, Base):
    """A pattern across quotes and tags, on its way to an insight; its members are seen by study, each by itself."""

    __tablename__ = "themes"
    PREFIX, KIND = "THM", "theme"

    title: Mapped[str] = mapped_column(String(500))
    memo: Mapped[str] = mapped_column(default="")
    study_id: Mapped[int | None] = mapped_column(ForeignKey("studies.id"), index=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    deleted_at: Mapped[datetime | None]


class Board(Record, Base):
    """`study_id` None is a board across studies, of which a member sees the cards they may see."""

    __tablename__ = "boards"
    PREFIX, KIND = "BRD", "board"

    title: Mapped[str] = mapped_column(String(200))
    study_id: Mapped[int | None] = mapped_column(ForeignKey("studies.id"), index=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    deleted_at: Mapped[datetime | None]


class BoardCluster(Base):
    """A column of cards. Its id is never used twice, so that undoing can bring a cluster back as it was."""

    __tablename__ = "board_clusters"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    board_id: Mapped[int] = mapped_column(ForeignKey("boards.id"), index=True)
    title: Mapped[str] = mapped_column(String(200), default="")
    position: Mapped[int] = mapped_column(default=0)
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("themes.id"))


class BoardCard(Base):
    """A quote on a board, once; without a cluster it lies in the tray."""

    __tablename__ = "board_cards"
    __table_args__ = (UniqueConstraint("board_id", "highlight_id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    board_id: Mapped[int] = mapped_column(ForeignKey("boards.id"), index=True)
    cluster_id: Mapped[int | None] = mapped_column(ForeignKey("board_clusters.id"), index=True)
    highlight_id: Mapped[int] = mapped_column(ForeignKey("highlights.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)

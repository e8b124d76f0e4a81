"""A log that is typed while a session runs: one line is one observation (features.md A9)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from insights.core.base import Base


class LiveLog(Base):
    """`pauses` are pairs [from, to] in milliseconds since `started_at`, in their order; the last `to` is None while
    the log is paused. `sequence` counts every stored change of a line, so that an observer can ask for what is new.
    `text_version_id` is the version of the notes that the log last wrote.
    """

    __tablename__ = "live_logs"

    id: Mapped[int] = mapped_column(primary_key=True)
    research_session_id: Mapped[int] = mapped_column(ForeignKey("research_sessions.id"), unique=True)
    started_at: Mapped[datetime]
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    pauses: Mapped[list[Any]] = mapped_column(default=list)
    sequence: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    source_text_id: Mapped[int | None] = mapped_column(ForeignKey("source_texts.id"))
    text_version_id: Mapped[int | None] = mapped_column(ForeignKey("text_versions.id"))


class LogLine(Base):
    """One observation. `key` is made in the browser, so that a line sent twice is stored once; an edit or a deletion
    is the same key with a higher `revision`. `text` is as typed, marks and all.

    `typed_ms` is since the log's start by the clock on the wall and orders the lines; `at_ms` leaves the pauses out.
    `noted_revision` is the revision that stands in the session's notes, None before it does.
    """

    __tablename__ = "log_lines"
    __table_args__ = (UniqueConstraint("live_log_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    live_log_id: Mapped[int] = mapped_column(ForeignKey("live_logs.id"), index=True)
    key: Mapped[str] = mapped_column(String(64))
    revision: Mapped[int] = mapped_column(default=1)
    sequence: Mapped[int]
    observer_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    typed_ms: Mapped[int]
    at_ms: Mapped[int]
    text: Mapped[str]
    recorded_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]
    noted_revision: Mapped[int | None]

    @classmethod
    def is_late(cls) -> ColumnElement[bool]:
        """Of a log that has ended: the line as it is now is not in the notes."""
        return cls.deleted_at.is_(None) & cls.noted_revision.is_distinct_from(cls.revision)

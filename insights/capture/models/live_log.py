"""A log that is typed while a session runs: one line is one observation (features.md A9)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from insights.core.base import Base


class LiveLog(Base):
    """`paused_ms` adds up the pauses that are over; a line's time is since `started_at` without the pauses."""

    __tablename__ = "live_logs"

    id: Mapped[int] = mapped_column(primary_key=True)
    research_session_id: Mapped[int] = mapped_column(ForeignKey("research_sessions.id"), unique=True)
    started_at: Mapped[datetime]
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    paused_at: Mapped[datetime | None]
    paused_ms: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None]
    source_text_id: Mapped[int | None] = mapped_column(ForeignKey("source_texts.id"))


class LogLine(Base):
    """One observation. `key` is made in the browser, so that a line sent twice is stored once; an edit or a deletion
    is the same key with a higher `revision`. `text` is as typed, marks and all; `at_ms` is since the log's start.
    """

    __tablename__ = "log_lines"

    id: Mapped[int] = mapped_column(primary_key=True)
    live_log_id: Mapped[int] = mapped_column(ForeignKey("live_logs.id"), index=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    revision: Mapped[int] = mapped_column(default=1)
    observer_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    at_ms: Mapped[int]
    text: Mapped[str]
    recorded_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]

"""Access to a restricted study for a time: asked for with a reason, granted by a second person."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from insights.core.base import Base, Record


class GlassState(StrEnum):
    """What people did; that the time ran out is said by `ends_at`."""

    ASKED = "asked"
    APPROVED = "approved"
    DECLINED = "declined"
    TAKEN_BACK = "taken_back"
    ENDED = "ended"


class BreakGlass(Record, Base):
    """`hours` run from the approval. Access holds while `state` is approved and `ends_at` has not come."""

    __tablename__ = "break_glass"
    PREFIX, KIND = "BRK", "access for a time"

    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id"), index=True)
    holder_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    reason: Mapped[str] = mapped_column(String(1000))
    hours: Mapped[int]
    state: Mapped[GlassState] = mapped_column(default=GlassState.ASKED)
    asked_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    answer: Mapped[str] = mapped_column(String(1000), default="")
    ends_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))

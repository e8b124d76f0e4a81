"""Which point of a service standard a decision or an insight is evidence for (features.md I3)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from insights.core.base import Base, Record


class StandardLink(Record, Base):
    """A decision or an insight, one of the two, beside a point of a standard; `removed_at` is there for undo."""

    __tablename__ = "standard_links"
    PREFIX, KIND = "STL", "standard link"
    __table_args__ = (
        UniqueConstraint("standard", "point", "decision_id"),
        UniqueConstraint("standard", "point", "insight_id"),
        {"sqlite_autoincrement": True},
    )

    standard: Mapped[str] = mapped_column(String(60), index=True)
    point: Mapped[str] = mapped_column(String(20))
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decisions.id"), index=True)
    insight_id: Mapped[int | None] = mapped_column(ForeignKey("insights.id"), index=True)
    note: Mapped[str] = mapped_column(String(500), default="")
    removed_at: Mapped[datetime | None]

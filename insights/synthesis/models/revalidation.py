"""Looking again at an insight: asked for, and done."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from insights.core.base import Base, Record


class RevalidationResult(StrEnum):
    RECONFIRMED = "reconfirmed"
    CHANGED = "changed"
    RETIRED = "retired"


class Revalidation(Base):
    """Somebody looked again; with new evidence the only thing that resets freshness (features.md F4)."""

    __tablename__ = "revalidations"

    id: Mapped[int] = mapped_column(primary_key=True)
    insight_id: Mapped[int] = mapped_column(ForeignKey("insights.id"), index=True)
    on: Mapped[date]
    result: Mapped[RevalidationResult]
    note: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))


class RevalidationTask(Record, Base):
    """Somebody is asked to look again by a day (features.md F5); `result` is None until they did.

    `origin_ref` is the record that asked, such as a component that changed; '' where a person did.
    """

    __tablename__ = "revalidation_tasks"
    PREFIX, KIND = "RVT", "re-validation"

    insight_id: Mapped[int] = mapped_column(ForeignKey("insights.id"), index=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    due_on: Mapped[date] = mapped_column(index=True)
    why: Mapped[str] = mapped_column(default="")
    origin_ref: Mapped[str] = mapped_column(String(40), default="")
    result: Mapped[RevalidationResult | None]
    closed_on: Mapped[date | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    note: Mapped[str] = mapped_column(default="")

"""Coding acts that can be undone (features.md C4)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from insights.core.base import Base


class CodingAct(Base):
    """One act of coding and what undoes it. `inverse` holds changed columns as they were before and after the act, and
    the pairs of quote and tag that it added and removed (insights/coding/codebook/acts.py).

    The audit trail keeps that it was done and undone; this row only knows the way back.
    """

    __tablename__ = "coding_acts"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    at: Mapped[datetime]
    label: Mapped[str] = mapped_column(String(500))
    subject_ref: Mapped[str] = mapped_column(String(40))
    inverse: Mapped[dict[str, Any]] = mapped_column(default=dict)
    undone_at: Mapped[datetime | None]

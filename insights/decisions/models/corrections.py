"""Typing put right in a decision that was accepted: proposed by one person, confirmed by another."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from insights.core.base import Base, Record


class CorrectionResult(StrEnum):
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class DecisionCorrection(Record, Base):
    """The words of a decision that are to change without its meaning (model.md); open until `result` says how it ended.

    `before` and `after` map the name of a text of the decision to its words, and hold those alone that differ.
    """

    __tablename__ = "decision_corrections"
    PREFIX, KIND = "COR", "correction"

    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), index=True)
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(default=dict)
    result: Mapped[CorrectionResult | None]
    reason: Mapped[str] = mapped_column(default="")
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))

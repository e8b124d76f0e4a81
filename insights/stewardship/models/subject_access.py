"""A participant asks what is held on them: when they asked, and how the time for the answer runs."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from insights.core.base import Base, Record


class StopReason(StrEnum):
    """Why the clock may stand still: it has to be known who asks, or what they mean."""

    IDENTITY = "identity"
    CLARIFICATION = "clarification"


class SubjectAccessRequest(Record, Base):
    """`stopped_on` is empty while the clock runs; `stopped_days` adds up the days for which it stood still before.

    `extended_on` gives two further months, for a reason that the person was told. Ends with the answer or without one.
    """

    __tablename__ = "subject_access_requests"
    PREFIX, KIND = "SAR", "subject access request"

    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id"), index=True)
    received_on: Mapped[date]
    stopped_on: Mapped[date | None]
    stop_reason: Mapped[StopReason | None]
    stopped_days: Mapped[int] = mapped_column(default=0)
    extended_on: Mapped[date | None]
    extension_reason: Mapped[str] = mapped_column(String(500), default="")
    answered_on: Mapped[date | None]

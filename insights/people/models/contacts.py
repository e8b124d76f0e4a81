"""Being asked to take part, and being thanked for it: by code and day, never by name (features.md B5)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import ForeignKey, Numeric, String
from sqlalchemy.orm import Mapped, mapped_column

from insights.core.base import Base, Record


class ContactKind(StrEnum):
    INVITED = "invited"
    REMINDED = "reminded"
    THANKED = "thanked"
    TOLD = "told"


class ContactChannel(StrEnum):
    EMAIL = "email"
    TELEPHONE = "telephone"
    LETTER = "letter"
    TEXT_MESSAGE = "text_message"
    IN_PERSON = "in_person"
    THROUGH_OTHERS = "through_others"


class Contact(Record, Base):
    """One time that a participant was written to or spoken to; `study_id` is the study that it was for."""

    __tablename__ = "contacts"
    PREFIX, KIND = "CTC", "contact"

    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id"), index=True)
    kind: Mapped[ContactKind]
    channel: Mapped[ContactChannel]
    on: Mapped[date] = mapped_column(index=True)


class Incentive(Record, Base):
    """What somebody was given for their time: amount in `currency` (ISO 4217), how, and on which day."""

    __tablename__ = "incentives"
    PREFIX, KIND = "INC", "incentive"

    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id"), index=True)
    amount: Mapped[Decimal] = mapped_column(Numeric(10, 2))
    currency: Mapped[str] = mapped_column(String(3))
    method: Mapped[str] = mapped_column(String(60))
    given_on: Mapped[date]

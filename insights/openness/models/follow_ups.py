"""Telling participants what their words led to: one message a person and decision (features.md J2)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from insights.core.base import Base, Record
from insights.people.models import ContactChannel


class FollowUpState(StrEnum):
    """`waiting` in the outbox, `sent` by mail, `told` by letter or telephone, `stopped` before it was sent."""

    WAITING = "waiting"
    SENT = "sent"
    TOLD = "told"
    STOPPED = "stopped"


class FollowUp(Record, Base):
    """That somebody is told of a decision which cites their session, by code; their address stays in the vault.

    `participant_id` is the code that others were merged into. `told_on` is the day on which it was sent or told, None
    until then. `mail_id` is the mail that carries it; `why_stopped` is a sentence.
    """

    __tablename__ = "follow_ups"
    PREFIX, KIND = "FUP", "follow-up"
    __table_args__ = (UniqueConstraint("participant_id", "decision_id"), {"sqlite_autoincrement": True})

    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), index=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id"), index=True)
    channel: Mapped[ContactChannel]
    state: Mapped[FollowUpState] = mapped_column(default=FollowUpState.WAITING)
    subject: Mapped[str] = mapped_column(String(200), default="")
    text: Mapped[str] = mapped_column(default="")
    told_on: Mapped[date | None]
    sent_at: Mapped[datetime | None]
    mail_id: Mapped[int | None] = mapped_column(ForeignKey("mails.id"), unique=True)
    why_stopped: Mapped[str] = mapped_column(String(300), default="")


class FollowUpTemplate(Record, Base):
    """The words with which a study's messages begin, with `{decision}`, `{link}` and the like to be filled in."""

    __tablename__ = "follow_up_templates"
    PREFIX, KIND = "FUT", "template of messages"

    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id"), unique=True)
    subject: Mapped[str] = mapped_column(String(200))
    text: Mapped[str]

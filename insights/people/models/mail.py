"""Mail that waits to be sent (features.md E4)."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from insights.core.base import Base


class MailState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    GIVEN_UP = "given_up"
    NOT_NEEDED = "not_needed"


class Mail(Base):
    """One mail to one member. Its words are written when it is sent, so that none wait here after they may be seen.

    `kind` says who writes it, `key` what about: a mail of one key is never made twice. `message_key` goes into the
    Message-ID, so that a mail that had to be sent again is known to be the same one. `attempts` counts tries begun.
    """

    __tablename__ = "mails"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(120), unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    state: Mapped[MailState] = mapped_column(default=MailState.WAITING, index=True)
    message_key: Mapped[str] = mapped_column(String(36), default=lambda: str(uuid.uuid4()))
    made_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    problem: Mapped[str] = mapped_column(default="")

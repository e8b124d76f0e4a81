"""How long what is kept, what may not go yet, and what went (features.md L2)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from insights.core.base import Base, Record


class DataClass(StrEnum):
    RECORDING = "recording"
    TRANSCRIPT = "transcript"
    NOTES = "notes"
    IDENTITY = "identity"
    CONSENT_PROOF = "consent_proof"
    QUOTE = "quote"


class RetentionRule(Base):
    """Months for a kind of thing, in a study or else in all of a team's. `since` is when somebody last set it.

    Nothing is deleted where nobody set a rule, nor within a month of it.
    """

    __tablename__ = "retention_rules"
    __table_args__ = (UniqueConstraint("team_id", "study_id", "data_class"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    study_id: Mapped[int | None] = mapped_column(ForeignKey("studies.id"), index=True)
    data_class: Mapped[DataClass]
    months: Mapped[int]
    since: Mapped[date]


class RetentionHold(Record, Base):
    """What may not go until a day: somebody objected, or a case is open. `ended_at` where it was lifted earlier."""

    __tablename__ = "retention_holds"
    PREFIX, KIND = "HLD", "hold"

    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id"), index=True)
    data_class: Mapped[DataClass | None]
    reason: Mapped[str] = mapped_column(String(500))
    until: Mapped[date]
    ended_at: Mapped[datetime | None]


class RetentionWarning(Base):
    """Somebody was told what goes within a month: so many things of a kind in a study, the first on `due_on`.

    One row for each who was told; `items` are the numbers of the things, of which none goes before its warning is a
    month old. `mail_id` is the mail that tells of it, None where none was wanted or can be sent: it stands on the home
    page. `done_on` is when nothing of it was left to go.
    """

    __tablename__ = "retention_warnings"
    __table_args__ = (UniqueConstraint("study_id", "data_class", "made_on", "member_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id"), index=True)
    data_class: Mapped[DataClass]
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    made_on: Mapped[date]
    due_on: Mapped[date]
    items: Mapped[list[Any]] = mapped_column(default=list)
    mail_id: Mapped[int | None] = mapped_column(ForeignKey("mails.id"), index=True)
    done_on: Mapped[date | None] = mapped_column(index=True)


class RetentionDeletion(Base):
    """What went when its time was over: how many of which kind, never what they were. Append-only."""

    __tablename__ = "retention_deletions"

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id"), index=True)
    data_class: Mapped[DataClass]
    items: Mapped[int]
    due_on: Mapped[date]
    at: Mapped[datetime]
    withdrawal_id: Mapped[int | None] = mapped_column(ForeignKey("withdrawals.id"))

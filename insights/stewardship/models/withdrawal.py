"""Somebody took back their part in a study, or what they said fell due: what was removed, and how it was checked.

Nothing here holds a word of theirs. What must be looked for is kept as keyed digests, and only until the work is done.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from insights.core.base import Base, Record


class WithdrawalKind(StrEnum):
    """`stop_use` hides and can be taken back; `erase` keeps nothing of them and cannot."""

    STOP_USE = "stop_use"
    ERASE = "erase"


class WithdrawalCause(StrEnum):
    REQUEST = "request"
    RETENTION = "retention"


class WithdrawalStatus(StrEnum):
    """`outstanding`: gone from every record and list; search files, stored files and the check still wait."""

    IN_FORCE = "in_force"
    TAKEN_BACK = "taken_back"
    OUTSTANDING = "outstanding"
    REMAINS = "remains"
    DONE = "done"


class Withdrawal(Record, Base):
    """`removed` counts what went by its kind, `gone` names it by reference, for restores of older backups.

    `participant_id` is empty where what fell due was removed. `files` are the SHA-256 of stored files to let go of;
    `digests` what to look for; both are emptied once done.
    `choices` says of texts that held several people's words what was chosen. `remains` lists where words were found
    still. `certificate` is canonical JSON without content, with its SHA-256. After `log_until` all but the references
    that a restore needs is cleared.
    """

    __tablename__ = "withdrawals"
    PREFIX, KIND = "WDR", "withdrawal"

    participant_id: Mapped[int | None] = mapped_column(ForeignKey("participants.id"), index=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id"), index=True)
    kind: Mapped[WithdrawalKind]
    cause: Mapped[WithdrawalCause] = mapped_column(default=WithdrawalCause.REQUEST)
    asked_on: Mapped[date]
    status: Mapped[WithdrawalStatus] = mapped_column(index=True)
    choices: Mapped[dict[str, Any]] = mapped_column(default=dict)
    removed: Mapped[dict[str, Any]] = mapped_column(default=dict)
    gone: Mapped[dict[str, Any]] = mapped_column(default=dict)
    files: Mapped[list[Any]] = mapped_column(default=list)
    digests: Mapped[list[Any]] = mapped_column(default=list)
    remains: Mapped[list[Any]] = mapped_column(default=list)
    looked: Mapped[dict[str, Any]] = mapped_column(default=dict)
    step: Mapped[str] = mapped_column(String(60), default="")
    finished_at: Mapped[datetime | None]
    certificate: Mapped[str] = mapped_column(default="")
    certificate_sha256: Mapped[str] = mapped_column(String(64), default="")
    log_until: Mapped[date | None]


class WithdrawnEvidence(Base):
    """How many quotes an insight lost to a withdrawal: what was there, never what it said."""

    __tablename__ = "withdrawn_evidence"
    __table_args__ = (UniqueConstraint("withdrawal_id", "insight_id", "relation"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    withdrawal_id: Mapped[int] = mapped_column(ForeignKey("withdrawals.id"), index=True)
    insight_id: Mapped[int] = mapped_column(ForeignKey("insights.id"), index=True)
    relation: Mapped[str] = mapped_column(String(40))
    quotes: Mapped[int]
    sources: Mapped[int]

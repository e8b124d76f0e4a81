"""What the leader's reports keep: figures frozen on a day, and what people were reminded of."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from insights.core.base import Base, Record


class FreezeRhythm(StrEnum):
    """Why a report was frozen: somebody asked for it, or a month or a quarter was over."""

    MANUAL = "manual"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"


class FrozenReport(Record, Base):
    """Figures as they stood, which nothing changes later (features.md I4). Append-only.

    `data` is canonical JSON without any reference or words of a record, and `sha256` its digest; `refs` are the records
    behind the figures, by figure and part, which whoever reads it must be able to see at that moment. `key` names what
    is frozen once only ('monthly 2026-10'), None for one made by hand.
    """

    __tablename__ = "frozen_reports"
    PREFIX, KIND = "FRZ", "frozen report"

    rhythm: Mapped[FreezeRhythm] = mapped_column(default=FreezeRhythm.MANUAL)
    key: Mapped[str | None] = mapped_column(String(60), unique=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    frozen_on: Mapped[date]
    service_id: Mapped[int | None] = mapped_column(ForeignKey("services.id"), index=True)
    note: Mapped[str] = mapped_column(String(500), default="")
    definitions_version: Mapped[str] = mapped_column(String(16))
    data: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64))
    refs: Mapped[dict[str, Any]] = mapped_column(default=dict)


class NudgeRule(StrEnum):
    """The shelf rules of beyond.md 1, by the days after which they remind."""

    NO_RECOMMENDATION = "no_recommendation"
    OWNER = "owner"
    LEADERSHIP = "leadership"
    MUST_ANSWER = "must_answer"


class Nudge(Base):
    """A reminder that an insight waits, made once for each rule and each time that it came onto the shelf.

    `since` is the day from which the rule counts, so that one that was parked and came back is reminded of anew.
    `member_id` is whose turn it is, None where nobody is named; `done_on` is when it was no longer needed.
    """

    __tablename__ = "nudges"
    __table_args__ = (UniqueConstraint("insight_id", "rule", "since"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    insight_id: Mapped[int] = mapped_column(ForeignKey("insights.id"), index=True)
    rule: Mapped[NudgeRule]
    since: Mapped[date]
    made_on: Mapped[date]
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    mail_id: Mapped[int | None] = mapped_column(ForeignKey("mails.id"), index=True)
    done_on: Mapped[date | None] = mapped_column(index=True)


class NoteChoice(Base):
    """Who wants no mail from the reports: no monthly note, or no reminders. Without a row both are sent."""

    __tablename__ = "note_choices"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    no_note_since: Mapped[datetime | None]
    no_nudges_since: Mapped[datetime | None]


class UseKind(StrEnum):
    """By what a day's searches are told apart; each search counts once for either."""

    ROLE = "role"
    TEAM = "team"


class UseDay(Base):
    """Searches of one day by role or by team; nobody by name, and no words (features.md I6).

    `group` is a role or the ref of a team, '' for all that had fewer than five members on the day.
    """

    __tablename__ = "use_days"
    __table_args__ = (UniqueConstraint("on", "kind", "group"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    on: Mapped[date] = mapped_column(index=True)
    kind: Mapped[UseKind]
    group: Mapped[str] = mapped_column(String(40), default="")
    searches: Mapped[int] = mapped_column(default=0)
    without_hits: Mapped[int] = mapped_column(default=0)

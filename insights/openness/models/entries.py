"""What an organisation tells everybody about a decision: we asked, you said, we did, what happened next (J1, J3)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, ForeignKey, String, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from insights.core.base import Base, Record


class EntryStatus(StrEnum):
    """`review due` and `under review` are computed: the one from the day, the other from consent and evidence."""

    DRAFT = "draft"
    PII_CHECKED = "pii_checked"
    SIGNED_OFF = "signed_off"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


public_entry_insights = Table(
    "public_entry_insights",
    Base.metadata,
    Column("entry_id", ForeignKey("public_entries.id"), primary_key=True),
    Column("insight_id", ForeignKey("insights.id"), primary_key=True, index=True),
)


class PublicEntry(Record, Base):
    """One text a decision and language, in plain words. `published` holds what stands public, frozen as it was signed.

    `written_by_id` is who last changed a text, and may not sign it off. `signed_off_at` and what follows are empty
    until they happen, and again when a text changes.
    """

    __tablename__ = "public_entries"
    PREFIX, KIND = "PUB", "public entry"
    __table_args__ = (UniqueConstraint("decision_id", "language"), {"sqlite_autoincrement": True})

    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), index=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    language: Mapped[str] = mapped_column(String(20), default="en")
    title: Mapped[str] = mapped_column(String(300))
    summary: Mapped[str] = mapped_column(default="")
    we_asked: Mapped[str] = mapped_column(default="")
    you_said: Mapped[str] = mapped_column(default="")
    we_did: Mapped[str] = mapped_column(default="")
    we_did_not: Mapped[str] = mapped_column(default="")
    what_next: Mapped[str] = mapped_column(default="")
    status: Mapped[EntryStatus] = mapped_column(default=EntryStatus.DRAFT, index=True)
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    checked_at: Mapped[datetime | None]
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    signed_off_at: Mapped[datetime | None]
    signed_off_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    first_published_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None] = mapped_column(index=True)
    published: Mapped[dict[str, Any]] = mapped_column(default=dict)
    review_on: Mapped[date | None] = mapped_column(index=True)
    renewed_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str] = mapped_column(String(500), default="")
    removed_at: Mapped[datetime | None]


class PublicEntryQuote(Base):
    """A quote that the entry shows, under the insight that it supports; `words` may be masked, the quote never is."""

    __tablename__ = "public_entry_quotes"
    __table_args__ = (UniqueConstraint("entry_id", "highlight_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("public_entries.id"), index=True)
    highlight_id: Mapped[int] = mapped_column(ForeignKey("highlights.id"), index=True)
    insight_id: Mapped[int] = mapped_column(ForeignKey("insights.id"), index=True)
    words: Mapped[str]


class PublicJustification(Base):
    """Somebody looked at what a rule found, and said why it may stand. `key` is that of the hit, never its words."""

    __tablename__ = "public_justifications"
    __table_args__ = (UniqueConstraint("entry_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("public_entries.id"), index=True)
    key: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(String(500))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    at: Mapped[datetime]

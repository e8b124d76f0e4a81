"""What members follow, what was found for them, and the token of their feeds (features.md E4)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from insights.core.base import Base, Record


class MailRhythm(StrEnum):
    """How often mail tells of what is new. Whatever is chosen, it stands in the product too."""

    NEVER = "never"
    DAILY = "daily"
    WEEKLY = "weekly"


class Follow(Record, Base):
    """A saved search, or a record that a member follows: `subject_ref` is '' for a search, `question` for a record.

    `question` is the search page's query string without its place in the pages. `known` holds the refs that were
    there when it began, None until that was looked up. `watermark` is the last activity entry looked at. Found items
    up to `seen_item_id` were looked at by the member. Mail tells of what was found from `mail_from` on. `is_too_broad`
    where a search finds more than can be watched.
    """

    __tablename__ = "follows"
    PREFIX, KIND = "FLW", "follow"
    __table_args__ = (Index("ix_follows_member_subject", "member_id", "subject_ref"), {"sqlite_autoincrement": True})

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    name: Mapped[str] = mapped_column(String(200), default="")
    subject_ref: Mapped[str] = mapped_column(String(40), default="")
    question: Mapped[str] = mapped_column(default="")
    known: Mapped[list[Any] | None]
    is_too_broad: Mapped[bool] = mapped_column(default=False)
    watermark: Mapped[int] = mapped_column(default=0)
    checked_at: Mapped[datetime | None] = mapped_column(index=True)
    seen_item_id: Mapped[int] = mapped_column(default=0)
    mail: Mapped[MailRhythm] = mapped_column(default=MailRhythm.NEVER)
    mail_from: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]

    @property
    def is_search(self) -> bool:
        return not self.subject_ref


class FoundItem(Base):
    """Something new for a follow. `key` is the same for the same thing, so that it is found once.

    `ref` is the record to show, which the member must be able to see at that moment; `what` says in words what
    happened to it, '' where it is new. `mail_id` is the mail that tells of it.
    """

    __tablename__ = "found_items"
    __table_args__ = (UniqueConstraint("follow_id", "key"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    follow_id: Mapped[int] = mapped_column(ForeignKey("follows.id"))
    key: Mapped[str] = mapped_column(String(160))
    ref: Mapped[str] = mapped_column(String(40))
    what: Mapped[str] = mapped_column(String(200), default="")
    found_at: Mapped[datetime]
    mail_id: Mapped[int | None] = mapped_column(ForeignKey("mails.id"), index=True)


class FeedToken(Base):
    """The secret in the address of a member's feeds; the token's SHA-256 alone is kept. One at a time is in force."""

    __tablename__ = "feed_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

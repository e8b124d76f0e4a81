"""Comments on any record, with mentions (features.md K1)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from insights.core.base import Base, Record


class Comment(Record, Base):
    """Whoever may see the record named by `subject_ref` may read it. An answer has a `parent_id`.

    `subject_id` is the number in it, and `study_id` the study that the record lies in, where it lies in one, so that
    lists are scoped in one statement. `edited_at` is when its words changed last, which settling is not.
    """

    __tablename__ = "comments"
    PREFIX, KIND = "COM", "comment"

    subject_ref: Mapped[str] = mapped_column(String(40), index=True)
    subject_id: Mapped[int]
    study_id: Mapped[int | None] = mapped_column(ForeignKey("studies.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id"))
    text: Mapped[str]
    edited_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    resolved_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    deleted_at: Mapped[datetime | None]


class Mention(Base):
    """A colleague named in a comment, and when they saw it."""

    __tablename__ = "mentions"

    comment_id: Mapped[int] = mapped_column(ForeignKey("comments.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True, index=True)
    seen_at: Mapped[datetime | None]

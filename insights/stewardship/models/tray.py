"""What a member gathers while reading, and collections made of it (features.md E8)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from insights.core.base import Base, Record


class TrayItem(Base):
    """A record in a member's tray, seen by nobody else. `subject_id` is the number in `subject_ref`.

    `taken_out_at` keeps the place and the note of what was taken out, so that it can be put back.
    """

    __tablename__ = "tray_items"
    __table_args__ = (UniqueConstraint("member_id", "subject_ref"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    subject_ref: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    position: Mapped[int]
    note: Mapped[str] = mapped_column(default="")
    put_in_at: Mapped[datetime]
    taken_out_at: Mapped[datetime | None]


class Collection(Record, Base):
    """A shared list of records. Whoever made it may change it; everybody else sees of it what they may see anyway."""

    __tablename__ = "collections"
    PREFIX, KIND = "COL", "collection"

    title: Mapped[str] = mapped_column(String(300))
    introduction: Mapped[str] = mapped_column(default="")
    owner_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    deleted_at: Mapped[datetime | None]


class CollectionItem(Base):
    """A record in a collection, with a note for its readers."""

    __tablename__ = "collection_items"
    __table_args__ = (UniqueConstraint("collection_id", "subject_ref"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    collection_id: Mapped[int] = mapped_column(ForeignKey("collections.id"), index=True)
    subject_ref: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    position: Mapped[int]
    note: Mapped[str] = mapped_column(default="")

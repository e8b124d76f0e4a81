"""Who saw what: looks at what is guarded, and files that left."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from insights.core.base import Base


class LookKind(StrEnum):
    PAGE = "page"
    TEXT = "text"
    RECORDING = "recording"
    FILE = "file"
    PACK = "pack"


class Look(Base):
    """A member looked at a record, or took a file away; once an hour for each member, kind, record and address.

    `ref` is '' for a file about no single record; `study_ref` is the study that the record belongs to, or ''. `what` is
    the path that was asked for, without what was typed into a search. `hour` begins that hour. Rows are only added, in
    a chain of their own.
    """

    __tablename__ = "looks"
    __table_args__ = (UniqueConstraint("member_id", "kind", "ref", "what", "hour"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    hour: Mapped[datetime]
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    kind: Mapped[LookKind]
    ref: Mapped[str] = mapped_column(String(40), default="", index=True)
    study_ref: Mapped[str] = mapped_column(String(40), default="", index=True)
    restricted: Mapped[bool] = mapped_column(default=False)
    what: Mapped[str] = mapped_column(String(200), default="")
    position: Mapped[int] = mapped_column(unique=True)
    chain: Mapped[str] = mapped_column(String(64))

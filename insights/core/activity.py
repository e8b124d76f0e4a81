"""The record of every change: audit trail and outbox of the search index at once.

An entry is written in the same transaction as the change it tells of, so that neither can exist without the other. The
indexer reads entries in the order of their ids and refreshes what they name.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from insights.core.base import Base, Record
from insights.core.clock import now


class ActivityEntry(Base):
    """`touches` names the records whose search documents the change affects, beside the subject itself."""

    __tablename__ = "activity"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    verb: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_ref: Mapped[str] = mapped_column(String(40), index=True)
    touches: Mapped[list[Any]] = mapped_column(default=list)
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)


def add(session: Session, actor: Record | None, record: Record) -> None:
    """Adds a new record, with who and when, and gives it its id."""
    record.created_at = record.updated_at = now(session)
    record.created_by_id = record.updated_by_id = None if actor is None else actor.id
    session.add(record)
    session.flush()


def touch(session: Session, actor: Record | None, record: Record) -> None:
    """Marks a change: the next row version, who and when."""
    record.updated_at, record.updated_by_id = now(session), None if actor is None else actor.id
    record.row_version += 1
    session.flush()


def record(
    session: Session,
    actor: Record | None,
    verb: str,
    subject: Record,
    *,
    touches: Iterable[str] = (),
    detail: dict[str, Any] | None = None,
) -> ActivityEntry:
    entry = ActivityEntry(
        at=now(session),
        actor_id=None if actor is None else actor.id,
        verb=verb,
        subject_kind=subject.KIND,
        subject_ref=subject.ref,
        touches=sorted(set(touches)),
        detail=detail or {},
    )
    session.add(entry)
    session.flush()
    return entry

"""The record of every change: audit trail and outbox of the search index at once.

An entry is written in the same transaction as the change it tells of, so that neither can exist without the other. The
indexer reads entries in the order of their ids and refreshes what they name.

Entries form a chain (insights/core/chain.py). Of `detail`, which may hold words that somebody has the right to have
erased, the chain holds a digest: `redact_detail` takes the words away and leaves an entry that is known to be redacted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import ForeignKey, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from insights.core.base import Base, Record
from insights.core.chain import Head, carried_head, carry_head, digest, link, moment
from insights.core.clock import now
from insights.core.keys import keys_of

ACTIVITY = "activity"
REDACTED: dict[str, Any] = {"redacted": True}
REDACTING = "redacted entries about"
BEGAN = "began the chain of"
_AT_ONCE = 2_000


class Subject(Protocol):
    """What an entry is about: a record, or the installation itself."""

    @property
    def KIND(self) -> str: ...  # noqa: N802 - as records name it

    @property
    def ref(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Installation:
    """The subject of what happens to no single record: the chain began, old looks were removed."""

    KIND: str = "installation"
    ref: str = "HUB-1"


class ActivityEntry(Base):
    """`touches` names the records whose search documents the change affects, beside the subject itself.

    `position`, `chain` and `detail_digest` are None in entries of before there was a chain, until the next entry.
    """

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
    position: Mapped[int | None] = mapped_column(unique=True)
    chain: Mapped[str | None] = mapped_column(String(64))
    detail_digest: Mapped[str | None] = mapped_column(String(64))


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
    subject: Subject,
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
    _append(session, entry)
    return entry


def redact_detail(session: Session, actor: Record | None, subject: Subject, entry_ids: Iterable[int]) -> None:
    """Takes the words out of entries for good; that it was done, and to which, is recorded in its turn.

    What could be undone from their details cannot be undone afterwards.
    """
    chosen = sorted(set(entry_ids))
    if not chosen:
        return
    positions = session.scalars(
        select(ActivityEntry.position).where(ActivityEntry.id.in_(chosen)).order_by(ActivityEntry.id)
    ).all()
    session.execute(update(ActivityEntry).where(ActivityEntry.id.in_(chosen)).values(detail=REDACTED))
    record(session, actor, REDACTING, subject, detail={"entries": [each for each in positions if each is not None]})


def content_of(entry: Any) -> dict[str, Any]:  # noqa: ANN401 - an entry, or a row with its columns
    """What an entry's chain is computed of."""
    return {
        "position": entry.position,
        "at": moment(entry.at),
        "actor": entry.actor_id,
        "verb": entry.verb,
        "kind": entry.subject_kind,
        "ref": entry.subject_ref,
        "touches": entry.touches,
        "detail": entry.detail_digest,
    }


def activity_head(session: Session) -> Head:
    """The last entry of the chain as it is stored."""
    last = session.execute(
        select(ActivityEntry.position, ActivityEntry.chain)
        .where(ActivityEntry.position.is_not(None))
        .order_by(ActivityEntry.position.desc())
        .limit(1)
    ).first()
    return Head() if last is None or last.chain is None else Head(last.position, last.chain)


def begin_chain(session: Session) -> Head:
    """Chains the entries of a database from before there was a chain, and says in a first entry of its own that it did.

    They are vouched for from now on; that nobody changed them earlier, nobody can say.
    """
    head, count = Head(), 0
    while rows := session.scalars(
        select(ActivityEntry).where(ActivityEntry.position.is_(None)).order_by(ActivityEntry.id).limit(_AT_ONCE)
    ).all():
        for row in rows:
            head = _link(session, row, head)
        count += len(rows)
        session.flush()
    if count:
        entry = ActivityEntry(
            at=now(session),
            actor_id=None,
            verb=BEGAN,
            subject_kind=Installation().KIND,
            subject_ref=Installation().ref,
            touches=[],
            detail={"entries": count},
        )
        head = _link(session, entry, head)
        session.add(entry)
        session.flush()
    return head


def _append(session: Session, entry: ActivityEntry) -> None:
    head = carried_head(session, ACTIVITY) or activity_head(session)
    if head.position == 0:
        head = begin_chain(session)
    head = _link(session, entry, head)
    session.add(entry)
    session.flush()
    carry_head(session, ACTIVITY, head)


def _link(session: Session, entry: ActivityEntry, before: Head) -> Head:
    """Gives an entry its place behind `before`."""
    key = keys_of(session).audit
    entry.position = before.position + 1
    entry.detail_digest = digest(key, entry.detail)
    entry.chain = link(key, before.chain, content_of(entry))
    return Head(entry.position, entry.chain)

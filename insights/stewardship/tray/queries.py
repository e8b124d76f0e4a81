"""Reads of trays and collections: of each item only what the member may see, and nothing about the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from insights.core.base import number_of
from insights.core.errors import NotFound
from insights.people.models import Member
from insights.stewardship.models import Collection, CollectionItem, TrayItem
from insights.stewardship.tray.row import GatheredRow
from insights.stewardship.tray.rows import gathered_rows
from insights.stewardship.tray.sight import is_seen


@dataclass(frozen=True, slots=True)
class KeptRow:
    """A record with the note that was put to it."""

    record: GatheredRow
    note: str

    @property
    def ref(self) -> str:
        return self.record.ref


@dataclass(frozen=True, slots=True)
class CollectionRow:
    """`items` counts what the member may see of it."""

    ref: str
    title: str
    introduction: str
    owner: str
    owner_id: int
    updated_at: datetime
    row_version: int
    items: int


def tray_refs(session: Session, member: Member) -> tuple[str, ...]:
    """What is in the tray, as far as the member may still see it; one statement."""
    return tuple(session.scalars(_in_tray(member).with_only_columns(TrayItem.subject_ref)))


def list_tray(session: Session, member: Member) -> list[KeptRow]:
    """In the member's own order."""
    return [KeptRow(row, item.note) for item, row in listed_items(session, member)]


def listed_items(session: Session, member: Member) -> list[tuple[TrayItem, GatheredRow]]:
    items = session.scalars(_in_tray(member)).all()
    rows = gathered_rows(session, member, [item.subject_ref for item in items])
    return [(item, rows[item.subject_ref]) for item in items if item.subject_ref in rows]


def list_collections(session: Session, member: Member) -> list[CollectionRow]:
    """Newest change first."""
    found = session.execute(_collections(member).order_by(Collection.updated_at.desc(), Collection.id.desc()))
    return [_row(*each) for each in found]


def get_collection(session: Session, member: Member, ref: str) -> tuple[Collection, CollectionRow]:
    """Raises NotFound for one that is not there, was deleted, or of which the member may see nothing."""
    number = number_of(ref, Collection.PREFIX) or 0
    found = session.execute(_collections(member).where(Collection.id == number)).first()
    if found is None:
        raise NotFound(ref)
    return found[0], _row(*found)


def items_of(session: Session, member: Member, collection: Collection) -> list[KeptRow]:
    """In their order; what the member may not see is left out without a word."""
    return items_and_more(session, member, collection, ())[0]


def items_and_more(
    session: Session, member: Member, collection: Collection, refs: Sequence[str]
) -> tuple[list[KeptRow], list[KeptRow]]:
    """Beside them the records of `refs` that are not in it yet, read together."""
    items = stored_items(session, collection)
    known = [item.subject_ref for item in items]
    rows = gathered_rows(session, member, [*known, *refs])
    more = [ref for ref in refs if ref in rows and ref not in known]
    return (
        [KeptRow(rows[item.subject_ref], item.note) for item in items if item.subject_ref in rows],
        [KeptRow(rows[ref], "") for ref in more],
    )


def stored_items(session: Session, collection: Collection) -> Sequence[CollectionItem]:
    """All of them, whoever may see them; for operations, which keep what they do not show."""
    return session.scalars(
        select(CollectionItem)
        .where(CollectionItem.collection_id == collection.id)
        .order_by(CollectionItem.position, CollectionItem.id)
    ).all()


def _in_tray(member: Member) -> Select[TrayItem]:
    return (
        select(TrayItem)
        .where(TrayItem.member_id == member.id, TrayItem.taken_out_at.is_(None), is_seen(TrayItem, member))
        .order_by(TrayItem.position, TrayItem.id)
    )


def _collections(member: Member) -> Select[Collection, str, int]:
    """A title can give away what its records say: whoever may see none of them does not see the collection."""
    seen = (
        select(func.count(CollectionItem.id))
        .where(CollectionItem.collection_id == Collection.id, is_seen(CollectionItem, member))
        .correlate(Collection)
        .scalar_subquery()
    )
    return (
        select(Collection, Member.name, seen)
        .join(Member, Member.id == Collection.owner_id)
        .where(_is_open_to(member, seen))
    )


def _is_open_to(member: Member, seen: ColumnElement[int]) -> ColumnElement[bool]:
    return and_(Collection.deleted_at.is_(None), or_(Collection.owner_id == member.id, seen > 0))


def _row(collection: Collection, owner: str, items: int) -> CollectionRow:
    return CollectionRow(
        ref=collection.ref,
        title=collection.title,
        introduction=collection.introduction,
        owner=owner,
        owner_id=collection.owner_id,
        updated_at=collection.updated_at,
        row_version=collection.row_version,
        items=items,
    )

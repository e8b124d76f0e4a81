"""Collections: shared lists of records, changed by whoever made them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete
from sqlalchemy.orm import Session

from insights.core.access import Permission, may
from insights.core.activity import add, record, touch
from insights.core.base import number_of
from insights.core.checks import required_line, text_of
from insights.core.clock import now
from insights.core.concurrency import refuse_stale
from insights.core.errors import InvalidInput, NotAllowed, NotFound
from insights.people.models import Member
from insights.stewardship.models import Collection, CollectionItem
from insights.stewardship.tray.gathering import LONGEST_NOTE, MOST
from insights.stewardship.tray.queries import get_collection, stored_items
from insights.stewardship.tray.rows import gathered_rows
from insights.stewardship.tray.sight import parted

LONGEST_TITLE = 300
LONGEST_INTRODUCTION = 20_000


@dataclass(frozen=True, slots=True)
class Entry:
    """A record that belongs in a collection, with a note for its readers."""

    ref: str
    note: str = ""


def create_collection(
    session: Session, *, actor: Member, title: str, introduction: str, entries: Sequence[Entry]
) -> Collection:
    """Raises InvalidInput without a title or a record, NotFound for a record that the member may not see."""
    collection = Collection(owner_id=actor.id, **_checked(title, introduction))
    kept = _checked_entries(session, actor, entries)
    add(session, actor, collection)
    _store(session, collection, kept)
    record(session, actor, "collected", collection)
    return collection


def edit_collection(
    session: Session,
    *,
    actor: Member,
    collection: Collection,
    title: str,
    introduction: str,
    entries: Sequence[Entry],
    row_version: int | None = None,
) -> None:
    """Replaces what its owner sees of it; records that went out of their sight stay in it, behind the others."""
    require_owner(actor, collection)
    texts = _checked(title, introduction)
    refuse_stale(collection, row_version, texts)
    before = stored_items(session, collection)
    seen = gathered_rows(session, actor, [item.subject_ref for item in before])
    hidden = [Entry(item.subject_ref, item.note) for item in before if item.subject_ref not in seen]
    kept = _checked_entries(session, actor, entries)
    collection.title, collection.introduction = texts["title"], texts["introduction"]
    session.execute(delete(CollectionItem).where(CollectionItem.collection_id == collection.id))
    _store(session, collection, [*kept, *hidden])
    touch(session, actor, collection)
    record(session, actor, "edited", collection)


def delete_collection(session: Session, *, actor: Member, ref: str) -> Collection:
    """An administrator may delete anybody's, for it is read by all."""
    collection, _row = get_collection(session, actor, ref)
    if not may(actor, Permission.ADMINISTER):
        require_owner(actor, collection)
    collection.deleted_at = now(session)
    touch(session, actor, collection)
    record(session, actor, "deleted", collection)
    return collection


def restore_collection(session: Session, *, actor: Member, ref: str) -> Collection:
    """Brings it back. Raises NotFound for whoever could not have deleted it: nobody else knows a deleted one."""
    collection = session.get(Collection, number_of(ref, Collection.PREFIX) or 0)
    if collection is None or not (collection.owner_id == actor.id or _administers(session, actor, collection)):
        raise NotFound(ref)
    collection.deleted_at = None
    touch(session, actor, collection)
    record(session, actor, "restored", collection)
    return collection


def require_owner(actor: Member, collection: Collection) -> None:
    if collection.owner_id != actor.id:
        raise NotAllowed(
            "Only whoever made a collection may change it. Put its records in your tray and make your own."
        )


def _administers(session: Session, actor: Member, collection: Collection) -> bool:
    refs = [item.subject_ref for item in stored_items(session, collection)]
    return may(actor, Permission.ADMINISTER) and bool(gathered_rows(session, actor, refs))


def _checked(title: str, introduction: str) -> dict[str, str]:
    return {
        "title": required_line("title", title, label="a title", longest=LONGEST_TITLE),
        "introduction": text_of("introduction", introduction, label="the introduction", longest=LONGEST_INTRODUCTION),
    }


def _checked_entries(session: Session, actor: Member, entries: Sequence[Entry]) -> list[Entry]:
    """Each record once, with its note. Raises NotFound for what is out of sight, as for what is not there."""
    if not entries:
        raise InvalidInput.of("entries", "Tick at least one record.")
    if len(entries) > MOST:
        raise InvalidInput.of("entries", f"A collection holds {MOST} records at most; {len(entries)} are ticked.")
    notes: dict[str, str] = {}
    for entry in entries:
        named = parted(entry.ref)
        if named is None:
            raise NotFound(entry.ref)
        note = text_of(f"note-{named[0]}", entry.note, label=f"the note on {named[0]}", longest=LONGEST_NOTE)
        notes.setdefault(named[0], note)
    seen = gathered_rows(session, actor, notes)
    unseen = next((ref for ref in notes if ref not in seen), None)
    if unseen is not None:
        raise NotFound(unseen)
    return [Entry(ref, note) for ref, note in notes.items()]


def _store(session: Session, collection: Collection, entries: Sequence[Entry]) -> None:
    session.add_all(
        CollectionItem(
            collection_id=collection.id,
            subject_ref=entry.ref,
            subject_id=int(entry.ref.rpartition("-")[2]),
            position=position,
            note=entry.note,
        )
        for position, entry in enumerate(entries, start=1)
    )
    session.flush()

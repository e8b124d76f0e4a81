"""What was written about a record that is gone: comments, memos, drafts, notes beside it, details of its changes."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.models import Draft
from insights.coding.models import CodingAct, Memo
from insights.core.activity import ActivityEntry, record, redact_detail
from insights.core.base import Base
from insights.core.clock import now
from insights.people.models import Member
from insights.stewardship.erasure.copies import remove_copies
from insights.stewardship.erasure.shingles import Finder
from insights.stewardship.erasure.tables import delete_rows
from insights.stewardship.models import CollectionItem, Comment, FoundItem, TrayItem, Withdrawal

_AT_ONCE = 400
_SHELVES = frozenset({"frozen_reports", "collections", "collection_items"})


def empty_what_was_written(session: Session, refs: Collection[str]) -> dict[str, int]:
    """Comments and memos stay as empty, deleted rows, for answers hang on them; notes of one's own go."""
    counts = {"comments": 0, "memos": 0, "drafts": 0, "notes": 0}
    for part in _parts(refs):
        for comment in session.scalars(select(Comment).where(Comment.subject_ref.in_(part))).all():
            comment.text, comment.deleted_at = "", comment.deleted_at or now(session)
            counts["comments"] += 1
        for memo in session.scalars(select(Memo).where(Memo.subject_ref.in_(part))).all():
            memo.text, memo.title, memo.deleted_at = "", "", memo.deleted_at or now(session)
            counts["memos"] += 1
        for model in (TrayItem, CollectionItem):
            table = Base.metadata.tables[model.__tablename__]
            counts["notes"] += sum(delete_rows(session, table, model.subject_ref.in_(part)).values())
        found = Base.metadata.tables[FoundItem.__tablename__]
        delete_rows(session, found, FoundItem.ref.in_(part))
        acts = Base.metadata.tables[CodingAct.__tablename__]
        delete_rows(session, acts, CodingAct.subject_ref.in_(part))
    counts["drafts"] = _drop_drafts(session, set(refs))
    return counts


def clear_shelves(
    session: Session, actor: Member | None, withdrawal: Withdrawal, said: tuple[Finder, Collection[str]]
) -> None:
    """What many people read without opening a record, in the act itself: frozen reports and collections."""
    found = remove_copies(session, *said, tables=_SHELVES)
    if found.removed:
        record(session, actor, "removed copies for", withdrawal, touches=found.refs, detail={"in": sorted(found.refs)})


def _drop_drafts(session: Session, refs: set[str]) -> int:
    """A draft's key names the record it is about, as a part between other signs."""
    dropped = 0
    for draft in session.scalars(select(Draft).order_by(Draft.id)).all():
        parts = set(draft.form_key.replace("/", " ").replace(":", " ").split())
        if parts & refs:
            session.delete(draft)
            dropped += 1
    session.flush()
    return dropped


def drop_projects(session: Session, study_id: int) -> tuple[int, list[str]]:
    """Projects of other programs hold texts as they came; what became of them stands in the study."""
    table = Base.metadata.tables["coding_projects"]
    files = list(session.scalars(select(table.c.sha256).where(table.c.study_id == study_id)))
    delete_rows(session, table, table.c.study_id == study_id)
    return len(files), files


def redact_record_of_changes(
    session: Session, actor: Member | None, withdrawal: Withdrawal, refs: Collection[str]
) -> int:
    """Takes the details out of entries about what is gone; that they were there, when and by whom, stays."""
    found: list[int] = []
    for part in _parts(refs):
        rows = session.execute(
            select(ActivityEntry.id, ActivityEntry.detail)
            .where(ActivityEntry.subject_ref.in_(part))
            .order_by(ActivityEntry.id)
        )
        found += [number for number, detail in rows if detail]
    redact_detail(session, actor, withdrawal, found)
    return len(found)


def _parts(refs: Collection[str]) -> list[list[str]]:
    ordered = sorted(refs)
    return [ordered[start : start + _AT_ONCE] for start in range(0, len(ordered), _AT_ONCE)]

"""The way back from an act: refused with a reason where what it changed was changed again since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from sqlalchemy import and_, delete, func, or_, select
from sqlalchemy.orm import Session

from insights.capture.models import SourceText
from insights.coding.codebook.acts import CodingRow, Values, add_links, values_of
from insights.coding.codebook.paths import require_whole
from insights.coding.models import CodingAct, Highlight, HighlightStatus, Memo, Tag, TagStatus, highlight_tags
from insights.core.activity import record, touch
from insights.core.base import Base, number_of
from insights.core.clock import now
from insights.core.errors import NotFound, RuleBroken
from insights.people.models import Member

_CHUNK = 400
_TERMS: dict[type[CodingRow], dict[str, type[Enum]]] = {
    Tag: {"status": TagStatus},
    Highlight: {"status": HighlightStatus},
}


@dataclass(frozen=True, slots=True)
class _Change:
    """`before` is None where the act made the row; both hold the same columns otherwise."""

    row: CodingRow
    before: Values | None
    after: Values


def undo_act(session: Session, *, actor: Member, act: CodingAct) -> None:
    """Puts rows and links back as they were before the act. Nothing is put back where any of them changed since.

    Raises RuleBroken with the reason, NotFound for the act of somebody else.
    """
    if act.member_id != actor.id:
        raise NotFound(f"act {act.id}")
    if act.undone_at is not None:
        raise RuleBroken("This was undone already.")
    changes = [_read(session, ref, change) for ref, change in act.inverse["rows"].items()]
    added, removed = _pairs(act.inverse["added"]), _pairs(act.inverse["removed"])
    for change in changes:
        _require_unchanged(change)
    _require_links(session, added, removed)
    touched = _touched(session, act, changes, added | removed)
    _take_links_away(session, added)
    add_links(session, removed)
    _put_back(session, changes)
    made = [change.row for change in changes if change.before is None]
    for row in touched:
        touch(session, actor, row)
        record(session, actor, "undid", row, touches=sorted({f"HL-{pair[0]}" for pair in added | removed})[:_CHUNK])
    for row in reversed(made):
        _remove(session, row)
    require_whole(session, [row for row in touched if isinstance(row, Tag) and row not in made])
    act.undone_at = now(session)
    session.flush()


def _read(session: Session, ref: str, change: dict[str, Any]) -> _Change:
    row = _row(session, ref)
    if row is None:
        raise RuleBroken(f"{ref} is no longer there, so this cannot be undone.")
    return _Change(row, change["before"], change["after"])


def _row(session: Session, ref: str) -> CodingRow | None:
    if ref.startswith(f"{Tag.PREFIX}-"):
        return session.get(Tag, number_of(ref, Tag.PREFIX) or 0)
    return session.get(Highlight, number_of(ref, Highlight.PREFIX) or 0)


def _require_unchanged(change: _Change) -> None:
    current = values_of(change.row)
    differing = [name for name, value in change.after.items() if current[name] != value]
    if differing:
        what = f"“{change.row.path}”" if isinstance(change.row, Tag) else change.row.ref
        raise RuleBroken(f"{what} was changed since, so this cannot be undone. Undo what came after it first.")


def _require_links(session: Session, added: set[tuple[int, int]], removed: set[tuple[int, int]]) -> None:
    if _count_links(session, added) != len(added) or _count_links(session, removed):
        raise RuleBroken("A quote was tagged anew since, so this cannot be undone. Undo what came after it first.")


def _touched(
    session: Session, act: CodingAct, changes: list[_Change], pairs: Iterable[tuple[int, int]]
) -> list[CodingRow]:
    """The records whose search documents change: those that were changed back, the subject, and the tags of links."""
    rows = {change.row.ref: change.row for change in changes}
    subject = _row(session, act.subject_ref)
    if subject is not None:
        rows.setdefault(subject.ref, subject)
    for tag_id in sorted({tag_id for _, tag_id in pairs}):
        tag = session.get_one(Tag, tag_id)
        rows.setdefault(tag.ref, tag)
    return list(rows.values())


def _put_back(session: Session, changes: list[_Change]) -> None:
    # Two tags may trade paths, and a path is unique at each moment: so all leave theirs before any takes one.
    for change in changes:
        if isinstance(change.row, Tag) and change.before is not None and "folded_path" in change.before:
            change.row.folded_path = f"/{change.row.id}"
    session.flush()
    for change in changes:
        for name, value in (change.before or {}).items():
            term = _TERMS[type(change.row)].get(name)
            setattr(change.row, name, value if term is None else term(value))
        if isinstance(change.row, Highlight) and "status" in (change.before or {}):
            _place_again(session, change.row)
    session.flush()


def _place_again(session: Session, highlight: Highlight) -> None:
    """A highlight whose text was edited meanwhile comes back as one that waits for its place."""
    highlight.dropped_at = now(session) if highlight.status is HighlightStatus.DROPPED else None
    source = session.get_one(SourceText, highlight.source_text_id)
    if highlight.status is HighlightStatus.ACTIVE and highlight.text_version_id != source.current_version_id:
        highlight.status = HighlightStatus.ORPHANED


def _remove(session: Session, row: CodingRow) -> None:
    """Removes a tag that the act made. It stays where anything has come to use it since."""
    uses = _uses(session, row)
    if uses:
        name = row.path if isinstance(row, Tag) else row.ref
        raise RuleBroken(f"“{name}” came into use since ({uses}), so this cannot be undone.")
    session.delete(row)
    session.flush()


def _uses(session: Session, row: CodingRow) -> str:
    """What points at the record, in words; asked of every table, so that no later stage need be known here."""
    for table in Base.metadata.tables.values():
        columns = [key.parent for key in table.foreign_keys if key.column.table is type(row).__table__]
        if columns and session.scalar(
            select(func.count()).select_from(table).where(or_(*(c == row.id for c in columns)))
        ):
            return table.name.replace("_", " ")
    memos = select(func.count()).where(Memo.subject_ref == row.ref, Memo.deleted_at.is_(None))
    return "memos" if session.scalar(memos) else ""


def _pairs(listed: Iterable[Iterable[int]]) -> set[tuple[int, int]]:
    return {(highlight_id, tag_id) for highlight_id, tag_id in listed}


def _count_links(session: Session, pairs: set[tuple[int, int]]) -> int:
    return sum(
        session.scalar(
            select(func.count()).where(highlight_tags.c.tag_id == tag_id, highlight_tags.c.highlight_id.in_(chunk))
        )
        or 0
        for tag_id, chunk in _chunks(pairs)
    )


def _take_links_away(session: Session, pairs: set[tuple[int, int]]) -> None:
    for tag_id, chunk in _chunks(pairs):
        session.execute(
            delete(highlight_tags).where(
                and_(highlight_tags.c.tag_id == tag_id, highlight_tags.c.highlight_id.in_(chunk))
            )
        )


def _chunks(pairs: set[tuple[int, int]]) -> Iterable[tuple[int, list[int]]]:
    for tag_id in sorted({tag_id for _, tag_id in pairs}):
        ids = sorted(highlight_id for highlight_id, other in pairs if other == tag_id)
        for start in range(0, len(ids), _CHUNK):
            yield tag_id, ids[start : start + _CHUNK]

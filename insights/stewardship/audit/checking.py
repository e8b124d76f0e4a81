"""Is the record as it was written? Both chains are walked from their first row to their last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from insights.core.activity import BEGAN, REDACTED, REDACTING, ActivityEntry, content_of
from insights.core.chain import Break, Fault, Head, Linked, breaks, digest
from insights.core.keys import keys_of
from insights.stewardship.audit.anchors import Anchor
from insights.stewardship.audit.looks import linked_look, looks_after
from insights.stewardship.models import Look

MOST_TOLD = 20
_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Checked:
    """`entries` counts the rows, `broken` the places where the chain does not fit; `breaks` tells the first of them.

    `began` is the moment from which a chain that was begun over older entries vouches for them.
    """

    name: str
    entries: int
    head: Head
    broken: int
    breaks: tuple[Break, ...]
    redacted: int = 0
    began: datetime | None = None

    @property
    def is_whole(self) -> bool:
        return not self.broken

    @property
    def first(self) -> str:
        """The first place where it does not fit, in plain words; '' where all is well."""
        return self.breaks[0].words if self.breaks else ""


@dataclass(slots=True)
class _Walk:
    """What is noted on the way, since a row is seen once."""

    key: bytes
    anchored: dict[int, list[tuple[str, str]]]
    found: list[Break] = field(default_factory=list)
    entries: int = 0
    head: Head = field(default_factory=Head)
    emptied: dict[int, str] = field(default_factory=dict)
    allowed: set[int] = field(default_factory=set)
    began: datetime | None = None

    def see(self, row: Linked) -> Linked:
        self.entries += 1
        if row.position is None or row.chain is None:
            return row
        self.head = max(self.head, Head(row.position, row.chain), key=lambda head: head.position)
        for day, chain in self.anchored.pop(row.position, []):
            if chain != row.chain:
                words = f"Entry {row.position} is not the one that was anchored on {day}: the record was written anew."
                self.found.append(Break(Fault.CHANGED, row.position, words))
        return row


def check_record(session: Session, anchors: Sequence[Anchor] = ()) -> list[Checked]:
    """The record of changes, then the log of looks. Memory stays flat however long they are."""
    return [check_activity(session, anchors), check_looks(session, anchors)]


def check_activity(session: Session, anchors: Sequence[Anchor] = ()) -> Checked:
    walk = _Walk(keys_of(session).audit, _anchored((each.day, each.activity) for each in anchors))
    columns = ActivityEntry.__table__.columns
    rows = session.execute(select(*columns).order_by(ActivityEntry.id).execution_options(yield_per=_AT_ONCE))
    found = list(breaks(walk.key, (walk.see(_entry(walk, row)) for row in rows)))
    found += [
        Break(
            Fault.CHANGED,
            position,
            f"Entry {position} ({name}) lost its detail, and no entry says that it was redacted.",
        )
        for position, name in walk.emptied.items()
        if position not in walk.allowed
    ]
    redacted = len(walk.allowed & set(walk.emptied))
    return _checked("Record of changes", walk, found, redacted)


def check_looks(session: Session, anchors: Sequence[Anchor] = ()) -> Checked:
    """Looks that were removed when their time was over are not missed: the record of changes says up to where."""
    after = looks_after(session)
    anchored = ((each.day, each.looks) for each in anchors if each.looks.position > after.position)
    walk = _Walk(keys_of(session).audit, _anchored(anchored), head=after)
    rows = session.execute(select(*Look.__table__.columns).order_by(Look.id).execution_options(yield_per=_AT_ONCE))
    found = list(breaks(walk.key, (walk.see(linked_look(row)) for row in rows), after))
    return _checked("Log of looks", walk, found)


def _entry(walk: _Walk, row: Row[Any]) -> Linked:
    """`row` has the columns of an entry. Its detail is compared with its digest here, for it may have been redacted."""
    name = f"{row.verb} {row.subject_ref} on {row.at:%d %B %Y %H:%M} UTC"
    if row.position is not None and row.detail_digest != digest(walk.key, row.detail):
        if row.detail == REDACTED:
            walk.emptied[row.position] = name
        else:
            words = f"The detail of entry {row.position} ({name}) is not what was recorded. It was changed."
            walk.found.append(Break(Fault.CHANGED, row.position, words))
    if row.verb == REDACTING:
        walk.allowed.update(row.detail.get("entries", []))
    if row.verb == BEGAN:
        walk.began = row.at
    return Linked(row.id, row.position, row.chain, content_of(row), name)


def _checked(name: str, walk: _Walk, found: list[Break], redacted: int = 0) -> Checked:
    cut = [
        Break(
            Fault.REMOVED,
            walk.head.position + 1,
            f"It ends with entry {walk.head.position}, but on {day} it reached entry {position}: "
            f"{_so_many(position - walk.head.position)} at its end.",
        )
        for position, each in sorted(walk.anchored.items())
        for day, _chain in each
        if position > walk.head.position
    ]
    everything = sorted(_reordered([*found, *walk.found]), key=lambda each: each.position) + cut
    return Checked(name, walk.entries, walk.head, len(everything), tuple(everything[:MOST_TOLD]), redacted, walk.began)


def _so_many(count: int) -> str:
    return "one entry was cut off" if count == 1 else f"{count} entries were cut off"


def _reordered(found: list[Break]) -> Iterator[Break]:
    """Where what seemed removed turns up further on, it was moved: said once, of the first place."""
    moved = {each.position for each in found if each.fault is Fault.MOVED}
    for each in found:
        if each.fault is Fault.REMOVED and moved:
            yield replace(each, fault=Fault.MOVED, words=f"{each.words} Entries were reordered here.")
        else:
            yield each


def _anchored(heads: Iterable[tuple[str, Head]]) -> dict[int, list[tuple[str, str]]]:
    by_position: dict[int, list[tuple[str, str]]] = {}
    for day, head in heads:
        if head.position:
            by_position.setdefault(head.position, []).append((day, head.chain))
    return by_position

"""A chain of digests over rows that are only ever added: what is changed, removed, put in or moved breaks it.

Each row holds its `position` (1, 2, 3, ...) and `chain`: HMAC-SHA-256, under the installation's audit key, of the chain
before it and of its own content. Whoever writes to the database without the key cannot make a chain that fits.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

BEGINNING: Final = "0" * 64
"""What the first row follows."""

_HEADS: Final = "chain heads"


@dataclass(frozen=True, slots=True)
class Head:
    """The last row of a chain: `position` 0 and `BEGINNING` where there is none."""

    position: int = 0
    chain: str = BEGINNING


@dataclass(frozen=True, slots=True)
class Linked:
    """A row as it is stored. `name` is what people call it; `content` is what its chain was computed of."""

    id: int
    position: int | None
    chain: str | None
    content: Mapping[str, Any]
    name: str


class Fault(StrEnum):
    CHANGED = "changed"
    REMOVED = "removed"
    INSERTED = "inserted"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Break:
    """Where a chain does not fit, in words for people."""

    fault: Fault
    position: int
    words: str


def link(key: bytes, before: str, content: Mapping[str, Any]) -> str:
    """The chain of a row that follows `before`, as 64 hex digits. `content` holds text, numbers and lists of text."""
    written = json.dumps(content, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hmac.digest(key, f"{before}\n{written}".encode(), "sha256").hex()


def digest(key: bytes, value: Any) -> str:  # noqa: ANN401 - whatever JSON holds
    """Stands for a value that may have to be taken away; keyed, so that short words cannot be guessed from it."""
    # Through JSON and back: what is digested before it is stored is what will be read, where every key is text.
    read = json.loads(json.dumps(value))
    return hmac.digest(key, json.dumps(read, sort_keys=True, separators=(",", ":")).encode(), "sha256").hex()


def moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def carried_head(session: Session, chain: str) -> Head | None:
    """The head as this transaction left it, so that it is read once and not with every row."""
    heads: dict[str, Head] = session.info.get(_HEADS, {})
    return heads.get(chain)


def carry_head(session: Session, chain: str, head: Head) -> None:
    session.info.setdefault(_HEADS, {})[chain] = head


def breaks(key: bytes, rows: Iterable[Linked], after: Head = Head()) -> Iterator[Break]:
    """Walks rows in the order of their ids and tells each place where the chain does not fit; keeps no row."""
    before = after
    for row in rows:
        found = _fault(key, before, row)
        if found is not None:
            yield Break(found, row.position or before.position + 1, _in_words(found, before, row))
        if row.position is not None and row.chain is not None:
            before = Head(row.position, row.chain)


def _fault(key: bytes, before: Head, row: Linked) -> Fault | None:
    if row.position is None or row.chain is None:
        return Fault.INSERTED
    if row.position <= before.position:
        return Fault.MOVED
    if row.position > before.position + 1:
        return Fault.REMOVED
    return None if hmac.compare_digest(row.chain, link(key, before.chain, row.content)) else Fault.CHANGED


def _in_words(fault: Fault, before: Head, row: Linked) -> str:
    if fault is Fault.INSERTED:
        return f"After entry {before.position} stands one that is not in the chain: {row.name}. It was put in."
    if fault is Fault.MOVED:
        return f"Entry {row.position} ({row.name}) stands after entry {before.position}. They were reordered."
    if fault is Fault.REMOVED:
        first, last = before.position + 1, (row.position or 0) - 1
        gone = f"Entry {first} is" if first == last else f"Entries {first} to {last} are"
        return f"{gone} not where it belongs: before entry {row.position} ({row.name}) something was removed or moved."
    return f"Entry {row.position} ({row.name}) is not what was recorded. It was changed or put in."


@event.listens_for(Session, "after_soft_rollback")
def _forget_after_rollback(session: Session, _transaction: SessionTransaction) -> None:
    session.info.pop(_HEADS, None)


@event.listens_for(Session, "after_transaction_end")
def _forget_after_end(session: Session, transaction: SessionTransaction) -> None:
    """Another writer may come next. What a flush or a savepoint kept stays known."""
    if transaction.parent is None:
        session.info.pop(_HEADS, None)

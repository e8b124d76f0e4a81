"""Keeps the search index in step with the database: drains the outbox, rebuilds, compares and repairs.

The database is the truth and the index a cache of it. How far the index has come is stored in the very commit that
brought it there, so that a crash at any point is made up for by doing the same work again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.core.activity import ActivityEntry
from insights.core.clock import now
from search_index.engine import Changes, IndexDamaged, SearchEngine, Watermark
from search_index.projection import PROJECTION_SCHEMA, affected_refs, all_documents, documents_for

ENTRIES_AT_ONCE: Final = 200
RECORDS_AT_ONCE: Final = 500

Progress = Callable[[int], None]

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Drained:
    """How many activity entries were taken in, and how many documents that put in or took out."""

    entries: int = 0
    updated: int = 0
    removed: int = 0

    def __add__(self, other: Drained) -> Drained:
        return Drained(self.entries + other.entries, self.updated + other.updated, self.removed + other.removed)


@dataclass(frozen=True, slots=True)
class Drift:
    """Keys on which index and database differ. `aged` differ only by facets that the passing days change."""

    missing: frozenset[str] = frozenset()
    extra: frozenset[str] = frozenset()
    differing: frozenset[str] = frozenset()
    aged: frozenset[str] = frozenset()

    @property
    def keys(self) -> frozenset[str]:
        return self.missing | self.extra | self.differing | self.aged

    @property
    def total(self) -> int:
        """Without what has merely aged, which is no fault."""
        return len(self.missing | self.extra | self.differing)


@dataclass(frozen=True, slots=True)
class Lag:
    """Activity entries that the index has not taken in, and the age of the oldest in seconds."""

    entries: int = 0
    seconds: float = 0.0


class Indexer:
    """One at a time works on an index; the worker holds the lock that sees to it.

    `open_session` gives a new session, which is closed after each batch. `database_id` is the database's identity.
    """

    def __init__(self, engine: SearchEngine, open_session: Callable[[], Session], database_id: str) -> None:
        self._engine = engine
        self._open_session = open_session
        self._database_id = database_id

    def ensure_usable(self, progress: Progress | None = None) -> bool:
        """Rebuilds an index that is damaged, of another database or laid out otherwise; answers whether it did."""
        problem = self._problem()
        if problem:
            log.warning("search index is rebuilt", reason=problem)
            self.rebuild(progress)
        return bool(problem)

    def drain(self, on_batch: Callable[[Drained], None] | None = None) -> Drained:
        """Takes in all entries after the watermark, a batch a commit."""
        total = Drained()
        while True:
            batch = self._drain_once()
            if not batch.entries:
                return total
            total += batch
            if on_batch:
                on_batch(batch)

    def rebuild(self, progress: Progress | None = None) -> int:
        """Builds anew beside the live index and swaps; answers how many documents it holds.

        The watermark is read first: what changes while documents are read is drained again afterwards.
        """
        with self._open_session() as session:
            mark = self._mark(session.scalar(select(func.max(ActivityEntry.id))) or 0)
            self._engine.rebuild(all_documents(session), mark, progress)
        return self._engine.document_count()

    def check(self) -> Drift:
        """Compares every document's version, audience and stamp. What waits in the outbox is no drift."""
        held = dict(self._engine.keys())
        missing: set[str] = set()
        differing: set[str] = set()
        aged: set[str] = set()
        with self._open_session() as session:
            for document in all_documents(session):
                state = (document.version, document.audience, document.stamp)
                known = held.pop(document.key, None)
                if known is None:
                    missing.add(document.key)
                elif known != state:
                    (aged if _only_aged(known, state) else differing).add(document.key)
            waiting = self._waiting(session)
        return Drift(*(frozenset(keys) - waiting for keys in (missing, held, differing, aged)))

    def repair(self, drift: Drift | None = None) -> Drift:
        """Brings in line what `check` finds differing, or what was found before; answers what it was."""
        drift = self.check() if drift is None else drift
        if drift.keys:
            with self._open_session() as session:
                self._refresh(session, drift.keys, self._engine.watermark())
        return drift

    def lag(self, session: Session) -> Lag:
        """One statement; cheap enough for every page of results."""
        return lag_behind(session, self._engine.watermark())

    def _problem(self) -> str:
        try:
            mark = self._engine.watermark()
            self._engine.document_count()
        except IndexDamaged as error:
            return str(error)
        if mark.database_id != self._database_id:
            return "It belongs to another database."
        if mark.schema != self._mark(0).schema:
            return "Documents are laid out differently now."
        with self._open_session() as session:
            if mark.sequence > (session.scalar(select(func.max(ActivityEntry.id))) or 0):
                return "It is ahead of the database, which must have been restored."
        return ""

    def _drain_once(self) -> Drained:
        start = self._engine.watermark()
        with self._open_session() as session:
            entries = _entries_after(session, start.sequence)
            if not entries:
                return Drained()
            refs = affected_refs(session, entries)
            counts = self._refresh(session, refs, replace(start, sequence=entries[-1].id))
        return replace(counts, entries=len(entries))

    def _refresh(self, session: Session, refs: Iterable[str], mark: Watermark) -> Drained:
        """Writes what differs; the watermark moves with the last part, for the parts before may be done again."""
        held = self._engine.keys() if refs else {}
        counts = Drained()
        before = self._engine.watermark()
        parts = list(_parts(sorted(refs), RECORDS_AT_ONCE)) or [[]]
        for number, part in enumerate(parts, 1):
            documents = documents_for(session, part)
            gone = (set(part) - {document.key for document in documents}) & held.keys()
            changed = [each for each in documents if held.get(each.key) != (each.version, each.audience, each.stamp)]
            is_last = number == len(parts)
            if changed or gone or is_last:
                self._engine.apply(Changes(frozenset(gone), tuple(changed)), mark if is_last else before)
            counts += Drained(0, len(changed), len(gone))
            session.expunge_all()
        return counts

    def _waiting(self, session: Session) -> set[str]:
        return affected_refs(session, _entries_after(session, self._engine.watermark().sequence, limit=None))

    def _mark(self, sequence: int) -> Watermark:
        return Watermark(sequence, self._database_id, f"{self._engine.schema}/{PROJECTION_SCHEMA}")


def lag_behind(session: Session, mark: Watermark) -> Lag:
    """How far the index is behind the database, by its watermark; one statement."""
    waiting = select(func.count(ActivityEntry.id), func.min(ActivityEntry.at)).where(ActivityEntry.id > mark.sequence)
    row = session.execute(waiting).one()
    entries: int = row[0]
    oldest: datetime | None = row[1]
    seconds = 0.0 if oldest is None else max(0.0, (now(session) - oldest).total_seconds())
    return Lag(entries, seconds)


def _entries_after(session: Session, sequence: int, limit: int | None = ENTRIES_AT_ONCE) -> list[ActivityEntry]:
    query = select(ActivityEntry).where(ActivityEntry.id > sequence).order_by(ActivityEntry.id)
    return list(session.scalars(query if limit is None else query.limit(limit)))


def _only_aged(known: tuple[int, frozenset[str], str], state: tuple[int, frozenset[str], str]) -> bool:
    """The stamp's first part is what people wrote, its second what the days changed."""
    return known[:2] == state[:2] and known[2].partition(".")[0] == state[2].partition(".")[0]


def _parts(refs: list[str], size: int) -> Iterator[list[str]]:
    return (refs[start : start + size] for start in range(0, len(refs), size))

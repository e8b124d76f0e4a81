"""Stored files beside the rows that name them: what is missing, what was changed, and what nobody refers to.

A file is kept before its record is written, so that a record never names what is not there. Where the record failed,
the file is left: no erasure would look for it. It goes once it is old enough that nobody can still be about to name it.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import String, select
from sqlalchemy.orm import Session

from insights.core.activity import Installation, record
from insights.core.base import Base
from research_hub.config import Settings
from research_hub.files import FileStore
from research_hub.staged_files import StagedFiles

SAFE_AGE = timedelta(hours=24)
"""No upload, however slow its record, takes a day: turns end and transactions are bounded long before."""

SWEPT = "removed files that nobody refers to from"
_AT_ONCE = 400
_PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class StoredFiles:
    """What a look through the store found, each by SHA-256. `unreferenced` are old enough to go; `young` counts those
    that are not yet.
    """

    files: int
    missing: tuple[str, ...]
    altered: tuple[str, ...]
    unreferenced: tuple[str, ...]
    young: int

    @property
    def is_well(self) -> bool:
        return not (self.missing or self.altered or self.unreferenced)


def look_through_files(session: Session, settings: Settings, *, older_than: timedelta = SAFE_AGE) -> StoredFiles:
    """Reads every file of the store, and none of what waits to be imported."""
    store = FileStore(settings.files_path)
    named = _named(session, _STORED)
    found = {path.name: path for path in _files_in(store.root)}
    kept = {digest for digest in found if digest in named}
    orphans = [digest for digest in found if digest not in named]
    old = [digest for digest in orphans if _is_old(found[digest], older_than)]
    return StoredFiles(
        files=len(found),
        missing=tuple(sorted(_named(session, _MUST_BE_THERE) - found.keys())),
        altered=tuple(sorted(digest for digest in kept if _digest_of(found[digest]) != digest)),
        unreferenced=tuple(sorted(old)),
        young=len(orphans) - len(old),
    )


def sweep_files(session: Session, settings: Settings, *, older_than: timedelta = SAFE_AGE) -> int:
    """Removes what nobody refers to, in the store and among what waits to be imported. Records how many, and flushes.

    Asked within the transaction that writes, so that no record is added between the question and the act.
    """
    counts = {
        "stored": _sweep(session, FileStore(settings.files_path), _STORED, older_than),
        "waiting": _sweep(session, StagedFiles(settings.staged_path), _WAITING, older_than),
    }
    if any(counts.values()):
        record(session, None, SWEPT, Installation(), detail=counts)
    return sum(counts.values())


def _sweep(session: Session, store: FileStore, tables: Collection[str] | None, older_than: timedelta) -> int:
    old = [path for path in _files_in(store.root) if _is_old(path, older_than)]
    # A file without a whole name is half of one, which a process that was killed left behind.
    named: set[str] = set()
    for start in range(0, len(old), _AT_ONCE):
        named |= _named(session, tables, [path.name for path in old[start : start + _AT_ONCE]])
    before = time.time() - older_than.total_seconds()
    return sum(store.remove_if_older(path, before) for path in old if path.name not in named)


_STORED = None
"""Every table but those of what waits: whatever names a file by its SHA-256 keeps it, a table of tomorrow too."""

_WAITING = frozenset({"import_files"})
_MUST_BE_THERE = frozenset({"attachments", "sealed_files"})


def _named(session: Session, tables: Collection[str] | None, among: Collection[str] | None = None) -> set[str]:
    """The SHA-256 that rows name. More columns are asked than name stored files: that keeps, and never removes."""
    found: set[str] = set()
    for table in sorted(Base.metadata.tables.values(), key=lambda one: one.name):
        if (table.name in _WAITING) if tables is None else (table.name not in tables):
            continue
        for column in table.columns:
            if isinstance(column.type, String) and column.name.endswith("sha256"):
                query = select(column).where(column.is_not(None), column != "").distinct()
                found.update(session.scalars(query if among is None else query.where(column.in_(among))))
    return found


def _files_in(root: Path) -> Iterator[Path]:
    """Those of this store alone: what waits to be imported lies in a folder of its own within that of the files."""
    for path in sorted([*root.glob("*"), *root.glob("??/*")]):
        if path.is_file() and not path.name.startswith("."):
            yield path


def _is_old(path: Path, older_than: timedelta) -> bool:
    try:
        return path.stat().st_mtime < time.time() - older_than.total_seconds()
    except FileNotFoundError:
        return False


def _digest_of(path: Path) -> str:
    hashed = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            hashed.update(piece)
    return hashed.hexdigest()

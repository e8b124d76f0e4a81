"""What an erasure still owes after its transaction: search files, stored files, the log of writes, and the look back.

Each step can be done again, so that a process that was killed is made up for by the next run. Nothing is called done
while words are found anywhere; what was found is named and waits for a person.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import structlog
from flask import Flask, current_app

from insights.stewardship.erasure.copies import Copies
from insights.stewardship.erasure.finishing import (
    Looked,
    certify,
    clear_copies,
    files_to_forget,
    leave_remains,
    unfinished,
)
from insights.stewardship.erasure.shingles import Finder
from insights.stewardship.models import Withdrawal
from research_hub.config import Settings
from research_hub.db import db, reading, transaction
from research_hub.erased_list import note_erased
from research_hub.files import FileStore
from research_hub.search_service import SearchService
from research_hub.staged_files import StagedFiles
from search_index.engine import Changes
from search_index.indexer import Indexer

_LARGEST_READ = 64 * 1024 * 1024
"""Bytes of a file, or of a part of one, that is looked through; sound and film are larger, and have no words."""

_SOUND = ("audio/", "video/", "image/")
_TAG_ENDS = bytes.maketrans(b"<>", b"  ")

log = structlog.get_logger()


@dataclass(slots=True)
class _Raw:
    """What a look through bytes found: `where` names files, by place and never by what they say."""

    read: int = 0
    unread: int = 0
    size: int = 0
    where: tuple[str, ...] = ()


def finish_erasures(app: Flask, indexer: Indexer, *, with_remains: bool = False) -> int:
    """Everything that waits, one after the other, within an application context. Answers how many are done now."""
    settings: Settings = app.extensions["settings"]
    waiting = [each.id for each in unfinished(reading(), with_remains=with_remains)]
    reading().rollback()
    return sum(_finish(settings, indexer, number) for number in waiting)


def _finish(settings: Settings, indexer: Indexer, number: int) -> bool:
    _say(number, "taking copies out of what members wrote")
    with transaction() as session:
        withdrawal = session.get_one(Withdrawal, number)
        note_erased(settings, withdrawal)
        copies = clear_copies(session, withdrawal)
    _say(number, "taking files away")
    _forget_files(settings, number)
    _say(number, "writing search files anew")
    indexer.drain()
    service: SearchService = current_app.extensions["search"]
    service.engine.apply(Changes(erase=True), service.engine.watermark())
    _say(number, "emptying the log of writes")
    _empty_log_of_writes()
    _say(number, "looking whether anything is left")
    return _look_back(settings, number, copies)


def _say(number: int, step: str) -> None:
    """Progress that the page shows."""
    with transaction() as session:
        session.get_one(Withdrawal, number).step = step


def _forget_files(settings: Settings, number: int) -> None:
    store: FileStore = current_app.extensions["files"]
    with transaction() as session:
        # Within the transaction, so that nobody brings the same file in between the question and the act.
        for digest in files_to_forget(session, session.get_one(Withdrawal, number)):
            for folder in (store, StagedFiles(settings.staged_path)):
                folder.path_of(digest).unlink(missing_ok=True)


def _empty_log_of_writes() -> None:
    """SQLite overwrites what is deleted (secure_delete); its log of writes still holds the pages as they were."""
    reading().rollback()
    if db.engine.dialect.name != "sqlite":
        return
    # Past SQLAlchemy, which begins a transaction, within which no checkpoint can be made.
    connection = db.engine.raw_connection()
    try:
        busy = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    finally:
        connection.close()
    if busy:
        log.info("the log of writes is in use and was not emptied yet")


def _look_back(settings: Settings, number: int, copies: Copies) -> bool:
    with transaction() as session:
        withdrawal = session.get_one(Withdrawal, number)
        finder = Finder.for_withdrawal(session, withdrawal.uuid)
        # Where one look changed something, another shows that it is gone.
        again = clear_copies(session, withdrawal) if copies.removed else copies
        wanted = set(withdrawal.digests) - again.seen
        remains = list(again.remains)
        stores = (
            ("index", _files_of(settings.index_path)),
            ("files", _files_of(settings.files_path)),
            ("database", [path for path in _database_files(settings) if path.exists()]),
        )
        found = {name: _look_through(finder, wanted, name, paths, settings.data) for name, paths in stores}
        remains += [place for each in found.values() for place in each.where]
        looked = Looked(
            columns=again.columns,
            cells=again.cells,
            database_bytes=found["database"].size,
            index_bytes=found["index"].size,
            files=found["files"].read,
            unread=found["files"].unread,
        )
        if remains:
            leave_remains(session, withdrawal, remains, looked)
            log.warning("words are left after an erasure", withdrawal=withdrawal.ref, places=len(remains))
            return False
        certify(session, withdrawal, looked, backup_days=settings.backup_days)
        note_erased(settings, withdrawal)
        return True


def _database_files(settings: Settings) -> list[Path]:
    if not settings.sqlalchemy_url.startswith("sqlite:"):
        return []
    path = settings.data / "research-hub.sqlite3"
    return [path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))]


def _files_of(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file()) if folder.exists() else []


def _look_through(finder: Finder, wanted: set[str], store: str, paths: list[Path], data: Path) -> _Raw:
    found = _Raw()
    for path in paths:
        try:
            found.size += path.stat().st_size
            hits = any(finder.digests(words) & wanted for words in _words_in(path))
        except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError):
            found.unread += 1
            continue
        found.read += 1
        if hits:
            found.where = (*found.where, f"{store}: {path.relative_to(data)}")
    return found


def _words_in(path: Path) -> Iterator[str]:
    """A file in pieces that overlap, and the parts of what is a ZIP inside (DOCX, ODT, XLSX, projects)."""
    with path.open("rb") as file:
        start = file.read(4)
        if start != b"PK\x03\x04":
            file.seek(0)
            yield from _pieces(file.read)
            return
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            if info.file_size <= _LARGEST_READ:
                yield from _pieces(BytesIO(archive.read(info).translate(_TAG_ENDS)).read)


def _pieces(read: object, size: int = 4 * 1024 * 1024, overlap: int = 4096) -> Iterator[str]:
    kept = b""
    while piece := read(size):  # type: ignore[operator]  # a file's own method
        yield (kept + piece).decode("utf-8", "replace")
        kept = piece[-overlap:]

from __future__ import annotations

import os
import re
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from research_hub import __version__
from research_hub.backup.archive import (
    DATABASE,
    MANIFEST,
    BackupRefused,
    Entry,
    Manifest,
    check_database,
    copy_hashed,
    count_rows,
    read_value,
)
from research_hub.backup.hooks import notes_on
from research_hub.config import Settings
from research_hub.key_file import fingerprints_of, read_keys

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Written:
    """`warnings` name files that are missing or whose content is no longer what it was when it came in."""

    manifest: Manifest
    size: int
    warnings: tuple[str, ...]


def write_backup(
    settings: Settings, target: Path, progress: Progress | None = None, *, with_files: bool = True
) -> Written:
    """Writes the backup while the service goes on; the file appears when it is complete, for its owner alone.

    Without files it holds the database alone: enough before a migration, which touches no file.

    The database is copied in one step and checked before it counts. Raises BackupRefused for PostgreSQL, for a target
    that exists, and for a database that is missing or damaged.
    """
    database = _database_path(settings)
    if target.exists():
        raise BackupRefused(f"{target} is there already. Name a file that is not.")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder:
        copy, archive = Path(folder) / DATABASE, Path(folder) / "archive.zip"
        _copy_database(database, copy)
        manifest, warnings = _pack(
            archive, copy, settings, progress or (lambda _done, _all: None), with_files=with_files
        )
        size = archive.stat().st_size
        _put_into_place(archive, target)
    return Written(manifest, size, warnings)


def _database_path(settings: Settings) -> Path:
    if not settings.sqlalchemy_url.startswith("sqlite:"):
        raise BackupRefused(
            "This backs up SQLite alone. For PostgreSQL use pg_dump, and keep a copy of the files folder beside it."
        )
    path = Path(settings.sqlalchemy_url.removeprefix("sqlite:///"))
    if not path.exists():
        raise BackupRefused(f"There is no database in {settings.data}. Run: research-hub init")
    return path


def _copy_database(source: Path, copy: Path) -> None:
    connection = sqlite3.connect(source, isolation_level=None, timeout=30)
    try:
        connection.execute("VACUUM INTO ?", (str(copy),))
    except sqlite3.DatabaseError as error:
        raise BackupRefused(f"The database cannot be copied: {error}. See: research-hub doctor") from error
    finally:
        connection.close()
    check_database(copy)


def _pack(
    archive: Path, copy: Path, settings: Settings, progress: Progress, *, with_files: bool
) -> tuple[Manifest, tuple[str, ...]]:
    parts = [(DATABASE, copy), *(_stored_files(settings.files_path) if with_files else ())]
    entries: dict[str, Entry] = {}
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as zipped:
        for number, (name, path) in enumerate(parts, 1):
            with path.open("rb") as source, zipped.open(name, "w", force_zip64=True) as part:
                entries[name] = copy_hashed(source, part)  # type: ignore[arg-type]  # zipfile types its writer as IO
            progress(number, len(parts))
        manifest = Manifest(
            created_at=datetime.now(UTC).isoformat(timespec="seconds"),
            program_version=__version__,
            revision=read_value(copy, "SELECT version_num FROM alembic_version"),
            database_id=read_value(copy, "SELECT value FROM installation WHERE key = 'database_id'"),
            rows=count_rows(copy),
            entries=entries,
            keys=fingerprints_of(read_keys(settings.keys_path)),
            notes=notes_on(copy),
            with_files=with_files,
        )
        zipped.writestr(MANIFEST, manifest.as_json())
    return manifest, tuple(_doubts(copy, entries)) if with_files else ()


def _stored_files(root: Path) -> Iterator[tuple[str, Path]]:
    """Files as the store names them; half-written ones have other names and are left out."""
    for path in sorted(root.glob("??/*")):
        if re.fullmatch(r"[0-9a-f]{64}", path.name):
            yield f"files/{path.parent.name}/{path.name}", path


def _doubts(copy: Path, entries: dict[str, Entry]) -> Iterator[str]:
    for name, entry in entries.items():
        if name != DATABASE and entry.sha256 != Path(name).name:
            yield f"{name} was damaged on disk; the backup holds it as it is now."
    connection = sqlite3.connect(f"file:{copy}?mode=ro", uri=True)
    try:
        for (digest,) in connection.execute("SELECT sha256 FROM attachments"):
            if f"files/{digest[:2]}/{digest}" not in entries:
                yield f"files/{digest[:2]}/{digest} is missing on disk; its text is in the database."
    finally:
        connection.close()


def _put_into_place(archive: Path, target: Path) -> None:
    archive.chmod(0o600)
    with archive.open("rb") as file:
        os.fsync(file.fileno())
    try:
        os.link(archive, target)
    except FileExistsError as error:
        raise BackupRefused(f"{target} is there already. Name a file that is not.") from error
    except OSError:
        archive.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)

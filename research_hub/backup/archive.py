"""What a backup looks like: a ZIP with the database, the files and a manifest that vouches for each of them."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final

from insights.core.errors import DomainError

FORMAT: Final = "research-hub-backup"
VERSION: Final = 1
MANIFEST: Final = "manifest.json"
DATABASE: Final = "database.sqlite3"
LONGEST_MANIFEST: Final = 64 * 1024 * 1024

_PIECE: Final = 1024 * 1024
_STORED_FILE: Final = re.compile(r"files/([0-9a-f]{2})/(\1[0-9a-f]{62})")


class BackupRefused(DomainError):
    """A backup cannot be written or taken back; the message names what is wrong with which part."""


@dataclass(frozen=True, slots=True)
class Entry:
    """`sha256` in hex digits, `size` in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """`created_at` is ISO 8601 in UTC, `revision` the database's, `rows` counts each table's rows.

    `keys` has the fingerprints of the key file, which is in no backup: "audit", and each master key by its id, the
    newest first. `notes` are what other parts vouch for (research_hub/backup/hooks.py). Older backups have neither.
    Without files (`with_files`) those of the data folder stay at a restore.
    """

    created_at: str
    program_version: str
    revision: str
    database_id: str
    rows: Mapping[str, int]
    entries: Mapping[str, Entry]
    keys: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    with_files: bool = True

    def as_json(self) -> str:
        values = {"format": FORMAT, "version": VERSION, **asdict(self)}
        return json.dumps(values, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: bytes) -> Manifest:
        """Raises BackupRefused for what is not a manifest of a version that is known here."""
        try:
            values: Any = json.loads(text)
            kind, version = values["format"], values["version"]
        except (ValueError, TypeError, KeyError) as error:
            raise BackupRefused(f"{MANIFEST} cannot be read, so this is no backup of Research Hub.") from error
        if kind != FORMAT:
            raise BackupRefused(f"{MANIFEST} says “{kind}”, so this is no backup of Research Hub.")
        if version != VERSION:
            raise BackupRefused(
                f"The backup has version {version}; this program knows version {VERSION}. Restore it with the program "
                "that wrote it, or a newer one."
            )
        return cls._of(values)

    @classmethod
    def _of(cls, values: Mapping[str, Any]) -> Manifest:
        try:
            return cls(
                created_at=str(values["created_at"]),
                program_version=str(values["program_version"]),
                revision=str(values["revision"]),
                database_id=str(values["database_id"]),
                rows={str(name): int(count) for name, count in values["rows"].items()},
                entries={
                    str(name): Entry(str(each["sha256"]), int(each["size"])) for name, each in values["entries"].items()
                },
                keys={str(name): str(each) for name, each in values.get("keys", {}).items()},
                with_files=bool(values.get("with_files", True)),
                notes={str(name): str(each) for name, each in values.get("notes", {}).items()},
            )
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise BackupRefused(f"{MANIFEST} lacks a part or has one of another kind: {error}.") from error


def is_known_name(name: str) -> bool:
    """Whether a backup of this version may hold a part of that name; no other name ever becomes a path."""
    return name == DATABASE or _STORED_FILE.fullmatch(name) is not None


def copy_hashed(source: BinaryIO, target: BinaryIO, *, limit: int | None = None) -> Entry:
    """Copies in pieces and answers what was copied; stops one piece after `limit` bytes."""
    digest, size = hashlib.sha256(), 0
    while piece := source.read(_PIECE):
        digest.update(piece)
        size += len(piece)
        target.write(piece)
        if limit is not None and size > limit:
            break
    return Entry(digest.hexdigest(), size)


def check_database(path: Path) -> None:
    """Raises BackupRefused where SQLite finds the file damaged or rows that point at nothing."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if found != "ok":
            raise BackupRefused(f"The database is damaged: {found}. Restore the last backup that is sound.")
        broken = connection.execute("PRAGMA foreign_key_check").fetchone()
        if broken:
            raise BackupRefused(
                f"In the database a row of {broken[0]} points at a row of {broken[2]} that is not there."
            )
    except sqlite3.DatabaseError as error:
        raise BackupRefused(f"The database cannot be read: {error}.") from error
    finally:
        connection.close()


def count_rows(path: Path) -> dict[str, int]:
    """The number of rows of every table."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        tables = sorted(name for (name,) in names)
        return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}
    finally:
        connection.close()


def read_value(path: Path, statement: str) -> str:
    """One text out of the database, '' where there is none."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        row = connection.execute(statement).fetchone()
    except sqlite3.DatabaseError:
        return ""
    finally:
        connection.close()
    return "" if row is None else str(row[0])

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from research_hub.backup.archive import (
    DATABASE,
    LONGEST_MANIFEST,
    MANIFEST,
    BackupRefused,
    Entry,
    Manifest,
    check_database,
    copy_hashed,
    count_rows,
    is_known_name,
)
from research_hub.config import Settings
from research_hub.key_file import fingerprints_of, read_keys
from research_hub.migrations import known_revisions
from research_hub.single_instance import AlreadyRunning, hold

Progress = Callable[[int, int], None]

# What belongs to this host and not to the records, and so stays where it is.
_STAYS = frozenset(
    {
        *("secret_key", "keys.json", "serve.lock", "worker.lock", "worker.json", "read-only", "backups"),
        # What was erased since the backup was made has to be erased again.
        *("erased.jsonl", "erased.lock"),
        *("files.lock", "staged.lock"),
    }
)
_KEPT = "before-restore-"
_COMING = ".restoring-"
_AUDIT_AND_NEWEST = 2


@dataclass(frozen=True, slots=True)
class Restored:
    """`kept` is the folder with what was there before, None where nothing was."""

    manifest: Manifest
    kept: Path | None


def restore_backup(
    settings: Settings,
    source: Path,
    *,
    replace: bool = False,
    without_keys: bool = False,
    progress: Progress | None = None,
) -> Restored:
    """Puts the backup into the data folder, after every part of it has proved to be what the manifest says.

    Nothing of what is there is touched before that; then it is moved aside, not deleted. The index is not part of a
    backup: build it anew afterwards. `without_keys` goes on where the key file is not the one that closed the vault.
    Raises BackupRefused naming what does not fit.
    """
    if not settings.sqlalchemy_url.startswith("sqlite:"):
        raise BackupRefused("This restores SQLite alone. For PostgreSQL use pg_restore.")
    data = settings.data
    if _is_in_use(data) and not replace:
        raise BackupRefused(f"{data} holds records already. With --replace they are moved aside first.")
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _stopped(data), _opened(source) as archive:
        manifest = _read_manifest(archive)
        if not without_keys:
            _refuse_other_keys(settings, manifest)
        coming = data / f"{_COMING}{_stamp()}"
        try:
            _unpack(archive, manifest, coming, progress or (lambda _done, _all: None))
            _check(coming / DATABASE, manifest)
            kept = _swap(data, coming, manifest)
        finally:
            shutil.rmtree(coming, ignore_errors=True)
    return Restored(manifest, kept)


def _is_in_use(data: Path) -> bool:
    return data.exists() and any(_records(data))


def _records(data: Path) -> Iterator[Path]:
    for path in data.iterdir():
        if path.name not in _STAYS and not path.name.startswith((_KEPT, _COMING)):
            yield path


@contextmanager
def _stopped(data: Path) -> Iterator[None]:
    """Neither server nor worker may hold the data folder while its content is exchanged."""
    try:
        with hold(data / "serve.lock"), hold(data / "worker.lock"):
            yield
    except AlreadyRunning as error:
        raise BackupRefused("Research Hub is running on this data folder. Stop it, then restore.") from error


@contextmanager
def _opened(source: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(source) as archive:
            yield archive
    except zipfile.BadZipFile as error:
        raise BackupRefused(f"{source} is no ZIP file, or a damaged one: {error}.") from error


def _read_manifest(archive: zipfile.ZipFile) -> Manifest:
    names = [info.filename for info in archive.infolist()]
    if MANIFEST not in names:
        raise BackupRefused(f"There is no {MANIFEST} in it, so this is no backup of Research Hub.")
    if archive.getinfo(MANIFEST).file_size > LONGEST_MANIFEST:
        raise BackupRefused(f"{MANIFEST} is too long to be one.")
    manifest = Manifest.from_json(archive.read(MANIFEST))
    _refuse_unknown_parts(names, manifest)
    if manifest.revision not in known_revisions():
        raise BackupRefused(
            f"Its database is at revision {manifest.revision or 'none'}, which this program does not know. Install "
            f"Research Hub {manifest.program_version} or newer first."
        )
    return manifest


def _refuse_unknown_parts(names: list[str], manifest: Manifest) -> None:
    held = sorted(name for name in names if name != MANIFEST)
    for name in [*held, *manifest.entries]:
        if not is_known_name(name):
            raise BackupRefused(f"It holds “{name}”, which is no part of a backup. Nothing was restored.")
    for name in held:
        if held.count(name) > 1:
            raise BackupRefused(f"It holds “{name}” twice. Nothing was restored.")
        if name not in manifest.entries:
            raise BackupRefused(f"It holds “{name}”, which the manifest does not name. Nothing was restored.")
    for name in [DATABASE, *manifest.entries]:
        if name not in held:
            raise BackupRefused(f"It lacks “{name}”. Nothing was restored.")


def _refuse_other_keys(settings: Settings, manifest: Manifest) -> None:
    """Nothing is lost by waiting for the right key file; with another one names stay closed for good."""
    path = settings.keys_path
    here = fingerprints_of(read_keys(path)) if path.exists() else {}
    needed = dict(islice(manifest.keys.items(), _AUDIT_AND_NEWEST))
    for name, fingerprint in needed.items():
        if here.get(name) != fingerprint:
            what = "the audit key" if name == "audit" else f"master key {name}"
            raise BackupRefused(
                f"{path} is not the key file of this backup: {what} with fingerprint {fingerprint} is not in it. Put "
                "the copy that you keep apart there, readable by its owner alone, and restore again. If it is lost: "
                "--without-keys restores all but what the vault holds; names, contacts, consent papers and recordings "
                "stay closed for good. Nothing was restored."
            )


def _unpack(archive: zipfile.ZipFile, manifest: Manifest, folder: Path, progress: Progress) -> None:
    for number, (name, expected) in enumerate(sorted(manifest.entries.items()), 1):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(name) as part, path.open("wb") as target:
            found = copy_hashed(part, target, limit=expected.size)  # type: ignore[arg-type]  # zipfile types its reader as IO
        _refuse_other_content(name, found, expected)
        progress(number, len(manifest.entries))


def _refuse_other_content(name: str, found: Entry, expected: Entry) -> None:
    if found != expected:
        raise BackupRefused(f"“{name}” is not what the manifest says (its SHA-256 differs). Nothing was restored.")


def _check(database: Path, manifest: Manifest) -> None:
    check_database(database)
    counted = count_rows(database)
    for table, rows in manifest.rows.items():
        if counted.get(table) != rows:
            raise BackupRefused(f"Table {table} has {counted.get(table, 0)} rows, not {rows}. Nothing was restored.")


def _swap(data: Path, coming: Path, manifest: Manifest) -> Path | None:
    """Renames within the data folder, which also works where it is a mounted volume."""
    kept: Path | None = None
    before = [path for path in _records(data) if manifest.with_files or path.name != "files"]
    if before:
        kept = data / f"{_KEPT}{_stamp()}"
        kept.mkdir(mode=0o700)
        for path in before:
            path.rename(kept / path.name)
    (coming / DATABASE).rename(data / "research-hub.sqlite3")
    if (coming / "files").exists():
        (coming / "files").rename(data / "files")
    return kept


def _stamp() -> str:
    return datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")

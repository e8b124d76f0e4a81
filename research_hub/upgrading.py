"""Bringing an older database to this version: a backup first, then the migration, then a look, or back again."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from insights.core.errors import DomainError
from research_hub.app import create_app
from research_hub.backup import restore_backup, write_backup
from research_hub.backup.archive import check_database
from research_hub.config import Settings
from research_hub.db import db, transaction
from research_hub.health import migrations_check
from research_hub.migrations import newest_revision, stored_revision, upgrade_database
from research_hub.restored_record import seal_older_record
from research_hub.single_instance import is_held

KEPT: Final = 3
"""Backups from before upgrades that stay; older ones are deleted by the next."""

_BEFORE: Final = "before-upgrade-"


class UpgradeFailed(DomainError):
    """The migration did not end well; the message says why, and that all is as it was before."""


@dataclass(frozen=True, slots=True)
class Upgraded:
    """`before` is None for a new database; `backup` is None where none was needed or could be made."""

    before: str | None
    now: str
    backup: Path | None = None


def backups_path(settings: Settings) -> Path:
    return settings.data / "backups"


def revision_of(settings: Settings) -> str | None:
    """The revision that the database is at, None where nothing was set up yet."""
    if _is_sqlite(settings) and not _database(settings).exists():
        return None
    app = create_app(settings)
    with app.app_context():
        try:
            with db.engine.connect() as connection:
                return stored_revision(connection)
        finally:
            db.engine.dispose()


def upgrade(
    settings: Settings, *, insist_on_backup: bool = True, migrate: Callable[[], None] = upgrade_database
) -> Upgraded:
    """Does nothing where the database is current. Otherwise the service must be stopped.

    SQLite is backed up and, where the migration fails, taken back. PostgreSQL migrates in one transaction, which takes
    itself back; the dump beside it is made with pg_dump, and where that is not installed, refused or left out
    (`insist_on_backup`). Raises UpgradeFailed, BackupRefused.
    """
    before = revision_of(settings)
    if before == newest_revision():
        return Upgraded(before, before)
    _refuse_while_served(settings)
    backup = None if before is None else _back_up(settings, before, insist=insist_on_backup)
    try:
        _migrate(settings, migrate, before or newest_revision())
    except (DomainError, SQLAlchemyError, OSError, RuntimeError) as error:
        raise UpgradeFailed(_taken_back(settings, backup, error)) from error
    _forget_old_backups(settings)
    return Upgraded(before, newest_revision(), backup)


def _migrate(settings: Settings, migrate: Callable[[], None], before: str) -> None:
    """The migration, and a look at what came of it; a record from before there was a chain is sealed at once."""
    app = create_app(settings)
    app.extensions["read_only"].set_aside()
    with app.app_context():
        try:
            migrate()
            check = migrations_check()
            if check.ok:
                with transaction() as session:
                    seal_older_record(session, before)
        finally:
            db.session.remove()
            db.engine.dispose()
    if not check.ok:
        raise UpgradeFailed(check.message)
    if _is_sqlite(settings):
        check_database(_database(settings))


def _refuse_while_served(settings: Settings) -> None:
    if any(is_held(settings.data / name) for name in ("serve.lock", "worker.lock")):
        raise UpgradeFailed("Research Hub is running on this data folder. Stop it, then upgrade. Nothing was changed.")


def _back_up(settings: Settings, revision: str, *, insist: bool) -> Path | None:
    folder = backups_path(settings)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{_BEFORE}{revision}-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}"
    if _is_sqlite(settings):
        target = folder / f"{name}.zip"
        write_backup(settings, target, with_files=False)
        return target
    return _dump(settings, folder / f"{name}.dump", insist=insist)


def _dump(settings: Settings, target: Path, *, insist: bool) -> Path | None:
    program = shutil.which("pg_dump")
    if program is None:
        if insist:
            raise UpgradeFailed(
                "pg_dump is not installed here, so no backup can be made. Make a dump elsewhere, then: "
                "research-hub upgrade --without-backup"
            )
        return None
    command = [program, "--format=custom", f"--file={target}", f"--dbname={settings.database_url}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own words and setting
    if done.returncode:
        target.unlink(missing_ok=True)
        if insist:
            raise UpgradeFailed(f"pg_dump failed: {done.stderr.strip()[-300:]} Nothing was changed.")
        return None
    target.chmod(0o600)
    return target


def _taken_back(settings: Settings, backup: Path | None, error: Exception) -> str:
    why = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
    if backup is None or not _is_sqlite(settings):
        return f"The upgrade failed: {why}. The database is as it was. Install the version before and start it again."
    restored = restore_backup(settings, backup, replace=True, without_keys=True)
    return (
        f"The upgrade failed: {why}. The database is as it was before. Install the version before and start it again; "
        f"what the attempt left is in {restored.kept}, the backup is {backup}."
    )


def _forget_old_backups(settings: Settings) -> None:
    made = sorted(backups_path(settings).glob(f"{_BEFORE}*"), key=lambda path: path.stat().st_mtime_ns)
    for path in made[:-KEPT]:
        path.unlink()


def _is_sqlite(settings: Settings) -> bool:
    return settings.sqlalchemy_url.startswith("sqlite:")


def _database(settings: Settings) -> Path:
    return Path(settings.sqlalchemy_url.removeprefix("sqlite:///"))

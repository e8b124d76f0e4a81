"""An older database is backed up, migrated and looked at, and taken back whole where that fails."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from demonstration import close
from hostile.faults import snapshot
from sqlalchemy import text

from research_hub.app import create_app
from research_hub.config import Settings
from research_hub.db import db
from research_hub.migrations import downgrade_database, newest_revision, upgrade_database
from research_hub.single_instance import hold
from research_hub.upgrading import KEPT, UpgradeFailed, backups_path, upgrade

Run = Callable[..., Result]


@pytest.fixture
def older(installed: Path) -> Settings:
    """An installation whose database is of the version before, with a member in it."""
    _downgrade(Settings())
    return Settings()


def _downgrade(settings: Settings) -> None:
    app = create_app(settings)
    with app.app_context():
        downgrade_database("0004" if newest_revision() > "0004" else "0003")
        close(app)


def database(settings: Settings) -> Path:
    return settings.data / "research-hub.sqlite3"


def revision(settings: Settings) -> str:
    connection = sqlite3.connect(database(settings))
    try:
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])
    finally:
        connection.close()


@pytest.mark.parametrize("command", ["upgrade", "init"])
def test_an_older_database_is_backed_up_and_brought_to_this_version(command: str, run: Run, older: Settings) -> None:
    before = revision(older)

    done = run(command)

    assert done.exit_code == 0, done.output
    assert f"The database went from {before} to {newest_revision()}, and was checked." in done.output
    assert revision(older) == newest_revision()
    assert "ada@example.org" in run("member", "list").output
    assert run("audit", "check").exit_code == 0
    assert len(list(backups_path(older).glob("before-upgrade-*.zip"))) == 1


def test_a_current_database_is_left_alone(run: Run, installed: Path) -> None:
    assert "Nothing to do" in run("upgrade").output
    assert not (installed / "backups").exists()


def _stops_halfway() -> None:
    """A migration that takes a table away and then fails, outside any transaction that could take it back."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("DROP TABLE drafts"))
    raise RuntimeError("no such column: surprise")


def _leaves_rows_that_point_nowhere() -> None:
    upgrade_database()
    connection = sqlite3.connect(str(db.engine.url.database))
    connection.execute("UPDATE members SET team_id = 999")
    connection.commit()
    connection.close()


def _does_nothing() -> None:
    """And so leaves the database at the version before."""


@pytest.mark.parametrize(
    ("migrate", "why"),
    [
        (_stops_halfway, "no such column: surprise"),
        (_leaves_rows_that_point_nowhere, "points at a row of teams that is not there"),
        (_does_nothing, "The database is at"),
    ],
)
def test_an_upgrade_that_fails_leaves_everything_as_it_was(
    migrate: Callable[[], None], why: str, older: Settings
) -> None:
    before = snapshot(database(older))

    with pytest.raises(UpgradeFailed, match=why) as told:
        upgrade(older, migrate=migrate)

    assert "The database is as it was before" in told.value.message
    assert snapshot(database(older)) == before
    assert (older.data / "files").is_dir()
    assert (older.data / "keys.json").is_file()


def test_nothing_is_upgraded_while_it_is_served(run: Run, older: Settings) -> None:
    with hold(older.data / "serve.lock"):
        refused = run("upgrade")

    assert refused.exit_code == 1
    assert "Stop it, then upgrade" in refused.stderr


def test_the_last_backups_stay_and_older_ones_go(run: Run, older: Settings) -> None:
    for _ in range(KEPT + 1):
        assert run("upgrade").exit_code == 0
        _downgrade(older)

    assert len(list(backups_path(older).iterdir())) == KEPT


def test_the_backup_of_an_upgrade_can_be_taken_back_and_leaves_files_alone(run: Run, older: Settings) -> None:
    assert run("upgrade").exit_code == 0
    kept = older.data / "files" / "ab" / ("ab" + "0" * 62)
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"x")
    (backup,) = backups_path(older).iterdir()

    restored = run("restore", str(backup), "--replace")

    assert restored.exit_code == 0, restored.output
    assert "it is sealed from now on" in restored.output
    assert run("audit", "check").exit_code == 0
    assert kept.exists()
    assert "ada@example.org" in run("member", "list").output

"""The database's shape, in numbered steps that go both ways."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import Connection

FOLDER = Path(__file__).resolve().parent


def upgrade_database() -> None:
    """Brings the application's database to the newest revision; does nothing where it is there already."""
    command.upgrade(migration_config(), "head")


def downgrade_database(revision: str = "base") -> None:
    command.downgrade(migration_config(), revision)


def stored_revision(connection: Connection) -> str | None:
    """The revision that the database is at, or None before the first."""
    return MigrationContext.configure(connection).get_current_revision()


def newest_revision() -> str:
    """The revision that this version of the program works with."""
    return ScriptDirectory(str(FOLDER)).get_current_head() or ""


def known_revisions() -> frozenset[str]:
    return frozenset(script.revision for script in ScriptDirectory(str(FOLDER)).walk_revisions())


def migration_config() -> Config:
    config: Config = current_app.extensions["migrate"].migrate.get_config()
    return config

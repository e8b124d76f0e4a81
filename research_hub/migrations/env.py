"""How Alembic reaches the application's database: through the engine that the application prepared."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app
from sqlalchemy import Connection, Engine

import insights.capture.models
import insights.coding.models
import insights.core.installation
import insights.decisions.models
import insights.exchange.models
import insights.openness.models
import insights.reports.models
import insights.stewardship.models
import insights.synthesis.models  # noqa: F401 - importing the models fills the metadata
from insights.core.base import Base, UtcDateTime


def _engine() -> Engine:
    engine: Engine = current_app.extensions["migrate"].db.engine
    return engine


def _render(kind: str, value: object, _context: AutogenContext) -> str | Literal[False]:
    """Our own types are written as what they store, so that an old migration outlives a renamed class."""
    if kind == "type" and isinstance(value, UtcDateTime):
        return "sa.DateTime()"
    return False


@contextmanager
def _without_foreign_keys(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by copying it: foreign keys rest meanwhile, and are checked before they come back."""
    if connection.dialect.name != "sqlite":
        yield
        return
    raw: Any = connection.connection.dbapi_connection
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
        broken = raw.execute("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"After migrating {len(broken)} rows point at rows that are not there; see {broken[0]}.")
    finally:
        raw.execute("PRAGMA foreign_keys=ON")


def _migrate_online() -> None:
    with _engine().connect().execution_options(writes=True) as connection, _without_foreign_keys(connection):
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            compare_type=True,
            render_item=_render,
        )
        with context.begin_transaction():
            context.run_migrations()


def _migrate_offline() -> None:
    """Writes the statements instead of running them: `--sql` for those whose database is looked after by others."""
    context.configure(
        dialect_name=context.config.attributes.get("dialect", _engine().dialect.name),
        target_metadata=Base.metadata,
        literal_binds=True,
    )
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    _migrate_offline()
else:
    _migrate_online()

"""The database: one engine, one place that commits."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, ExceptionContext, event, text
from sqlalchemy.exc import DataError
from sqlalchemy.orm import Session

from insights.core.base import Base
from insights.core.errors import InvalidInput
from insights.core.keys import set_keys
from insights.people.passwords import set_known_passwords
from research_hub.read_only import read_only_mode

db = SQLAlchemy(metadata=Base.metadata, disable_autonaming=True, session_options={"expire_on_commit": False})

# One writer at a time within the process: SQLite's own queue is unfair and starved a writer for seconds.
_write_lock = threading.RLock()

# One writer at a time across hosts on PostgreSQL too, so that activity ids become visible in their order and the
# indexer's watermark never passes an entry that commits late.
_POSTGRES_WRITE_LOCK = text("SELECT pg_advisory_xact_lock(7283420180)")

_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA busy_timeout=10000",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",
    "PRAGMA trusted_schema=OFF",
)


@contextmanager
def transaction() -> Iterator[Session]:
    """One unit of work: all of it is stored, or nothing. The only place that commits.

    What was read before is read again inside, so that decisions are taken on what is stored now. Raises ReadOnly while
    nothing may be written.
    """
    session = reading()
    read_only_mode().refuse_writing()
    with _write_lock:
        session.rollback()
        try:
            connection = session.connection(execution_options={"writes": True})
            if connection.dialect.name == "postgresql":
                connection.execute(_POSTGRES_WRITE_LOCK)
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise


def reading() -> Session:
    """The session for reads; the application context gives the connection back at its end."""
    session: Session = db.session()
    held = current_app.extensions
    held["keys"] = held["key_file"].refreshed(held["keys"])
    set_keys(session, held["keys"])
    set_known_passwords(session, held["known_passwords"])
    return session


def prepare_engine(engine: Engine) -> None:
    """Sets SQLite up on every connection, and lets units that write take the lock when they begin."""
    if engine.dialect.name == "postgresql":
        event.listen(engine, "handle_error", _refuse_what_does_not_fit)
    if engine.dialect.name != "sqlite":
        return
    event.listen(engine, "connect", _set_up_connection)
    event.listen(engine, "begin", _begin)


def _set_up_connection(connection: sqlite3.Connection, _record: Any) -> None:  # noqa: ANN401 - SQLAlchemy's record
    # The driver must not begin transactions on its own: ours begin as the unit needs.
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _refuse_what_does_not_fit(context: ExceptionContext) -> None:
    """PostgreSQL takes no NUL, no number past its columns and no text longer than them; SQLite takes all of it."""
    if not isinstance(context.sqlalchemy_exception, DataError):
        return
    connection = context.connection
    if connection is not None and not connection.get_execution_options().get("writes", False):
        # A unit that reads goes on, for the page that says what is wrong reads too. One that writes ends here.
        connection.connection.rollback()
    raise InvalidInput("What was sent cannot be stored or looked up: a number is too large, or a text too long.")

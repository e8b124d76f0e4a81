"""The application on a database of its own: opened, set up, and told the demonstration story."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

from demonstration import attach_sound, close
from flask import Flask
from half_done import leave_half_done

from insights.core.clock import FixedClock, set_clock
from insights.core.installation import ensure_database_id
from research_hub.app import create_app
from research_hub.config import Settings
from research_hub.db import transaction
from research_hub.demo.loader import load_demo
from research_hub.migrations import upgrade_database
from research_hub.staged_files import StagedFiles
from research_hub.worker import make_indexer

TODAY = date(2026, 11, 20)
"""The day on which the story ends here, on both databases."""
TOLD_AT = datetime.now(UTC)
"""When what is left half-done was begun, on both databases."""


@contextmanager
def opened(settings: Settings) -> Iterator[Flask]:
    """The application; forms need no token. Lets go of every connection at the end."""
    app = create_app(settings)
    app.config.update(WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
    try:
        yield app
    finally:
        with app.app_context():
            close(app)


@contextmanager
def running(settings: Settings) -> Iterator[Flask]:
    """The same, within its context, which requests then share."""
    with opened(settings) as app, app.app_context():
        yield app


def set_up(app: Flask) -> None:
    """What `research-hub init` does."""
    upgrade_database()
    with transaction() as session:
        ensure_database_id(session)


def tell(app: Flask) -> None:
    """The story with its search index and what is told beside it, into a database that is set up."""
    with transaction() as session:
        load_demo(session, files=app.extensions["files"], today=TODAY)
        attach_sound(session, app.extensions["files"])
        set_clock(session, FixedClock(TOLD_AT))
        leave_half_done(session, app.extensions["files"], StagedFiles(app.extensions["settings"].staged_path))
    make_indexer(app).rebuild()

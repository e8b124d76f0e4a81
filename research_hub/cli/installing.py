from __future__ import annotations

import click

from insights.capture.templates import ensure_shipped_templates
from insights.core.installation import ensure_database_id
from research_hub.app import create_app
from research_hub.cli.application import within
from research_hub.config import Settings
from research_hub.db import transaction
from research_hub.migrations import upgrade_database
from research_hub.worker import make_indexer
from search_index.indexer import Indexer


@click.command()
def init() -> None:
    """Set up the data folder: secret, database, empty index. Safe to run again, also to upgrade."""
    settings = Settings()
    prepare(settings)
    click.echo(f"Ready in {settings.data}. Next: research-hub member add EMAIL --role administrator")


def prepare(settings: Settings) -> None:
    """Creates what is missing and migrates the rest; what is there stays."""
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    settings.files_path.mkdir(exist_ok=True)
    is_new = not settings.index_path.exists()
    app = create_app(settings)
    with within(app):
        upgrade_database()
        with transaction() as session:
            ensure_database_id(session)
            ensure_shipped_templates(session)
        _look_after_index(make_indexer(app), is_new=is_new)


def _look_after_index(indexer: Indexer, *, is_new: bool) -> None:
    """An index that was there is looked at; that a new one belongs to no database yet is no news to anybody."""
    if is_new:
        indexer.rebuild()
    else:
        indexer.ensure_usable()

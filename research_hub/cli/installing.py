from __future__ import annotations

import click

from insights.capture.templates import ensure_shipped_templates
from insights.core.installation import ensure_database_id
from research_hub.app import create_app
from research_hub.cli.application import within
from research_hub.config import Settings
from research_hub.db import transaction
from research_hub.upgrading import Upgraded
from research_hub.upgrading import upgrade as upgrade_safely
from research_hub.worker import make_indexer
from search_index.indexer import Indexer


@click.command()
def init() -> None:
    """Set up the data folder: secret, keys, database, empty index. Safe to run again, also to upgrade."""
    settings = Settings()
    _tell(prepare(settings))
    click.echo(f"Ready in {settings.data}. Next: research-hub member add EMAIL --role administrator")


@click.command()
@click.option("--without-backup", is_flag=True, help="Go on where no backup can be made: you have one.")
def upgrade(*, without_backup: bool) -> None:
    """Bring an older database to this version: backup, migration, check, and back again where it fails.

    The service must be stopped.
    """
    settings = Settings()
    done = prepare(settings, insist_on_backup=not without_backup)
    _tell(done)
    click.echo("Nothing to do: the database is current." if done.before == done.now else "Now start the service.")


def prepare(settings: Settings, *, insist_on_backup: bool = False) -> Upgraded:
    """Creates what is missing and migrates the rest; what is there stays."""
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    settings.files_path.mkdir(exist_ok=True)
    is_new = not settings.index_path.exists()
    done = upgrade_safely(settings, insist_on_backup=insist_on_backup)
    app = create_app(settings)
    app.extensions["read_only"].set_aside()
    with within(app):
        with transaction() as session:
            ensure_database_id(session)
            ensure_shipped_templates(session)
        _look_after_index(make_indexer(app), is_new=is_new)
    return done


def _tell(done: Upgraded) -> None:
    if done.before not in {None, done.now}:
        click.echo(f"The database went from {done.before} to {done.now}, and was checked.")
        click.echo(f"As it was before: {done.backup}" if done.backup else "No backup was made; pg_dump is not here.")


def _look_after_index(indexer: Indexer, *, is_new: bool) -> None:
    """An index that was there is looked at; that a new one belongs to no database yet is no news to anybody."""
    if is_new:
        indexer.rebuild()
    else:
        indexer.ensure_usable()

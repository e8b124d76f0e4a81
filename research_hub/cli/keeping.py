from __future__ import annotations

from pathlib import Path

import click

from research_hub.app import create_app
from research_hub.backup import restore_backup, write_backup
from research_hub.backup.hooks import after_restore
from research_hub.cli.application import FAILED, within
from research_hub.cli.progress import counted
from research_hub.config import Settings
from research_hub.db import transaction
from research_hub.migrations import upgrade_database
from research_hub.worker import make_indexer

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=FILE)
@click.pass_context
def backup(context: click.Context, *, file: Path) -> None:
    """Write everything but the index, the secret and the keys into FILE, a ZIP, while the service goes on.

    FILE must not exist. It holds people's words: keep it as safe as the data folder, and the key file elsewhere.
    """
    with counted("Backing up", "part") as progress:
        written = write_backup(Settings(), file.absolute(), progress)
    rows = sum(written.manifest.rows.values())
    files = len(written.manifest.entries) - 1
    click.echo(f"{file}: {written.size / 1_048_576:.1f} MB, {rows:,} rows, {files:,} files, checked.")
    for warning in written.warnings:
        click.echo(f"research-hub: {warning}", err=True)
    if written.warnings:
        context.exit(FAILED)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Move what is in the data folder aside first; nothing is deleted.")
@click.option("--without-keys", is_flag=True, help="Go on without the right key file: the vault stays closed for good.")
@click.pass_context
def restore(context: click.Context, *, file: Path, replace: bool, without_keys: bool) -> None:
    """Put the backup FILE into the data folder and build the index anew. The service must be stopped.

    Ends with 1 where the audit record in it is not as it was written, and says where.
    """
    settings = Settings()
    with counted("Restoring", "part") as progress:
        restored = restore_backup(settings, file, replace=replace, without_keys=without_keys, progress=progress)
    app = create_app(settings)
    app.extensions["read_only"].set_aside()
    with within(app), counted("Indexing", "record") as progress:
        upgrade_database()
        with transaction() as session:
            after = after_restore(session, settings, restored.kept, restored.manifest)
        found = make_indexer(app).rebuild(lambda done: progress(done, 0))
    click.echo(
        f"Restored the backup of {restored.manifest.created_at} into {settings.data}; {found:,} records in search."
    )
    for sentence in after.done:
        click.echo(sentence)
    if restored.kept is not None:
        click.echo(f"What was there before is in {restored.kept}; delete it when you no longer need it.")
    for warning in after.warnings:
        click.echo(f"research-hub: {warning}", err=True)
    if after.warnings:
        context.exit(FAILED)

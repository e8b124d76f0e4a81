from __future__ import annotations

from datetime import timedelta

import click
from flask import current_app

from research_hub.cli.application import FAILED, with_application
from research_hub.db import reading, transaction
from research_hub.files_health import files_in_words
from research_hub.stored_files import look_through_files, sweep_files

DAY_HOURS = 24


@click.group("files")
def stored_files() -> None:
    """The stored files: compare them with the records, remove what no record names."""


@stored_files.command()
@click.pass_context
@with_application
def check(context: click.Context) -> None:
    """Read every stored file; exit code 1 where one is missing, changed or named by no record."""
    found = look_through_files(reading(), current_app.extensions["settings"])
    click.echo(files_in_words(found))
    for what in ("missing", "altered", "unreferenced"):
        for digest in getattr(found, what):
            click.echo(f"{what}  {digest}")
    if not found.is_well:
        context.exit(FAILED)


@stored_files.command()
@click.option(
    "--older-than",
    "hours",
    type=click.IntRange(min=1),
    default=DAY_HOURS,
    show_default=True,
    help="Hours that a file was kept at least; nobody may still be about to name it.",
)
@with_application
def sweep(*, hours: int) -> None:
    """Remove files that no record names, and record how many. The worker does so every night."""
    with transaction() as session:
        gone = sweep_files(session, current_app.extensions["settings"], older_than=timedelta(hours=hours))
    click.echo(f"{gone:,} {'file' if gone == 1 else 'files'} removed.")

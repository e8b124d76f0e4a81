from __future__ import annotations

import click
from flask import current_app

from research_hub.cli.application import FAILED, with_application
from research_hub.cli.progress import counted
from research_hub.worker import make_indexer
from search_index.indexer import Drained


@click.group()
def index() -> None:
    """The search index: build it anew, bring it up to date, compare it with the database."""


@index.command()
@with_application
def rebuild() -> None:
    """Build the index anew beside the live one, and swap."""
    with counted("Indexing", "record") as progress:
        held = make_indexer(current_app).rebuild(lambda done: progress(done, 0))
    click.echo(f"{held:,} records in search.")


@index.command()
@with_application
def drain() -> None:
    """Take in the changes that search does not know yet; `serve` does so by itself."""
    indexer = make_indexer(current_app)
    with counted("Indexing", "change") as progress:
        # An index that is damaged or of another database has nothing to take changes into.
        indexer.ensure_usable(lambda records: progress(records, 0))
        done = 0

        def count(batch: Drained) -> None:
            nonlocal done
            done += batch.entries
            progress(done, 0)

        total = indexer.drain(count)
    click.echo(f"{total.entries:,} changes taken in; {total.updated:,} records updated, {total.removed:,} removed.")


@index.command()
@click.option("--repair", is_flag=True, help="Bring in line what differs.")
@click.pass_context
@with_application
def check(context: click.Context, *, repair: bool) -> None:
    """Compare every record in the index with the database; exit code 1 where they differ."""
    indexer = make_indexer(current_app)
    drift = indexer.check()
    parts = (("missing", drift.missing), ("too many", drift.extra), ("different", drift.differing))
    for words, keys in parts:
        for key in sorted(keys):
            click.echo(f"{key}\t{words}")
    if not drift.total:
        click.echo("Index and database agree.")
        return
    if repair:
        indexer.repair(drift)
        click.echo(f"{drift.total:,} records repaired.")
        return
    click.echo(f"research-hub: {drift.total:,} records differ. Run: research-hub index check --repair", err=True)
    context.exit(FAILED)

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.core.access import Role
from insights.exchange.decision_import import import_decisions
from insights.exchange.manifest import read_manifest
from insights.exchange.manifest_import import import_manifest
from insights.exchange.research_import import import_research
from insights.people.models import Member, Service
from insights.people.queries import member_by_email
from research_hub.cli.application import FAILED, Refused, with_application
from research_hub.cli.progress import counted
from research_hub.db import reading, transaction

PATH = click.Path(exists=True, path_type=Path)
AS_HELP = "Whose import it is. Default: the first administrator."


@click.group("import")
def import_files() -> None:
    """Bring in research and decisions from files. The same file comes in once."""


@import_files.command()
@click.argument("path", type=PATH)
@click.option("--study", "study_name", metavar="NAME", help="The study it goes into, made where it is missing.")
@click.option("--as", "email", metavar="EMAIL", help=AS_HELP)
@click.option("--dry-run", is_flag=True, help="Examine every row of a manifest and store nothing.")
@click.option("--strict", is_flag=True, help="Store nothing of a manifest when one of its rows has an error.")
@click.pass_context
@with_application
def research(
    context: click.Context, *, path: Path, study_name: str | None, email: str | None, dry_run: bool, strict: bool
) -> None:
    """Import the file PATH, or every file in the folder PATH: each becomes a source that can be cited.

    Without --study the folders and files themselves say which study they belong to. Where PATH ends in .csv it is a
    manifest: a table with the columns path, title, date, method, n, url and study, one report a row.
    """
    actor = acting_member(reading(), email)
    if path.is_file() and path.suffix.casefold() == ".csv":
        _from_manifest(context, actor, path, study_name, dry_run=dry_run, strict=strict)
        return
    if dry_run or strict:
        raise click.UsageError("--dry-run and --strict are for a manifest, a file that ends in .csv.")
    with counted("Reading", "file") as progress, transaction() as session:
        found = import_research(
            session,
            actor=actor,
            files=current_app.extensions["files"],
            root=path,
            study_name=study_name,
            progress=progress,
        )
    _report(context, found.lines, found.headline, unread=len(found.unreadable))


@import_files.command()
@click.argument("path", type=PATH)
@click.option("--service", "service_name", metavar="NAME", help="The service the decisions are about.")
@click.option("--as", "email", metavar="EMAIL", help=AS_HELP)
@click.pass_context
@with_application
def decisions(context: click.Context, *, path: Path, service_name: str | None, email: str | None) -> None:
    """Import the decision PATH, or every decision in the folder PATH: MADR, Nygard, RFC tables, Y-statements."""
    actor, service = acting_member(reading(), email), _service(reading(), service_name)
    with counted("Reading", "file") as progress, transaction() as session:
        found = import_decisions(session, actor=actor, root=path, service=service, progress=progress)
    _report(context, found.lines, found.headline, unread=len(found.unreadable))


def acting_member(session: Session, email: str | None) -> Member:
    """Whoever the command acts for: the member named, or the first administrator."""
    if email is not None:
        return member_by_email(session, email)
    first = session.scalar(
        select(Member).where(Member.role == Role.ADMINISTRATOR, Member.is_active).order_by(Member.id).limit(1)
    )
    if first is None:
        raise Refused(
            "There is no administrator to import for. Run: research-hub member add EMAIL --role administrator"
        )
    return first


def _from_manifest(
    context: click.Context, actor: Member, path: Path, study_name: str | None, *, dry_run: bool, strict: bool
) -> None:
    manifest = read_manifest(path)
    with counted("Reading", "report") as progress, transaction() as session:
        found = import_manifest(
            session,
            actor=actor,
            files=current_app.extensions["files"],
            manifest=manifest,
            root=path.parent,
            study_name=study_name,
            dry_run=dry_run,
            strict=strict,
            progress=progress,
        )
    for line in found.lines:
        click.echo(line)
    click.echo(found.headline)
    if found.errors:
        kept = "The other rows are in." if found.is_stored else "Nothing was stored."
        click.echo(
            f"research-hub: {len(found.errors)} errors in {path.name}; the lines above say why. {kept}", err=True
        )
        context.exit(FAILED)


def _report(context: click.Context, lines: Sequence[str], headline: str, *, unread: int) -> None:
    """What was read, guessed and not understood, file by file, then the counts."""
    for line in lines:
        click.echo(line)
    click.echo(headline)
    if unread:
        click.echo(
            f"research-hub: {unread} files could not be read; the lines above say why. The rest is in.", err=True
        )
        context.exit(FAILED)


def _service(session: Session, name: str | None) -> Service | None:
    if name is None:
        return None
    found = session.scalar(select(Service).where(func.lower(Service.name) == name.strip().lower()))
    if found is None:
        raise Refused(f"There is no service called “{name}”. The services are listed at /services.")
    return found

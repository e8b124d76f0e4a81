"""Coding projects of other programs in, studies and codebooks out. The pages do the same under /projects/import."""

from __future__ import annotations

import io
from pathlib import Path

import click
from flask import current_app
from sqlalchemy.orm import Session

from insights.capture.models import Study
from insights.capture.queries import get_study
from insights.core.access import Permission, may
from insights.exchange.qda.exporting import codebook_of_organisation, codebook_of_study, project_of_study
from insights.exchange.qda.incoming import Choices
from insights.exchange.qda.outgoing import Outgoing, write_package
from insights.exchange.qda.packages import open_package
from insights.exchange.qda.storing import SEPARATORS, store_project
from insights.exchange.qda.understood import Understood, from_json
from insights.exchange.qda.waiting import keep_waiting
from insights.people.models import Member
from insights.people.vault.files import OpeningFiles
from research_hub import __version__
from research_hub.cli.application import Refused, with_application
from research_hub.cli.importing import AS_HELP, acting_member, import_files
from research_hub.db import reading, transaction
from research_hub.sandbox import run_apart

ORIGIN = f"Research Hub {__version__}"
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
OUT = click.Path(dir_okay=False, path_type=Path)


@import_files.command()
@click.argument("file", type=FILE)
@click.option("--study", "study_ref", metavar="STU-N", help="The study it goes into.")
@click.option("--new-study", is_flag=True, help="Make a study of the project’s name.")
@click.option("--organisation", is_flag=True, help="Put a codebook into the organisation’s.")
@click.option(
    "--split",
    metavar="SIGN",
    type=click.Choice([each for each in SEPARATORS if each]),
    help="Split the names of codes at this sign.",
)
@click.option("--case-names", is_flag=True, help="The names of cases are pseudonyms: keep them as codes.")
@click.option("--dry-run", is_flag=True, help="Say what would come in and store nothing.")
@click.option("--as", "email", metavar="EMAIL", help=AS_HELP)
@with_application
def project(
    *,
    file: Path,
    study_ref: str | None,
    new_study: bool,
    organisation: bool,
    split: str | None,
    case_names: bool,
    dry_run: bool,
    email: str | None,
) -> None:
    """Import a coding project or codebook: REFI-QDA (.qdpx, .qdc) or Taguette (.sqlite3, .csv, .xlsx)."""
    if [bool(study_ref), new_study, organisation, dry_run].count(True) != 1:
        raise click.UsageError("Say where it goes: --study STU-N, --new-study or --organisation; or --dry-run.")
    actor = _acting(reading(), email, Permission.EDIT_STUDIES)
    content = file.read_bytes()
    understood = from_json(run_apart("insights.exchange.qda", [file.name], content, name=file.name))
    _tell(understood)
    if dry_run:
        click.echo("Nothing was stored.")
        return
    if organisation and understood.format != "codebook":
        raise Refused(f"{file.name} holds more than a codebook. Say --study STU-N or --new-study.")
    choices = Choices(separator=split or "", names_are_codes=case_names, to_organisation=organisation)
    with transaction() as session:
        study = get_study(session, actor, study_ref) if study_ref else None
        stored = _store(session, actor, file.name, content, understood=understood, study=study, choices=choices)
    click.echo(stored)


@click.group("export")
def export_files() -> None:
    """Take a study or a codebook away for other programs."""


@export_files.command("project")
@click.argument("study_ref", metavar="STU-N")
@click.option("-o", "--out", "target", type=OUT, required=True, help="The file to write, such as letters.qdpx.")
@click.option("--with-names", is_flag=True, help="With the names of those who coded, otherwise Coder 1, Coder 2, ...")
@click.option("--as", "email", metavar="EMAIL", help=AS_HELP)
@with_application
def export_project(*, study_ref: str, target: Path, with_names: bool, email: str | None) -> None:
    """Write a study as a REFI-QDA project that other programs and another Research Hub read."""
    actor = _acting(reading(), email, Permission.CODE)
    _refuse_existing(target)
    with transaction() as session:
        study = get_study(session, actor, study_ref)
        outgoing = project_of_study(session, actor=actor, study=study, origin=ORIGIN, with_names=with_names)
    _write_package(target, outgoing)
    told = ", ".join(f"{number} {kind}" for kind, number in outgoing.counts.items() if number)
    click.echo(f"{target}: {told or 'an empty study'}")
    for remark in outgoing.remarks:
        click.echo(remark)


@export_files.command("codebook")
@click.argument("study_ref", metavar="[STU-N]", required=False)
@click.option("-o", "--out", "target", type=OUT, required=True, help="The file to write, such as codes.qdc.")
@click.option("--as", "email", metavar="EMAIL", help=AS_HELP)
@with_application
def export_codebook(*, study_ref: str | None, target: Path, email: str | None) -> None:
    """Write the tags of a study, or of the organisation, as a REFI-QDA codebook."""
    actor = _acting(reading(), email, Permission.CODE)
    _refuse_existing(target)
    with transaction() as session:
        if study_ref:
            study = get_study(session, actor, study_ref)
            content = codebook_of_study(session, actor=actor, study=study, origin=ORIGIN)
        else:
            content = codebook_of_organisation(session, actor=actor, origin=ORIGIN)
    target.write_bytes(content)
    click.echo(f"{target}: {content.count(b'<Code ')} codes")


def _acting(session: Session, email: str | None, permission: Permission) -> Member:
    actor = acting_member(session, email)
    if not may(actor, permission):
        raise Refused(f"{actor.email} may not do this. Say --as with someone who may: docs/permissions.md.")
    return actor


def _tell(understood: Understood) -> None:
    for problem in understood.problems:
        click.echo(f"{problem.kind}: {problem.what}: {problem.why}")
    for tally in understood.tallies:
        click.echo(f"{tally.kind}: {tally.comes} of {tally.held}")


def _store(
    session: Session,
    actor: Member,
    name: str,
    content: bytes,
    *,
    understood: Understood,
    study: Study | None,
    choices: Choices,
) -> str:
    files = current_app.extensions["files"]
    digest, size = files.keep_stream(io.BytesIO(content))
    waiting = keep_waiting(session, actor=actor, file_name=name, understood=understood, sha256=digest, size=size)
    is_package = understood.format == "refi" and content.startswith(b"PK")
    stored = store_project(
        session,
        actor=actor,
        project=waiting,
        understood=understood,
        study=study,
        files=files,
        package=open_package(content) if is_package else None,
        choices=choices,
    )
    where = "the organisation’s codebook" if stored is None else f"{stored.ref}, {stored.title}"
    return f"{waiting.ref} is in {where}."


def _refuse_existing(target: Path) -> None:
    if target.exists():
        raise Refused(f"{target} is there already. Name another file, or take that one away first.")


def _write_package(target: Path, outgoing: Outgoing) -> None:
    """Whole or not at all: written beside its name and then given it."""
    beside = target.with_name(f"{target.name}.part")
    try:
        with beside.open("wb") as stream:
            files = current_app.extensions["files"]
            write_package(outgoing, files, stream, OpeningFiles(reading(), files))
        beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise

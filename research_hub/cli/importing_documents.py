"""Documents, transcripts, captions and tables into a study. The pages do the same under /studies/STU-n/import."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
from flask import current_app
from sqlalchemy.orm import Session

from insights.capture.models import Study
from insights.capture.queries import get_study
from insights.core.errors import DomainError
from insights.exchange.documents import ReadDocument
from insights.exchange.imports import (
    FileChoices,
    SpeakerChoice,
    SpeakerRole,
    StagedContent,
    choose,
    dry_run_of,
    end_batch,
    known_content,
    open_batch,
    stage_document,
    store_file,
    suggested_choices,
    wanted_before_storing,
    what_it_becomes,
    what_it_is,
    with_speakers,
)
from insights.exchange.imports.staging import summary_of
from insights.exchange.imports.tables.choices import TableChoices, suggested_table_choices
from insights.exchange.imports.tables.profiles import match_profile, named_profile
from insights.people.models import Member
from research_hub.cli.application import FAILED, with_application
from research_hub.cli.importing import AS_HELP, PATH, acting_member, import_files
from research_hub.db import reading, transaction
from research_hub.sandbox import read_apart

_HIDDEN = "."


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What the command line said for every file."""

    speakers: tuple[SpeakerChoice, ...]
    profile: str
    skip_errors: bool
    dry_run: bool


@import_files.command("files")
@click.argument("paths", type=PATH, nargs=-1, required=True)
@click.option("--study", "study_ref", metavar="STU-N", required=True, help="The study they go into.")
@click.option(
    "--speaker",
    "speakers",
    metavar="LABEL=WHO",
    multiple=True,
    help="Who a label is: LABEL=moderator, LABEL=as-written, or a participant's code, LABEL=P3.",
)
@click.option("--profile", default="", metavar="NAME", help="The mapping of columns that tables are read with.")
@click.option("--skip-errors", is_flag=True, help="Bring in the good rows of a table that has bad ones.")
@click.option("--dry-run", is_flag=True, help="Tell what would come in, and store nothing.")
@click.option("--as", "email", metavar="EMAIL", help=AS_HELP)
@click.pass_context
@with_application
def documents(
    context: click.Context,
    *,
    paths: tuple[Path, ...],
    study_ref: str,
    speakers: tuple[str, ...],
    profile: str,
    skip_errors: bool,
    dry_run: bool,
    email: str | None,
) -> None:
    """Bring the files PATHS, and every file in folders among them, into a study.

    TXT, Markdown, HTML, DOCX, ODT, RTF, PDF, WebVTT, SRT, SBV, CSV, TSV, XLSX, XLS and ODS. Each is its own unit: one
    that is refused stops no other. Tables without --profile are read by the names of their columns.
    """
    wanted = _Wanted(tuple(map(_speaker, speakers)), profile, skip_errors, dry_run)
    actor = acting_member(reading(), email)
    get_study(reading(), actor, study_ref)
    outcomes = Counter(_bring_in(actor, study_ref, path, wanted) for path in _files(paths))
    told = ", ".join(f"{number} {what}" for what, number in sorted(outcomes.items())) or "no file there"
    click.echo(f"{told}.")
    if outcomes["refused"] or outcomes["not ready"]:
        context.exit(FAILED)


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(each for each in path.rglob("*") if each.is_file() and not each.name.startswith(_HIDDEN))
        else:
            yield path


def _bring_in(actor: Member, study_ref: str, path: Path, wanted: _Wanted) -> str:
    """What became of the file: 'stored', 'would be stored', 'known', 'not ready' or 'refused'."""
    content = path.read_bytes()
    try:
        document = read_apart(path.name, content)
        with transaction() as session:
            study = get_study(session, actor, study_ref)
            if known := known_content(session, study_id=study.id, sha256=hashlib.sha256(content).hexdigest()):
                click.echo(f"{path}: is in already, as {known}")
                return "known"
            return _take(session, actor, study, path, content, document, wanted)
    except DomainError as error:
        click.echo(f"{path}: {error.message}", err=True)
        return "refused"


def _take(  # noqa: PLR0917 - one file with all that is known of it
    session: Session, actor: Member, study: Study, path: Path, content: bytes, document: ReadDocument, wanted: _Wanted
) -> str:
    choices = _choices(session, study, document, wanted)
    missing = () if isinstance(choices, TableChoices) else wanted_before_storing(choices)
    click.echo(f"{path}: {what_it_is(summary_of(document), choices)}. {what_it_becomes(choices)}.")
    for line in (*document.notes, *(f"not brought in: {lost}" for lost in document.lost)):
        click.echo(f"  {line}")
    errors = _row_errors(session, study, document, choices)
    for line in (*errors, *missing):
        click.echo(f"  {line}", err=True)
    if missing or (errors and not wanted.skip_errors):
        return "not ready"
    if wanted.dry_run:
        return "would be stored"
    digest = hashlib.sha256(content).hexdigest()
    batch = open_batch(session, actor=actor, study=study)
    staged = StagedContent(path.name, digest, len(content))
    file = stage_document(session, batch=batch, content=staged, document=document)
    choose(session, file=file, choices=choices)
    stored = store_file(
        session,
        actor=actor,
        files=current_app.extensions["files"],
        study=study,
        file=file,
        content=content,
        skip_errors=wanted.skip_errors,
    )
    # Nobody comes back to it on a page, so nothing of the reading has to wait there.
    end_batch(session, batch=batch)
    click.echo(f"  stored as {', '.join(stored.refs[:8])}{' and others' if len(stored.refs) > 8 else ''}")  # noqa: PLR2004
    return "stored"


def _choices(session: Session, study: Study, document: ReadDocument, wanted: _Wanted) -> FileChoices | TableChoices:
    if not document.tables:
        return with_speakers(suggested_choices(document), wanted.speakers)
    choices = suggested_table_choices(document)
    if not wanted.profile:
        return choices
    profile = named_profile(session, team_id=study.team_id, name=wanted.profile)
    return match_profile(profile, document.tables[choices.sheet]).applied_to(choices)


def _row_errors(
    session: Session, study: Study, document: ReadDocument, choices: FileChoices | TableChoices
) -> list[str]:
    if not isinstance(choices, TableChoices):
        return []
    found = dry_run_of(session, study=study, document=document, choices=choices)
    return [f"row {each.row}{f', {each.column}' if each.column else ''}: {each.message}" for each in found.errors]


def _speaker(said: str) -> SpeakerChoice:
    label, sign, who = said.rpartition("=")
    if not sign or not label.strip() or not who.strip():
        raise click.UsageError(f"--speaker takes LABEL=WHO, for example Dan=moderator; “{said}” is not that.")
    roles = {"moderator": SpeakerRole.MODERATOR, "as-written": SpeakerRole.AS_WRITTEN}
    role = roles.get(who.strip().casefold(), SpeakerRole.PARTICIPANT)
    return SpeakerChoice(label.strip(), role, who.strip().upper() if role is SpeakerRole.PARTICIPANT else "")

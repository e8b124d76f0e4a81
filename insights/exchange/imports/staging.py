"""Files that wait: read and shown, and stored only when a person says yes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.capture.models import Study
from insights.core.activity import add
from insights.core.clock import now
from insights.core.errors import InvalidInput, RuleBroken
from insights.core.text import plain_words
from insights.exchange.documents import ReadDocument, document_to_json
from insights.exchange.imports.choices import FileChoices, check_choices, suggested_choices
from insights.exchange.imports.tables.choices import TableChoices, suggested_table_choices
from insights.exchange.models import FileStatus, ImportBatch, ImportFile
from insights.people.models import Member
from insights.people.operations import require_same_area

MOST_FILES = 500
KEPT_FOR = timedelta(days=30)
_OPENING = 400
_READ_FOR_OPENING = 4_000


@dataclass(frozen=True, slots=True)
class StagedContent:
    """The bytes of a file that waits, by their digest."""

    name: str
    sha256: str
    size: int


def open_batch(session: Session, *, actor: Member, study: Study) -> ImportBatch:
    """A place for files that are brought together. It is no record of the study until something is stored."""
    require_same_area(session, actor, study.team_id)
    batch = ImportBatch(study_id=study.id, member_id=actor.id)
    add(session, actor, batch)
    return batch


def stage_document(
    session: Session, *, batch: ImportBatch, content: StagedContent, document: ReadDocument
) -> ImportFile:
    """What was understood waits to be looked at. The same bytes under the same name wait once."""
    file = _place_for(session, batch, content)
    set_reading(session, file=file, document=document)
    return file


def stage_refusal(session: Session, *, batch: ImportBatch, content: StagedContent, problem: str) -> ImportFile:
    """A file that cannot be read, with why in words."""
    file = _place_for(session, batch, content)
    file.status, file.problem = FileStatus.REFUSED, problem
    session.flush()
    return file


def set_reading(session: Session, *, file: ImportFile, document: ReadDocument) -> None:
    """Takes a reading for the file, the first or another one, with the choices begun anew. Not once it is stored."""
    _refuse_stored(file)
    file.status, file.problem = FileStatus.UNDERSTOOD, ""
    file.reading, file.summary = document_to_json(document), summary_of(document)
    begun = suggested_table_choices(document) if document.tables else suggested_choices(document)
    file.choices = begun.as_json()
    session.flush()


def choose(session: Session, *, file: ImportFile, choices: FileChoices | TableChoices) -> None:
    """Keeps what a person put right. Not once the file is stored."""
    _refuse_stored(file)
    if isinstance(choices, FileChoices):
        check_choices(choices)
        choices = replace(choices, looked_at=True)
    file.choices = choices.as_json()
    session.flush()


def set_day(session: Session, *, batch: ImportBatch, day: date | None) -> int:
    """One day for every file of the batch that becomes sessions and tells none; answers how many files took it."""
    if day is None:
        raise InvalidInput.of("day", "Enter the day, for example 27 3 2026.")
    taken = 0
    waiting = select(ImportFile).where(
        ImportFile.import_batch_id == batch.id, ImportFile.status == FileStatus.UNDERSTOOD
    )
    for file in session.scalars(waiting):
        choices = choices_of(file.choices)
        if isinstance(choices, FileChoices) and choices.lacks_day:
            file.choices = replace(choices, dated_on=day, date_precision="day").as_json()
            taken += 1
    session.flush()
    return taken


def set_left_out(session: Session, *, file: ImportFile, left_out: bool) -> None:
    """A file that is left out keeps its reading, until the batch is ended, so that it can be taken back."""
    _refuse_stored(file)
    if left_out:
        file.status = FileStatus.LEFT_OUT
    elif file.status is FileStatus.LEFT_OUT:
        file.status = FileStatus.REFUSED if file.problem else FileStatus.UNDERSTOOD
    session.flush()


def end_batch(session: Session, *, batch: ImportBatch) -> frozenset[str]:
    """Forgets what was not stored. Answers the digests whose waiting bytes nobody needs any more."""
    files = list(session.scalars(select(ImportFile).where(ImportFile.import_batch_id == batch.id)))
    for file in files:
        file.reading = {}
        if file.status is not FileStatus.STORED:
            file.status, file.choices, file.summary = FileStatus.LEFT_OUT, {}, {}
    batch.ended_at = now(session)
    session.flush()
    return frozenset(file.sha256 for file in files) - _waiting(session)


def end_old_batches(session: Session, *, member: Member) -> frozenset[str]:
    """Ends the member's batches that nobody looked after for 30 days; answers as `end_batch` does."""
    old = select(ImportBatch).where(
        ImportBatch.member_id == member.id,
        ImportBatch.ended_at.is_(None),
        ImportBatch.updated_at < now(session) - KEPT_FOR,
    )
    return frozenset[str]().union(*[end_batch(session, batch=batch) for batch in session.scalars(old)])


def summary_of(document: ReadDocument) -> dict[str, Any]:
    """What a list of files shows of a reading, small enough to load for hundreds."""
    # Cut before it is read: the first lines of a book do not need all of it.
    opening = plain_words(document.text[:_READ_FOR_OPENING]) if document.text else ""
    return {
        "title": document.title,
        "format": document.format,
        "kind": document.kind,
        "encoding": document.encoding,
        "encoding_guessed": document.encoding_guessed,
        "words": len(document.text.split()),
        "utterances": len(document.utterances),
        "timed": sum(each.start_ms is not None for each in document.utterances),
        "pages": len(document.pages),
        "tables": [[table.name, len(table.columns), len(table.rows)] for table in document.tables],
        "front_matter": len(document.front_matter),
        "notes": list(document.notes),
        "lost": list(document.lost),
        "opening": opening[:_OPENING],
    }


def _place_for(session: Session, batch: ImportBatch, content: StagedContent) -> ImportFile:
    if batch.ended_at is not None:
        raise RuleBroken("This import is finished. Begin another one for more files.")
    known = session.scalar(
        select(ImportFile).where(
            ImportFile.import_batch_id == batch.id,
            ImportFile.sha256 == content.sha256,
            ImportFile.name == content.name[:1000],
        )
    )
    if known is not None:
        return known
    count = session.scalar(select(func.count(ImportFile.id)).where(ImportFile.import_batch_id == batch.id)) or 0
    if count >= MOST_FILES:
        raise InvalidInput.of(
            "files", f"An import takes {MOST_FILES} files. Bring these in, then begin another import for the rest."
        )
    file = ImportFile(
        import_batch_id=batch.id,
        position=count + 1,
        name=content.name[:1000],
        sha256=content.sha256,
        size=content.size,
        status=FileStatus.REFUSED,
    )
    session.add(file)
    session.flush()
    return file


def _refuse_stored(file: ImportFile) -> None:
    if file.status is FileStatus.STORED:
        raise RuleBroken(f"“{file.name}” is stored already. Undo that first, then put it right.")


def _waiting(session: Session) -> frozenset[str]:
    """The digests that files of open batches wait with."""
    rows = session.scalars(
        select(ImportFile.sha256)
        .join(ImportBatch, ImportBatch.id == ImportFile.import_batch_id)
        .where(ImportBatch.ended_at.is_(None))
    )
    return frozenset(rows)


def choices_of(plain: Mapping[str, Any]) -> FileChoices | TableChoices:
    """The choices as they are kept in a file's row."""
    return TableChoices.from_json(plain) if "columns" in plain else FileChoices.from_json(plain)

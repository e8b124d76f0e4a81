"""Reads about files that wait; only whoever brought them sees them, and only while they may see the study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from insights.capture.access import visible_studies
from insights.capture.models import ResearchSession, SourceText, Study
from insights.core.base import number_of
from insights.core.errors import NotFound
from insights.exchange.imports.choices import FileChoices, SpeakerChoice, is_general, wanted_before_storing
from insights.exchange.imports.staging import choices_of
from insights.exchange.imports.tables.choices import TableChoices
from insights.exchange.models import FileStatus, ImportBatch, ImportFile
from insights.people.models import Member, Participant
from insights.people.queries import Choice

_MOST_SESSIONS_OFFERED = 300


@dataclass(frozen=True, slots=True)
class BatchRow:
    """An import that is under way: how many files wait, and how many are stored."""

    ref: str
    begun_at: datetime
    waiting: int
    stored: int
    files: int


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file of a batch, without its text. `choices` is None where it could not be read.

    `known_as` is what the study holds of the same bytes, `made` what was stored of this file, both as refs.
    """

    id: int
    name: str
    size: int
    status: FileStatus
    problem: str
    summary: Mapping[str, Any]
    choices: FileChoices | TableChoices | None
    wants: tuple[str, ...]
    known_as: str
    made: tuple[str, ...]

    @property
    def is_ready(self) -> bool:
        """Whether it can be brought in as it stands. A table is looked at first, for nobody guesses all columns."""
        return (
            self.status is FileStatus.UNDERSTOOD
            and not self.wants
            and not self.known_as
            and (not isinstance(self.choices, TableChoices) or self.choices.errors == 0)
        )

    @property
    def is_table(self) -> bool:
        return isinstance(self.choices, TableChoices)


@dataclass(frozen=True, slots=True)
class SpeakerMemory:
    """What was said of the same label in another file of the batch, to be offered and never assumed."""

    file: str
    choice: SpeakerChoice


def get_batch(session: Session, member: Member, ref: str) -> tuple[ImportBatch, Study]:
    """Raises NotFound for a batch of somebody else, or of a study that the member may not see any more."""
    row = session.execute(
        select(ImportBatch, Study)
        .join(Study, Study.id == ImportBatch.study_id)
        .where(
            ImportBatch.id == (number_of(ref, ImportBatch.PREFIX) or 0),
            ImportBatch.member_id == member.id,
            visible_studies(member),
        )
    ).first()
    if row is None:
        raise NotFound(ref)
    return row[0], row[1]


def get_file(session: Session, member: Member, ref: str, file_id: int) -> tuple[ImportFile, ImportBatch, Study]:
    """The file with all that was understood of it. Raises NotFound as `get_batch` does."""
    batch, study = get_batch(session, member, ref)
    file = session.scalar(
        select(ImportFile)
        .where(ImportFile.id == file_id, ImportFile.import_batch_id == batch.id)
        .options(undefer(ImportFile.reading))
    )
    if file is None:
        raise NotFound(f"file of {ref}")
    return file, batch, study


def open_batches(session: Session, member: Member, *, study_id: int) -> list[BatchRow]:
    """The member's imports into the study that are not finished, newest first."""
    waiting = func.count(ImportFile.id).filter(ImportFile.status == FileStatus.UNDERSTOOD)
    stored = func.count(ImportFile.id).filter(ImportFile.status == FileStatus.STORED)
    rows = session.execute(
        select(ImportBatch, waiting, stored, func.count(ImportFile.id))
        .join(ImportFile, ImportFile.import_batch_id == ImportBatch.id)
        .where(ImportBatch.study_id == study_id, ImportBatch.member_id == member.id, ImportBatch.ended_at.is_(None))
        .group_by(ImportBatch.id)
        .order_by(ImportBatch.id.desc())
    )
    return [BatchRow(batch.ref, batch.created_at, first, second, count) for batch, first, second, count in rows]


def files_of(session: Session, batch: ImportBatch, study: Study) -> list[FileRow]:
    """In the order in which they came."""
    files = session.scalars(
        select(ImportFile).where(ImportFile.import_batch_id == batch.id).order_by(ImportFile.position)
    ).all()
    known = _known_contents(session, study, [file.sha256 for file in files])
    sessions = {each.value for each in session_choices(session, study)}
    return [_row(file, known.get(file.sha256, ""), sessions) for file in files]


def file_row(session: Session, file: ImportFile, study: Study) -> FileRow:
    known = _known_contents(session, study, [file.sha256])
    return _row(file, known.get(file.sha256, ""), {each.value for each in session_choices(session, study)})


def session_choices(session: Session, study: Study) -> list[Choice]:
    """The study's sessions that a text can be added to, latest first."""
    rows = session.scalars(
        select(ResearchSession)
        .where(ResearchSession.study_id == study.id, ResearchSession.deleted_at.is_(None))
        .order_by(ResearchSession.held_on.desc(), ResearchSession.id.desc())
        .limit(_MOST_SESSIONS_OFFERED)
    )
    return [Choice(each.ref, f"{each.ref}, {each.held_on.isoformat()} {each.title}".strip()) for each in rows]


def codes_of_study(session: Session, study: Study) -> list[str]:
    """The codes of the study's participants, for a list to choose from."""
    return list(
        session.scalars(
            select(Participant.code)
            .where(
                Participant.study_id == study.id,
                Participant.removed_at.is_(None),
                Participant.merged_into_id.is_(None),
            )
            .order_by(Participant.code)
        )
    )


def remembered_speakers(session: Session, file: ImportFile) -> dict[str, SpeakerMemory]:
    """By label: what a person last said of it in another file of the batch.

    Whoever is called 'Participant' is somebody else in every file, so of such labels the role is told and no code.
    """
    rows = session.execute(
        select(ImportFile.name, ImportFile.choices)
        .where(ImportFile.import_batch_id == file.import_batch_id, ImportFile.id != file.id)
        .order_by(ImportFile.position)
    )
    found: dict[str, SpeakerMemory] = {}
    for name, plain in rows:
        choices = choices_of(plain) if plain else None
        if isinstance(choices, FileChoices) and choices.looked_at:
            found |= {each.label: SpeakerMemory(name, _without_code_of_many(each)) for each in choices.speakers}
    return found


def _without_code_of_many(said: SpeakerChoice) -> SpeakerChoice:
    return replace(said, code="") if is_general(said.label) else said


def _row(file: ImportFile, known_as: str, sessions: set[str]) -> FileRow:
    choices = choices_of(file.choices) if file.choices else None
    stored = file.status is FileStatus.STORED
    return FileRow(
        file.id,
        file.name,
        file.size,
        file.status,
        file.problem,
        file.summary,
        choices,
        wanted_before_storing(choices, sessions) if isinstance(choices, FileChoices) else (),
        "" if stored else known_as,
        tuple(
            [f"SES-{number}" for number in file.made.get("sessions", [])]
            + [f"SRC-{number}" for number in file.made.get("sources", [])]
        ),
    )


def _known_contents(session: Session, study: Study, digests: Sequence[str]) -> dict[str, str]:
    """The ref of what the study holds by digest; of several the earliest, which therefore comes last."""
    rows = session.execute(
        select(SourceText.sha256, SourceText.id, SourceText.research_session_id)
        .where(SourceText.study_id == study.id, SourceText.sha256.in_(digests), SourceText.deleted_at.is_(None))
        .order_by(SourceText.id.desc())
    )
    return {row[0] or "": f"SRC-{row[1]}" if row[2] is None else f"SES-{row[2]}" for row in rows}

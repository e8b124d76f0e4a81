"""Research files brought into the database: each a citable source in a study, the same file only once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.exc import DataError, IntegrityError, StatementError
from sqlalchemy.orm import Session

from insights.capture.access import visible_studies
from insights.capture.models import Method, SourceText, Study, StudyStatus
from insights.capture.operations import ReportDetails, create_study, import_report
from insights.core.checks import required_line
from insights.core.errors import DomainError
from insights.exchange.research_files import (
    NotResearch,
    ResearchDocument,
    SkippedFile,
    TreeEntry,
    UnreadableFile,
    read_research_tree,
    suggested_study,
)
from insights.people.models import Member
from insights.people.operations import require_same_area

METHODS: dict[str, Method] = {
    "usability test": Method.MODERATED_USABILITY_TEST,
    "card sort": Method.CARD_SORT,
    "tree test": Method.OTHER,
    "accessibility audit": Method.ACCESSIBILITY_TEST,
    "diary study": Method.DIARY_STUDY,
    "focus group": Method.FOCUS_GROUP,
    "pop-up research": Method.OTHER,
    "contextual inquiry": Method.CONTEXTUAL_VISIT,
    "survey": Method.SURVEY,
    "workshop": Method.WORKSHOP,
    "analytics review": Method.ANALYTICS,
    "desk research": Method.DESK_RESEARCH,
    "interview": Method.INTERVIEW,
}
"""The reader's words for methods, in the terms of our own list."""

# What one file may do wrong without stopping the others: rules of the domain, the disk, values no column takes.
_FAULTS_OF_ONE_FILE = (DomainError, OSError, ValueError, DataError, IntegrityError)


class KeepsFiles(Protocol):
    """Where originals are kept, byte for byte."""

    def keep(self, content: bytes) -> str:
        """Stores the content and answers its SHA-256."""
        ...


@dataclass(frozen=True, slots=True)
class StoredFile:
    """`name` is the path below the imported folder; `ref` the source, `study` the ref of the study it lies in."""

    name: str
    ref: str
    study: str
    document: ResearchDocument


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file whose bytes were imported before, as `ref`."""

    name: str
    ref: str


@dataclass(frozen=True, slots=True)
class ResearchImport:
    """What became of each file, in the order of the paths. Nothing of an unreadable file was stored."""

    imported: tuple[StoredFile, ...]
    known: tuple[KnownFile, ...]
    not_research: tuple[NotResearch, ...]
    unreadable: tuple[UnreadableFile, ...]
    skipped: tuple[SkippedFile, ...]
    lines: tuple[str, ...]

    @property
    def headline(self) -> str:
        """The counts, in one line for the end of the import."""
        dated = sum(one.document.dated_on is not None for one in self.imported)
        studies = len({one.study for one in self.imported})
        return (
            f"{len(self.imported)} imported into {studies} studies ({dated} dated), {len(self.known)} known already,"
            f" {len(self.not_research)} not research, {len(self.unreadable)} not read, {len(self.skipped)} skipped"
        )


_Outcome = StoredFile | KnownFile | NotResearch | UnreadableFile | SkippedFile


def import_research(
    session: Session,
    *,
    actor: Member,
    files: KeepsFiles,
    root: Path,
    study_name: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> ResearchImport:
    """Reads the folder, or the one file, and stores each document in the named study or in those its folders name.

    A study that is missing is made as back catalogue. `progress` is told the files done and the files in all. Never
    commits. Raises FileNotFoundError where there is nothing at `root`, NotAllowed or InvalidInput for a study that the
    actor may not add to or whose name cannot be taken; what is wrong with one file is reported and stops no other.
    """
    title = None if study_name is None else required_line("study", study_name, label="a name for the study")
    work = _Work(session, actor, files, root, title)
    if title is not None and (named := work.named_study(title)) is not None:
        require_same_area(session, actor, named.team_id)
    total = _count_files(root)
    outcomes: list[_Outcome] = []
    for entry in read_research_tree(root):
        outcomes.append(work.take_in(entry))
        if progress is not None:
            progress(len(outcomes), max(total, len(outcomes)))
    return _sorted_out(outcomes)


@dataclass(frozen=True, slots=True)
class _Work:
    """One import under way; `title` is the study's name where the caller gave one."""

    session: Session
    actor: Member
    files: KeepsFiles
    root: Path
    title: str | None

    def take_in(self, entry: TreeEntry) -> _Outcome:
        if not isinstance(entry, ResearchDocument):
            return entry
        try:
            with self.session.begin_nested():
                return self._store(entry)
        except _FAULTS_OF_ONE_FILE as error:
            return UnreadableFile(entry.name, f"nothing of it was stored. {_why(error)}")

    def named_study(self, title: str) -> Study | None:
        """The study of that name that the actor sees, one of their own area first."""
        return self.session.scalar(
            select(Study)
            .where(Study.title == title, visible_studies(self.actor))
            .order_by(Study.team_id != self.actor.team_id, Study.id)
            .limit(1)
        )

    def _store(self, document: ResearchDocument) -> StoredFile | KnownFile:
        known = self._known(document)
        if known is not None:
            return KnownFile(document.name, known.ref)
        original = (self.root / document.name if self.root.is_dir() else self.root).read_bytes()
        if hashlib.sha256(original).hexdigest() != document.sha256:
            raise ValueError("The file was changed while it was read; import it again.")
        study = self._study_of(document)
        source = import_report(
            self.session,
            actor=self.actor,
            study=study,
            details=_details(document),
            text=document.text,
            original=original,
        )
        assert source is not None  # noqa: S101 - the same content was looked for above
        # Last, so that a full disk takes the rows back with it.
        self.files.keep(original)
        return StoredFile(document.name, source.ref, study.ref, document)

    def _known(self, document: ResearchDocument) -> SourceText | None:
        """The source of the same bytes: in the named study or, where the files find their own, in any seen."""
        found = (
            select(SourceText)
            .join(Study, Study.id == SourceText.study_id)
            .where(SourceText.sha256 == document.sha256, SourceText.deleted_at.is_(None), visible_studies(self.actor))
            .order_by(SourceText.id)
            .limit(1)
        )
        return self.session.scalar(found if self.title is None else found.where(Study.title == self.title))

    def _study_of(self, document: ResearchDocument) -> Study:
        """The named study, or the one of the actor's own area that the folder names; made where it is missing."""
        title = self.title or (suggested_study(document) or _name_of(self.root))[:500]
        found = self.named_study(title)
        if found is not None and (self.title is not None or found.team_id == self.actor.team_id):
            return found
        return create_study(self.session, actor=self.actor, title=title, status=StudyStatus.COMPLETED, legacy=True)


def _count_files(root: Path) -> int:
    return sum(path.is_file() for path in root.rglob("*")) if root.is_dir() else 1


def _name_of(root: Path) -> str:
    folder = root if root.is_dir() else root.parent
    return folder.resolve().name or "Imported research"


def _why(error: Exception) -> str:
    """In words for people: what the database says comes without the statement and its values."""
    said = error.orig if isinstance(error, StatementError) and error.orig is not None else error
    return " ".join(str(said).split())[:300] or type(error).__name__


def _details(document: ResearchDocument) -> ReportDetails:
    return ReportDetails(
        title=document.title,
        original_name=document.name,
        encoding=document.encoding,
        dated_on=document.dated_on,
        date_precision=document.date_precision or "day",
        method=METHODS.get(document.method or ""),
        participant_count=document.participants,
        front_matter=document.front_matter,
    )


def _sorted_out(outcomes: Iterable[_Outcome]) -> ResearchImport:
    kept = list(outcomes)
    return ResearchImport(
        imported=tuple(one for one in kept if isinstance(one, StoredFile)),
        known=tuple(one for one in kept if isinstance(one, KnownFile)),
        not_research=tuple(one for one in kept if isinstance(one, NotResearch)),
        unreadable=tuple(one for one in kept if isinstance(one, UnreadableFile)),
        skipped=tuple(one for one in kept if isinstance(one, SkippedFile)),
        lines=tuple(_line(one) for one in kept),
    )


def _line(outcome: _Outcome) -> str:
    """'file: read as SRC-1 “Title” in STU-1 | guessed … | not understood …'."""
    if isinstance(outcome, StoredFile):
        document = outcome.document
        read = f"{outcome.name}: read as {outcome.ref} “{document.title}” in {outcome.study}"
        return " | ".join([read, *_told(document, "guessed"), *_told(document, "not understood")])
    if isinstance(outcome, KnownFile):
        return f"{outcome.name}: known already as {outcome.ref}"
    words = {NotResearch: "left out", UnreadableFile: "not read", SkippedFile: "skipped"}[type(outcome)]
    return f"{outcome.name}: {words}: {outcome.reason}"


def _told(document: ResearchDocument, level: str) -> list[str]:
    """All notes of one level in one part, or no part."""
    whats = [f"{note.what} (line {note.line})" if note.line else note.what for note in document.notes]
    told = [what for what, note in zip(whats, document.notes, strict=True) if note.level == level]
    return [f"{level}: {'; '.join(told)}"] if told else []

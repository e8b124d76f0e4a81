"""What a manifest names, brought into the database: each row a citable source in a study, the same file only once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from insights.capture.access import visible_studies
from insights.capture.models import Study, StudyStatus
from insights.capture.operations import create_study
from insights.capture.queries import get_study
from insights.core.base import number_of
from insights.core.errors import DomainError, InvalidInput
from insights.exchange.manifest import Manifest, ManifestError, ManifestRow
from insights.exchange.research_import import KeepsFiles
from insights.exchange.single_report import (
    MOST_BYTES,
    ReportFacts,
    ReportFile,
    add_report,
    known_report,
    read_report,
)
from insights.people.models import Member
from insights.people.operations import require_same_area

# What one row may do wrong without stopping the others.
_FAULTS_OF_ONE_ROW = (DomainError, OSError, ValueError, DataError, IntegrityError)


@dataclass(frozen=True, slots=True)
class TakenRow:
    """A row that became the source `ref`, or in a trial would become one, when `ref` is empty."""

    row: ManifestRow
    ref: str
    title: str
    study: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KnownRow:
    """A row whose file the study holds already, as `ref`; in a trial also one that an earlier row brings in."""

    row: ManifestRow
    ref: str


@dataclass(frozen=True, slots=True)
class ManifestImport:
    """What became of the rows, each list in the order of the lines; nothing of a row with an error was stored."""

    taken: tuple[TakenRow, ...]
    known: tuple[KnownRow, ...]
    errors: tuple[ManifestError, ...]
    unused: tuple[str, ...]
    is_stored: bool

    @property
    def lines(self) -> tuple[str, ...]:
        """One line for each row, in the order of the manifest, and one for the columns that were not used."""
        told = [
            *((one.row.line, _line_of_taken(one)) for one in self.taken),
            *((one.row.line, _line_of_known(one)) for one in self.known),
            *((one.line, str(one)) for one in self.errors),
        ]
        unused = [f"columns not used: {', '.join(self.unused)}"] if self.unused else []
        return (*unused, *(line for _number, line in sorted(told, key=lambda each: each[0])))

    @property
    def headline(self) -> str:
        """The counts, in one line for the end."""
        studies = len({one.study for one in self.taken})
        rows = len({one.line for one in self.errors})
        counts = (
            f"{len(self.taken)} {{}} into {studies} studies, {len(self.known)} known already, {rows} rows with errors"
        )
        if self.is_stored:
            return counts.format("imported")
        return f"{counts.format('would be imported')}; nothing was stored"


def import_manifest(
    session: Session,
    *,
    actor: Member,
    files: KeepsFiles,
    manifest: Manifest,
    root: Path,
    study_name: str | None = None,
    dry_run: bool = False,
    strict: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> ManifestImport:
    """Stores what the rows name; `root` is the manifest's folder, `study_name` the study of rows that name none.

    A study that is missing is made as back catalogue. With `dry_run` everything is examined and nothing stored; with
    `strict` one error, in any row, keeps all of them out. `progress` is told the rows done and the rows in all, and
    begins anew when a strict import has examined them. Never commits.
    """
    work = _Work(session, actor, files, root, study_name or "")
    if dry_run or strict:
        tried = _gone_through(manifest, work.examine, progress, is_stored=False)
        if dry_run or tried.errors:
            return tried
    return _gone_through(manifest, work.store, progress, is_stored=True)


_Outcome = TakenRow | KnownRow | ManifestError


def _gone_through(
    manifest: Manifest,
    act: Callable[[ManifestRow], TakenRow | KnownRow],
    progress: Callable[[int, int], None] | None,
    *,
    is_stored: bool,
) -> ManifestImport:
    outcomes: list[_Outcome] = []
    for row in manifest.rows:
        outcomes.append(_outcome(row, act))
        if progress is not None:
            progress(len(outcomes), len(manifest.rows))
    return ManifestImport(
        taken=tuple(one for one in outcomes if isinstance(one, TakenRow)),
        known=tuple(one for one in outcomes if isinstance(one, KnownRow)),
        errors=(*manifest.errors, *(one for one in outcomes if isinstance(one, ManifestError))),
        unused=manifest.unused,
        is_stored=is_stored,
    )


def _outcome(row: ManifestRow, act: Callable[[ManifestRow], TakenRow | KnownRow]) -> _Outcome:
    try:
        return act(row)
    except _FAULTS_OF_ONE_ROW as error:
        named = next(iter(error.fields), "") if isinstance(error, InvalidInput) else ""
        return ManifestError(row.line, named, _why(row, error))


@dataclass(frozen=True, slots=True)
class _Work:
    """One import under way; `seen` holds, in a trial, which content went to which study."""

    session: Session
    actor: Member
    files: KeepsFiles
    root: Path
    study_name: str
    seen: set[tuple[str, str]] = field(default_factory=set)

    def examine(self, row: ManifestRow) -> TakenRow | KnownRow:
        """What `store` would do, with nothing written."""
        report = self._report(row)
        study = self._study_of(row)
        title = self._study_title(row)
        if study is not None:
            require_same_area(self.session, self.actor, study.team_id)
            known = known_report(self.session, study=study, sha256=report.sha256)
            if known is not None:
                return KnownRow(row, known.ref)
        place = (study.ref if study else title, report.sha256)
        if place in self.seen:
            return KnownRow(row, "an earlier row")
        self.seen.add(place)
        return TakenRow(
            row, "", row.title or report.title, study.ref if study else f"a new study “{title}”", _notes(row, report)
        )

    def store(self, row: ManifestRow) -> TakenRow | KnownRow:
        """In a savepoint of its own, so that a row that fails leaves not even its study behind."""
        report = self._report(row)
        with self.session.begin_nested():
            study = self._study_of(row) or create_study(
                self.session, actor=self.actor, title=self._study_title(row), status=StudyStatus.COMPLETED, legacy=True
            )
            added = add_report(
                self.session, actor=self.actor, files=self.files, study=study, report=report, facts=_facts(row)
            )
        if not added.is_new:
            return KnownRow(row, added.source.ref)
        return TakenRow(row, added.source.ref, added.source.title, study.ref, _notes(row, report))

    def _report(self, row: ManifestRow) -> ReportFile:
        path = self.root / row.path
        if not path.resolve(strict=True).is_relative_to(self.root.resolve()):
            raise InvalidInput.of(
                "path", "It is a link that leads out of the manifest’s folder. Copy the file into it."
            )
        if not path.is_file():
            raise InvalidInput.of("path", f"“{row.path}” is not a file. Name each report in a row of its own.")
        with path.open("rb") as file:
            return read_report(row.path, file.read(MOST_BYTES + 1), field="path")

    def _study_title(self, row: ManifestRow) -> str:
        title = row.study or self.study_name
        if not title:
            raise InvalidInput.of(
                "study", "The row names no study. Fill in the cell, or name one for all with --study."
            )
        return title

    def _study_of(self, row: ManifestRow) -> Study | None:
        """The study of that reference or title that the actor sees, one of their own area first."""
        title = self._study_title(row)
        if number_of(title, Study.PREFIX) is not None:
            return get_study(self.session, self.actor, title)
        return self.session.scalar(
            select(Study)
            .where(Study.title == title, visible_studies(self.actor))
            .order_by(Study.team_id != self.actor.team_id, Study.id)
            .limit(1)
        )


def _facts(row: ManifestRow) -> ReportFacts:
    return ReportFacts(
        title=row.title,
        url=row.url,
        dated_on=row.dated_on,
        date_precision=row.date_precision,
        method=row.method,
        participant_count=row.participant_count,
    )


def _notes(row: ManifestRow, report: ReportFile) -> tuple[str, ...]:
    """What was taken from the file because the row does not say it, and what the file left to guess."""
    title = [] if row.title else [f"title from the file: {report.title}"]
    if row.dated_on is None and report.dated_on is not None:
        dated = [f"date from the file: {report.dated_on.isoformat()} ({report.date_precision})"]
    else:
        dated = [] if row.dated_on else ["no date"]
    return (*title, *dated, *report.notes)


def _why(row: ManifestRow, error: Exception) -> str:
    if isinstance(error, DomainError):
        return error.message
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return f"There is no file “{row.path}” in the manifest’s folder. Write its path from there."
    if isinstance(error, OSError):
        return f"“{row.path}” cannot be read: {error.strerror or error}."
    said: object = getattr(error, "orig", None) or error
    return f"Nothing of it was stored. {' '.join(str(said).split())[:300]}"


def _line_of_taken(one: TakenRow) -> str:
    told = f"read as {one.ref}" if one.ref else "would be read as"
    return " | ".join([f"line {one.row.line}, {one.row.path}: {told} “{one.title}” in {one.study}", *one.notes])


def _line_of_known(one: KnownRow) -> str:
    return f"line {one.row.line}, {one.row.path}: known already as {one.ref}"

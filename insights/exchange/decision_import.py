"""Decision files brought into the database with their historic status and day, each of them once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import DataError, IntegrityError, StatementError
from sqlalchemy.orm import Session

from insights.core.errors import DomainError
from insights.decisions.models import Decision, DecisionStatus
from insights.decisions.operations import OPEN_STATUSES, DecisionText, supersede_decision
from insights.decisions.past import record_past_decision
from insights.exchange.decision_files import (
    DecisionDocument,
    NotADecision,
    Reading,
    ReadingNote,
    Supersession,
    SupersessionReading,
    UnreadableFile,
    read_decision_tree,
    resolve_supersession,
)
from insights.exchange.told_by_file import ToldByFile
from insights.people.models import Member, Service

_LONGEST_TITLE = 500
# What one file may do wrong without stopping the others.
_FAULTS_OF_ONE_FILE = (DomainError, ValueError, DataError, IntegrityError)


@dataclass(frozen=True, slots=True)
class ImportedDecision:
    """`name` is the path below the imported folder; `notes` what was guessed or not understood."""

    name: str
    ref: str
    title: str
    status: DecisionStatus
    decided_on: date | None
    notes: tuple[ReadingNote, ...]


@dataclass(frozen=True, slots=True)
class KnownDecision:
    """A file whose bytes were imported before, as `ref`."""

    name: str
    ref: str


@dataclass(frozen=True, slots=True)
class DecisionImport:
    """What became of each file, in the order of the names.

    `superseded` are sentences on pairs recorded on both sides, `problems` on references that were not followed.
    """

    imported: tuple[ImportedDecision, ...]
    known: tuple[KnownDecision, ...]
    not_decisions: tuple[NotADecision, ...]
    unreadable: tuple[UnreadableFile, ...]
    superseded: tuple[str, ...]
    problems: tuple[str, ...]
    lines: tuple[str, ...]

    @property
    def headline(self) -> str:
        """The counts, in one line for the end of the import."""
        undated = sum(one.decided_on is None for one in self.imported)
        return (
            f"{len(self.imported)} imported ({undated} without a date), {len(self.known)} known already,"
            f" {len(self.not_decisions)} not decisions, {len(self.unreadable)} not read;"
            f" {len(self.superseded)} superseded, {len(self.problems)} references not followed"
        )


_Outcome = ImportedDecision | KnownDecision | NotADecision | UnreadableFile


def import_decisions(
    session: Session,
    *,
    actor: Member,
    root: Path,
    service: Service | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> DecisionImport:
    """Reads the folder, or the one file, and stores every decision in it; then which took the place of which.

    `progress` is told the files done and the files in all. Never commits. Raises FileNotFoundError where there is
    nothing at `root`; what is wrong with one file is reported and stops no other.
    """
    readings = list(read_decision_tree(root))
    stored: dict[str, Decision] = {}
    outcomes: list[_Outcome] = []
    for reading in readings:
        outcomes.append(_take_in(session, actor, reading, service, stored))
        if progress is not None:
            progress(len(outcomes), len(readings))
    told = resolve_supersession([one for one in readings if isinstance(one, DecisionDocument)])
    superseded, problems = _record_supersessions(session, actor, told, stored)
    return _sorted_out(outcomes, superseded, problems)


def _take_in(
    session: Session, actor: Member, reading: Reading, service: Service | None, stored: dict[str, Decision]
) -> _Outcome:
    """Stores it in a savepoint of its own and puts it, or what is known of it, into `stored` by its name."""
    if not isinstance(reading, DecisionDocument):
        return reading
    known = session.scalar(select(Decision).where(Decision.source_sha256 == reading.sha256).order_by(Decision.id))
    if known is not None:
        stored[reading.name] = known
        return KnownDecision(reading.name, known.ref)
    try:
        with session.begin_nested():
            decision, notes = _store(session, actor, reading, service)
    except _FAULTS_OF_ONE_FILE as error:
        return UnreadableFile(reading.name, "not opened", f"Nothing of it was stored. {_why(error)}")
    stored[reading.name] = decision
    return ImportedDecision(
        reading.name, decision.ref, decision.title, decision.status, decision.decided_on, (*reading.notes, *notes)
    )


def _store(
    session: Session, actor: Member, document: DecisionDocument, service: Service | None
) -> tuple[Decision, list[ReadingNote]]:
    status, notes = _status_of(document)
    notes += _notes_on_earlier(session, document)
    title, other_sections = document.title, [list(section) for section in document.other_sections]
    if len(title) > _LONGEST_TITLE:
        title = f"{title[: _LONGEST_TITLE - 1]}…"
        other_sections.append(["Title as written", document.title])
        notes.append(ReadingNote("guessed", "the title is cut short; the whole of it stands in a section of its own"))
    decision = record_past_decision(
        session,
        actor=actor,
        text=_text_of(document, title, other_sections),
        status=status,
        decided_on=document.decided_on,
        source_name=document.name,
        source_sha256=document.sha256,
        service=service,
        custom=ToldByFile.by(document, status).as_custom(),
    )
    return decision, notes


def _status_of(document: DecisionDocument) -> tuple[DecisionStatus, list[ReadingNote]]:
    """The file's status; where it has none, what a person would take it for, which is said."""
    if document.status is not None:
        return DecisionStatus(document.status), []
    if document.outcome and not document.status_text:
        what = "no status in the file; it tells its outcome, so it is taken as accepted"
        return DecisionStatus.ACCEPTED, [ReadingNote("guessed", what)]
    return DecisionStatus.PROPOSED, [ReadingNote("guessed", "no status that we know; taken as proposed")]


def _notes_on_earlier(session: Session, document: DecisionDocument) -> list[ReadingNote]:
    """A changed file is another decision, for what was decided is not rewritten; the person who imports is told."""
    earlier = session.scalar(
        select(Decision).where(Decision.source_name == document.name).order_by(Decision.id.desc()).limit(1)
    )
    if earlier is None:
        return []
    what = f"another file of this name was imported before, as {earlier.ref}"
    return [ReadingNote("guessed", what)]


def _text_of(document: DecisionDocument, title: str, other_sections: Sequence[Sequence[str]]) -> DecisionText:
    return DecisionText(
        title=title,
        context=document.context,
        drivers=document.drivers,
        options=[{"title": option.title, "body": option.body} for option in document.options],
        outcome=document.outcome,
        consequences=document.consequences,
        confirmation=document.confirmation,
        more_information=document.more_information,
        decision_makers=document.decision_makers,
        consulted=document.consulted,
        informed=document.informed,
        other_sections=other_sections,
        front_matter=document.front_matter,
    )


def _record_supersessions(
    session: Session, actor: Member, told: SupersessionReading, stored: Mapping[str, Decision]
) -> tuple[list[str], list[str]]:
    """Sentences on what was recorded, and on what could not be: rings and self-reference among them."""
    superseded: list[str] = []
    problems = [problem.what for problem in told.problems]
    for one in told.supersessions:
        old, new = stored.get(one.older), stored.get(one.newer)
        if old is None or new is None or old.superseded_by_id == new.id:
            continue
        refusal = _refusal(session, actor, one, old, new)
        if refusal:
            problems.append(refusal)
        else:
            superseded.append(f"{new.ref} ({one.newer}) took the place of {old.ref} ({one.older})")
    return superseded, problems


def _refusal(session: Session, actor: Member, told: Supersession, old: Decision, new: Decision) -> str:
    """Records the pair and answers '', or says why it was not recorded."""
    if new.status in {*OPEN_STATUSES, DecisionStatus.REJECTED} and old.status is not DecisionStatus.SUPERSEDED:
        return f"{told.newer} names {told.older}, but is {new.status.value} itself: {told.older} stays as it is."
    try:
        with session.begin_nested():
            supersede_decision(session, actor=actor, old=old, new=new)
    except DomainError as error:
        return f"{told.stated_in} says “{told.words}”, which was not recorded: {error.message}"
    return ""


def _why(error: Exception) -> str:
    """In words for people: what the database says comes without the statement and its values."""
    said = error.orig if isinstance(error, StatementError) and error.orig is not None else error
    return " ".join(str(said).split())[:300] or type(error).__name__


def _sorted_out(outcomes: Iterable[_Outcome], superseded: Sequence[str], problems: Sequence[str]) -> DecisionImport:
    kept = list(outcomes)
    return DecisionImport(
        imported=tuple(one for one in kept if isinstance(one, ImportedDecision)),
        known=tuple(one for one in kept if isinstance(one, KnownDecision)),
        not_decisions=tuple(one for one in kept if isinstance(one, NotADecision)),
        unreadable=tuple(one for one in kept if isinstance(one, UnreadableFile)),
        superseded=tuple(superseded),
        problems=tuple(problems),
        lines=tuple(_line(one) for one in kept),
    )


def _line(outcome: _Outcome) -> str:
    """'file: read as DEC-1 “Title”, accepted, 2023-01-31 | guessed … | not understood …'."""
    if isinstance(outcome, ImportedDecision):
        day = outcome.decided_on.isoformat() if outcome.decided_on else "no date"
        read = f"{outcome.name}: read as {outcome.ref} “{outcome.title}”, {outcome.status.value}, {day}"
        return " | ".join([read, *_told(outcome.notes, "guessed"), *_told(outcome.notes, "not understood")])
    if isinstance(outcome, KnownDecision):
        return f"{outcome.name}: known already as {outcome.ref}"
    words = "not a decision" if isinstance(outcome, NotADecision) else "not read"
    return f"{outcome.name}: {words}: {outcome.why}"


def _told(notes: Iterable[ReadingNote], level: str) -> list[str]:
    """All notes of one level in one part, or no part."""
    told = [f"{one.what} (line {one.line})" if one.line else one.what for one in notes if one.level == level]
    return [f"{level}: {'; '.join(told)}"] if told else []

"""From a file that waits to sessions and sources, with the original byte for byte; and back, while nobody minds."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.models import Method, ResearchSession, SourceKind, SourceText, Study, session_participants
from insights.capture.operations import (
    NewPage,
    NewUtterance,
    SourceDetails,
    create_research_session,
    set_participants,
    set_session_deleted,
    set_source_deleted,
    store_source,
)
from insights.capture.queries import get_research_session
from insights.core.activity import record, touch
from insights.core.clock import today
from insights.core.errors import InvalidInput, RuleBroken
from insights.exchange.documents import ReadDocument, document_from_json, relabelled
from insights.exchange.imports.choices import Becomes, FileChoices, SpeakerRole, wanted_before_storing
from insights.exchange.imports.media_types import media_type_of
from insights.exchange.imports.staging import choices_of
from insights.exchange.imports.tables.checking import DryRun, dry_run
from insights.exchange.imports.tables.choices import Shape, TableChoices
from insights.exchange.imports.tables.storing import (
    RowsFile,
    attributes_by_code,
    store_rows_as_sessions,
    store_rows_as_source,
)
from insights.exchange.models import FileStatus, ImportFile
from insights.exchange.research_import import KeepsFiles
from insights.people.models import Member, Participant
from insights.people.operations import find_or_add_participant, require_same_area


@dataclass(frozen=True, slots=True)
class Stored:
    """What came of a file: `refs` of sessions, or of the source where it stands for itself. `rows_left` had errors."""

    refs: tuple[str, ...]
    rows_left: int = 0


def known_content(session: Session, *, study_id: int, sha256: str) -> str | None:
    """The ref of what the study holds of the same bytes already."""
    source = session.scalar(
        select(SourceText)
        .where(SourceText.study_id == study_id, SourceText.sha256 == sha256, SourceText.deleted_at.is_(None))
        .order_by(SourceText.id)
        .limit(1)
    )
    return None if source is None else _ref_of(source)


def store_file(
    session: Session,
    *,
    actor: Member,
    files: KeepsFiles,
    study: Study,
    file: ImportFile,
    content: bytes,
    skip_errors: bool = False,
) -> Stored:
    """Stores what waits, as it was put right; of a table, with `skip_errors` the good rows alone.

    The original is kept before anything can be committed. Raises RuleBroken for what is stored, known or not ready,
    and InvalidInput for what cannot be taken; nothing is stored then.
    """
    require_same_area(session, actor, study.team_id)
    _refuse_unready(session, study, file, content)
    document, choices = document_from_json(file.reading), choices_of(file.choices)
    work = _Work(session, actor, study, file, document, content)
    if isinstance(choices, TableChoices):
        stored = work.store_table(choices, skip_errors=skip_errors)
    else:
        stored = work.store_text(choices)
    file.status = FileStatus.STORED
    session.flush()
    files.keep(content)
    return stored


def undo_file(session: Session, *, actor: Member, study: Study, file: ImportFile) -> None:
    """Takes out of sight what came of the file, which waits again. The original and any highlights are kept."""
    if file.status is not FileStatus.STORED:
        raise RuleBroken(f"“{file.name}” is not stored, so there is nothing to undo.")
    for number in file.made.get("sessions", []):
        held = session.get(ResearchSession, number)
        if held is not None and held.deleted_at is None:
            set_session_deleted(session, actor=actor, research_session=held, study=study, deleted=True)
    for number in file.made.get("sources", []):
        source = session.get(SourceText, number)
        if source is not None and source.deleted_at is None:
            set_source_deleted(session, actor=actor, source=source, study=study, deleted=True)
    file.status = FileStatus.UNDERSTOOD if file.reading else FileStatus.LEFT_OUT
    file.made, file.source_text_id = {}, None
    session.flush()


def dry_run_of(session: Session, *, study: Study, document: ReadDocument, choices: TableChoices) -> DryRun:
    """What the rows of the chosen sheet would become in this study."""
    known = attributes_by_code(session, study.id)
    return dry_run(document.tables[choices.sheet], choices, known=known, today=today(session))


def with_codes(document: ReadDocument, choices: FileChoices) -> ReadDocument:
    """The text as it will be stored: codes for the names of participants, and whatever else was chosen as written."""
    codes = {each.label: each.code for each in choices.speakers if each.role is SpeakerRole.PARTICIPANT and each.code}
    return relabelled(document, codes) if codes else document


def _refuse_unready(session: Session, study: Study, file: ImportFile, content: bytes) -> None:
    if file.status is not FileStatus.UNDERSTOOD:
        said = {FileStatus.STORED: "is stored already", FileStatus.LEFT_OUT: "was left out; take it back first"}
        raise RuleBroken(f"“{file.name}” {said.get(file.status, 'cannot be read')}.")
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise RuleBroken(f"“{file.name}” is not the file that was read. Leave it out and bring it again.")
    known = known_content(session, study_id=study.id, sha256=file.sha256)
    if known is not None:
        raise RuleBroken(f"“{file.name}” is in this study already, as {known}. It was not stored a second time.")


@dataclass(frozen=True, slots=True)
class _Work:
    """One file on its way into a study."""

    session: Session
    actor: Member
    study: Study
    file: ImportFile
    document: ReadDocument
    content: bytes

    def store_text(self, choices: FileChoices) -> Stored:
        wants = wanted_before_storing(choices)
        if wants:
            raise RuleBroken(f"“{self.file.name}” is not ready. {' '.join(wants)}")
        choices, people = _with_participants(self.session, self.actor, self.study, choices)
        told = with_codes(self.document, choices)
        held = _session_for(self.session, self.actor, self.study, choices, people)
        source = store_source(
            self.session,
            actor=self.actor,
            study=self.study,
            details=_details(self.file, told, choices, held),
            text=told.text,
            original=self.content,
            research_session=held,
            utterances=_utterances(told, choices, people),
            pages=[NewPage(page.label, page.start, page.end) for page in told.pages],
        )
        self._tell(choices, source, held)
        # Codes that were drawn stay with their speakers, so that an undone file comes in with the same ones.
        self.file.choices, self.file.source_text_id = choices.as_json(), source.id
        return Stored((source.ref if held is None else held.ref,))

    def store_table(self, choices: TableChoices, *, skip_errors: bool) -> Stored:
        found = dry_run_of(self.session, study=self.study, document=self.document, choices=choices)
        if found.errors and not skip_errors:
            count = "1 row has" if found.bad_rows == 1 else f"{found.bad_rows:,} rows have"
            raise RuleBroken(
                f"“{self.file.name}”: {count} errors, so nothing of it was stored. "
                "Correct them, or bring in the good rows alone."
            )
        if not found.rows:
            raise RuleBroken(f"No row of “{self.file.name}” can be stored.")
        given: dict[str, Any] = {
            "actor": self.actor,
            "study": self.study,
            "choices": choices,
            "rows": found.rows,
            "file": self._rows_file(),
        }
        if choices.shape is Shape.ONE_SOURCE:
            source = store_rows_as_source(self.session, **given)
            self.file.made, self.file.source_text_id = {"sources": [source.id]}, source.id
            return Stored((source.ref,), found.bad_rows)
        made = store_rows_as_sessions(self.session, **given)
        self.file.made, self.file.source_text_id = {"sessions": [held.id for held, _ in made]}, made[0][1].id
        return Stored(tuple(held.ref for held, _ in made), found.bad_rows)

    def _tell(self, choices: FileChoices, source: SourceText, held: ResearchSession | None) -> None:
        """In the activity, so that search finds it; and in the file's row, so that it can be undone."""
        subject = held if held is not None and choices.becomes is Becomes.SESSION else source
        touches = [self.study.ref] if held is None else [self.study.ref, held.ref]
        record(self.session, self.actor, "imported", subject, touches=touches, detail={"sha256": self.file.sha256})
        self.file.made = {"sessions" if subject is held else "sources": [subject.id]}

    def _rows_file(self) -> RowsFile:
        details = SourceDetails(
            kind=SourceKind.SURVEY_ROW,
            original_name=self.file.name,
            media_type=media_type_of(self.document.format),
            encoding=self.document.encoding,
        )
        return RowsFile(details, self.content)


def _with_participants(
    session: Session, actor: Member, study: Study, choices: FileChoices
) -> tuple[FileChoices, Mapping[str, Participant]]:
    """The choices with a code for every participant who speaks, and whom each label stands for."""
    people: dict[str, Participant] = {}
    speakers = []
    for speaker in choices.speakers:
        if speaker.role is SpeakerRole.PARTICIPANT:
            person = find_or_add_participant(session, actor=actor, study_id=study.id, code=speaker.code)
            people[person.code] = person
            speakers.append(replace(speaker, code=person.code))
        else:
            speakers.append(speaker)
    return replace(choices, speakers=tuple(speakers)), people


def _session_for(
    session: Session, actor: Member, study: Study, choices: FileChoices, people: Mapping[str, Participant]
) -> ResearchSession | None:
    codes = [*people, *choices.participants]
    if choices.becomes is Becomes.SOURCE:
        return None
    if choices.becomes is Becomes.EXISTING:
        return _added_to(session, actor, study, choices, codes)
    return create_research_session(
        session,
        actor=actor,
        study=study,
        held_on=choices.dated_on,
        title=choices.title,
        method=choices.method,
        moderator=choices.moderator,
        participants=codes,
    )


def _added_to(session: Session, actor: Member, study: Study, choices: FileChoices, codes: list[str]) -> ResearchSession:
    """The session that is there, with whoever speaks in the file beside those who were known to take part."""
    held, of = get_research_session(session, actor, choices.session_ref)
    if of.id != study.id or held.deleted_at is not None:
        raise InvalidInput.of("session_ref", f"{choices.session_ref} is no session of this study. Choose another.")
    known = session.scalars(
        select(Participant.code)
        .join(session_participants, session_participants.c.participant_id == Participant.id)
        .where(session_participants.c.research_session_id == held.id)
    )
    set_participants(session, actor, held, [*known, *codes])
    touch(session, actor, held)
    return held


def _details(
    file: ImportFile, document: ReadDocument, choices: FileChoices, held: ResearchSession | None
) -> SourceDetails:
    alone = held is None
    return SourceDetails(
        kind=choices.kind,
        title=choices.title,
        original_name=file.name,
        media_type=media_type_of(document.format),
        encoding=document.encoding,
        dated_on=choices.dated_on or (None if held is None else held.held_on),
        date_precision=choices.date_precision,
        method=Method(choices.method) if alone and choices.method else None,
        participant_count=choices.participant_count if alone else None,
        front_matter=document.front_matter,
    )


def _utterances(document: ReadDocument, choices: FileChoices, people: Mapping[str, Participant]) -> list[NewUtterance]:
    who = {each.code: people[each.code].id for each in choices.speakers if each.role is SpeakerRole.PARTICIPANT}
    return [
        NewUtterance(each.start, each.end, each.start_ms, each.end_ms, each.speaker[:200], who.get(each.speaker))
        for each in document.utterances
    ]


def _ref_of(source: SourceText) -> str:
    return source.ref if source.research_session_id is None else f"SES-{source.research_session_id}"

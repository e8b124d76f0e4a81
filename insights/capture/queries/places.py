"""Reads about places in a text: who said what when, printed pages, and the recordings a text was written from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.access import visible_studies
from insights.capture.models import Attachment, Recording, SourceText, Study, TextPage, Utterance, session_participants
from insights.core.base import number_of
from insights.core.errors import NotFound
from insights.people.models import Member


@dataclass(frozen=True, slots=True)
class UtteranceRow:
    """Code points [start, end) of the text; milliseconds from the beginning of the recording, where they are known."""

    number: int
    start: int
    end: int
    start_ms: int | None
    end_ms: int | None
    speaker: str


@dataclass(frozen=True, slots=True)
class PageRow:
    """A printed page: its label, and code points [start, end) of the text."""

    label: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class RecordingRow:
    ref: str
    sha256: str
    media_type: str
    name: str
    size: int
    added_at: datetime


def utterances_of(
    session: Session, text_version_id: int, *, within: tuple[int, int] | None = None
) -> tuple[UtteranceRow, ...]:
    """In the order of the text, of all of it or those that begin `within` code points [start, end).

    Scope was checked when the text was opened.
    """
    query = (
        select(
            Utterance.number,
            Utterance.start,
            Utterance.end,
            Utterance.start_ms,
            Utterance.end_ms,
            Utterance.speaker,
        )
        .where(Utterance.text_version_id == text_version_id)
        .order_by(Utterance.start, Utterance.number)
    )
    if within is not None:
        query = query.where(Utterance.start >= within[0], Utterance.start < within[1])
    return tuple(UtteranceRow(*row) for row in session.execute(query))


def pages_of(session: Session, text_version_id: int, *, within: tuple[int, int] | None = None) -> tuple[PageRow, ...]:
    """In the order of the text, of all of it or those that begin `within` code points [start, end)."""
    query = select(TextPage.label, TextPage.start, TextPage.end).where(TextPage.text_version_id == text_version_id)
    if within is not None:
        query = query.where(TextPage.start >= within[0], TextPage.start < within[1])
    return tuple(PageRow(*row) for row in session.execute(query.order_by(TextPage.start, TextPage.number)))


def recordings_of(session: Session, source_id: int) -> list[RecordingRow]:
    """Those that were not deleted, the first that came first; scope was checked when the source was opened."""
    query = (
        select(Recording, Attachment.size)
        .join(Attachment, Attachment.sha256 == Recording.sha256)
        .where(Recording.source_text_id == source_id, Recording.deleted_at.is_(None))
        .order_by(Recording.id)
    )
    return [
        RecordingRow(each.ref, each.sha256, each.media_type, each.original_name, size, each.created_at)
        for each, size in session.execute(query)
    ]


def get_recording(session: Session, member: Member, ref: str) -> tuple[Recording, SourceText, Study]:
    """Also one that was deleted, so that it can be brought back. Raises NotFound out of scope."""
    row = session.execute(
        select(Recording, SourceText, Study)
        .join(SourceText, SourceText.id == Recording.source_text_id)
        .join(Study, Study.id == SourceText.study_id)
        .where(
            Recording.id == (number_of(ref, Recording.PREFIX) or 0),
            SourceText.deleted_at.is_(None),
            visible_studies(member),
        )
    ).first()
    if row is None:
        raise NotFound(ref)
    return row[0], row[1], row[2]


def speaker_at(session: Session, source: SourceText, start: int) -> int | None:
    """Whose words begin at that code point of the current text: the utterance's, else the session's only participant.

    The answer is a participant's id, or None where nobody can tell.
    """
    said = session.execute(
        select(Utterance.participant_id, Utterance.end)
        .where(Utterance.text_version_id == source.current_version_id, Utterance.start <= start)
        .order_by(Utterance.start.desc(), Utterance.number.desc())
        .limit(1)
    ).first()
    if said is not None and start < said.end:
        # A moderator's words are nobody's among the participants.
        participant_id: int | None = said.participant_id
        return participant_id
    if source.research_session_id is None:
        return None
    there = session.scalars(
        select(session_participants.c.participant_id)
        .where(session_participants.c.research_session_id == source.research_session_id)
        .limit(2)
    ).all()
    return there[0] if len(there) == 1 else None

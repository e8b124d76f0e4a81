"""Reads about places in a text: who said what when, printed pages, and the recordings a text was written from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, literal, null, or_, select, union_all
from sqlalchemy.orm import Session, load_only

from insights.capture.access import visible_studies
from insights.capture.inside import readable_texts, why_closed
from insights.capture.models import (
    Attachment,
    Recording,
    ResearchSession,
    SourceText,
    Study,
    TextPage,
    Utterance,
    session_participants,
)
from insights.capture.queries.reading import FIRST_TEXT, SourcePage
from insights.core.base import number_of
from insights.core.clock import today
from insights.core.errors import NotAllowed, NotFound
from insights.people.models import Member
from insights.people.queries import Choice


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


def utterances_and_pages(
    session: Session, text_version_id: int, *, within: tuple[int, int] | None = None
) -> tuple[tuple[UtteranceRow, ...], tuple[PageRow, ...]]:
    """In the order of the text, of all of it or those that begin `within` code points [start, end).

    Scope was checked when the text was opened.
    """
    found = union_all(
        select(
            literal(0).label("is_page"),
            Utterance.number,
            Utterance.start,
            Utterance.end,
            Utterance.start_ms,
            Utterance.end_ms,
            Utterance.speaker,
        ).where(Utterance.text_version_id == text_version_id),
        select(literal(1), TextPage.number, TextPage.start, TextPage.end, null(), null(), TextPage.label).where(
            TextPage.text_version_id == text_version_id
        ),
    ).subquery()
    query = select(found).order_by(found.c.start, found.c.number)
    if within is not None:
        query = query.where(found.c.start >= within[0], found.c.start < within[1])
    rows = session.execute(query).all()
    return (
        tuple(UtteranceRow(*row[1:]) for row in rows if not row.is_page),
        tuple(PageRow(row.speaker, row.start, row.end) for row in rows if row.is_page),
    )


@dataclass(frozen=True, slots=True)
class Beside:
    """`texts` of the same session by the ref under which each is opened; `recordings` that were not deleted, the first
    that came first.
    """

    texts: Sequence[Choice]
    recordings: Sequence[RecordingRow]


def beside(session: Session, page: SourcePage) -> Beside:
    """What there is beside the text that is read; scope was checked when it was opened."""
    held_id = number_of(page.session_ref or "", ResearchSession.PREFIX)
    sounds = and_(
        Recording.source_text_id == SourceText.id,
        Recording.source_text_id == page.source_id,
        Recording.deleted_at.is_(None),
    )
    same_session = and_(SourceText.research_session_id == held_id, SourceText.deleted_at.is_(None))
    rows = session.execute(
        select(SourceText, Recording, Attachment.size)
        .options(load_only(SourceText.title, SourceText.original_name, SourceText.kind))
        .outerjoin(Recording, sounds)
        .outerjoin(Attachment, Attachment.sha256 == Recording.sha256)
        .where(or_(SourceText.id == page.source_id, same_session))
        .order_by(*FIRST_TEXT, Recording.id)
    ).all()
    texts = list(dict.fromkeys(row[0] for row in rows))
    refs = [f"{ResearchSession.PREFIX}-{held_id}", *(text.ref for text in texts[1:])]
    return Beside(
        [
            Choice(ref, text.original_name or text.title or text.kind.value.capitalize())
            for ref, text in zip(refs, texts, strict=True)
            if text.id != page.source_id
        ],
        [
            RecordingRow(each.ref, each.sha256, each.media_type, each.original_name, size, each.created_at)
            for _text, each, size in rows
            if each is not None
        ],
    )


def get_recording(session: Session, member: Member, ref: str) -> tuple[Recording, SourceText, Study]:
    """Also one that was deleted, so that it can be brought back.

    Raises NotFound out of scope, NotAllowed where its text is closed to the member.
    """
    row = session.execute(
        select(Recording, SourceText, Study, case((readable_texts(member, today(session)), 1), else_=0))
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
    recording, source, study, is_readable = row
    if not is_readable:
        raise NotAllowed(" ".join(why_closed(session, source.id)))
    return recording, source, study


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

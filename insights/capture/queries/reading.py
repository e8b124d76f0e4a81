"""Reads of whole texts for the reader, their versions, and drafts of what is being written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.access import visible_studies
from insights.capture.models import Draft, ResearchSession, SourceText, Study, TextVersion
from insights.capture.queries.sources import codes_of_participants
from insights.core.base import number_of
from insights.core.errors import NotFound
from insights.people.models import Member
from insights.people.queries import Choice

# A text that was taken away is no longer a session's first, unless all of its texts are gone with the session.
_FIRST_TEXT = (SourceText.deleted_at.is_not(None), SourceText.id)


@dataclass(frozen=True, slots=True)
class SourcePage:
    """Everything the reader shows of one source text."""

    ref: str
    source_id: int
    title: str
    text: str
    text_version_id: int
    version_number: int
    study_ref: str
    study: str
    study_id: int
    session_ref: str | None
    held_on: date | None
    date_precision: str
    method: str
    participant_count: int | None
    moderator: str
    observers: str
    participants: tuple[str, ...]
    original_name: str
    sha256: str | None
    url: str
    encoding: str
    front_matter: dict[str, Any]
    deleted_at: datetime | None
    row_version: int
    updated_at: datetime


def source_page(
    session: Session, member: Member, *, source_id: int | None = None, session_id: int | None = None
) -> SourcePage:
    """The reader's page of one source, or of a session's first text. Raises NotFound out of scope."""
    query = (
        select(SourceText, TextVersion, Study, ResearchSession)
        .join(TextVersion, TextVersion.id == SourceText.current_version_id)
        .join(Study, Study.id == SourceText.study_id)
        .outerjoin(ResearchSession, ResearchSession.id == SourceText.research_session_id)
        .where(visible_studies(member))
        .order_by(*_FIRST_TEXT)
    )
    if session_id is not None:
        query = query.where(SourceText.research_session_id == session_id)
    else:
        query = query.where(SourceText.id == source_id, SourceText.deleted_at.is_(None))
    row = session.execute(query.limit(1)).first()
    if row is None:
        raise NotFound(f"SES-{session_id}" if session_id is not None else f"SRC-{source_id}")
    source, version, study, research_session = row
    people = codes_of_participants(session, [research_session.id] if research_session is not None else [])
    return _as_page(source, version, study, research_session, people)


def ref_to_open(session: Session, source_id: int, session_id: int | None) -> str:
    """Where a text is read: its session for the first text of a session, and the text itself for any other."""
    if session_id is None:
        return f"SRC-{source_id}"
    first = session.scalar(
        select(SourceText.id).where(SourceText.research_session_id == session_id).order_by(*_FIRST_TEXT).limit(1)
    )
    return f"SES-{session_id}" if first == source_id else f"SRC-{source_id}"


def other_texts(session: Session, page: SourcePage) -> list[Choice]:
    """The texts of the same session beside the one that is read, by the ref under which each is opened."""
    held_id = number_of(page.session_ref or "", ResearchSession.PREFIX)
    if held_id is None:
        return []
    rows = session.execute(
        select(SourceText.id, SourceText.title, SourceText.original_name, SourceText.kind)
        .where(SourceText.research_session_id == held_id, SourceText.deleted_at.is_(None))
        .order_by(*_FIRST_TEXT)
    ).all()
    refs = [f"SES-{held_id}", *[f"SRC-{row.id}" for row in rows[1:]]]
    return [
        Choice(ref, row.original_name or row.title or row.kind.value.capitalize())
        for ref, row in zip(refs, rows, strict=False)
        if row.id != page.source_id
    ]


def text_version(session: Session, source: SourceText, number: int) -> TextVersion | None:
    return session.scalar(
        select(TextVersion).where(TextVersion.source_text_id == source.id, TextVersion.number == number)
    )


def draft_of(session: Session, member: Member, form_key: str) -> Draft | None:
    return session.scalar(select(Draft).where(Draft.member_id == member.id, Draft.form_key == form_key))


def _as_page(
    source: SourceText,
    version: TextVersion,
    study: Study,
    research_session: ResearchSession | None,
    people: dict[int, list[str]],
) -> SourcePage:
    held = research_session
    return SourcePage(
        ref=source.ref if held is None else held.ref,
        source_id=source.id,
        title=(source.title if held is None else held.title),
        text=version.text,
        text_version_id=version.id,
        version_number=version.number,
        study_ref=study.ref,
        study=study.title,
        study_id=study.id,
        session_ref=None if held is None else held.ref,
        held_on=source.dated_on if held is None else held.held_on,
        date_precision=source.date_precision if held is None else "day",
        method=(source.method.value if source.method else "") if held is None else held.method.value,
        participant_count=source.participant_count if held is None else None,
        moderator="" if held is None else held.moderator,
        observers="" if held is None else held.observers,
        participants=() if held is None else tuple(people.get(held.id, ())),
        original_name=source.original_name,
        sha256=source.sha256,
        url=source.url,
        encoding=source.encoding,
        front_matter=source.front_matter,
        deleted_at=source.deleted_at,
        row_version=source.row_version if held is None else held.row_version,
        updated_at=source.updated_at,
    )

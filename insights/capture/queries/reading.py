"""Reads of whole texts for the reader, their versions, and drafts of what is being written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ScalarSelect, case, func, select
from sqlalchemy.orm import Session

from insights.capture.access import not_withdrawn, visible_studies
from insights.capture.inside import readable_texts
from insights.capture.models import (
    Draft,
    LiveLog,
    LogLine,
    PersonalDataReview,
    ResearchSession,
    SourceText,
    Study,
    TextVersion,
    session_participants,
)
from insights.core.clock import today
from insights.core.errors import NotFound
from insights.people.models import Member, Participant

# A text that was taken away is no longer a session's first, unless all of its texts are gone with the session.
FIRST_TEXT = (SourceText.deleted_at.is_not(None), SourceText.id)


@dataclass(frozen=True, slots=True)
class LogState:
    """What a session's page says of its live log. `late` counts the lines that wait beside the notes."""

    is_running: bool
    late: int


@dataclass(frozen=True, slots=True)
class SourcePage:
    """Everything the reader shows of one source text; `live` is None where the session was not logged live.

    Of a text that `is_closed` to the member nothing of its words is here; `why_closed` says why. One that
    `waits_for_review` is read by the people of its study alone.
    """

    ref: str
    source_id: int
    title: str
    text: str
    text_version_id: int
    version_number: int
    study_ref: str
    study: str
    study_id: int
    team_id: int
    session_ref: str | None
    held_on: date | None
    date_precision: str
    method: str
    participant_count: int | None
    moderator: str
    observers: str
    participants: tuple[str, ...]
    live: LogState | None
    is_closed: bool
    waits_for_review: bool
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
    page = find_source_page(session, member, source_id=source_id, session_id=session_id)
    if page is None:
        raise NotFound(f"SES-{session_id}" if session_id is not None else f"SRC-{source_id}")
    return page


def find_source_page(
    session: Session, member: Member, *, source_id: int | None = None, session_id: int | None = None
) -> SourcePage | None:
    """The same; None out of scope, and for a session that has no text yet."""
    query = (
        select(
            SourceText,
            TextVersion,
            Study,
            ResearchSession,
            LiveLog.id,
            LiveLog.ended_at,
            _codes(),
            _late_lines(),
            case((readable_texts(member, today(session)), 1), else_=0),
        )
        .join(TextVersion, TextVersion.id == SourceText.current_version_id)
        .join(Study, Study.id == SourceText.study_id)
        .outerjoin(ResearchSession, ResearchSession.id == SourceText.research_session_id)
        .outerjoin(LiveLog, LiveLog.research_session_id == ResearchSession.id)
        .where(visible_studies(member), not_withdrawn())
        .order_by(*FIRST_TEXT)
    )
    if session_id is not None:
        query = query.where(SourceText.research_session_id == session_id)
    else:
        query = query.where(SourceText.id == source_id, SourceText.deleted_at.is_(None))
    row = session.execute(query.limit(1)).first()
    if row is None:
        return None
    source, version, study, research_session, log_id, ended_at, codes, late, is_readable = row
    log = None if log_id is None else LogState(ended_at is None, 0 if ended_at is None else late)
    people = tuple(sorted((codes or "").splitlines()))
    page = _as_page(source, version, study, research_session, people=people, log=log)
    return page if is_readable else _closed(page)


def _closed(page: SourcePage) -> SourcePage:
    """Without anything that its words could be told from."""
    return replace(page, is_closed=True, text="", original_name="", sha256=None, front_matter={}, live=None)


def ref_to_open(session: Session, source_id: int, session_id: int | None) -> str:
    """Where a text is read: its session for the first text of a session, and the text itself for any other."""
    if session_id is None:
        return f"SRC-{source_id}"
    first = session.scalar(
        select(SourceText.id).where(SourceText.research_session_id == session_id).order_by(*FIRST_TEXT).limit(1)
    )
    return f"SES-{session_id}" if first == source_id else f"SRC-{source_id}"


def text_version(session: Session, source: SourceText, number: int) -> TextVersion | None:
    return session.scalar(
        select(TextVersion).where(TextVersion.source_text_id == source.id, TextVersion.number == number)
    )


def draft_of(session: Session, member: Member, form_key: str) -> Draft | None:
    return session.scalar(select(Draft).where(Draft.member_id == member.id, Draft.form_key == form_key))


def _codes() -> ScalarSelect[str]:
    """The codes of the session's participants, one a line."""
    return (
        select(func.aggregate_strings(Participant.code, "\n"))
        .join(session_participants, session_participants.c.participant_id == Participant.id)
        .where(session_participants.c.research_session_id == ResearchSession.id)
        .correlate(ResearchSession)
        .scalar_subquery()
    )


def _late_lines() -> ScalarSelect[int]:
    return (
        select(func.count(LogLine.id))
        .where(LogLine.live_log_id == LiveLog.id, LogLine.is_late())
        .correlate(LiveLog)
        .scalar_subquery()
    )


def _as_page(
    source: SourceText,
    version: TextVersion,
    study: Study,
    research_session: ResearchSession | None,
    *,
    people: tuple[str, ...],
    log: LogState | None,
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
        team_id=study.team_id,
        session_ref=None if held is None else held.ref,
        held_on=source.dated_on if held is None else held.held_on,
        date_precision=source.date_precision if held is None else "day",
        method=(source.method.value if source.method else "") if held is None else held.method.value,
        participant_count=source.participant_count if held is None else None,
        moderator="" if held is None else held.moderator,
        observers="" if held is None else held.observers,
        participants=people,
        live=log,
        is_closed=False,
        waits_for_review=held is not None and source.personal_data_review is PersonalDataReview.NOT_REVIEWED,
        original_name=source.original_name,
        sha256=source.sha256,
        url=source.url,
        encoding=source.encoding,
        front_matter=source.front_matter,
        deleted_at=source.deleted_at,
        row_version=source.row_version if held is None else held.row_version,
        updated_at=source.updated_at,
    )

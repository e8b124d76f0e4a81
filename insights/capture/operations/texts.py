"""Changes to source texts: their versions, and the files that they came from."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from insights.capture.models import (
    Attachment,
    Method,
    ResearchSession,
    SourceKind,
    SourceText,
    Study,
    TextPage,
    TextVersion,
    Utterance,
)
from insights.capture.operations.days import sensible_day
from insights.core.activity import add, record, touch
from insights.core.checks import optional_line, required_line
from insights.core.clock import now
from insights.core.errors import InvalidInput
from insights.core.text import canonical_text
from insights.people.models import Member
from insights.people.operations import require_same_area, web_address

LONGEST_SOURCE = 5_000_000


@dataclass(frozen=True, slots=True)
class ReportDetails:
    """What is known of a report that comes in from outside (features.md A8)."""

    title: str
    original_name: str = ""
    encoding: str = "utf-8"
    url: str = ""
    dated_on: date | None = None
    date_precision: str = "day"
    method: Method | None = None
    participant_count: int | None = None
    front_matter: Mapping[str, Any] | None = None


def import_report(
    session: Session, *, actor: Member, study: Study, details: ReportDetails, text: str, original: bytes
) -> SourceText | None:
    """A report as a citable source of its own; None when the study already holds a file of the same content."""
    require_same_area(session, actor, study.team_id)
    digest = hashlib.sha256(original).hexdigest()
    known = select(SourceText.id).where(
        SourceText.study_id == study.id, SourceText.sha256 == digest, SourceText.deleted_at.is_(None)
    )
    if session.scalar(known):
        return None
    source = SourceText(
        study_id=study.id,
        research_session_id=None,
        kind=SourceKind.DOCUMENT,
        title=required_line("title", details.title[:500], label="a title"),
        url=web_address("url", details.url),
        encoding=details.encoding,
        dated_on=details.dated_on,
        date_precision=details.date_precision,
        method=details.method,
        participant_count=details.participant_count,
        front_matter=dict(details.front_matter or {}),
    )
    attach_original(session, source, details.original_name, original)
    add(session, actor, source)
    add_text_version(session, actor=actor, source=source, text=canonical_text(text))
    record(session, actor, "imported", source, touches=[study.ref], detail={"sha256": digest})
    return source


@dataclass(frozen=True, slots=True)
class SourceDetails:
    """What is known of a text that was read from a file; `media_type` is the file's."""

    kind: SourceKind
    title: str = ""
    original_name: str = ""
    media_type: str = "application/octet-stream"
    encoding: str = "utf-8"
    dated_on: date | None = None
    date_precision: str = "day"
    method: Method | None = None
    participant_count: int | None = None
    front_matter: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class NewUtterance:
    """One cue or turn: code points [start, end) of the text, times in milliseconds."""

    start: int
    end: int
    start_ms: int | None = None
    end_ms: int | None = None
    speaker: str = ""
    participant_id: int | None = None


@dataclass(frozen=True, slots=True)
class NewPage:
    """A printed page: code points [start, end) of the text."""

    label: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class OriginalFile:
    """A file that comes with the notes of a session. The rest holds where the notes are the file's own text."""

    name: str
    content: bytes
    encoding: str = "utf-8"
    media_type: str = "text/markdown"
    kind: SourceKind = SourceKind.NOTE
    utterances: Sequence[NewUtterance] = ()
    pages: Sequence[NewPage] = ()


def store_source(
    session: Session,
    *,
    actor: Member,
    study: Study,
    details: SourceDetails,
    text: str,
    original: bytes,
    research_session: ResearchSession | None = None,
    utterances: Sequence[NewUtterance] = (),
    pages: Sequence[NewPage] = (),
) -> SourceText:
    """A text read from a file, with its places in time and on paper; of a session, or a source of its own.

    Callers record what was done. Raises InvalidInput for a text without words or longer than LONGEST_SOURCE, and
    ValueError for one that is not canonical, for then its places would not be where they say.
    """
    require_same_area(session, actor, study.team_id)
    _require_sound(text)
    source = SourceText(
        study_id=study.id,
        research_session_id=None if research_session is None else research_session.id,
        kind=details.kind,
        title=optional_line("title", details.title, label="the title"),
        encoding=details.encoding,
        dated_on=sensible_day("dated_on", details.dated_on),
        date_precision=details.date_precision,
        method=details.method,
        participant_count=details.participant_count,
        front_matter=dict(details.front_matter or {}),
    )
    attach_original(session, source, details.original_name, original, media_type=details.media_type)
    add(session, actor, source)
    version = add_text_version(session, actor=actor, source=source, text=text)
    add_places(session, version, utterances, pages)
    return source


def set_source_deleted(session: Session, *, actor: Member, source: SourceText, study: Study, deleted: bool) -> None:
    """Takes one text out of sight, or brings it back; its file and highlights are kept either way."""
    require_same_area(session, actor, study.team_id)
    source.deleted_at = now(session) if deleted else None
    touch(session, actor, source)
    held = [] if source.research_session_id is None else [f"SES-{source.research_session_id}"]
    record(session, actor, "deleted" if deleted else "restored", source, touches=[study.ref, *held])


def add_text_version(session: Session, *, actor: Member | None, source: SourceText, text: str) -> TextVersion:
    """The next version of a source's text, made current. Callers carry the highlights over."""
    parent = None if source.current_version_id is None else session.get(TextVersion, source.current_version_id)
    version = TextVersion(
        source_text_id=source.id,
        number=1 if parent is None else parent.number + 1,
        text=text,
        length=len(text),
        parent_id=None if parent is None else parent.id,
        created_at=now(session),
        created_by_id=None if actor is None else actor.id,
    )
    session.add(version)
    session.flush()
    source.current_version_id = version.id
    session.flush()
    return version


def attach_original(
    session: Session, source: SourceText, name: str, content: bytes, *, media_type: str = "text/markdown"
) -> None:
    digest = hashlib.sha256(content).hexdigest()
    if session.get(Attachment, digest) is None:
        session.add(Attachment(sha256=digest, size=len(content), media_type=media_type, added_at=now(session)))
        session.flush()
    source.sha256, source.original_name = digest, _file_name(name)


def _require_sound(text: str) -> None:
    if canonical_text(text) != text:
        raise ValueError("A text with places in it has to come in its canonical form.")
    if len(text) > LONGEST_SOURCE:
        raise InvalidInput.of(
            "text", f"The text has {len(text):,} characters; {LONGEST_SOURCE:,} is the most. Split the file."
        )
    if not any(char.isalnum() for char in text):
        raise InvalidInput.of("text", "There are no words in it to read or to cite.")


def add_places(
    session: Session, version: TextVersion, utterances: Sequence[NewUtterance], pages: Sequence[NewPage]
) -> None:
    """Where in time and on paper the passages of a version lie; the version has none yet."""
    if utterances:
        rows = [
            {"text_version_id": version.id, "number": number, **asdict(each)}
            for number, each in enumerate(utterances, start=1)
        ]
        session.execute(insert(Utterance), rows)
    if pages:
        sheets = [
            {
                "text_version_id": version.id,
                "number": number,
                "label": each.label[:40],
                "start": each.start,
                "end": each.end,
            }
            for number, each in enumerate(pages, start=1)
        ]
        session.execute(insert(TextPage), sheets)


def _file_name(name: str) -> str:
    return re.sub(r"[\x00-\x1f]", "", name)[:1000]

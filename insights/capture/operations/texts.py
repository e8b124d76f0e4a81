"""Changes to source texts: their versions, and the files that they came from."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.models import Attachment, Method, SourceKind, SourceText, Study, TextVersion
from insights.core.activity import add, record
from insights.core.checks import required_line
from insights.core.clock import now
from insights.core.text import canonical_text
from insights.people.models import Member
from insights.people.operations import require_same_area, web_address


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


def attach_original(session: Session, source: SourceText, name: str, content: bytes) -> None:
    digest = hashlib.sha256(content).hexdigest()
    if session.get(Attachment, digest) is None:
        session.add(Attachment(sha256=digest, size=len(content), media_type="text/markdown", added_at=now(session)))
        session.flush()
    source.sha256, source.original_name = digest, _file_name(name)


def _file_name(name: str) -> str:
    return re.sub(r"[\x00-\x1f]", "", name)[:1000]

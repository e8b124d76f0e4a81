"""Recordings and consent papers that lie open in the file store, from before there was a vault, are closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Column, select
from sqlalchemy.orm import Session

from insights.capture.models import Attachment, Recording, SourceText
from insights.core.activity import record, touch
from insights.core.base import Base
from insights.core.clock import now
from insights.people.models import Consent, SealedFile
from insights.people.vault.files import Closed, Ready, add_closed, ready_for_paper, ready_for_recording

CLOSED = "closed the file of"


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file that lies open: whose it is ('RCD-3' or 'CST-5'), and the SHA-256 by which the store knows it."""

    ref: str
    sha256: str


def files_to_close(session: Session) -> list[OpenFile]:
    """Recordings first, deleted ones too: what can be brought back can be heard."""
    closed = select(SealedFile.sha256)
    sounds = select(Recording).where(Recording.sha256.not_in(closed)).order_by(Recording.id)
    papers = (
        select(Consent)
        .where(Consent.evidence_sha256.is_not(None), Consent.evidence_sha256.not_in(closed))
        .order_by(Consent.id)
    )
    found = [OpenFile(each.ref, each.sha256) for each in session.scalars(sounds)]
    return found + [OpenFile(each.ref, each.evidence_sha256 or "") for each in session.scalars(papers)]


def ready_for(session: Session, file: OpenFile) -> Ready:
    """May store the key of a person, so it is called in a unit that writes."""
    subject = _subject(session, file)
    if isinstance(subject, Recording):
        return ready_for_recording(f"{SourceText.PREFIX}-{subject.source_text_id}")
    return ready_for_paper(session, subject.participant_id)


def put_closed(session: Session, file: OpenFile, closed: Closed) -> bool:
    """Lets the record name the closed file. True where nothing names the open one any more, so that it can go."""
    subject = _subject(session, file)
    add_closed(session, closed)
    before = session.get_one(Attachment, file.sha256)
    session.add(Attachment(sha256=closed.sha256, size=closed.size, media_type=before.media_type, added_at=now(session)))
    session.flush()
    if isinstance(subject, Recording):
        subject.sha256 = closed.sha256
    else:
        subject.evidence_sha256, subject.evidence_name = closed.sha256, ""
    touch(session, None, subject)
    record(session, None, CLOSED, subject)
    if _is_named(session, file.sha256):
        return False
    session.delete(before)
    session.flush()
    return True


def _subject(session: Session, file: OpenFile) -> Recording | Consent:
    number = int(file.ref.rpartition("-")[2])
    if file.ref.startswith(f"{Recording.PREFIX}-"):
        return session.get_one(Recording, number)
    return session.get_one(Consent, number)


def _is_named(session: Session, sha256: str) -> bool:
    return any(session.execute(select(column).where(column == sha256).limit(1)).first() for column in _naming_columns())


def _naming_columns() -> Sequence[Column[str]]:
    """Every column of the database that names a kept file, those of later stages too."""
    kept = Attachment.__table__.c.sha256
    tables = (Base.metadata.tables[name] for name in sorted(Base.metadata.tables))
    return [key.parent for table in tables for key in table.foreign_keys if key.references(kept.table)]

"""Sound and film that a text was written from (features.md A5)."""

from __future__ import annotations

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.models import Attachment, Recording, SourceText, Study
from insights.core.activity import add, record, touch
from insights.core.clock import now
from insights.core.errors import InvalidInput, RuleBroken
from insights.people.models import Member
from insights.people.operations import require_same_area
from insights.people.vault.files import Closed, add_closed, same_content

# What a file begins with tells its kind; its name and what the browser says of it do not count.
SNIFFED = 64
_KINDS = "MP3, M4A, WAV, Ogg, WebM or MP4"
_AUDIO_BRANDS = (b"M4A ", b"M4B ")
_FILM_BRANDS = (
    b"isom",
    b"iso2",
    b"iso4",
    b"iso5",
    b"iso6",
    b"mp41",
    b"mp42",
    b"avc1",
    b"dash",
    b"M4V ",
    b"MSNV",
    b"3gp4",
    b"3gp5",
)


def kind_of_recording(head: bytes) -> str:
    """The media type of a file that begins with these bytes. Raises InvalidInput for what is no recording we play."""
    if not head:
        raise InvalidInput.of("recording", "The file is empty. Choose another.")
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        return "audio/wav"
    if head.startswith(b"OggS"):
        return "audio/ogg"
    if head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head:
        return "video/webm"
    if head[4:8] == b"ftyp" and head[8:12] in _AUDIO_BRANDS:
        return "audio/mp4"
    if head[4:8] == b"ftyp" and head[8:12] in _FILM_BRANDS:
        return "video/mp4"
    if head.startswith(b"ID3") or _begins_mpeg_audio(head):
        return "audio/mpeg"
    raise InvalidInput.of("recording", f"This file is not a recording that can be played here. Choose {_KINDS}.")


def attach_recording(
    session: Session,
    *,
    actor: Member,
    source: SourceText,
    study: Study,
    sha256: str,
    size: int,
    media_type: str,
    name: str,
) -> Recording:
    """Joins a file that is kept under that SHA-256 to a source. Raises RuleBroken where it is joined already."""
    require_same_area(session, actor, study.team_id)
    if session.get(Attachment, sha256) is None:
        session.add(Attachment(sha256=sha256, size=size, media_type=media_type, added_at=now(session)))
        session.flush()
    there = session.scalar(
        select(Recording).where(
            Recording.source_text_id == source.id, Recording.sha256 == sha256, Recording.deleted_at.is_(None)
        )
    )
    if there is not None:
        raise RuleBroken(f"This recording is attached already, as {there.original_name}.")
    recording = Recording(source_text_id=source.id, sha256=sha256, media_type=media_type, original_name=_line_of(name))
    add(session, actor, recording)
    record(session, actor, "attached", recording, detail={"to": source.ref})
    return recording


def attach_closed_recording(
    session: Session, *, actor: Member, source: SourceText, study: Study, closed: Closed, media_type: str, name: str
) -> Recording:
    """Joins a recording that was closed into the store (docs/adr/0016). Raises as `attach_recording`."""
    require_same_area(session, actor, study.team_id)
    same = same_content(session, closed)
    there = session.scalar(
        select(Recording).where(
            Recording.source_text_id == source.id, Recording.sha256.in_(same), Recording.deleted_at.is_(None)
        )
    )
    if there is not None:
        raise RuleBroken(f"This recording is attached already, as {there.original_name}.")
    add_closed(session, closed)
    return attach_recording(
        session,
        actor=actor,
        source=source,
        study=study,
        sha256=closed.sha256,
        size=closed.size,
        media_type=media_type,
        name=name,
    )


def set_recording_deleted(
    session: Session, *, actor: Member, recording: Recording, study: Study, deleted: bool
) -> None:
    """Takes a recording away from its source, or brings it back; its file is kept until it is purged."""
    require_same_area(session, actor, study.team_id)
    recording.deleted_at = now(session) if deleted else None
    touch(session, actor, recording)
    record(session, actor, "deleted" if deleted else "restored", recording)


def _begins_mpeg_audio(head: bytes) -> bool:
    """The sync word of a frame of MPEG audio, layer III, with a bit rate and a sample rate that exist."""
    if len(head) < 4:  # noqa: PLR2004 - a frame's header
        return False
    layer, rate, frequency = head[1] >> 1 & 3, head[2] >> 4, head[2] >> 2 & 3
    return head[0] == 0xFF and head[1] >= 0xE0 and layer == 1 and rate not in {0, 15} and frequency != 3  # noqa: PLR2004 - ISO 11172-3


def _line_of(name: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f]", "", name)[:1000] or "recording"

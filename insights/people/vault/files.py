"""Closed files and their keys: what the file store keeps of recordings and consent papers."""

from __future__ import annotations

import io
import uuid
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import IO, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.core.keys import keys_of
from insights.people.models import Participant
from insights.people.models.vault import SealedFile, VaultKey
from insights.people.vault.closed_files import Closing, ClosingReader, OpenedFile
from insights.people.vault.errors import Altered, CannotOpen
from insights.people.vault.keys import BLIND_INDEX, drawn_secret, key_for, person_key_name, store_key, unwrapped
from insights.people.vault.marks import MarkKind, mark_of
from insights.people.vault.sealing import DoesNotOpen


class FilePurpose(StrEnum):
    RECORDING = "recording"
    CONSENT_PAPER = "consent_paper"


class KeepsStreams(Protocol):
    """The file store."""

    def keep_stream(self, stream: IO[bytes]) -> tuple[str, int]:
        """Stores what the stream holds and answers its SHA-256 and its size."""
        ...

    def path_of(self, digest: str) -> Path:
        """Where the content of that SHA-256 lies."""
        ...


@dataclass(frozen=True, slots=True)
class Ready:
    """A closing that can begin: what the file is bound to, and its key; `key_id` is None of a key not yet stored."""

    closing: Closing
    secret: bytes = field(repr=False)
    key_id: int | None = None


@dataclass(frozen=True, slots=True)
class Closed:
    """A file that lies closed in the store and is not yet known to the database. `size` is that of the closed bytes."""

    ready: Ready
    sha256: str
    size: int
    plain_size: int
    plain_digest: str = field(repr=False)


def ready_for_recording(source_ref: str) -> Ready:
    """A recording has a key of its own, for several people may be heard in it; it is stored with the row."""
    return Ready(Closing(str(uuid.uuid4()), FilePurpose.RECORDING.value, source_ref), drawn_secret())


def ready_for_paper(session: Session, participant_id: int) -> Ready:
    """A consent paper is closed with the key of the person who signed it."""
    key = key_for(session, person_key_name(participant_id))
    closing = Closing(str(uuid.uuid4()), FilePurpose.CONSENT_PAPER.value, f"{Participant.PREFIX}-{participant_id}")
    return Ready(closing, key.secret, key.id)


def close_into(store: KeepsStreams, plain: IO[bytes], ready: Ready) -> Closed:
    """Closes the stream into the store, a piece at a time; no byte of it touches the store as it is."""
    reader = ClosingReader(plain, ready.secret, ready.closing)
    sha256, size = store.keep_stream(io.BufferedReader(reader))
    return Closed(ready, sha256, size, reader.plain_size, reader.plain_digest)


def same_content(session: Session, closed: Closed) -> list[str]:
    """The names in the store of files of the same content that were closed for the same record before."""
    closing = closed.ready.closing
    found = select(SealedFile.sha256).where(
        SealedFile.plain_mark == _content_mark(session, closed),
        SealedFile.purpose == closing.purpose,
        SealedFile.bound_to == closing.bound_to,
    )
    return list(session.scalars(found.order_by(SealedFile.id)))


def add_closed(session: Session, closed: Closed) -> SealedFile:
    closing, key_id = closed.ready.closing, closed.ready.key_id
    if key_id is None:
        key_id = store_key(session, f"{closing.purpose}/{closing.id}", closed.ready.secret).id
    row = SealedFile(
        id=closing.id,
        purpose=closing.purpose,
        bound_to=closing.bound_to,
        sha256=closed.sha256,
        vault_key_id=key_id,
        plain_size=closed.plain_size,
        plain_mark=_content_mark(session, closed),
    )
    session.add(row)
    session.flush()
    return row


def sealed_file(session: Session, sha256: str) -> tuple[SealedFile, VaultKey] | None:
    """None for a file that lies in the store as it is."""
    row = session.execute(
        select(SealedFile, VaultKey)
        .join(VaultKey, VaultKey.id == SealedFile.vault_key_id)
        .where(SealedFile.sha256 == sha256)
    ).first()
    return None if row is None else (row[0], row[1])


def open_file(session: Session, store: KeepsStreams, sha256: str) -> tuple[IO[bytes], int]:
    """The content of a file, closed or not, as a seekable stream, and its size in bytes.

    Raises FileNotFoundError, and for closed files MasterKeyMissing, KeyDestroyed or Altered.
    """
    found = sealed_file(session, sha256)
    path = store.path_of(sha256)
    if found is None:
        return path.open("rb"), path.stat().st_size
    row, key_row = found
    secret = unwrapped(keys_of(session), key_row).secret
    lying = path.open("rb")
    try:
        opened = OpenedFile(lying, secret, Closing(row.id, row.purpose, row.bound_to))
    except DoesNotOpen:
        lying.close()
        raise Altered(f"A {row.purpose.replace('_', ' ')} of {row.bound_to}") from None
    return io.BufferedReader(opened), opened.size


def whole_file_opens(session: Session, store: KeepsStreams, sha256: str) -> None:
    """Reads all of it. Raises as `open_file`, and Altered for a piece in the middle."""
    found = sealed_file(session, sha256)
    stream, _size = open_file(session, store, sha256)
    with stream:
        try:
            while stream.read(1 << 20):
                pass
        except DoesNotOpen:
            where = "A file" if found is None else f"A {found[0].purpose.replace('_', ' ')} of {found[0].bound_to}"
            raise Altered(where) from None


class OpeningFiles:
    """A file store that gives the content of closed files too, for exports that carry recordings."""

    def __init__(self, session: Session, store: KeepsStreams) -> None:
        self._session, self._store = session, store

    def open(self, sha256: str) -> IO[bytes] | None:
        """None for a file that is gone or cannot be opened any more."""
        try:
            return open_file(self._session, self._store, sha256)[0]
        except (FileNotFoundError, CannotOpen):
            return None


class WithheldFiles:
    """Gives nothing: for those who may take a study away and may not hear who is in it."""

    def open(self, sha256: str) -> IO[bytes] | None:  # noqa: ARG002 - as OpeningFiles
        return None


def _content_mark(session: Session, closed: Closed) -> str:
    return mark_of(key_for(session, BLIND_INDEX).secret, MarkKind.CONTENT, closed.plain_digest)

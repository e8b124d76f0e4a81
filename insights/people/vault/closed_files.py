"""Closed files: pieces of 64 KiB, each closed by itself, so that a player may begin anywhere and nothing can be moved.

A closed file is: magic (4 bytes), version (1 byte), salt (32 bytes), then pieces of ciphertext with their tags. The
key of the file is derived from the data key and the salt; the nonce of a piece is its number and whether it is the last
(as in the STREAM construction), so that pieces cannot be swapped, repeated, left out or cut off.
"""

from __future__ import annotations

import hashlib
import io
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from insights.people.vault.sealing import DoesNotOpen

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

PIECE = 64 * 1024
_MAGIC = b"RHV\x00"
_VERSION = b"\x01"
_SALT_BYTES = 32
_TAG_BYTES = 16
_HEAD_BYTES = len(_MAGIC) + len(_VERSION) + _SALT_BYTES


@dataclass(frozen=True, slots=True)
class Closing:
    """What the pieces are bound to beside their number: the row's id, what the file is for, and whose it is."""

    id: str
    purpose: str
    bound_to: str

    def bound(self) -> bytes:
        return f"sealed_files\x1f{self.id}\x1f{self.purpose}\x1f{self.bound_to}".encode()


class ClosingReader(io.RawIOBase):
    """Reads a stream and gives its closed form, a piece at a time; afterwards it knows size and digest of the plain."""

    def __init__(self, plain: IO[bytes], key: bytes, closing: Closing) -> None:
        self.plain_size = 0
        self._digest = hashlib.sha256()
        self._pieces = self._closed(plain, key, closing)
        self._waiting = b""

    @property
    def plain_digest(self) -> str:
        return self._digest.hexdigest()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        if not self._waiting:
            self._waiting = next(self._pieces, b"")
        view = memoryview(buffer).cast("B")
        part, self._waiting = self._waiting[: len(view)], self._waiting[len(view) :]
        view[: len(part)] = part
        return len(part)

    def _closed(self, plain: IO[bytes], key: bytes, closing: Closing) -> Iterator[bytes]:
        salt = secrets.token_bytes(_SALT_BYTES)
        head = _MAGIC + _VERSION + salt
        cipher, bound = AESGCM(_file_key(key, salt)), head + closing.bound()
        yield head
        number, piece = 0, _whole_piece(plain)
        while True:
            following = _whole_piece(plain)
            self._digest.update(piece)
            self.plain_size += len(piece)
            yield cipher.encrypt(_nonce(number, last=not following), piece, bound)
            if not following:
                return
            number, piece = number + 1, following


class OpenedFile(io.RawIOBase):
    """A closed file read as if it were open. Raises DoesNotOpen where a piece is not what was closed there."""

    def __init__(self, closed: IO[bytes], key: bytes, closing: Closing) -> None:
        head = closed.read(_HEAD_BYTES)
        if len(head) != _HEAD_BYTES or not head.startswith(_MAGIC + _VERSION):
            raise DoesNotOpen("This is no closed file.")
        self._closed, self._bound = closed, head + closing.bound()
        self._cipher = AESGCM(_file_key(key, head[len(_MAGIC) + len(_VERSION) :]))
        self._pieces, self.size = _measured(closed.seek(0, io.SEEK_END))
        self._at = 0
        self._held: tuple[int, bytes] = (-1, b"")
        # The last piece is read first: a file that was cut off is refused before a byte of it goes out.
        self._piece(self._pieces - 1)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        if self._at >= self.size or not len(view):
            return 0
        number, within = divmod(self._at, PIECE)
        part = self._piece(number)[within : within + len(view)]
        view[: len(part)] = part
        self._at += len(part)
        return len(part)

    def close(self) -> None:
        self._closed.close()
        super().close()

    def _piece(self, number: int) -> bytes:
        if self._held[0] != number:
            self._closed.seek(_HEAD_BYTES + number * (PIECE + _TAG_BYTES))
            closed = self._closed.read(PIECE + _TAG_BYTES)
            try:
                plain = self._cipher.decrypt(_nonce(number, last=number == self._pieces - 1), closed, self._bound)
            except InvalidTag:
                raise DoesNotOpen("A piece of the file is not what was closed there.") from None
            self._held = (number, plain)
        return self._held[1]


def _measured(closed_size: int) -> tuple[int, int]:
    """The number of pieces and the size of the plain content, of a closed file of that size."""
    body = closed_size - _HEAD_BYTES
    pieces = -(-body // (PIECE + _TAG_BYTES))
    if body < _TAG_BYTES or body - (pieces - 1) * (PIECE + _TAG_BYTES) < _TAG_BYTES:
        raise DoesNotOpen("The file was cut off.")
    return pieces, body - pieces * _TAG_BYTES


def _whole_piece(plain: IO[bytes]) -> bytes:
    """A piece of the full size, also from a stream that hands out less at a time; shorter at the end alone."""
    parts, missing = [], PIECE
    while missing and (part := plain.read(missing)):
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


def _nonce(number: int, *, last: bool) -> bytes:
    return bytes(7) + number.to_bytes(4, "big") + (b"\x01" if last else b"\x00")


def _file_key(key: bytes, salt: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"research-hub closed file").derive(key)

"""Closing and opening one value: AES-256-GCM, bound to the place it stands in.

A closed value is: version (1 byte), length of the key id (1 byte), key id, nonce (12 bytes), closed bytes with their
tag (16 bytes). The head and the place are authenticated with it, so that a value moved to another row, column or table
does not open, nor one whose key id was changed.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = 1
NONCE_BYTES = 12
_TAG_BYTES = 16


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands: table, column, and the row's id."""

    table: str
    column: str
    row: int | str

    def bound(self) -> bytes:
        return "\x1f".join((self.table, self.column, str(self.row))).encode()


class DoesNotOpen(Exception):
    """The bytes are not what was closed in this place with this key; the words say no more than that."""


def seal(key: bytes, key_id: str, place: Place, plain: bytes) -> bytes:
    """`key` has 32 bytes; `key_id` is at most 255 ASCII characters."""
    named = key_id.encode("ascii")
    head = bytes((VERSION, len(named))) + named
    nonce = secrets.token_bytes(NONCE_BYTES)
    return head + nonce + AESGCM(key).encrypt(nonce, plain, head + place.bound())


def key_id_of(sealed: bytes) -> str:
    """The id of the key that closed the value. Raises DoesNotOpen for what is no closed value."""
    return _parted(sealed)[0].decode("ascii", errors="replace")


def open_sealed(key: bytes, place: Place, sealed: bytes) -> bytes:
    """Raises DoesNotOpen where key, place or bytes are not the ones of the closing."""
    named, nonce, closed = _parted(sealed)
    head = bytes((VERSION, len(named))) + named
    try:
        return AESGCM(key).decrypt(nonce, closed, head + place.bound())
    except InvalidTag:
        raise DoesNotOpen("The value was not closed in this place with this key.") from None


def _parted(sealed: bytes) -> tuple[bytes, bytes, bytes]:
    """Key id, nonce and closed bytes."""
    length = sealed[1] if len(sealed) > 1 else 0
    start = 2 + length
    if not sealed or sealed[0] != VERSION or len(sealed) < start + NONCE_BYTES + _TAG_BYTES:
        raise DoesNotOpen("These bytes are no closed value.")
    return sealed[2:start], sealed[start : start + NONCE_BYTES], sealed[start + NONCE_BYTES :]

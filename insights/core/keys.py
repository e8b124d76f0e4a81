"""The installation's keys. Like the clock they travel with the database session, and never lie in the database.

Two things need them: the chain of the audit record (an HMAC), and the vault, whose master key wraps the key of each
person. Whoever holds a copy of the database alone can read no name, and can change no entry without being found out.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Self

from sqlalchemy.orm import Session

KEY_BYTES = 32
"""AES-256 and HMAC-SHA-256 both take 32 bytes."""


@dataclass(frozen=True, slots=True)
class MasterKey:
    """`id` is stored beside what the key encrypted, so that a rotated key still opens what it closed."""

    id: str
    secret: bytes = field(repr=False)

    @classmethod
    def made(cls) -> Self:
        return cls(secrets.token_hex(4), secrets.token_bytes(KEY_BYTES))


@dataclass(frozen=True, slots=True)
class Keys:
    """`vault` holds the newest master key first: it closes, and all of them open."""

    audit: bytes = field(repr=False)
    vault: tuple[MasterKey, ...]

    @classmethod
    def made(cls) -> Self:
        return cls(secrets.token_bytes(KEY_BYTES), (MasterKey.made(),))

    @property
    def newest(self) -> MasterKey:
        return self.vault[0]

    def vault_key(self, key_id: str) -> MasterKey | None:
        return next((key for key in self.vault if key.id == key_id), None)


def set_keys(session: Session, keys: Keys) -> None:
    session.info["keys"] = keys


def keys_of(session: Session) -> Keys:
    """Raises RuntimeError where nobody gave the session keys, which is a mistake of ours and never of a person."""
    keys: Keys | None = session.info.get("keys")
    if keys is None:
        raise RuntimeError("This session was given no keys; use set_keys, transaction() or reading().")
    return keys

"""Data keys: made once, wrapped by the newest master key, unwrapped when something is opened, destroyed for good."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.core.clock import now
from insights.core.keys import KEY_BYTES, Keys, keys_of
from insights.people.models.vault import VaultKey
from insights.people.vault.errors import Altered, KeyDestroyed, MasterKeyMissing
from insights.people.vault.sealing import DoesNotOpen, Place, key_id_of, open_sealed, seal

BLIND_INDEX = "blind-index"


@dataclass(frozen=True, slots=True)
class DataKey:
    """`id` is the row of the wrapped key, and stands before what the key closed."""

    id: int
    secret: bytes = field(repr=False)


def person_key_name(participant_id: int) -> str:
    return f"person/{participant_id}"


def key_for(session: Session, name: str) -> DataKey:
    """The key of that name, made where there is none. Raises KeyDestroyed, MasterKeyMissing or Altered."""
    row = key_row(session, name)
    return store_key(session, name, drawn_secret()) if row is None else unwrapped(keys_of(session), row)


def existing_key(session: Session, name: str) -> DataKey | None:
    """None where no such key was ever made. Raises as `key_for`."""
    row = key_row(session, name)
    return None if row is None else unwrapped(keys_of(session), row)


def drawn_secret() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


def key_row(session: Session, name: str) -> VaultKey | None:
    return session.scalar(select(VaultKey).where(VaultKey.name == name))


def unwrapped(keys: Keys, row: VaultKey) -> DataKey:
    if row.wrapped is None:
        raise KeyDestroyed
    where = f"The key {row.name}"
    try:
        master = keys.vault_key(key_id_of(row.wrapped))
        if master is None:
            raise MasterKeyMissing(key_id_of(row.wrapped))
        return DataKey(row.id, open_sealed(master.secret, _place(row.name), row.wrapped))
    except DoesNotOpen:
        raise Altered(where) from None


def wrap(keys: Keys, row: VaultKey, secret: bytes) -> None:
    """Closes the data key with the newest master key."""
    row.wrapped = seal(keys.newest.secret, keys.newest.id, _place(row.name), secret)
    row.master_key_id = keys.newest.id


def store_key(session: Session, name: str, secret: bytes) -> DataKey:
    row = VaultKey(name=name, made_at=now(session))
    wrap(keys_of(session), row, secret)
    session.add(row)
    session.flush()
    return DataKey(row.id, secret)


def _place(name: str) -> Place:
    return Place("vault_keys", "wrapped", name)

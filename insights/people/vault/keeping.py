"""Looking after the vault: data keys closed anew by a new master key, and a check that everything opens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.core.keys import keys_of
from insights.people.models.vault import Identity, SealedFile, VaultKey
from insights.people.vault.errors import CannotOpen, KeyDestroyed
from insights.people.vault.files import KeepsStreams, whole_file_opens
from insights.people.vault.identities import opened
from insights.people.vault.keys import unwrapped, wrap

BATCH = 200


@dataclass(frozen=True, slots=True)
class Held:
    """What the vault holds, counted: wrapped keys, destroyed keys, identities and closed files."""

    keys: int
    destroyed: int
    identities: int
    files: int


def keys_to_rewrap(session: Session) -> int:
    """How many data keys another master key than the newest closes."""
    newest = keys_of(session).newest.id
    query = select(func.count()).where(VaultKey.wrapped.is_not(None), VaultKey.master_key_id != newest)
    return session.scalar(query) or 0


def rewrap_batch(session: Session, *, limit: int = BATCH) -> int:
    """Closes up to `limit` data keys with the newest master key, and says how many. What is done stays done.

    Raises MasterKeyMissing or Altered, naming the key, where one does not open: nothing is thrown away.
    """
    keys = keys_of(session)
    rows = session.scalars(
        select(VaultKey)
        .where(VaultKey.wrapped.is_not(None), VaultKey.master_key_id != keys.newest.id)
        .order_by(VaultKey.id)
        .limit(limit)
    ).all()
    for row in rows:
        wrap(keys, row, unwrapped(keys, row).secret)
    session.flush()
    return len(rows)


def master_keys_in_use(session: Session) -> frozenset[str]:
    return frozenset(session.scalars(select(VaultKey.master_key_id).where(VaultKey.wrapped.is_not(None)).distinct()))


def what_is_held(session: Session) -> Held:
    keys, destroyed = session.execute(select(func.count(VaultKey.wrapped), func.count(VaultKey.destroyed_at))).one()
    counts = [session.scalar(select(func.count()).select_from(model)) or 0 for model in (Identity, SealedFile)]
    return Held(keys, destroyed, *counts)


def problems_of_keys(session: Session) -> Iterator[str]:
    """One sentence for every wrapped key that does not open."""
    keys = keys_of(session)
    for row in session.scalars(select(VaultKey).where(VaultKey.wrapped.is_not(None)).order_by(VaultKey.id)):
        try:
            unwrapped(keys, row)
        except CannotOpen as problem:
            yield f"{row.name}: {problem.message}"


def problems_of_identities(session: Session) -> Iterator[str]:
    """One sentence for every identity of which a field does not open; never what another field says."""
    for row in session.scalars(select(Identity).order_by(Identity.id)):
        try:
            opened(session, row)
        except CannotOpen as problem:
            yield f"{row.ref}: {problem.message}"


def problems_of_files(session: Session, store: KeepsStreams) -> Iterator[str]:
    """One sentence for every closed file that is missing or does not open to its last piece."""
    for row in session.scalars(select(SealedFile).order_by(SealedFile.id)):
        try:
            whole_file_opens(session, store, row.sha256)
        except KeyDestroyed:
            continue
        except FileNotFoundError:
            yield f"{row.bound_to}: its closed {row.purpose.replace('_', ' ')} {row.sha256[:12]} is not in the store."
        except CannotOpen as problem:
            yield f"{row.bound_to}: {problem.message}"


def in_words(held: Held, problems: Sequence[str]) -> str:
    """'12 keys and 9 identities open; 1 of the keys was destroyed', or how many do not and which is the first."""
    if problems:
        return f"{len(problems):,} of its keys and identities do not open. {problems[0]} Run: research-hub vault check"
    return f"{held.keys:,} keys and {held.identities:,} identities open; {held.destroyed:,} keys were destroyed."

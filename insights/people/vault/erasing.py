"""Erasing a person begins here: once their key is gone, no copy of what it closed can be read, backups included."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.core.clock import now
from insights.people.models import Participant
from insights.people.models.vault import SealedFile, VaultKey
from insights.people.vault.identities import drop_rows, rows_of
from insights.people.vault.keys import key_row, person_key_name


def destroy_key(session: Session, participant: Participant) -> tuple[str, ...]:
    """Destroys the key of a participant and of every code merged into it, and takes their identities and marks away.

    Call it first when somebody is erased, inside the same transaction; it flushes and never commits. It is safe to call
    again, and is what a restore replays. It records nothing itself, for whoever erases writes that entry, and says
    nothing of what was held. Returns the SHA-256 names of the closed files (consent papers) that can no longer be
    opened, so that the caller can take them out of the file store. Recordings have keys of their own:
    see `destroy_recording_key`.
    """
    drop_rows(session, rows_of(session, participant))
    people = session.scalars(
        select(Participant.id).where(
            (Participant.id == participant.id) | (Participant.merged_into_id == participant.id)
        )
    )
    return tuple(name for number in sorted(people) for name in _destroyed(session, person_key_name(number)))


def destroy_recording_key(session: Session, sha256: str) -> bool:
    """Destroys the key of one closed recording, named by the SHA-256 under which the file store keeps it.

    False where the file was never closed (an older recording that plays as it is): then only deleting the file helps.
    """
    found = session.scalar(select(SealedFile).where(SealedFile.sha256 == sha256))
    if found is None:
        return False
    _wipe(session, session.get_one(VaultKey, found.vault_key_id))
    return True


def holds_identity(session: Session, participant: Participant) -> bool:
    """Whether somebody is known by name under this code or one merged into it."""
    return bool(rows_of(session, participant))


def _destroyed(session: Session, name: str) -> tuple[str, ...]:
    row = key_row(session, name)
    if row is None:
        # What is made later under this code would be readable: the name is taken for good.
        row = VaultKey(name=name, master_key_id="", made_at=now(session))
        session.add(row)
    _wipe(session, row)
    files = select(SealedFile.sha256).where(SealedFile.vault_key_id == row.id).order_by(SealedFile.sha256)
    return tuple(session.scalars(files))


def _wipe(session: Session, row: VaultKey) -> None:
    row.wrapped, row.master_key_id = None, ""
    row.destroyed_at = row.destroyed_at or now(session)
    session.flush()

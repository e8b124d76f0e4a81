"""Who a participant is: kept closed, opened when asked, taken away. Whoever calls has logged the look before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, fields

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from insights.core.activity import add, record, touch
from insights.core.checks import optional_line, text_of
from insights.core.errors import InvalidInput, RuleBroken
from insights.people.models import Member, Participant
from insights.people.models.vault import Identity, IdentityMark
from insights.people.operations.participants import refuse_erased
from insights.people.vault.errors import Altered, CannotOpen
from insights.people.vault.keys import BLIND_INDEX, DataKey, existing_key, key_for, person_key_name
from insights.people.vault.marks import MarkKind, folded_words, mark_of, marks_asked, marks_for
from insights.people.vault.sealing import DoesNotOpen, Place, open_sealed, seal

KEPT, CHANGED, REMOVED = "kept the identity of", "changed the identity of", "removed the identity of"

FIELD_LABELS = {
    "name": "Name",
    "email": "E-mail",
    "telephone": "Telephone",
    "address": "Address and other contacts",
    "note": "Note",
    "source": "Where this comes from",
}


@dataclass(frozen=True, slots=True)
class Who:
    """An identity in the clear. It is never logged, indexed or put into an address; its repr tells nothing."""

    name: str = ""
    email: str = ""
    telephone: str = ""
    address: str = ""
    note: str = ""
    source: str = ""

    def __repr__(self) -> str:
        return "Who(…)"


@dataclass(frozen=True, slots=True)
class OpenedIdentity:
    """`code` is the code under which it was kept: another than the person's own after two codes became one."""

    ref: str
    code: str
    who: Who
    row_version: int


def keep_identity(
    session: Session, *, actor: Member | None, participant: Participant, who: Who, row_version: int | None = None
) -> Identity:
    """Keeps who a participant is, or changes it where a `row_version` is given. The record never tells what it is.

    Raises InvalidInput for what is no name, e-mail address or number, and RuleBroken where somebody else was quicker.
    """
    refuse_erased(session, participant)
    if participant.removed_at is not None:
        raise RuleBroken(f"{participant.code} was removed. Bring the code back before you keep who it is.")
    tidied = _tidied(who)
    found = session.scalar(select(Identity).where(Identity.participant_id == participant.id))
    _refuse_if_quicker(found, row_version)
    key = key_for(session, person_key_name(participant.id))
    if found is None:
        found = Identity(participant_id=participant.id)
        add(session, actor, found)
    _close(found, key, tidied)
    _mark(session, found, tidied)
    if row_version is not None:
        touch(session, actor, found)
    session.flush()
    record(session, actor, KEPT if row_version is None else CHANGED, participant)
    return found


def remove_identity(session: Session, *, actor: Member | None, participant: Participant) -> None:
    """Takes everything away that says who a participant is; the key stays, for what may be kept later."""
    found = rows_of(session, participant)
    if not found:
        raise RuleBroken(f"Nobody is known by name under {participant.code}.")
    drop_rows(session, found)
    record(session, actor, REMOVED, participant)


def drop_rows(session: Session, found: Iterable[Identity]) -> None:
    """The identities and their marks; nothing is recorded."""
    for identity in found:
        session.execute(delete(IdentityMark).where(IdentityMark.identity_id == identity.id))
        session.delete(identity)
    session.flush()


def open_identities(session: Session, participant: Participant) -> list[OpenedIdentity]:
    """Opened, the participant's own first. Raises MasterKeyMissing, KeyDestroyed or Altered."""
    rows = rows_of(session, participant)
    codes = dict(
        session.execute(
            select(Participant.id, Participant.code).where(Participant.id.in_([row.participant_id for row in rows]))
        ).all()
    )
    return [OpenedIdentity(row.ref, codes[row.participant_id], opened(session, row), row.row_version) for row in rows]


def rows_of(session: Session, participant: Participant) -> list[Identity]:
    """Of the participant, and of the codes that were merged into it; closed as they are."""
    people = select(Participant.id).where(
        (Participant.id == participant.id) | (Participant.merged_into_id == participant.id)
    )
    found = session.scalars(select(Identity).where(Identity.participant_id.in_(people)).order_by(Identity.id))
    return sorted(found, key=lambda row: row.participant_id != participant.id)


def opened(session: Session, row: Identity) -> Who:
    return opened_with(existing_key(session, person_key_name(row.participant_id)), row)


def opened_with(key: DataKey | None, row: Identity) -> Who:
    if key is None:
        raise Altered(f"{row.ref}: the key of its person")
    return Who(**{each.name: _opened_field(row, key, each.name) for each in fields(Who)})


def held_fields(row: Identity) -> tuple[str, ...]:
    """Which fields hold something, told without opening them."""
    return tuple(each.name for each in fields(Who) if getattr(row, each.name) is not None)


def find_people(session: Session, words: str, among: Sequence[int]) -> list[int]:
    """Ids of participants, of those `among`, whom all of the words mark: of a name, an e-mail address or a number."""
    key = existing_key(session, BLIND_INDEX)
    marks = [] if key is None else marks_asked(key.secret, words)
    if not marks or not among:
        return []
    query = (
        select(Identity.participant_id)
        .join(IdentityMark, IdentityMark.identity_id == Identity.id)
        .where(IdentityMark.mark.in_(marks), Identity.participant_id.in_(among))
        .group_by(Identity.participant_id)
        .having(func.count(IdentityMark.mark.distinct()) == len(set(marks)))
        .order_by(Identity.participant_id)
    )
    return list(session.scalars(query))


def says_who(session: Session, participant: Participant, words: str) -> bool:
    """Whether the words hold part of the participant's own name; told by their marks, without opening anything.

    False where the marks cannot be compared: a look is put on the record also when nothing can be opened.
    """
    try:
        key = existing_key(session, BLIND_INDEX)
    except CannotOpen:
        return False
    if key is None:
        return False
    marks = [mark_of(key.secret, MarkKind.WORD, word) for word in folded_words(words)]
    rows = [row.id for row in rows_of(session, participant)]
    query = select(IdentityMark.id).where(IdentityMark.identity_id.in_(rows), IdentityMark.mark.in_(marks)).limit(1)
    return bool(marks and rows) and session.scalar(query) is not None


def _tidied(who: Who) -> Who:
    email = optional_line("email", who.email, label="the e-mail address", longest=254)
    if email and ("@" not in email[1:-1] or " " in email):
        raise InvalidInput.of("email", "Enter an e-mail address like name@example.org, or leave it empty.")
    tidied = Who(
        name=optional_line("name", who.name, label="the name", longest=300),
        email=email,
        telephone=optional_line("telephone", who.telephone, label="the telephone number", longest=60),
        address=text_of("address", who.address, label="the address", longest=2_000),
        note=text_of("note", who.note, label="the note", longest=5_000),
        source=optional_line("source", who.source, label="where this comes from", longest=300),
    )
    if not any(char.isalnum() for text in astuple(tidied) for char in text):
        raise InvalidInput.of("name", "Enter a name or a way to reach them; there is nothing to keep yet.")
    return tidied


def _refuse_if_quicker(found: Identity | None, row_version: int | None) -> None:
    """What the other wrote is not shown beside it, as with other records: that would be a look without a reason."""
    if found is None and row_version is not None:
        raise RuleBroken("Somebody else removed this while you were editing. What you typed is still in the form.")
    if found is not None and found.row_version != row_version:
        raise RuleBroken(
            "Somebody else kept or changed this while you were editing. Nothing was overwritten, and what you typed is "
            "still in the form. Open the identity again to see what they wrote."
        )


def _close(row: Identity, key: DataKey, who: Who) -> None:
    for each in fields(Who):
        text: str = getattr(who, each.name)
        place = Place("identities", each.name, row.id)
        setattr(row, each.name, seal(key.secret, str(key.id), place, text.encode()) if text else None)


def _opened_field(row: Identity, key: DataKey, column: str) -> str:
    sealed: bytes | None = getattr(row, column)
    if sealed is None:
        return ""
    try:
        return open_sealed(key.secret, Place("identities", column, row.id), sealed).decode()
    except DoesNotOpen:
        raise Altered(f"{row.ref}, {FIELD_LABELS[column].lower()}") from None


def _mark(session: Session, row: Identity, who: Who) -> None:
    key = key_for(session, BLIND_INDEX)
    session.execute(delete(IdentityMark).where(IdentityMark.identity_id == row.id))
    marks = marks_for(key.secret, name=who.name, email=who.email, telephone=who.telephone)
    session.add_all(IdentityMark(identity_id=row.id, kind=kind.value, mark=mark) for kind, mark in marks)

"""Names for the personal-data scan alone: what the vault knows of a study's people, to be looked for in its texts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.core.keys import keys_of
from insights.people.models import Participant
from insights.people.models.vault import Identity, VaultKey
from insights.people.vault.errors import CannotOpen
from insights.people.vault.identities import opened_with
from insights.people.vault.keys import person_key_name, unwrapped


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """`code` may be shown; `names`, `emails` and `telephones` are to be compared with a text and never shown."""

    code: str
    names: tuple[str, ...] = field(repr=False)
    emails: tuple[str, ...] = field(repr=False)
    telephones: tuple[str, ...] = field(repr=False)


def known_people_for_scan(session: Session, study_ids: Collection[int]) -> list[KnownPerson]:
    """Everybody known by name in these studies, by code; two statements.

    Only the scan may call it: it compares and throws away. What it finds in a text may be masked and told by the code;
    the names here are never returned to a page, an export, a log or a cache. Who cannot be opened is left out, for a
    lost key must not stop an import.
    """
    rows = session.execute(
        select(Identity, Participant.code)
        .join(Participant, Participant.id == Identity.participant_id)
        .where(Participant.study_id.in_(study_ids))
        .order_by(Participant.code, Identity.id)
    ).all()
    names = {identity.id: person_key_name(identity.participant_id) for identity, _ in rows}
    found = session.scalars(select(VaultKey).where(VaultKey.name.in_(names.values())))
    wrapped, keys, people = {key.name: key for key in found}, keys_of(session), []
    for identity, code in rows:
        key = wrapped.get(names[identity.id])
        try:
            who = opened_with(None if key is None else unwrapped(keys, key), identity)
        except CannotOpen:
            continue
        people.append(KnownPerson(code, _told(who.name), _told(who.email), _told(who.telephone)))
    return people


def _told(value: str) -> tuple[str, ...]:
    return (value,) if value else ()

"""Who may open the vault for whom: researchers for their own team's studies, data protection for every study they see.

Administrators look after accounts and settings, and have no business with names.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from insights.capture.access import visible_studies
from insights.capture.models import Study
from insights.core.access import Permission, Role, may
from insights.core.base import number_of
from insights.core.errors import NotAllowed, NotFound
from insights.people.models import Consent, Identity, Member, Participant, Team
from insights.people.vault import FIELD_LABELS, find_people, held_fields


@dataclass(frozen=True, slots=True)
class KnownRow:
    """What is held of somebody, never what it says. `held` names fields; `papers` counts consent papers."""

    ref: str
    code: str
    held: tuple[str, ...]
    papers: int
    withdrawn: bool

    def holds(self, field: str) -> bool:
        return field in self.held


@dataclass(frozen=True, slots=True)
class FoundPerson:
    ref: str
    code: str
    study_ref: str
    study_title: str


def vault_studies(member: Member) -> ColumnElement[bool]:
    """The studies whose people the member may know by name."""
    if not may(member, Permission.KEEP_IDENTITIES):
        return Study.id.is_(None)
    if member.role is Role.DATA_PROTECTION:
        return visible_studies(member)
    return visible_studies(member) & (Study.team_id == member.team_id)


def may_know_names(member: Member, team_id: int) -> bool:
    """Of a study that the member may see; `team_id` is the study's."""
    own = member.role is Role.DATA_PROTECTION or team_id == member.team_id
    return may(member, Permission.KEEP_IDENTITIES) and own


def vault_person(session: Session, member: Member, ref: str) -> tuple[Participant, Study]:
    """Raises NotFound out of scope, and NotAllowed where the member may see the participant but not know who it is."""
    row = session.execute(
        select(Participant, Study)
        .join(Study, Study.id == Participant.study_id)
        .where(Participant.id == (number_of(ref, Participant.PREFIX) or 0), visible_studies(member))
    ).first()
    if row is None:
        raise NotFound(ref)
    require_names(session, member, row[1])
    return row[0], row[1]


def vault_study(session: Session, member: Member, ref: str) -> Study:
    """Raises as `vault_person`."""
    number = number_of(ref, Study.PREFIX) or 0
    study = session.scalar(select(Study).where(Study.id == number, visible_studies(member)))
    if study is None:
        raise NotFound(ref)
    require_names(session, member, study)
    return study


def known_people(session: Session, study: Study) -> list[KnownRow]:
    """Everybody of the study and what is held of each, by code; two statements, nothing is opened."""
    rows = session.execute(
        select(Participant, Identity)
        .outerjoin(Identity, Identity.participant_id == Participant.id)
        .where(Participant.study_id == study.id, Participant.removed_at.is_(None))
        .order_by(Participant.code)
    ).all()
    counted = (
        select(Consent.participant_id, func.count(Consent.id))
        .where(Consent.study_id == study.id, Consent.evidence_sha256.is_not(None))
        .group_by(Consent.participant_id)
    )
    papers = dict(session.execute(counted).all())
    return [
        KnownRow(
            person.ref,
            person.code,
            () if identity is None else held_fields(identity),
            papers.get(person.id, 0),
            person.withdrawn_at is not None,
        )
        for person, identity in rows
    ]


def find_by_name(session: Session, member: Member, words: str) -> list[FoundPerson]:
    """Codes of those whom all of the words mark, in the studies whose people the member may know by name."""
    rows = session.execute(
        select(Participant, Study)
        .join(Study, Study.id == Participant.study_id)
        .join(Identity, Identity.participant_id == Participant.id)
        .where(vault_studies(member))
        .order_by(Participant.id)
    ).all()
    found = set(find_people(session, words, [person.id for person, _ in rows]))
    return [
        FoundPerson(person.ref, person.code, study.ref, study.title) for person, study in rows if person.id in found
    ]


def held_columns() -> tuple[tuple[str, str], ...]:
    """Field and heading of the list of what is held."""
    return tuple(FIELD_LABELS.items())


def require_names(session: Session, member: Member, study: Study) -> None:
    if may_know_names(member, study.team_id):
        return
    owner = session.scalar(select(Team.name).where(Team.id == study.team_id))
    raise NotAllowed(f"Who took part is known to researchers of {owner} and to data protection alone. Ask one of them.")

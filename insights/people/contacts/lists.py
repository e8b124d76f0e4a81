"""Reads about contacts and incentives of a study; scope was checked when the study was opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from insights.people.models import Contact, ContactChannel, ContactKind, Incentive, Member, Participant


@dataclass(frozen=True, slots=True)
class ContactRow:
    """`study_ref` is the study that it was for."""

    id: int
    participant_ref: str
    code: str
    kind: ContactKind
    channel: ContactChannel
    on: date
    by: str
    study_ref: str


@dataclass(frozen=True, slots=True)
class IncentiveRow:
    participant_ref: str
    code: str
    amount: Decimal
    currency: str
    method: str
    given_on: date
    by: str


def contacts_of_study(session: Session, study_id: int, *, participant_id: int | None = None) -> list[ContactRow]:
    """With the study's own people, newest first; an invitation of theirs to another study is told by its ref alone."""
    query = (
        select(Contact, Participant, Member.name)
        .join(Participant, Participant.id == Contact.participant_id)
        .outerjoin(Member, Member.id == Contact.created_by_id)
        .where(Participant.study_id == study_id)
        .order_by(Contact.on.desc(), Contact.id.desc())
    )
    if participant_id is not None:
        query = query.where(or_(Participant.id == participant_id, Participant.merged_into_id == participant_id))
    return [
        ContactRow(
            contact.id,
            person.ref,
            person.code,
            contact.kind,
            contact.channel,
            contact.on,
            by or "",
            f"STU-{contact.study_id}",
        )
        for contact, person, by in session.execute(query)
    ]


def incentives_of_study(session: Session, study_id: int, *, participant_id: int | None = None) -> list[IncentiveRow]:
    """Given to the study's own people, newest first."""
    query = (
        select(Incentive, Participant, Member.name)
        .join(Participant, Participant.id == Incentive.participant_id)
        .outerjoin(Member, Member.id == Incentive.created_by_id)
        .where(Participant.study_id == study_id)
        .order_by(Incentive.given_on.desc(), Incentive.id.desc())
    )
    if participant_id is not None:
        query = query.where(or_(Participant.id == participant_id, Participant.merged_into_id == participant_id))
    return [
        IncentiveRow(person.ref, person.code, each.amount, each.currency, each.method, each.given_on, by or "")
        for each, person, by in session.execute(query)
    ]

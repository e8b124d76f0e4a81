"""That somebody was invited, reminded or thanked: day, channel and study, and nothing of what was said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.core.activity import add, record
from insights.core.checks import term_of
from insights.core.clock import today
from insights.core.errors import InvalidInput, NotFound, RuleBroken
from insights.people.contacts.cap import cap_of, invitations_within
from insights.people.models import (
    Consent,
    ConsentScope,
    Contact,
    ContactChannel,
    ContactKind,
    Member,
    Participant,
    Team,
)
from insights.people.operations.areas import require_same_area
from insights.people.operations.participants import refuse_erased
from insights.people.participants import SCOPES, ConsentFact, consent_in_words, standing_of

CHANNEL_LABELS: Mapping[ContactChannel, str] = {
    ContactChannel.EMAIL: "E-mail",
    ContactChannel.TELEPHONE: "Telephone",
    ContactChannel.LETTER: "Letter",
    ContactChannel.TEXT_MESSAGE: "Text message",
    ContactChannel.IN_PERSON: "In person",
    ContactChannel.THROUGH_OTHERS: "Through an organisation or a recruiter",
}
_OLDEST = date(1990, 1, 1)


@dataclass(frozen=True, slots=True)
class ContactDetails:
    """`despite` says that the cap is exceeded on purpose; it is then on the record."""

    kind: str
    channel: str
    on: date | None
    despite: bool = False


def record_contact(
    session: Session, *, actor: Member, participant: Participant, study_id: int, team_id: int, details: ContactDetails
) -> Contact:
    """`study_id` is the study that the contact is for, `team_id` the team that owns the participant's own study.

    An invitation to another study needs consent to be contacted again, raising RuleBroken with the missing scope; one
    beyond the team's cap raises InvalidInput until `despite` says that it is meant.
    """
    require_same_area(session, actor, team_id)
    refuse_erased(session, participant)
    kind = term_of("kind", ContactKind, details.kind, label="what it was")
    channel = term_of("channel", ContactChannel, details.channel, label="how they were reached")
    on = _day(session, details.on)
    if participant.removed_at is not None:
        raise RuleBroken(f"{participant.code} was removed. Bring the code back first.")
    if kind is not ContactKind.THANKED:
        _refuse_where_not_wanted(session, participant, study_id, on)
    exceeds = kind is ContactKind.INVITED and _beyond_cap(session, participant, team_id, on, despite=details.despite)
    contact = Contact(participant_id=participant.id, study_id=study_id, kind=kind, channel=channel, on=on)
    add(session, actor, contact)
    detail = {"kind": kind.value, "channel": channel.value, "on": on.isoformat(), "for": f"STU-{study_id}"}
    record(
        session,
        actor,
        "recorded a contact with",
        participant,
        detail=detail | ({"beyond_cap": True} if exceeds else {}),
    )
    return contact


def take_contact_back(session: Session, *, actor: Member, participant: Participant, team_id: int, number: int) -> None:
    """For one that was entered by mistake. Raises NotFound for one of somebody else."""
    require_same_area(session, actor, team_id)
    contact = session.scalar(select(Contact).where(Contact.id == number, Contact.participant_id == participant.id))
    if contact is None:
        raise NotFound(f"{Contact.PREFIX}-{number}")
    detail = {"kind": contact.kind.value, "on": contact.on.isoformat()}
    session.delete(contact)
    session.flush()
    record(session, actor, "took back a contact with", participant, detail=detail)


def _day(session: Session, on: date | None) -> date:
    if on is None or on > today(session) or on < _OLDEST:
        raise InvalidInput.of("on", "Enter the day on which they were reached: today, or a day that is over.")
    return on


def _refuse_where_not_wanted(session: Session, participant: Participant, study_id: int, on: date) -> None:
    if participant.withdrawn_at is not None:
        raise RuleBroken(f"{participant.code} withdrew. They must not be contacted about research again.")
    if study_id == participant.study_id:
        return
    given = session.scalars(select(Consent).where(Consent.participant_id == participant.id))
    standing = standing_of(map(ConsentFact.of, given), on)
    if not standing.holds(ConsentScope.RECONTACT):
        missing = SCOPES[ConsentScope.RECONTACT][0]
        raise RuleBroken(
            f"{participant.code} may not be asked to take part in another study: “{missing}” is missing "
            f"({consent_in_words(standing)})."
        )


def _beyond_cap(session: Session, participant: Participant, team_id: int, on: date, *, despite: bool) -> bool:
    cap = cap_of(session.get(Team, team_id))
    before = invitations_within(session, participant, days=cap.days, until=on)
    if before < cap.invitations:
        return False
    if not despite:
        times = "once" if before == 1 else f"{before} times"
        raise InvalidInput.of(
            "despite",
            f"This person was invited {times} in the {cap.days} days before, under this code or another. Your team’s "
            f"limit is {cap.in_words()}. Tick that you mean it, or ask somebody else.",
        )
    return True

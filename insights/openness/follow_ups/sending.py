"""What the worker asks when a message is sent: whether it may still be, and where it goes, which nobody sees."""

from __future__ import annotations

from datetime import date
from email.errors import MessageError
from email.headerregistry import Address
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.core.activity import add, record, touch
from insights.core.clock import now, today
from insights.decisions.models import Decision, DecisionStatus
from insights.openness.models import FollowUp, FollowUpState
from insights.people.models import ConsentScope, Contact, ContactKind, Mail, Member, Participant
from insights.people.participants.lacking import people_agreeing
from insights.people.vault import Reason, note_look, open_identities
from insights.people.vault.looks import WROTE_TO

FOLLOW_UP: Final = "follow_up"
"""The kind of its mails."""

NO_LONGER = "They no longer agree to be contacted again, or withdrew."
_OVERTAKEN = "The decision is no longer in force."
_NO_ADDRESS = "No e-mail address that can be written to is kept of them."


def address_to_write_to(session: Session, mail: Mail) -> tuple[FollowUp, str] | None:
    """The message and the vault's address for it, opened for this alone and noted as a look; None where it stops.

    Whoever calls neither shows, stores nor logs the address. Raises CannotOpen while the vault's keys are missing.
    """
    found = session.scalar(select(FollowUp).where(FollowUp.mail_id == mail.id, FollowUp.state == FollowUpState.WAITING))
    if found is None:
        return None
    why = _why_not(session, found)
    if why:
        _stop(session, found, why)
        return None
    person = session.get_one(Participant, found.participant_id)
    actor = session.get_one(Member, mail.member_id)
    note_look(session, actor=actor, verb=WROTE_TO, subject=person, reason=Reason.FOLLOW_UP.value)
    address = next((each.who.email for each in open_identities(session, person) if each.who.email), "")
    if not _can_be_written_to(address):
        _stop(session, found, _NO_ADDRESS)
        return None
    return found, address


def mark_follow_up_sent(session: Session, mail: Mail) -> None:
    """The server took it: the day is kept, and stands among the study's contacts."""
    found = session.scalar(select(FollowUp).where(FollowUp.mail_id == mail.id))
    if found is None:
        return
    found.state, found.sent_at, found.told_on = FollowUpState.SENT, now(session), today(session)
    actor = session.get(Member, mail.member_id)
    note_contact(session, actor, found, found.told_on)
    touch(session, actor, found)
    record(session, actor, "sent", found, detail={"decision": f"{Decision.PREFIX}-{found.decision_id}"})


def note_contact(session: Session, actor: Member | None, follow_up: FollowUp, on: date) -> None:
    """In the study's own list of contacts it stands as well, by code."""
    contact = Contact(
        participant_id=follow_up.participant_id,
        study_id=follow_up.study_id,
        kind=ContactKind.TOLD,
        channel=follow_up.channel,
        on=on,
    )
    add(session, actor, contact)


def _why_not(session: Session, found: FollowUp) -> str:
    decision = session.get(Decision, found.decision_id)
    if decision is None or decision.status is not DecisionStatus.ACCEPTED:
        return _OVERTAKEN
    agrees = people_agreeing((ConsentScope.RECONTACT,), today(session))
    query = select(Participant.id).where(
        Participant.id == found.participant_id,
        Participant.removed_at.is_(None),
        Participant.withdrawn_at.is_(None),
        Participant.id.in_(agrees),
    )
    return "" if session.scalar(query) is not None else NO_LONGER


def _stop(session: Session, found: FollowUp, why: str) -> None:
    found.state, found.why_stopped, found.mail_id = FollowUpState.STOPPED, why, None
    touch(session, None, found)
    record(session, None, "stopped", found, detail={"why": why})


def _can_be_written_to(address: str) -> bool:
    """Asked here, for a message about an address that cannot be one would name it."""
    try:
        Address(addr_spec=address)
    except (MessageError, ValueError, IndexError):
        return False
    return bool(address) and address.isascii()

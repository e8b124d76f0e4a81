"""Why somebody looks: asked before every answer of the vault, and on the record whatever comes of the answer."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy.orm import Session

from insights.core.activity import ActivityEntry, record
from insights.core.base import Record
from insights.core.checks import optional_line
from insights.core.errors import InvalidInput
from insights.people.models import Member, Participant
from insights.people.participants import personal_hint
from insights.people.vault.identities import says_who

SAW = "saw the identity of"
OPENED_PAPER = "opened the consent paper of"
SEARCHED = "searched the vault"
WROTE_TO = "had a message sent to the address of"
LOOKS = (SAW, OPENED_PAPER, SEARCHED, "opened the form of", WROTE_TO)
"""The verbs of looks, for whoever lists who saw what; the last is an older one."""

LONGEST_WORDS = 200


class Reason(StrEnum):
    ARRANGE = "arrange"
    WITHDRAWAL = "withdrawal"
    OWN_DATA = "own_data"
    INCENTIVE = "incentive"
    RECONTACT = "recontact"
    FOLLOW_UP = "follow_up"
    SAFEGUARDING = "safeguarding"
    CORRECTION = "correction"
    CHECK = "check"
    OTHER = "other"


REASON_LABELS: dict[Reason, str] = {
    Reason.ARRANGE: "To arrange or change a session",
    Reason.WITHDRAWAL: "They want to withdraw",
    Reason.OWN_DATA: "They asked what is held about them",
    Reason.INCENTIVE: "To pay an incentive",
    Reason.RECONTACT: "To ask them to take part again",
    Reason.FOLLOW_UP: "To tell them what their words led to",
    Reason.SAFEGUARDING: "Somebody may be at risk of harm",
    Reason.CORRECTION: "To put a mistake right",
    Reason.CHECK: "A data protection check",
    Reason.OTHER: "Something else, in words",
}


def note_look(
    session: Session, *, actor: Member, verb: str, subject: Record, reason: str, words: str = ""
) -> ActivityEntry:
    """Writes who looks and why. Raises InvalidInput where no reason is given, or one that holds a name."""
    if reason not in set(Reason):
        raise InvalidInput.of("reason", "Choose why you need to look.")
    why = Reason(reason)
    told = optional_line("words", words, label="the words", longest=LONGEST_WORDS)
    if why is Reason.OTHER and not told:
        raise InvalidInput.of("words", "Say in a few words why you need to look.")
    _refuse_names(session, subject, told)
    return record(
        session, actor, verb, subject, detail={"reason": why.value, "words": told} if told else {"reason": why.value}
    )


def _refuse_names(session: Session, subject: Record, words: str) -> None:
    """The reason stays on the record for years, where many may read it: no name may come into it."""
    hint = personal_hint(words)
    if hint or (isinstance(subject, Participant) and says_who(session, subject, words)):
        looks_like = hint or "their name"
        raise InvalidInput.of("words", f"This holds {looks_like}. Say why without it: the reason stays on the record.")

"""The people whom research hears, known by a code that is random per study."""

from __future__ import annotations

import hmac
import secrets
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.core.activity import add, touch
from insights.core.checks import optional_line
from insights.core.errors import InvalidInput, RuleBroken
from insights.core.keys import keys_of
from insights.people.models import (
    Member,
    Participant,
)

LONGEST_CODE = 20

# Crockford's alphabet without look-alikes, so that a code can be read out over the telephone.
_CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def find_or_add_participant(
    session: Session,
    *,
    actor: Member | None,
    study_id: int,
    code: str = "",
    group: str = "",
    attributes: dict[str, Any] | None = None,
) -> Participant:
    """The participant of that code in the study, or a new one; without a code a random one is drawn.

    A code that was merged into another gives that other; one that was removed comes back. Raises InvalidInput for one
    whose bearer withdrew: a file of before would bring them back.
    """
    code = tidy_code(code)
    found = participant_by_code(session, study_id, code)
    if found is not None:
        if found.removed_at is not None:
            found.removed_at = None
            touch(session, actor, found)
        return found
    refuse_withdrawn_code(session, study_id, code)
    participant = Participant(
        study_id=study_id, code=code or draw_code(session, study_id), group=group, attributes=attributes or {}
    )
    add(session, actor, participant)
    return participant


def participant_by_code(session: Session, study_id: int, code: str) -> Participant | None:
    """Whoever bears the code, or whom its bearer was merged into; removed ones too.

    Held until the end of the transaction against a withdrawal: one that is being carried out is waited for, and the
    code then belongs to nobody.
    """
    bearer = select(Participant).where(Participant.study_id == study_id, Participant.code == code)
    found = session.scalar(bearer.with_for_update(read=True, key_share=True))
    while found is not None and found.merged_into_id is not None:
        found = session.get(Participant, found.merged_into_id, with_for_update={"read": True, "key_share": True})
    return None if found is None or found.is_erased else found


def withdrawn_code(session: Session, study_id: int, code: str) -> str:
    """A digest that only this installation can make, of a code in its study; '' for none."""
    said = f"withdrawn code {study_id} {code.upper()}".encode()
    return hmac.digest(keys_of(session).audit, said, "sha256").hex() if code else ""


def refuse_withdrawn_code(session: Session, study_id: int, code: str) -> None:
    digest = withdrawn_code(session, study_id, code)
    borne = select(Participant.id).where(Participant.study_id == study_id, Participant.withdrawn_code == digest)
    if digest and session.scalar(borne.limit(1)) is not None:
        raise InvalidInput.of(
            "participants",
            f"{code} took part in this study and withdrew. Take what they said out first; if this is somebody else, "
            "give them another code.",
        )


def tidy_code(code: str) -> str:
    """Capital letters, one line, at most 20 characters; may be empty, and is none of those who withdrew."""
    tidied = optional_line("participants", code, label="a participant's code", longest=LONGEST_CODE).upper()
    if tidied.startswith(Participant.ERASED):
        raise InvalidInput.of("participants", f"{tidied} stands for somebody who withdrew. Give another code.")
    return tidied


def refuse_erased(session: Session, participant: Participant) -> None:
    """Raises RuleBroken for somebody of whom nothing was kept, so that nothing is kept of them again.

    Held until the end of the transaction against a withdrawal; one that is being carried out is waited for.
    """
    held = select(Participant.code).where(Participant.id == participant.id).with_for_update(read=True, key_share=True)
    if str(session.scalar(held)).startswith(Participant.ERASED):
        raise RuleBroken("They withdrew, and nothing of theirs is held any more.")


def draw_code(session: Session, study_id: int) -> str:
    """A code that nobody in the study bears or bore."""
    taken = set(session.scalars(select(Participant.code).where(Participant.study_id == study_id)))
    while True:
        code = "P-" + "".join(secrets.choice(_CODE_ALPHABET) for _ in range(4))
        if code not in taken:
            return code

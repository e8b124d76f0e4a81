"""The people whom research hears, known by a code that is random per study."""

from __future__ import annotations

import secrets
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.core.activity import add
from insights.core.checks import optional_line
from insights.people.models import (
    Member,
    Participant,
)

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
    """The participant of that code in the study, or a new one; without a code a random one is drawn."""
    code = optional_line("participants", code, label="a participant's code", longest=20).upper()
    found = session.scalar(select(Participant).where(Participant.study_id == study_id, Participant.code == code))
    if found is not None:
        return found
    participant = Participant(
        study_id=study_id, code=code or _new_code(session, study_id), group=group, attributes=attributes or {}
    )
    add(session, actor, participant)
    return participant


def _new_code(session: Session, study_id: int) -> str:
    taken = set(session.scalars(select(Participant.code).where(Participant.study_id == study_id)))
    while True:
        code = "P-" + "".join(secrets.choice(_CODE_ALPHABET) for _ in range(4))
        if code not in taken:
            return code

"""What members are typing and have not saved."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from insights.capture.models import Draft
from insights.core.checks import required_line
from insights.core.clock import now
from insights.core.errors import InvalidInput
from insights.people.models import Member

LONGEST_DRAFT = 2_000_000


def save_draft(session: Session, *, member: Member, form_key: str, fields: Mapping[str, str]) -> Draft:
    """Keeps what is being typed; a draft is no record, so it has no activity entry and is in nobody's search."""
    key = required_line("form_key", form_key, label="the form", longest=120)
    if sum(len(value) for value in fields.values()) > LONGEST_DRAFT:
        raise InvalidInput("The draft is too long to keep. Save the form, or shorten the text.")
    draft = session.scalar(select(Draft).where(Draft.member_id == member.id, Draft.form_key == key))
    if draft is None:
        draft = Draft(member_id=member.id, form_key=key)
        session.add(draft)
    draft.fields = dict(fields)
    draft.saved_at = now(session)
    session.flush()
    return draft


def discard_draft(session: Session, *, member: Member, form_key: str) -> None:
    session.execute(delete(Draft).where(Draft.member_id == member.id, Draft.form_key == form_key))

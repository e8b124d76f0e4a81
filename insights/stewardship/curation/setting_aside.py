"""Items of the queue that need nothing, for a reason that the next curator can read."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from insights.core.activity import record
from insights.core.checks import required_line, term_of
from insights.core.clock import now
from insights.people.models import Member
from insights.stewardship.curation.items import QueueKind
from insights.stewardship.models import SetAside

_LONGEST_KEY = 100


def set_aside(session: Session, *, actor: Member, kind: str, key: str, reason: str) -> SetAside:
    """Takes an item off everybody's queue. Setting it aside again replaces the reason."""
    chosen = term_of("kind", QueueKind, kind, label="a kind of item")
    name = required_line("key", key, label="the item", longest=_LONGEST_KEY)
    why = required_line("reason", reason, label="why nothing is to be done")
    _take(session, chosen, name)
    aside = SetAside(kind=chosen.value, key=name, reason=why, at=now(session), by_id=actor.id)
    session.add(aside)
    record(session, actor, "set aside", actor, detail={"on": name, "type": chosen.value})
    return aside


def put_back(session: Session, *, actor: Member, kind: str, key: str) -> None:
    """Undoes it. Putting back what was never set aside changes nothing."""
    chosen = term_of("kind", QueueKind, kind, label="a kind of item")
    if _take(session, chosen, key):
        record(session, actor, "put back", actor, detail={"on": key, "type": chosen.value})


def _take(session: Session, kind: QueueKind, key: str) -> bool:
    known = session.scalar(select(SetAside.id).where(SetAside.kind == kind.value, SetAside.key == key))
    session.execute(delete(SetAside).where(SetAside.kind == kind.value, SetAside.key == key))
    session.flush()
    return known is not None

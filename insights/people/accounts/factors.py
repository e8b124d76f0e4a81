"""Which second factors a member has, and when they must have one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.core.access import Role
from insights.core.activity import record
from insights.core.clock import now
from insights.core.errors import NotAllowed
from insights.people.accounts.apps import has_app, remove_app
from insights.people.accounts.recovery import count_codes, drop_codes
from insights.people.models import BrowserSession, Member, Passkey
from insights.people.operations.areas import require_area_administrator
from insights.people.operations.members import refuse_more_power_than_own
from insights.people.operations.signing_in import end_all_browser_sessions

FRESH_FOR: Final = timedelta(minutes=10)
"""How long a proof of who one is holds for what could lock the member out, or let somebody else in."""


class Demand(StrEnum):
    """Of whom an installation asks a second factor."""

    NOBODY = "off"
    PRIVILEGED = "privileged"
    EVERYBODY = "everybody"


# Who gives accounts and roles, reads the record, or says what everybody may read.
PRIVILEGED: Final = frozenset({Role.ADMINISTRATOR, Role.DATA_PROTECTION, Role.APPROVER})


@dataclass(frozen=True, slots=True)
class PasskeyRow:
    id: int
    name: str
    made_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Factors:
    """`codes` counts recovery codes that were not used."""

    app: bool
    passkeys: tuple[PasskeyRow, ...]
    codes: int

    @property
    def any(self) -> bool:
        return self.app or bool(self.passkeys)


def factors_of(session: Session, member: Member) -> Factors:
    keys = session.scalars(select(Passkey).where(Passkey.member_id == member.id).order_by(Passkey.id))
    rows = tuple(PasskeyRow(key.id, key.name, key.made_at, key.last_used_at) for key in keys)
    return Factors(app=has_app(session, member), passkeys=rows, codes=count_codes(session, member))


def has_second_factor(session: Session, member: Member) -> bool:
    if has_app(session, member):
        return True
    return session.scalar(select(Passkey.id).where(Passkey.member_id == member.id).limit(1)) is not None


def must_have_second_factor(demand: Demand, member: Member) -> bool:
    if demand is Demand.PRIVILEGED:
        return member.role in PRIVILEGED or member.administers_area
    return demand is Demand.EVERYBODY


def is_fresh(session: Session, browser_session: BrowserSession) -> bool:
    """Whether the member proved who they are in the last ten minutes."""
    proved = browser_session.confirmed_at or browser_session.started_at
    return now(session) - proved <= FRESH_FOR


def take_second_factors(session: Session, *, actor: Member | None, member: Member) -> bool:
    """For somebody who lost them: app, passkeys and codes go, and every session ends. Whether any were there.

    `actor` is None on the command line alone. Raises NotAllowed for whoever does not look after the member's area.
    """
    if actor is not None:
        require_area_administrator(actor, member.team_id)
        refuse_more_power_than_own(actor, member.role)
        if actor.id == member.id:
            raise NotAllowed("Change your own second factor under ‘Your account’.")
    had = remove_app(session, member=member, actor=actor)
    for key in session.scalars(select(Passkey).where(Passkey.member_id == member.id)).all():
        session.delete(key)
        had = True
    drop_codes(session, member=member)
    end_all_browser_sessions(session, member=member)
    record(session, actor, "took the second factors of", member)
    return had

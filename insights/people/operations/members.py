"""Accounts of members: added, given roles, closed and opened again."""

from __future__ import annotations

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.core.access import Role
from insights.core.activity import add, record, touch
from insights.core.checks import required_line, term_of
from insights.core.errors import InvalidInput, NotAllowed
from insights.people.models import (
    Member,
    Team,
)
from insights.people.operations.areas import require_area_administrator
from insights.people.operations.signing_in import end_all_browser_sessions
from insights.people.passwords import hash_password, known_passwords

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def add_member(
    session: Session,
    *,
    actor: Member | None,
    email: str,
    name: str,
    role: str | Role,
    team: Team,
    password: str | None = None,
    administers_area: bool = False,
    password_is_given: bool = False,
) -> Member:
    """`actor` is None on the command line alone, where the operator of the machine acts.

    `password_is_given` says that somebody else typed the password, so that it is changed at the first sign-in.
    """
    if actor is not None:
        require_area_administrator(actor, team.id)
    address = unused_address(session, email)
    chosen = term_of("role", Role, role, label="a role")
    refuse_more_power_than_own(actor, chosen)
    member = Member(
        email=address,
        name=required_line("name", name, label="a name", longest=200),
        role=chosen,
        team_id=team.id,
        administers_area=administers_area,
        password_hash=None
        if password is None
        else hash_password(password, about=(address, name), known=known_passwords(session)),
        password_is_given=password_is_given,
    )
    add(session, actor, member)
    record(session, actor, "added", member, detail={"role": chosen.value})
    return member


def change_role(session: Session, *, actor: Member, member: Member, role: str) -> None:
    require_area_administrator(actor, member.team_id)
    chosen = term_of("role", Role, role, label="a role")
    refuse_more_power_than_own(actor, chosen)
    refuse_more_power_than_own(actor, member.role)
    if member.id == actor.id:
        raise NotAllowed("Someone else has to change your own role.")
    before, member.role = member.role, chosen
    touch(session, actor, member)
    # What they may do has changed: whoever holds one of their sessions has to prove again who they are.
    end_all_browser_sessions(session, member=member)
    record(session, actor, "changed role of", member, detail={"from": before.value, "to": chosen.value})


def set_area_duty(session: Session, *, actor: Member, member: Member, administers: bool) -> None:
    """Whoever looks after an area gives and takes accounts in it; nobody gives that to themselves, or takes it."""
    require_area_administrator(actor, member.team_id)
    refuse_more_power_than_own(actor, member.role)
    if member.id == actor.id:
        raise NotAllowed("Someone else has to say whether you look after the area.")
    if member.administers_area == administers:
        return
    member.administers_area = administers
    touch(session, actor, member)
    # As with a change of role: whoever holds one of their sessions has to prove again who they are.
    end_all_browser_sessions(session, member=member)
    record(session, actor, "gave the care of the area to" if administers else "took the care of the area from", member)


def set_active(session: Session, *, actor: Member, member: Member, active: bool) -> None:
    """Closing an account ends its browser sessions at once; nothing the member made is touched."""
    require_area_administrator(actor, member.team_id)
    refuse_more_power_than_own(actor, member.role)
    if member.id == actor.id:
        raise NotAllowed("Someone else has to close your account.")
    member.is_active = active
    touch(session, actor, member)
    if not active:
        end_all_browser_sessions(session, member=member)
    record(session, actor, "reopened" if active else "closed", member)


def give_password(session: Session, *, actor: Member | None, member: Member, password: str) -> None:
    """For somebody who forgot theirs: ends all their browser sessions, and is changed at their next sign-in.

    `actor` is None on the command line alone.
    """
    if actor is not None:
        require_area_administrator(actor, member.team_id)
        refuse_more_power_than_own(actor, member.role)
    member.password_hash = hash_password(password, about=(member.email, member.name), known=known_passwords(session))
    member.password_is_given = True
    touch(session, actor, member)
    end_all_browser_sessions(session, member=member)
    record(session, actor, "gave a new password to", member)


def sign_member_out(session: Session, *, actor: Member, member: Member) -> None:
    """Ends every browser session of theirs, as when a machine was lost; the account stays open."""
    require_area_administrator(actor, member.team_id)
    refuse_more_power_than_own(actor, member.role)
    end_all_browser_sessions(session, member=member)
    record(session, actor, "signed out everywhere", member)


def unused_address(session: Session, email: str) -> str:
    """The address in small letters. Raises InvalidInput for what is none, or is somebody's already."""
    address = required_line("email", email, label="an e-mail address", longest=254).lower()
    if not _EMAIL.fullmatch(address):
        raise InvalidInput.of("email", "Enter an e-mail address in the form name@example.org.")
    if session.scalar(select(Member.id).where(Member.email == address)) is not None:
        raise InvalidInput.of("email", f"There is already a member with the address {address}.")
    return address


def refuse_more_power_than_own(actor: Member | None, role: Role) -> None:
    """Raises NotAllowed where `actor`, who is no administrator, would give or take a powerful role."""
    powerful = {Role.ADMINISTRATOR, Role.DATA_PROTECTION}
    if actor is not None and actor.role is not Role.ADMINISTRATOR and role in powerful:
        raise NotAllowed("Only an administrator can give or change that role.")

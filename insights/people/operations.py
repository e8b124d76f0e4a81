"""Changes to teams, members, services, components and participants, and signing in and out."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from insights.core.access import Permission, Role, may
from insights.core.activity import add, record, touch
from insights.core.checks import optional_line, required_line, term_of, text_of
from insights.core.clock import now, today
from insights.core.errors import InvalidInput, NotAllowed
from insights.people.models import (
    BrowserSession,
    Component,
    ComponentKind,
    Member,
    Participant,
    Phase,
    Service,
    SignInFailure,
    Team,
    service_components,
)
from insights.people.passwords import hash_password, password_matches

FAILURES_ALLOWED = 10
FAILURE_WINDOW = timedelta(minutes=15)
# Crockford's alphabet without look-alikes, so that a code can be read out over the telephone.
_CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def create_team(
    session: Session, *, actor: Member | None, name: str, is_central: bool = False, review_required: bool = False
) -> Team:
    team = Team(
        name=_unused_name(session, Team, name, label="a name for the team"),
        is_central=is_central,
        review_required=review_required,
        settings={},
    )
    add(session, actor, team)
    record(session, actor, "created", team)
    return team


def configure_team(session: Session, *, actor: Member, team: Team, review_required: bool) -> None:
    """An area administers itself; an administrator may configure any (features.md L7)."""
    require_area_administrator(actor, team.id)
    team.review_required = review_required
    touch(session, actor, team)
    record(session, actor, "configured", team, detail={"review_required": review_required})


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
) -> Member:
    """`actor` is None on the command line alone, where the operator of the machine acts."""
    if actor is not None:
        require_area_administrator(actor, team.id)
    address = required_line("email", email, label="an e-mail address", longest=254).lower()
    if not _EMAIL.fullmatch(address):
        raise InvalidInput.of("email", "Enter an e-mail address in the form name@example.org.")
    if session.scalar(select(Member.id).where(Member.email == address)):
        raise InvalidInput.of("email", f"There is already a member with the address {address}.")
    chosen = term_of("role", Role, role, label="a role")
    _refuse_more_power_than_own(actor, chosen)
    member = Member(
        email=address,
        name=required_line("name", name, label="a name", longest=200),
        role=chosen,
        team_id=team.id,
        administers_area=administers_area,
        password_hash=None if password is None else hash_password(password),
    )
    add(session, actor, member)
    record(session, actor, "added", member, detail={"role": chosen.value})
    return member


def change_role(session: Session, *, actor: Member, member: Member, role: str) -> None:
    require_area_administrator(actor, member.team_id)
    chosen = term_of("role", Role, role, label="a role")
    _refuse_more_power_than_own(actor, chosen)
    _refuse_more_power_than_own(actor, member.role)
    if member.id == actor.id:
        raise NotAllowed("Someone else has to change your own role.")
    before, member.role = member.role, chosen
    touch(session, actor, member)
    record(session, actor, "changed role of", member, detail={"from": before.value, "to": chosen.value})


def set_active(session: Session, *, actor: Member, member: Member, active: bool) -> None:
    """Closing an account ends its browser sessions at once; nothing the member made is touched."""
    require_area_administrator(actor, member.team_id)
    _refuse_more_power_than_own(actor, member.role)
    if member.id == actor.id:
        raise NotAllowed("Someone else has to close your account.")
    member.is_active = active
    touch(session, actor, member)
    if not active:
        end_all_browser_sessions(session, member=member)
    record(session, actor, "reopened" if active else "closed", member)


def set_password(session: Session, *, member: Member, password: str) -> None:
    """Changes the password and ends every other browser session of the member."""
    member.password_hash = hash_password(password)
    touch(session, member, member)
    end_all_browser_sessions(session, member=member)
    record(session, member, "changed password of", member)


def require_area_administrator(actor: Member, team_id: int) -> None:
    if may(actor, Permission.ADMINISTER) or (actor.administers_area and actor.team_id == team_id):
        return
    raise NotAllowed("Only an administrator, or the one who administers this area, can do that.")


def require_same_area(session: Session, actor: Member | None, team_id: int) -> None:
    """A service area owns its records; members of a central team and administrators work across all (L7)."""
    if actor is None or actor.team_id == team_id or actor.role is Role.ADMINISTRATOR:
        return
    if session.scalar(select(Team.is_central).where(Team.id == actor.team_id)):
        return
    owner = session.scalar(select(Team.name).where(Team.id == team_id))
    raise NotAllowed(f"This belongs to {owner}. Ask them, or someone of a central team, to change it.")


def create_service(
    session: Session,
    *,
    actor: Member | None,
    name: str,
    team: Team,
    phase: str | Phase = Phase.DISCOVERY,
    description: str = "",
    senior_responsible_owner: str = "",
) -> Service:
    require_same_area(session, actor, team.id)
    service = Service(
        name=_unused_name(session, Service, name, label="a name for the service"),
        description=text_of("description", description, label="the description", longest=5_000),
        phase=term_of("phase", Phase, phase, label="a phase"),
        team_id=team.id,
        senior_responsible_owner=optional_line(
            "senior_responsible_owner", senior_responsible_owner, label="the owner's name", longest=200
        ),
    )
    add(session, actor, service)
    record(session, actor, "created", service)
    return service


def create_component(
    session: Session,
    *,
    actor: Member | None,
    name: str,
    kind: str | ComponentKind,
    version: str = "",
    url: str = "",
    services: Sequence[Service] = (),
) -> Component:
    component = Component(
        name=_unused_name(session, Component, name, label="a name for the component"),
        kind=term_of("kind", ComponentKind, kind, label="a kind"),
        version=optional_line("version", version, label="the version", longest=60),
        url=web_address("url", url),
        changed_on=None,
    )
    add(session, actor, component)
    if services:
        pairs = [{"service_id": service.id, "component_id": component.id} for service in services]
        session.execute(insert(service_components), pairs)
    record(session, actor, "created", component)
    return component


def set_component_services(
    session: Session, *, actor: Member, component: Component, services: Sequence[Service]
) -> None:
    session.execute(delete(service_components).where(service_components.c.component_id == component.id))
    if services:
        pairs = [{"service_id": service.id, "component_id": component.id} for service in services]
        session.execute(insert(service_components), pairs)
    touch(session, actor, component)
    record(session, actor, "changed", component)


def report_component_change(session: Session, *, actor: Member, component: Component, version: str) -> None:
    """A changed component ages every usability finding about it at once (beyond.md 7)."""
    component.version = optional_line("version", version, label="the version", longest=60)
    component.changed_on = today(session)
    touch(session, actor, component)
    record(session, actor, "changed", component)


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


def sign_in(session: Session, *, email: str, password: str, browser: str) -> tuple[Member, str] | None:
    """The member and the new session's token, or None. Counts failures and pauses an address after too many.

    Raises NotAllowed while an address is paused, whether or not there is such a member.
    """
    address = email.strip().lower()[:254]
    since = now(session) - FAILURE_WINDOW
    failures = session.scalar(
        select(func.count()).select_from(SignInFailure).where(SignInFailure.email == address, SignInFailure.at > since)
    )
    if (failures or 0) >= FAILURES_ALLOWED:
        raise NotAllowed("Too many attempts to sign in with this address. Wait 15 minutes and try again.")
    member = session.scalar(select(Member).where(Member.email == address, Member.is_active))
    if not password_matches(None if member is None else member.password_hash, password) or member is None:
        session.add(SignInFailure(email=address, at=now(session)))
        return None
    session.execute(delete(SignInFailure).where(SignInFailure.email == address))
    token = start_browser_session(session, member=member, browser=browser)
    record(session, member, "signed in", member)
    return member, token


def start_browser_session(session: Session, *, member: Member, browser: str) -> str:
    """The token that the browser keeps; the database keeps its SHA-256 alone."""
    token = secrets.token_urlsafe(32)
    moment = now(session)
    row = BrowserSession(
        token_hash=token_hash(token),
        member_id=member.id,
        started_at=moment,
        last_seen_at=moment,
        browser=browser[:200],
    )
    session.add(row)
    session.flush()
    return token


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def end_browser_session(session: Session, *, member: Member, session_id: int) -> None:
    session.execute(
        update(BrowserSession)
        .where(
            BrowserSession.id == session_id, BrowserSession.member_id == member.id, BrowserSession.ended_at.is_(None)
        )
        .values(ended_at=now(session))
    )
    record(session, member, "ended a browser session of", member)


def end_all_browser_sessions(session: Session, *, member: Member) -> None:
    session.execute(
        update(BrowserSession)
        .where(BrowserSession.member_id == member.id, BrowserSession.ended_at.is_(None))
        .values(ended_at=now(session))
    )


def web_address(field: str, value: str) -> str:
    """An address that may stand in a link: http or https, or nothing."""
    address = optional_line(field, value, label="the address", longest=2_000)
    if address and not re.match(r"https?://[^\s/]", address, re.IGNORECASE):
        raise InvalidInput.of(field, "Enter an address that begins with https:// or http://.")
    return address


def _refuse_more_power_than_own(actor: Member | None, role: Role) -> None:
    powerful = {Role.ADMINISTRATOR, Role.DATA_PROTECTION}
    if actor is not None and actor.role is not Role.ADMINISTRATOR and role in powerful:
        raise NotAllowed("Only an administrator can give or change that role.")


def _unused_name(session: Session, kind: type[Team | Service | Component], name: str, *, label: str) -> str:
    chosen = required_line("name", name, label=label, longest=200)
    if session.scalar(select(kind.id).where(func.lower(kind.name) == chosen.lower())):
        raise InvalidInput.of("name", f"There is already one called “{chosen}”. Choose another name.")
    return chosen


def _new_code(session: Session, study_id: int) -> str:
    taken = set(session.scalars(select(Participant.code).where(Participant.study_id == study_id)))
    while True:
        code = "P-" + "".join(secrets.choice(_CODE_ALPHABET) for _ in range(4))
        if code not in taken:
            return code

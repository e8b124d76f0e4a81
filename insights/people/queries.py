"""Reads about people, as frozen rows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.core.access import ROLE_LABELS, Permission, Role, may
from insights.core.activity import ActivityEntry
from insights.core.base import number_of
from insights.core.clock import now
from insights.core.errors import NotFound
from insights.people.models import BrowserSession, Component, Member, Service, Team, service_components
from insights.people.operations import CHANGE_NOTED, token_hash

# A session ends after a working day without use, and after two weeks in any case (OWASP ASVS 5.0, 7.3), unless the
# installation says otherwise.
IDLE_LIMIT = timedelta(hours=12)
ABSOLUTE_LIMIT = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """How long a browser session lasts without use, and how long in any case."""

    idle: timedelta = IDLE_LIMIT
    absolute: timedelta = ABSOLUTE_LIMIT


USUAL_LIMITS = SessionLimits()


@dataclass(frozen=True, slots=True)
class MemberRow:
    id: int
    ref: str
    name: str
    email: str
    role: Role
    role_label: str
    team: str
    team_id: int
    is_active: bool
    administers_area: bool


@dataclass(frozen=True, slots=True)
class SessionRow:
    id: int
    browser: str
    started_at: datetime
    last_seen_at: datetime
    is_this_one: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a select: what is stored and what is read."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class ServiceRow:
    id: int
    ref: str
    name: str
    phase: str
    team: str
    owner: str
    components: int


@dataclass(frozen=True, slots=True)
class ComponentRow:
    id: int
    ref: str
    name: str
    kind: str
    version: str
    url: str
    services: int
    changed_on: date | None


def member_by_token(
    session: Session, token: str, limits: SessionLimits = USUAL_LIMITS
) -> tuple[Member, BrowserSession] | None:
    """Whoever signed in with that token, while the session has not ended, idled out or grown too old."""
    moment = now(session)
    row = session.execute(
        select(Member, BrowserSession)
        .join(BrowserSession, BrowserSession.member_id == Member.id)
        .where(
            BrowserSession.token_hash == token_hash(token),
            BrowserSession.ended_at.is_(None),
            BrowserSession.last_seen_at > moment - limits.idle,
            BrowserSession.started_at > moment - limits.absolute,
            Member.is_active,
        )
    ).first()
    return None if row is None else (row[0], row[1])


def member_by_email(session: Session, email: str) -> Member:
    member = session.scalar(select(Member).where(Member.email == email.strip().lower(), Member.is_active))
    if member is None:
        raise NotFound(f"member {email}")
    return member


def get_member(session: Session, ref: str) -> Member:
    member = session.get(Member, number_of(ref, Member.PREFIX) or 0)
    if member is None:
        raise NotFound(ref)
    return member


def area_ids(session: Session, actor: Member) -> frozenset[int]:
    """The teams whose people and settings the member looks after: all, their own, or none (features.md L7)."""
    if may(actor, Permission.ADMINISTER):
        return frozenset(session.scalars(select(Team.id)))
    return frozenset({actor.team_id}) if actor.administers_area else frozenset()


def get_member_of_area(session: Session, actor: Member, ref: str) -> Member:
    """Raises NotFound for a member outside the areas that `actor` looks after, as for one who is not there."""
    member = get_member(session, ref)
    if member.team_id not in area_ids(session, actor):
        raise NotFound(ref)
    return member


def is_empty(session: Session) -> bool:
    """Whether nobody can sign in yet."""
    return session.scalar(select(Member.id).where(Member.password_hash.is_not(None)).limit(1)) is None


def get_team(session: Session, ref: str) -> Team:
    team = session.get(Team, number_of(ref, Team.PREFIX) or 0)
    if team is None:
        raise NotFound(ref)
    return team


def get_service(session: Session, ref: str) -> Service:
    service = session.get(Service, number_of(ref, Service.PREFIX) or 0)
    if service is None:
        raise NotFound(ref)
    return service


def get_component(session: Session, ref: str) -> Component:
    component = session.get(Component, number_of(ref, Component.PREFIX) or 0)
    if component is None:
        raise NotFound(ref)
    return component


def browser_sessions_of(
    session: Session, member: Member, this_id: int, limits: SessionLimits = USUAL_LIMITS
) -> list[SessionRow]:
    moment = now(session)
    rows = session.scalars(
        select(BrowserSession)
        .where(
            BrowserSession.member_id == member.id,
            BrowserSession.ended_at.is_(None),
            BrowserSession.last_seen_at > moment - limits.idle,
            BrowserSession.started_at > moment - limits.absolute,
        )
        .order_by(BrowserSession.last_seen_at.desc(), BrowserSession.id.desc())
    )
    return [SessionRow(row.id, row.browser, row.started_at, row.last_seen_at, row.id == this_id) for row in rows]


def list_members(session: Session, *, team_ids: Collection[int] | None = None) -> list[MemberRow]:
    """Everybody, or the members of the given teams."""
    query = select(Member, Team.name).join(Team, Team.id == Member.team_id).order_by(Member.name, Member.id)
    if team_ids is not None:
        query = query.where(Member.team_id.in_(team_ids))
    return [
        MemberRow(
            member.id,
            member.ref,
            member.name,
            member.email,
            member.role,
            ROLE_LABELS[member.role],
            team,
            member.team_id,
            member.is_active,
            member.administers_area,
        )
        for member, team in session.execute(query)
    ]


def list_teams(session: Session) -> Sequence[Team]:
    return session.scalars(select(Team).order_by(Team.name)).all()


def list_services(session: Session) -> list[ServiceRow]:
    count = (
        select(func.count()).where(service_components.c.service_id == Service.id).correlate(Service).scalar_subquery()
    )
    query = select(Service, Team.name, count).join(Team, Team.id == Service.team_id).order_by(Service.name)
    return [
        ServiceRow(
            service.id,
            service.ref,
            service.name,
            service.phase.value,
            team,
            service.senior_responsible_owner,
            components,
        )
        for service, team, components in session.execute(query)
    ]


def services_using(session: Session, component: Component) -> Sequence[Service]:
    return session.scalars(
        select(Service)
        .join(service_components, service_components.c.service_id == Service.id)
        .where(service_components.c.component_id == component.id)
        .order_by(Service.name)
    ).all()


def list_components(session: Session, *, service_id: int | None = None) -> list[ComponentRow]:
    count = (
        select(func.count())
        .where(service_components.c.component_id == Component.id)
        .correlate(Component)
        .scalar_subquery()
    )
    query = select(Component, count).order_by(Component.name)
    if service_id is not None:
        query = query.join(service_components, service_components.c.component_id == Component.id).where(
            service_components.c.service_id == service_id
        )
    return [
        ComponentRow(
            component.id,
            component.ref,
            component.name,
            component.kind.value,
            component.version,
            component.url,
            services,
            component.changed_on,
        )
        for component, services in session.execute(query)
    ]


@dataclass(frozen=True, slots=True)
class ComponentChange:
    """'It changed on that day'; `on` is the day of the change, `told_by` who noted it."""

    on: date
    version: str
    what: str
    told_by: str


def changes_of_component(session: Session, component: Component, *, limit: int = 20) -> list[ComponentChange]:
    """Newest first, from the record of changes."""
    rows = session.execute(
        select(ActivityEntry.detail, Member.name)
        .outerjoin(Member, Member.id == ActivityEntry.actor_id)
        .where(ActivityEntry.subject_ref == component.ref, ActivityEntry.verb == CHANGE_NOTED)
        .order_by(ActivityEntry.id.desc())
        .limit(limit)
    )
    found = [
        ComponentChange(date.fromisoformat(detail["on"]), detail["version"], detail["what"], name or "")
        for detail, name in rows
    ]
    return sorted(found, key=lambda each: each.on, reverse=True)


def service_choices(session: Session) -> list[Choice]:
    rows = session.execute(select(Service.id, Service.name).order_by(Service.name))
    return [Choice(str(number), name) for number, name in rows]


def component_choices(session: Session) -> list[Choice]:
    rows = session.execute(select(Component.id, Component.name).order_by(Component.name))
    return [Choice(str(number), name) for number, name in rows]


def member_choices(session: Session) -> list[Choice]:
    rows = session.execute(select(Member.id, Member.name).where(Member.is_active).order_by(Member.name))
    return [Choice(str(number), name) for number, name in rows]

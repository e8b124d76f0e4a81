"""Members who sign in elsewhere: known by issuer and subject, with roles and teams from the groups that are told.

An address is never enough to become somebody who is here already: they sign in once in the way of before, which
links the two. Whoever is told by the provider to have an address that nobody here has may get an account of their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.core.access import Role
from insights.core.activity import record, touch
from insights.core.clock import now
from insights.people.accounts.attempts import begin_attempt, open_attempt
from insights.people.models import AttemptKind, FederatedIdentity, Member, Team
from insights.people.operations import add_member, end_all_browser_sessions


@dataclass(frozen=True, slots=True)
class Claims:
    """What a checked token says of a person."""

    issuer: str
    subject: str
    email: str
    email_verified: bool
    name: str
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mapped:
    """How groups become roles and teams. Without `roles` the product's own roles stay as they are."""

    roles: Mapping[str, Role] = field(default_factory=dict)
    teams: Mapping[str, str] = field(default_factory=dict)
    admits_unknown: bool = False

    def role_of(self, groups: Sequence[str]) -> Role | None:
        """The most powerful role that one of the groups gives; None where none does."""
        given = {self.roles[group] for group in groups if group in self.roles}
        return next((role for role in reversed(Role) if role in given), None)

    def team_name_of(self, groups: Sequence[str]) -> str | None:
        return next((team for group, team in self.teams.items() if group in groups), None)


class Refusal(Enum):
    CLOSED = auto()
    NO_ROLE = auto()
    UNVERIFIED = auto()
    UNKNOWN = auto()
    NO_TEAM = auto()


@dataclass(frozen=True, slots=True)
class Links:
    """Somebody here has that verified address: signing in once with `token` in the cookie links the two."""

    token: str


def member_from_elsewhere(session: Session, *, claims: Claims, mapped: Mapped) -> Member | Links | Refusal:
    """Whoever the claims mean, with role and team as their groups say now."""
    identity = session.scalar(
        select(FederatedIdentity).where(
            FederatedIdentity.issuer == claims.issuer, FederatedIdentity.subject == claims.subject
        )
    )
    if identity is None:
        return _first_time(session, claims, mapped)
    member = session.get_one(Member, identity.member_id)
    if not member.is_active:
        return Refusal.CLOSED
    if mapped.roles and not mapped.admits_unknown and mapped.role_of(claims.groups) is None:
        end_all_browser_sessions(session, member=member)
        return Refusal.NO_ROLE
    identity.last_used_at = now(session)
    _follow_groups(session, member, claims, mapped)
    return member


def take_link(session: Session, *, member: Member, token: object) -> bool:
    """Links the member who has just signed in here with whom they were elsewhere; whether there was such a link."""
    attempt = open_attempt(session, AttemptKind.LINK, token)
    if attempt is None or attempt.member_id != member.id:
        return False
    attempt.ended_at = now(session)
    _link(session, member, attempt.kept["issuer"], attempt.kept["subject"])
    return True


def identities_of(session: Session, member: Member) -> Sequence[FederatedIdentity]:
    return session.scalars(
        select(FederatedIdentity).where(FederatedIdentity.member_id == member.id).order_by(FederatedIdentity.id)
    ).all()


def is_linked(session: Session, member: Member, claims: Claims) -> bool:
    return any((row.issuer, row.subject) == (claims.issuer, claims.subject) for row in identities_of(session, member))


def _first_time(session: Session, claims: Claims, mapped: Mapped) -> Member | Links | Refusal:
    if not claims.email_verified or "@" not in claims.email:
        return Refusal.UNVERIFIED
    known = session.scalar(select(Member).where(Member.email == claims.email.strip().lower()))
    if known is not None:
        if not known.is_active:
            return Refusal.CLOSED
        kept = {"issuer": claims.issuer, "subject": claims.subject}
        return Links(begin_attempt(session, AttemptKind.LINK, member_id=known.id, kept=kept))
    role = mapped.role_of(claims.groups)
    if role is None and not mapped.admits_unknown:
        return Refusal.NO_ROLE if mapped.roles else Refusal.UNKNOWN
    team = _team_for(session, claims, mapped)
    if team is None:
        return Refusal.NO_TEAM
    member = add_member(
        session, actor=None, email=claims.email, name=claims.name or claims.email, role=role or Role.READER, team=team
    )
    _link(session, member, claims.issuer, claims.subject)
    return member


def _follow_groups(session: Session, member: Member, claims: Claims, mapped: Mapped) -> None:
    """A change of role ends every session of before, as it does when an administrator changes it."""
    role = (mapped.role_of(claims.groups) or Role.READER) if mapped.roles else member.role
    if role is not member.role:
        before, member.role = member.role, role
        touch(session, None, member)
        end_all_browser_sessions(session, member=member)
        detail = {"from": before.value, "to": role.value, "by": "single sign-on"}
        record(session, None, "changed role of", member, detail=detail)
    name = mapped.team_name_of(claims.groups)
    team = None if name is None else session.scalar(select(Team).where(Team.name == name))
    if team is not None and team.id != member.team_id:
        member.team_id, member.administers_area = team.id, False
        touch(session, None, member)
        end_all_browser_sessions(session, member=member)
        record(session, None, "changed team of", member, detail={"to": team.name, "by": "single sign-on"})


def _link(session: Session, member: Member, issuer: str, subject: str) -> None:
    moment = now(session)
    row = FederatedIdentity(member_id=member.id, issuer=issuer, subject=subject, linked_at=moment, last_used_at=moment)
    session.add(row)
    session.flush()
    record(session, member, "linked single sign-on to", member)


def _team_for(session: Session, claims: Claims, mapped: Mapped) -> Team | None:
    """The team that a group names, else the only one there is."""
    name = mapped.team_name_of(claims.groups)
    if name is not None:
        return session.scalar(select(Team).where(Team.name == name))
    teams = session.scalars(select(Team).order_by(Team.id).limit(2)).all()
    return teams[0] if len(teams) == 1 or (teams and not mapped.teams) else None

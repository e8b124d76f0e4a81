"""Invitations: a link by which somebody makes their own account, good once and for seven days."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.core.access import ROLE_LABELS, Role
from insights.core.activity import add, record, touch
from insights.core.base import number_of
from insights.core.checks import term_of
from insights.core.clock import now
from insights.core.errors import InvalidInput, NotFound, RuleBroken
from insights.core.keys import keys_of
from insights.people.accounts.limits import Tried, count_failure, refuse_while_paused
from insights.people.accounts.tokens import hashed, new_salt, token_for
from insights.people.models import Invitation, Member, Team
from insights.people.operations import add_member, require_area_administrator
from insights.people.operations.members import refuse_more_power_than_own, unused_address
from insights.people.queries import area_ids

GOOD_FOR: Final = timedelta(days=7)
_PURPOSE: Final = "invitation"


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """`state` is waiting, accepted, withdrawn or expired."""

    ref: str
    email: str
    role_label: str
    team: str
    invited_by: str
    sent_at: datetime
    expires_at: datetime
    state: str

    @property
    def can_be_sent_again(self) -> bool:
        return self.state in {"waiting", "expired"}


def invite(
    session: Session, *, actor: Member, email: str, role: str | Role, team: Team, administers_area: bool = False
) -> Invitation:
    """Whoever looks after an area invites into it, to no role that they could not give (features.md L7)."""
    require_area_administrator(actor, team.id)
    address = unused_address(session, email)
    if any(row.email == address for row in _waiting(session)):
        raise InvalidInput.of("email", f"{address} is invited already. Send that invitation again, or withdraw it.")
    chosen = term_of("role", Role, role, label="a role")
    refuse_more_power_than_own(actor, chosen)
    invitation = Invitation(email=address, role=chosen, team_id=team.id, administers_area=administers_area)
    _renew_link(session, invitation)
    add(session, actor, invitation)
    record(session, actor, "invited", invitation, detail={"role": chosen.value})
    return invitation


def send_again(session: Session, *, actor: Member, invitation: Invitation) -> None:
    """With a new link, good for seven days more; the link of before opens nothing from then on."""
    _require_open(invitation)
    refuse_more_power_than_own(actor, invitation.role)
    _renew_link(session, invitation)
    touch(session, actor, invitation)
    record(session, actor, "invited again", invitation)


def withdraw_invitation(session: Session, *, actor: Member, invitation: Invitation) -> None:
    _require_open(invitation)
    invitation.withdrawn_at = now(session)
    touch(session, actor, invitation)
    record(session, actor, "withdrew", invitation)


def invitation_token(session: Session, invitation: Invitation) -> str | None:
    """What the link's address ends with; None for an invitation that nobody can accept any more."""
    if _state(invitation, now(session)) != "waiting":
        return None
    return token_for(keys_of(session), _PURPOSE, invitation.salt)


def invitation_of_link(session: Session, token: str) -> Invitation | None:
    """The invitation while it can be accepted, which ends with the account of whoever sent it."""
    found = session.scalar(
        select(Invitation)
        .join(Member, Member.id == Invitation.updated_by_id)
        .where(Invitation.token_hash == hashed(token), Member.is_active)
    )
    return found if found is not None and _state(found, now(session)) == "waiting" else None


def accept_invitation(session: Session, *, token: str, name: str, password: str, network: str = "") -> Member | None:
    """The new member; None for a link that is not good any more. The role is the invitation's, whatever was sent."""
    refuse_while_paused(session, Tried.LINK, email="", network=network)
    invitation = invitation_of_link(session, token)
    if invitation is None:
        count_failure(session, Tried.LINK, email="", network=network)
        return None
    member = add_member(
        session,
        actor=None,
        email=invitation.email,
        name=name,
        role=invitation.role,
        team=session.get_one(Team, invitation.team_id),
        password=password,
        administers_area=invitation.administers_area,
    )
    invitation.accepted_at, invitation.member_id = now(session), member.id
    touch(session, member, invitation)
    record(session, member, "accepted", invitation)
    return member


def list_invitations(session: Session, *, team_ids: Collection[int]) -> list[InvitationRow]:
    """Those into the given teams, the newest first."""
    rows = session.execute(
        select(Invitation, Team.name, Member.name)
        .join(Team, Team.id == Invitation.team_id)
        .outerjoin(Member, Member.id == Invitation.created_by_id)
        .where(Invitation.team_id.in_(team_ids))
        .order_by(Invitation.sent_at.desc(), Invitation.id.desc())
    )
    moment = now(session)
    return [
        InvitationRow(
            row.ref, row.email, ROLE_LABELS[row.role], team, by or "–", row.sent_at, row.expires_at, _state(row, moment)
        )
        for row, team, by in rows
    ]


def get_invitation_of_area(session: Session, actor: Member, ref: str) -> Invitation:
    """Raises NotFound for one into an area that `actor` does not look after, as for one that is not there."""
    found = session.get(Invitation, number_of(ref, Invitation.PREFIX) or 0)
    if found is None or found.team_id not in area_ids(session, actor):
        raise NotFound(ref)
    return found


def _waiting(session: Session) -> list[Invitation]:
    moment = now(session)
    rows = session.scalars(
        select(Invitation).where(
            Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None), Invitation.expires_at > moment
        )
    )
    return list(rows)


def _renew_link(session: Session, invitation: Invitation) -> None:
    moment = now(session)
    invitation.salt = new_salt()
    invitation.token_hash = hashed(token_for(keys_of(session), _PURPOSE, invitation.salt))
    invitation.sent_at, invitation.expires_at = moment, moment + GOOD_FOR


def _require_open(invitation: Invitation) -> None:
    if invitation.accepted_at is not None:
        raise RuleBroken("This invitation was accepted. Look for the account under Members.")
    if invitation.withdrawn_at is not None:
        raise RuleBroken("This invitation was withdrawn. Invite the person anew.")


def _state(invitation: Invitation, moment: datetime) -> str:
    if invitation.accepted_at is not None:
        return "accepted"
    if invitation.withdrawn_at is not None:
        return "withdrawn"
    return "waiting" if invitation.expires_at > moment else "expired"

"""Who looks after which area: the rule of features.md L7."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.core.access import Permission, Role, may
from insights.core.activity import add, record, touch
from insights.core.errors import InvalidInput, NotAllowed
from insights.people.models import (
    Member,
    Team,
)
from insights.people.operations.names import unused_name


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


def create_team(
    session: Session, *, actor: Member | None, name: str, is_central: bool = False, review_required: bool = False
) -> Team:
    team = Team(
        name=unused_name(session, Team, name, label="a name for the team"),
        is_central=is_central,
        review_required=review_required,
        settings={},
    )
    add(session, actor, team)
    record(session, actor, "created", team)
    return team


def configure_team(
    session: Session,
    *,
    actor: Member,
    team: Team,
    review_required: bool,
    half_life_months: Mapping[str, float | None] | None = None,
) -> None:
    """An area administers itself; an administrator may configure any (features.md L7).

    `half_life_months` maps kinds of insight to months; None for a kind means the product's own figure. Where the whole
    mapping is None, the half-lives stay as they are.
    """
    require_area_administrator(actor, team.id)
    team.review_required = review_required
    if half_life_months is not None:
        kept = {kind: _months(kind, months) for kind, months in half_life_months.items() if months is not None}
        team.settings = {**team.settings, "half_life_months": kept}
    touch(session, actor, team)
    detail = {"review_required": review_required, "half_life_months": team.settings.get("half_life_months", {})}
    record(session, actor, "configured", team, detail=detail)


def _months(kind: str, months: float) -> float:
    longest = 600
    if not 0 < months <= longest:
        raise InvalidInput.of(
            kind, f"Enter a half-life of more than 0 and at most {longest} months, or leave it empty."
        )
    return months

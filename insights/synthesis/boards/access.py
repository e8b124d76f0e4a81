"""Which boards and themes a member may see; what lies on them is seen card by card, by the quote's study."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from insights.capture.access import visible_studies
from insights.capture.models import Study
from insights.core.access import Role
from insights.people.models import Member, Team
from insights.synthesis.models import Board, Theme


def visible_boards(member: Member | None) -> ColumnElement[bool]:
    """Those of studies that the member may see; a board across studies is seen by its team."""
    return false() if member is None else and_(Board.deleted_at.is_(None), _is_seen(Board, member))


def visible_themes(member: Member | None, *, deleted: bool = False) -> ColumnElement[bool]:
    """The same for themes; `deleted` asks for those that were deleted, to bring one back."""
    if member is None:
        return false()
    kept = Theme.deleted_at.is_not(None) if deleted else Theme.deleted_at.is_(None)
    return and_(kept, _is_seen(Theme, member))


def deleted_boards(member: Member | None) -> ColumnElement[bool]:
    return false() if member is None else and_(Board.deleted_at.is_not(None), _is_seen(Board, member))


def _is_seen(kind: type[Board | Theme], member: Member) -> ColumnElement[bool]:
    of_seen_study = kind.study_id.in_(select(Study.id).where(visible_studies(member)))
    central = select(Team.id).where(Team.id == member.team_id, Team.is_central).exists()
    across = true() if member.role is Role.ADMINISTRATOR else or_(kind.team_id == member.team_id, central)
    return or_(of_seen_study, and_(kind.study_id.is_(None), across))

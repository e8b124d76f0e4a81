"""Who reviews whose access: data protection and administrators everybody's, an area's administrator its people's."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session

from insights.core.access import PERMISSIONS, Permission, may
from insights.core.errors import NotAllowed
from insights.people.models import Member
from insights.stewardship.models import AccessReview, AccessReviewRow


def reviews_everything(member: Member) -> bool:
    return may(member, Permission.AUDIT)


def reviews_something(member: Member) -> bool:
    return reviews_everything(member) or member.administers_area


def somebody_else_watches(session: Session, member: Member) -> bool:
    """Whether there is anybody but the member who reviews everybody's access."""
    watching = [role for role, permissions in PERMISSIONS.items() if Permission.AUDIT in permissions]
    others = select(Member.id).where(Member.is_active, Member.role.in_(watching), Member.id != member.id)
    return session.scalar(others.limit(1)) is not None


def require_reviewer(member: Member) -> None:
    if not reviews_something(member):
        raise NotAllowed(
            "Access is reviewed by data protection, by administrators, and by those who look after an area."
        )


def require_whole(member: Member, review: AccessReview) -> None:
    """For what concerns a review as a whole: to close it."""
    if not (reviews_everything(member) or (member.administers_area and member.team_id == review.team_id)):
        raise NotAllowed("A review of the whole organisation is closed by data protection or an administrator.")


def reviews_in_sight(member: Member) -> ColumnElement[bool]:
    """An area's administrator sees its own reviews, and those of the whole organisation, in which it has a part."""
    if reviews_everything(member):
        return true()
    return or_(AccessReview.team_id.is_(None), AccessReview.team_id == member.team_id)


def rows_in_sight(member: Member) -> ColumnElement[bool]:
    """By the area that somebody belonged to when the review began."""
    return true() if reviews_everything(member) else AccessReviewRow.team_id == member.team_id

"""Which studies, sessions and texts a member may see."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import Session

from insights.capture.models import Study, study_members
from insights.people.models import Member


def visible_studies(member: Member | None) -> ColumnElement[bool]:
    """Open studies for everyone with an account, restricted ones for the people they name. Nobody sees nothing.

    The name of a restricted study is enough to give somebody away, so no role stands above this clause.
    """
    if member is None:
        return false()
    named = select(study_members.c.study_id).where(study_members.c.member_id == member.id)
    return or_(~Study.restricted, Study.id.in_(named))


def hidden_study_ids(session: Session, member: Member) -> frozenset[int]:
    """The restricted studies that the member is not named in."""
    return frozenset(session.scalars(select(Study.id).where(~visible_studies(member))))

"""Which decisions a member may see; links to insights out of their sight are left out by the queries."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, true

from insights.core.access import Permission, may
from insights.decisions.models import Decision, DecisionStatus
from insights.people.models import Member


def visible_decisions(member: Member | None) -> ColumnElement[bool]:
    """Decisions are open to everyone with an account, for one that nobody may read cannot be followed.

    Drafts are seen by those who write decisions.
    """
    if member is None:
        return false()
    if may(member, Permission.EDIT_DECISIONS):
        return true()
    return Decision.status != DecisionStatus.DRAFT

"""Who may find a document: the index's side of the `visible_*` clauses, which it must equal.

Every document names all the studies that it rests on, open ones too, and a member's clearances name all the studies
that they may see at this moment. So a study that becomes restricted is out of sight with the next search, not when the
index has caught up.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.access import visible_studies
from insights.capture.models import Study
from insights.core.access import Permission, may
from insights.people.models import Member

INSIGHT_DRAFTS = "drafts:insights"
DECISION_DRAFTS = "drafts:decisions"


def study_token(study_id: int) -> str:
    return f"study:STU-{study_id}"


def study_tokens(study_ids: Iterable[int]) -> frozenset[str]:
    return frozenset(study_token(study_id) for study_id in study_ids)


def clearances_of(session: Session, member: Member | None) -> frozenset[str]:
    """All that the member may see, as tokens; one statement. Nobody holds no token."""
    return clearances_from(member, session.scalars(select(Study.id).where(visible_studies(member))))


def clearances_from(member: Member | None, visible_study_ids: Iterable[int]) -> frozenset[str]:
    """The same, where the studies that the member may see are known already.

    Authors of drafts who have lost the permission to write find them in their lists, not by search.
    """
    if member is None:
        return frozenset()
    drafts = {INSIGHT_DRAFTS: Permission.EDIT_INSIGHTS, DECISION_DRAFTS: Permission.EDIT_DECISIONS}
    return study_tokens(visible_study_ids) | {token for token, needed in drafts.items() if may(member, needed)}

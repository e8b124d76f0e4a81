"""Who may find a document: the index's side of the `visible_*` clauses, which it must equal.

Every document names all the studies that it rests on, open ones too, and a member's clearances name all the studies
that they may see at this moment. So a study that becomes restricted is out of sight with the next search, not when the
index has caught up.

A text that waits for its review for personal data asks to be inside its study, and one in which people with a recorded
consent were heard names them; the member's clearances name those who agree to sharing in the organisation today. So a
consent that ran out or was taken back hides with the next search, too (docs/adr/0018).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Select, literal, or_, select, union_all
from sqlalchemy.orm import Session

from insights.capture.access import visible_studies
from insights.capture.inside import SHARED, inside_studies
from insights.capture.models import Study
from insights.core.access import Permission, may
from insights.core.clock import today
from insights.people.models import Member, Participant
from insights.people.participants.lacking import people_agreeing

INSIGHT_DRAFTS = "drafts:insights"
DECISION_DRAFTS = "drafts:decisions"


def study_token(study_id: int) -> str:
    return f"study:STU-{study_id}"


def study_tokens(study_ids: Iterable[int]) -> frozenset[str]:
    return frozenset(study_token(study_id) for study_id in study_ids)


def inside_token(study_id: int) -> str:
    return f"inside:STU-{study_id}"


def person_tokens(participant_ids: Iterable[int]) -> frozenset[str]:
    return frozenset(f"person:PAR-{number}" for number in participant_ids)


def clearances_of(session: Session, member: Member | None) -> frozenset[str]:
    """All that the member may see, as tokens; two statements. Nobody holds no token."""
    return clearances_from(session, member, session.scalars(select(Study.id).where(visible_studies(member))))


def clearances_from(session: Session, member: Member | None, visible_study_ids: Iterable[int]) -> frozenset[str]:
    """The same in one statement, where the studies that the member may see are known already."""
    if member is None:
        return frozenset()
    inside = select(Study.id).where(inside_studies(member))
    people = people_in_sight(member, today(session))
    rows = session.execute(
        union_all(
            inside.with_only_columns(literal(0).label("is_person"), Study.id.label("number")),
            people.with_only_columns(literal(1), Participant.id),
        )
    ).all()
    return clearances_with(
        member,
        studies=visible_study_ids,
        inside=[row.number for row in rows if not row.is_person],
        people=[row.number for row in rows if row.is_person],
    )


def clearances_with(
    member: Member, *, studies: Iterable[int], inside: Iterable[int], people: Iterable[int]
) -> frozenset[str]:
    """From what was read already: studies in sight, those the member is inside of, and `people_in_sight`.

    Authors of drafts who have lost the permission to write find them in their lists, not by search.
    """
    drafts = {INSIGHT_DRAFTS: Permission.EDIT_INSIGHTS, DECISION_DRAFTS: Permission.EDIT_DECISIONS}
    held = {token for token, needed in drafts.items() if may(member, needed)}
    return study_tokens(studies) | held | {inside_token(each) for each in inside} | person_tokens(people)


def people_in_sight(member: Member, on: date) -> Select[int]:
    """Participants whose texts the member may find: of studies they are inside of, or who share in the organisation."""
    inside = select(Study.id).where(inside_studies(member))
    return select(Participant.id).where(
        or_(Participant.study_id.in_(inside), Participant.id.in_(people_agreeing(SHARED, on)))
    )

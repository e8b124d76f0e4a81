"""Who is inside a study, and which texts may be read outside it (docs/adr/0018).

Inside are its lead, the people it names, and those who may change its sessions: members of its team, of a central team
and administrators, each with the permission to. Whoever sees a restricted study is inside it: it names them.

Outside, a text of a session is read once somebody has looked it through for personal data, and while everybody who was
heard in it agrees to sharing in the organisation, as far as their consent is recorded.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true
from sqlalchemy.orm import Session, aliased, object_session

from insights.capture.access import visible_studies
from insights.capture.models import PersonalDataReview, SourceText, Study, session_participants, study_members
from insights.core.access import Permission, Role, may
from insights.core.clock import SystemClock, local_day, today
from insights.people.models import ConsentScope, Member, Participant, Team
from insights.people.participants.consents import SCOPES
from insights.people.participants.lacking import people_lacking

SHARED = (ConsentScope.SHARE_IN_ORGANISATION,)


def inside_studies(member: Member | None) -> ColumnElement[bool]:
    """Studies whose texts are the member's own work. Needs `Study` in the query."""
    if member is None:
        return false()
    named = select(study_members.c.study_id).where(study_members.c.member_id == member.id)
    # Whoever sees a restricted study is named, or was let in to read it.
    belongs = or_(Study.restricted, Study.lead_id == member.id, Study.id.in_(named), _may_change(member))
    return and_(visible_studies(member), belongs)


def day_of(member: Member) -> date:
    """Today by the clock of the session that the member was read in, for clauses that are given no session."""
    session = object_session(member)
    return local_day(SystemClock().now()) if session is None else today(session)


def is_inside(session: Session, member: Member, study_id: int) -> bool:
    return session.scalar(select(Study.id).where(Study.id == study_id, inside_studies(member))) is not None


def readable_texts(member: Member | None, on: date) -> ColumnElement[bool]:
    """Texts that the member may read. Needs `SourceText` and its `Study` in the query."""
    return or_(inside_studies(member), and_(is_looked_through(), ~is_kept_back(on)))


def why_closed(session: Session, source_id: int) -> tuple[str, ...]:
    """In sentences why the text is not read outside its study; empty where it is."""
    source = session.get_one(SourceText, source_id)
    present, on = session_participants.c, today(session)
    lacking = people_lacking(SHARED, on)
    codes = session.scalars(
        select(Participant.code)
        .join(session_participants, present.participant_id == Participant.id)
        .where(present.research_session_id == source.research_session_id, Participant.id.in_(lacking))
        .order_by(Participant.code)
    ).all()
    waits = source.research_session_id and source.personal_data_review is PersonalDataReview.NOT_REVIEWED
    reasons = ["Nobody has looked this text through for personal data yet."] if waits else []
    if codes:
        reasons.append(f"“{SCOPES[SHARED[0]][0]}” is missing of {', '.join(codes)}.")
    return tuple(reasons)


def study_lead(session: Session, study_id: int) -> str:
    """The name of whoever leads the study, '' where nobody is named."""
    query = select(Member.name).join(Study, Study.lead_id == Member.id).where(Study.id == study_id)
    return session.scalar(query) or ""


def is_looked_through() -> ColumnElement[bool]:
    """Texts of sessions alone wait for it: a report was written to be read."""
    reviewed = SourceText.personal_data_review != PersonalDataReview.NOT_REVIEWED
    return or_(SourceText.research_session_id.is_(None), reviewed)


def is_kept_back(on: date) -> ColumnElement[bool]:
    """Whether somebody who was heard in the text's session has not agreed to sharing in the organisation."""
    return and_(
        SourceText.research_session_id.is_not(None),
        SourceText.research_session_id.in_(sessions_heard_by(people_lacking(SHARED, on))),
    )


def sessions_heard_by(people: Select[int]) -> Select[int]:
    present = session_participants.c
    return select(present.research_session_id).where(present.participant_id.in_(people))


def _may_change(member: Member) -> ColumnElement[bool]:
    """The rule of `require_same_area`, with the permission that the change itself needs."""
    if not may(member, Permission.EDIT_SESSIONS):
        return false()
    if member.role is Role.ADMINISTRATOR:
        return true()
    own = aliased(Team)
    central = select(own.id).where(own.id == member.team_id, own.is_central).exists()
    return or_(Study.team_id == member.team_id, central)

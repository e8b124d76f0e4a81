"""Who stands behind an insight or a decision: the people heard in the quotes that support it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from insights.capture.access import visible_studies
from insights.capture.inclusion import Heard, heard_of
from insights.capture.models import Study, session_participants
from insights.coding.models import Highlight, HighlightStatus
from insights.decisions.models import EVIDENCE_TYPES, DecisionLink
from insights.people.models import Member, Participant
from insights.synthesis.access import visible_insights
from insights.synthesis.models import EvidenceLink, Insight, Relation


def people_behind_insight(session: Session, member: Member, insight_id: int) -> list[Heard]:
    """Everybody heard in a quote that supports the insight, each once; a quote without a name of its own counts for all
    who took part in its session.
    """
    return _people(session, member, select(Insight.id).where(Insight.id == insight_id, visible_insights(member)))


def people_behind_decision(session: Session, member: Member, decision_id: int) -> list[Heard]:
    """The people behind every insight that the decision rests on, as far as the member may see them."""
    insights = (
        select(Insight.id)
        .join(DecisionLink, DecisionLink.insight_id == Insight.id)
        .where(DecisionLink.decision_id == decision_id, DecisionLink.type.in_(EVIDENCE_TYPES), visible_insights(member))
    )
    return _people(session, member, insights)


def _people(session: Session, member: Member, insights: Select[*tuple[Any, ...]]) -> list[Heard]:
    person = func.coalesce(Highlight.participant_id, session_participants.c.participant_id)
    ids = (
        select(person)
        .select_from(EvidenceLink)
        .join(Highlight, Highlight.id == EvidenceLink.highlight_id)
        .join(Study, Study.id == Highlight.study_id)
        .outerjoin(
            session_participants,
            (session_participants.c.research_session_id == Highlight.research_session_id)
            & Highlight.participant_id.is_(None),
        )
        .where(
            EvidenceLink.insight_id.in_(insights),
            EvidenceLink.relation == Relation.SUPPORTS,
            or_(Highlight.status == HighlightStatus.ACTIVE, Highlight.status == HighlightStatus.ORPHANED),
            visible_studies(member),
        )
    )
    people = session.scalars(select(Participant).where(Participant.id.in_(ids)).order_by(Participant.id)).all()
    return heard_of(people)

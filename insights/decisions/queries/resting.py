"""What decisions rest on, as expressions that any select of decisions can carry."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from insights.capture.models import session_participants
from insights.coding.models import Highlight
from insights.decisions.models import EVIDENCE_TYPES, Decision, DecisionLink
from insights.people.models import Member, Participant
from insights.synthesis.access import visible_insights
from insights.synthesis.models import (
    Contradiction,
    ContradictionStatus,
    EvidenceLink,
    Insight,
    InsightStatus,
    Relation,
)


def insights_under(member: Member) -> ColumnElement[int]:
    """How many visible insights changed, informed or confirmed the decision."""
    return _evidence(member).with_only_columns(func.count(Insight.id.distinct())).scalar_subquery()


def quotes_under(member: Member) -> ColumnElement[int]:
    return _support(member).with_only_columns(func.count(Highlight.id.distinct())).scalar_subquery()


def studies_under(member: Member) -> ColumnElement[int]:
    return _support(member).with_only_columns(func.count(Highlight.study_id.distinct())).scalar_subquery()


def people_under(member: Member) -> ColumnElement[int]:
    """Distinct people by the rule of `strength`: whoever is named on the highlight, or else everyone in its session."""
    present = session_participants.c
    return (
        _support(member)
        .join(session_participants, present.research_session_id == Highlight.research_session_id)
        .join(Participant, Participant.id == present.participant_id)
        .where(
            Participant.withdrawn_at.is_(None),
            or_(Highlight.participant_id.is_(None), Highlight.participant_id == Participant.id),
        )
        .with_only_columns(func.count(Participant.id.distinct()))
        .scalar_subquery()
    )


def is_contradicted() -> ColumnElement[bool]:
    """Whether something open speaks against the insight of the select around it."""
    return (
        select(Contradiction.id)
        .where(
            Contradiction.status == ContradictionStatus.OPEN,
            or_(Contradiction.insight_id == Insight.id, Contradiction.other_insight_id == Insight.id),
        )
        .correlate(Insight)
        .exists()
    )


def is_suspect() -> ColumnElement[bool]:
    """Whether the link may be in any other state than current; which one, `link_status` says."""
    return or_(
        DecisionLink.fingerprint != Insight.fingerprint, Insight.status != InsightStatus.PUBLISHED, is_contradicted()
    )


def _evidence(member: Member) -> Select[*tuple[Any, ...]]:
    return (
        select(Insight.id)
        .select_from(DecisionLink)
        .join(Insight, Insight.id == DecisionLink.insight_id)
        .where(
            DecisionLink.decision_id == Decision.id,
            DecisionLink.type.in_(EVIDENCE_TYPES),
            visible_insights(member),
        )
        .correlate(Decision)
    )


def _support(member: Member) -> Select[*tuple[Any, ...]]:
    return (
        _evidence(member)
        .join(EvidenceLink, EvidenceLink.insight_id == Insight.id)
        .join(Highlight, Highlight.id == EvidenceLink.highlight_id)
        .where(EvidenceLink.relation == Relation.SUPPORTS)
    )

"""The rows of a topic from the database, in seven statements however many they are, within the member's scope."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from insights.capture.access import visible_studies
from insights.capture.models import ResearchSession, SourceText, Study, session_participants
from insights.coding.models import Highlight, HighlightStatus
from insights.decisions.access import visible_decisions
from insights.decisions.models import Decision, DecisionLink, Measure, OutcomeCheck
from insights.people.models import Member, Participant, Service
from insights.reports.topics import DecisionOnTopic, HeardFact, OutcomeOnTopic, TopicRows
from insights.synthesis.models import CITABLE, EvidenceLink, Relation
from insights.synthesis.queries import InsightFilter, contradictions_of, list_insights

_HOLDING = (HighlightStatus.ACTIVE, HighlightStatus.ORPHANED)


def read_topic(
    session: Session, member: Member, *, insight_ids: Collection[int], decision_ids: Collection[int]
) -> TopicRows:
    """The published insights among the ids and all that hangs on them; `decision_ids` are decisions found by words."""
    citable = {status.value for status in CITABLE}
    found = list_insights(session, member, InsightFilter(ids=insight_ids), limit=None) if insight_ids else []
    insights = [row for row in found if row.status in citable]
    ids = [row.id for row in insights]
    decisions = _decisions(session, member, ids, decision_ids)
    return TopicRows(
        insights=insights,
        contradictions=contradictions_of(session, member, ids),
        heard=_heard(session, member, ids),
        groups=_groups(session, member),
        decisions=decisions,
        outcomes=_outcomes(session, [each.id for each in decisions]),
    )


def _heard(session: Session, member: Member, insight_ids: Collection[int]) -> list[HeardFact]:
    """A row for each supporting quote and person: whoever is named on it, or else everyone in its session."""
    present = session_participants.c
    rows = session.execute(
        select(
            EvidenceLink.insight_id,
            SourceText.id.label("source_id"),
            SourceText.title.label("source"),
            SourceText.dated_on,
            ResearchSession.id.label("session_id"),
            ResearchSession.title.label("session"),
            ResearchSession.held_on,
            Study.id.label("study_id"),
            Study.title.label("study"),
            Participant.id.label("participant_id"),
            Participant.code,
            Participant.group,
        )
        .select_from(EvidenceLink)
        .join(Highlight, Highlight.id == EvidenceLink.highlight_id)
        .join(SourceText, SourceText.id == Highlight.source_text_id)
        .join(Study, Study.id == Highlight.study_id)
        .outerjoin(ResearchSession, ResearchSession.id == Highlight.research_session_id)
        .outerjoin(
            session_participants,
            (present.research_session_id == Highlight.research_session_id)
            & or_(Highlight.participant_id.is_(None), Highlight.participant_id == present.participant_id),
        )
        .outerjoin(
            Participant,
            (Participant.id == present.participant_id)
            & Participant.withdrawn_at.is_(None)
            & Participant.removed_at.is_(None),
        )
        .where(
            EvidenceLink.insight_id.in_(insight_ids),
            EvidenceLink.relation == Relation.SUPPORTS,
            Highlight.status.in_(_HOLDING),
            SourceText.deleted_at.is_(None),
            visible_studies(member),
        )
        .order_by(EvidenceLink.id)
    )
    return [
        HeardFact(
            insight_id=row.insight_id,
            source_ref=f"SRC-{row.source_id}" if row.session_id is None else f"SES-{row.session_id}",
            source=(row.source if row.session_id is None else row.session) or "",
            study_ref=f"STU-{row.study_id}",
            study=row.study,
            dated_on=row.dated_on if row.session_id is None else row.held_on,
            participant_id=row.participant_id,
            code=row.code or "",
            group=row.group or "",
        )
        for row in rows
    ]


def _groups(session: Session, member: Member) -> list[str]:
    """Every user group of somebody who took part in a study that the member may see."""
    query = (
        select(Participant.group)
        .join(Study, Study.id == Participant.study_id)
        .where(
            Participant.group != "",
            Participant.withdrawn_at.is_(None),
            Participant.removed_at.is_(None),
            visible_studies(member),
        )
        .distinct()
    )
    return list(session.scalars(query))


def _decisions(
    session: Session, member: Member, insight_ids: Collection[int], decision_ids: Collection[int]
) -> list[DecisionOnTopic]:
    links: dict[int, set[int]] = defaultdict(set)
    linked = select(DecisionLink.decision_id, DecisionLink.insight_id).where(DecisionLink.insight_id.in_(insight_ids))
    for decision_id, insight_id in session.execute(linked):
        links[decision_id].add(insight_id)
    rows = session.execute(
        select(Decision, Service.name)
        .outerjoin(Service, Service.id == Decision.service_id)
        .where(Decision.id.in_({*links, *decision_ids}), visible_decisions(member))
    )
    return [
        DecisionOnTopic(
            id=decision.id,
            ref=decision.ref,
            title=decision.title,
            status=decision.status.value,
            decided_on=decision.decided_on,
            service=service or "",
            rests_on=tuple(f"INS-{number}" for number in sorted(links[decision.id])),
        )
        for decision, service in rows
    ]


def _outcomes(session: Session, decision_ids: Collection[int]) -> list[OutcomeOnTopic]:
    rows = session.execute(
        select(OutcomeCheck, Measure.name)
        .outerjoin(Measure, Measure.id == OutcomeCheck.measure_id)
        .where(OutcomeCheck.decision_id.in_(decision_ids))
        .order_by(OutcomeCheck.id)
    )
    return [
        OutcomeOnTopic(
            decision_ref=f"DEC-{check.decision_id}",
            measure=measure or "",
            due_on=check.due_on,
            verdict="" if check.verdict is None else check.verdict.value,
            recorded_on=check.recorded_on,
            note=check.note,
        )
        for check, measure in rows
    ]

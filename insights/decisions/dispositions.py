"""What became of many insights at once, and which decisions they bear on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.core.clock import today
from insights.decisions.access import visible_decisions
from insights.decisions.disposition import Disposition, EventFact, LinkFact, disposition_of
from insights.decisions.link_status import LINK_STATUS_WORDS, link_status
from insights.decisions.models import Decision, DecisionLink, DecisionStatus, LinkStatus
from insights.people.models import Member
from insights.synthesis.models import (
    DispositionEvent,
    Insight,
    Recommendation,
    RecommendationStatus,
    recommendation_insights,
)
from insights.synthesis.queries import contradicted_ids

# Accepted once, whatever came later: the insight was acted on.
_WAS_ACCEPTED = (DecisionStatus.ACCEPTED, DecisionStatus.DEPRECATED, DecisionStatus.SUPERSEDED)


@dataclass(frozen=True, slots=True)
class DecisionOnInsight:
    """One row of 'what it changed' on an insight's page."""

    link_id: int
    ref: str
    title: str
    decision_status: str
    type: str
    rationale: str
    status: LinkStatus
    status_words: str
    pinned_version: int
    decided_on: date | None


def dispositions(
    session: Session, insight_ids: Collection[int], *, on: date | None = None
) -> Mapping[int, Disposition]:
    """The disposition of each insight on that day, in three statements however many there are."""
    links, declines, events = (
        _links(session, insight_ids),
        _declines(session, insight_ids),
        _events(session, insight_ids),
    )
    day = on or today(session)
    return {
        each: disposition_of(day, links=links[each], declined_on=declines[each], events=events[each])
        for each in insight_ids
    }


def decisions_on(session: Session, member: Member, insight: Insight) -> list[DecisionOnInsight]:
    rows = session.execute(
        select(DecisionLink, Decision)
        .join(Decision, Decision.id == DecisionLink.decision_id)
        .where(DecisionLink.insight_id == insight.id, visible_decisions(member))
        .order_by(Decision.decided_on.desc(), Decision.id.desc())
    )
    doubted = insight.id in contradicted_ids(session, [insight.id])
    return [_decision(link, decision, insight, contradicted=doubted) for link, decision in rows]


def _decision(link: DecisionLink, decision: Decision, insight: Insight, *, contradicted: bool) -> DecisionOnInsight:
    status = link_status(
        insight_status=insight.status,
        insight_fingerprint=insight.fingerprint,
        pinned_fingerprint=link.fingerprint,
        contradicted=contradicted,
        declared_basis=decision.basis is not None,
    )
    return DecisionOnInsight(
        link_id=link.id,
        ref=decision.ref,
        title=decision.title,
        decision_status=decision.status.value,
        type=link.type.value,
        rationale=link.rationale,
        status=status,
        status_words=LINK_STATUS_WORDS[status],
        pinned_version=link.insight_version,
        decided_on=decision.decided_on,
    )


def _links(session: Session, ids: Collection[int]) -> Mapping[int, list[LinkFact]]:
    rows = session.execute(
        select(DecisionLink.insight_id, DecisionLink.type, Decision.decided_on, DecisionLink.created_at)
        .join(Decision, Decision.id == DecisionLink.decision_id)
        .where(DecisionLink.insight_id.in_(ids), Decision.status.in_(_WAS_ACCEPTED), Decision.decided_on.is_not(None))
    )
    found: dict[int, list[LinkFact]] = defaultdict(list)
    for insight_id, type_, decided_on, linked_at in rows:
        if decided_on is not None:
            found[insight_id].append(LinkFact(type_, decided_on, linked_at.date()))
    return found


def _declines(session: Session, ids: Collection[int]) -> Mapping[int, list[date]]:
    rows = session.execute(
        select(recommendation_insights.c.insight_id, Recommendation.responded_on)
        .join(Recommendation, Recommendation.id == recommendation_insights.c.recommendation_id)
        .where(
            recommendation_insights.c.insight_id.in_(ids),
            Recommendation.status == RecommendationStatus.DECLINED,
            Recommendation.responded_on.is_not(None),
        )
    )
    found: dict[int, list[date]] = defaultdict(list)
    for insight_id, responded_on in rows:
        found[insight_id].append(responded_on)
    return found


def _events(session: Session, ids: Collection[int]) -> Mapping[int, list[EventFact]]:
    rows = session.scalars(
        select(DispositionEvent).where(DispositionEvent.insight_id.in_(ids)).order_by(DispositionEvent.id)
    )
    found: dict[int, list[EventFact]] = defaultdict(list)
    for event in rows:
        found[event.insight_id].append(EventFact(event.kind, event.at.date(), event.until, event.reason))
    return found

"""What became of many insights at once, and which decisions they bear on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import CompoundSelect, cast, null, select, union_all
from sqlalchemy.orm import Session

from insights.core.clock import local_day, today
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
    """The disposition of each insight on that day, in one statement however many there are."""
    links: dict[int, list[LinkFact]] = defaultdict(list)
    declines: dict[int, list[date]] = defaultdict(list)
    events: dict[int, list[EventFact]] = defaultdict(list)
    for row in session.execute(_answers(insight_ids)) if insight_ids else ():
        if row.link_type is not None:
            links[row.insight_id].append(LinkFact(row.link_type, row.day, local_day(row.at)))
        elif row.event is not None:
            events[row.insight_id].append(EventFact(row.event, local_day(row.at), row.day, row.reason))
        else:
            declines[row.insight_id].append(row.day)
    day = on or today(session)
    return {
        each: disposition_of(day, links=links[each], declined_on=declines[each], events=events[each])
        for each in insight_ids
    }


def decisions_on(session: Session, member: Member, insight: Insight, *, contradicted: bool) -> list[DecisionOnInsight]:
    """Newest first; `contradicted` says whether something open speaks against the insight."""
    rows = session.execute(
        select(DecisionLink, Decision)
        .join(Decision, Decision.id == DecisionLink.decision_id)
        .where(DecisionLink.insight_id == insight.id, visible_decisions(member))
        .order_by(Decision.decided_on.desc(), Decision.id.desc())
    )
    return [_decision(link, decision, insight, contradicted=contradicted) for link, decision in rows]


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


def _answers(ids: Collection[int]) -> CompoundSelect[*tuple[Any, ...]]:
    """Three kinds of answers as rows of one shape: links to accepted decisions, events, declined recommendations."""
    links = (
        select(
            DecisionLink.insight_id,
            DecisionLink.type.label("link_type"),
            cast(null(), DispositionEvent.kind.type).label("event"),
            cast(null(), DispositionEvent.reason.type).label("reason"),
            Decision.decided_on.label("day"),
            DecisionLink.created_at.label("at"),
            DecisionLink.id.label("row_id"),
        )
        .join(Decision, Decision.id == DecisionLink.decision_id)
        .where(DecisionLink.insight_id.in_(ids), Decision.status.in_(_WAS_ACCEPTED), Decision.decided_on.is_not(None))
    )
    events = select(
        DispositionEvent.insight_id,
        null(),
        DispositionEvent.kind,
        DispositionEvent.reason,
        DispositionEvent.until,
        DispositionEvent.at,
        DispositionEvent.id,
    ).where(DispositionEvent.insight_id.in_(ids))
    declines = (
        select(
            recommendation_insights.c.insight_id,
            null(),
            null(),
            null(),
            Recommendation.responded_on,
            Recommendation.updated_at,
            Recommendation.id,
        )
        .join(Recommendation, Recommendation.id == recommendation_insights.c.recommendation_id)
        .where(
            recommendation_insights.c.insight_id.in_(ids),
            Recommendation.status == RecommendationStatus.DECLINED,
            Recommendation.responded_on.is_not(None),
        )
    )
    return union_all(links, events, declines).order_by("row_id")

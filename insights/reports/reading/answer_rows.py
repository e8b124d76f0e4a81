"""What was said to insights: dispositions, recommendations, contradictions."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.decisions.disposition import EventFact
from insights.people.models import Member, Service
from insights.reports.days import local_day
from insights.reports.facts import (
    ContradictionFact,
    RecommendationFact,
)
from insights.reports.reading.selecting import Scope, day_of, rows_of
from insights.synthesis.models import (
    Contradiction,
    ContradictionStatus,
    DispositionEvent,
    Recommendation,
    recommendation_insights,
)


def read_recommendations(session: Session, scope: Scope) -> list[RecommendationFact]:
    """One row comes for each pair of recommendation and insight; they are gathered here."""
    statement = (
        select(
            Recommendation.id,
            Recommendation.text,
            Recommendation.issued_on,
            Recommendation.status,
            Recommendation.responded_on,
            Recommendation.due_on,
            Recommendation.service_id,
            Recommendation.team_id,
            Recommendation.addressee_id,
            func.coalesce(Service.name, "").label("service"),
            func.coalesce(Member.name, "").label("addressee"),
            recommendation_insights.c.insight_id,
        )
        .outerjoin(recommendation_insights, recommendation_insights.c.recommendation_id == Recommendation.id)
        .outerjoin(Service, Service.id == Recommendation.service_id)
        .outerjoin(Member, Member.id == Recommendation.addressee_id)
        .order_by(Recommendation.id)
    )
    gathered: dict[int, tuple[dict[str, Any], list[int]]] = {}
    for row in rows_of(session, statement):
        values = dict(row)
        insight_id, team_id = values.pop("insight_id"), values.pop("team_id")
        values["in_scope"] = scope.holds(values["service_id"], team_id)
        _, insights = gathered.setdefault(values["id"], (values, []))
        if insight_id is not None:
            insights.append(insight_id)
    return [RecommendationFact(**values, insight_ids=tuple(found)) for values, found in gathered.values()]


def read_contradictions(session: Session, seen: set[int]) -> list[ContradictionFact]:
    """A contradiction marks both insights; one with an insight out of sight is left out."""
    statement = select(
        Contradiction.id,
        Contradiction.insight_id,
        Contradiction.other_insight_id,
        Contradiction.status,
        Contradiction.created_at,
        Contradiction.settled_at,
    ).order_by(Contradiction.id)
    found = []
    for row in session.execute(statement):
        sides = {side for side in (row.insight_id, row.other_insight_id) if side is not None}
        opened_on, settled_on = local_day(row.created_at), day_of(row.settled_at)
        if row.status is not ContradictionStatus.OPEN and settled_on is None:
            settled_on = opened_on
        if sides <= seen:
            found += [ContradictionFact(row.id, side, opened_on, settled_on) for side in sorted(sides)]
    return found


def read_events(session: Session) -> dict[int, tuple[EventFact, ...]]:
    statement = select(
        DispositionEvent.insight_id,
        DispositionEvent.kind,
        DispositionEvent.at,
        DispositionEvent.until,
        DispositionEvent.reason,
    ).order_by(DispositionEvent.at, DispositionEvent.id)
    found: defaultdict[int, list[EventFact]] = defaultdict(list)
    for row in session.execute(statement):
        found[row.insight_id].append(EventFact(row.kind, local_day(row.at), row.until, row.reason))
    return {insight_id: tuple(events) for insight_id, events in found.items()}

"""What was said to insights: dispositions, recommendations, contradictions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, String, cast, func, literal, select
from sqlalchemy.orm import Session

from insights.core.activity import ActivityEntry
from insights.decisions.disposition import EventFact
from insights.people.models import Member, Service
from insights.reports.days import local_day
from insights.reports.facts import (
    ContradictionFact,
    RecommendationFact,
)
from insights.reports.reading.selecting import Scope, day_of, rows_of
from insights.reports.surroundings import AskedFact
from insights.synthesis.models import (
    Contradiction,
    ContradictionStatus,
    DispositionEvent,
    Recommendation,
    RecommendationStatus,
    recommendation_insights,
)
from insights.synthesis.recommending import WITHDREW


def read_recommendations(session: Session, scope: Scope) -> list[RecommendationFact]:
    """Each with its answers. One row comes for each pair of recommendation and insight; they are gathered here."""
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
            Member.role,
            Recommendation.response_reason.label("reason"),
            Recommendation.deferred_to,
            _first_entry(_ANSWERED).label("first_answer_at"),
            _first_entry((WITHDREW,)).label("withdrawn_at"),
            recommendation_insights.c.insight_id,
        )
        .outerjoin(recommendation_insights, recommendation_insights.c.recommendation_id == Recommendation.id)
        .outerjoin(Service, Service.id == Recommendation.service_id)
        .outerjoin(Member, Member.id == Recommendation.addressee_id)
        .order_by(Recommendation.id, recommendation_insights.c.insight_id)
    )
    gathered: dict[int, tuple[dict[str, Any], list[int]]] = {}
    for row in rows_of(session, statement):
        values = dict(row)
        insight_id, team_id = values.pop("insight_id"), values.pop("team_id")
        values["in_scope"] = scope.holds(values["service_id"], team_id)
        values["role"] = "" if values["role"] is None else values["role"].value
        values["first_answer_on"] = day_of(values.pop("first_answer_at"))
        withdrawn_on = day_of(values.pop("withdrawn_at"))
        values["withdrawn_on"] = withdrawn_on if values["status"] is RecommendationStatus.WITHDRAWN else None
        _, insights = gathered.setdefault(values["id"], (values, []))
        if insight_id is not None:
            insights.append(insight_id)
    return [AskedFact(**values, insight_ids=tuple(found)) for values, found in gathered.values()]


_ANSWERED = (
    RecommendationStatus.ACCEPTED.value,
    RecommendationStatus.DECLINED.value,
    RecommendationStatus.DEFERRED.value,
)


def _first_entry(verbs: Sequence[str]) -> ScalarSelect[datetime]:
    """When one of these was first done with the recommendation: the row itself keeps the last answer alone."""
    ref = literal(f"{Recommendation.PREFIX}-").concat(cast(Recommendation.id, String))
    return (
        select(func.min(ActivityEntry.at))
        .where(ActivityEntry.subject_ref == ref, ActivityEntry.verb.in_(verbs))
        .correlate(Recommendation)
        .scalar_subquery()
    )


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

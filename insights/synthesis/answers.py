"""Answers to insights that are not decisions: parking, closing without action, recommendations and their responses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import zip_longest

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from insights.core.access import Permission, may
from insights.core.activity import add, record, touch
from insights.core.checks import required_line, required_text, term_of, text_of
from insights.core.clock import local_day, now, today
from insights.core.errors import InvalidInput, RuleBroken
from insights.people.models import Member, Service
from insights.people.operations import require_same_area
from insights.synthesis.models import (
    CITABLE,
    DispositionEvent,
    DispositionKind,
    Insight,
    InsightType,
    NoActionReason,
    Recommendation,
    RecommendationPriority,
    RecommendationStatus,
    recommendation_insights,
)
from insights.synthesis.recommending import priority_of

ANSWERS = (RecommendationStatus.ACCEPTED, RecommendationStatus.DECLINED, RecommendationStatus.DEFERRED)


def park_insight(session: Session, *, actor: Member, insight: Insight, until: date | None, note: str) -> None:
    """Off the shelf until a day, by somebody, with a reason; then it is back."""
    require_same_area(session, actor, insight.team_id)
    _require_actionable(insight)
    if until is None or until <= today(session):
        raise InvalidInput.of("until", "Enter a day in the future until which it is parked.")
    _require_approver_to_park_again(session, actor, insight)
    event = DispositionEvent(
        kind=DispositionKind.PARKED, until=until, note=required_line("note", note, label="why it is parked")
    )
    _answer(session, actor, insight, event, "parked")


def close_without_action(
    session: Session, *, actor: Member, insight: Insight, reason: str | NoActionReason, note: str = ""
) -> None:
    """Needs a reason code (features.md D3)."""
    require_same_area(session, actor, insight.team_id)
    _require_actionable(insight)
    event = DispositionEvent(
        kind=DispositionKind.NO_ACTION,
        reason=term_of("reason", NoActionReason, reason, label="a reason"),
        note=text_of("note", note, label="the note", longest=2_000),
    )
    _answer(session, actor, insight, event, "closed without action")


def reopen_insight(session: Session, *, actor: Member, insight: Insight) -> None:
    """Undoes parking or closing; back on the shelf, its age running from the first publication."""
    require_same_area(session, actor, insight.team_id)
    _answer(session, actor, insight, DispositionEvent(kind=DispositionKind.REOPENED), "reopened")


def issue_recommendation(
    session: Session,
    *,
    actor: Member,
    text: str,
    insights: Sequence[Insight],
    addressee: Member | None = None,
    due_on: date | None = None,
    service: Service | None = None,
    priority: str | RecommendationPriority = "",
) -> Recommendation:
    """Asks somebody for something, by a day, on the ground of one or more insights (features.md D4)."""
    if not insights:
        raise InvalidInput.of("insights", "A recommendation rests on at least one insight.")
    recommendation = Recommendation(
        text=required_text("text", text, label="the recommendation", longest=5_000),
        addressee_id=None if addressee is None else addressee.id,
        due_on=due_on,
        status=RecommendationStatus.ISSUED,
        priority=priority_of(priority),
        issued_on=today(session),
        service_id=service.id if service is not None else insights[0].service_id,
        team_id=actor.team_id,
    )
    add(session, actor, recommendation)
    pairs = [{"recommendation_id": recommendation.id, "insight_id": each.id} for each in insights]
    session.execute(insert(recommendation_insights), pairs)
    record(session, actor, "issued", recommendation, touches=[each.ref for each in insights])
    return recommendation


def respond_to_recommendation(
    session: Session,
    *,
    actor: Member,
    recommendation: Recommendation,
    status: str | RecommendationStatus,
    reason: str = "",
    deferred_to: date | None = None,
    insights: Sequence[str] = (),
) -> None:
    """Accept, decline with a reason, or defer to a day. A reasoned no is an answer (metrics.md, caution 5).

    `insights` are the refs it rests on, whose disposition a decline changes.
    """
    chosen = term_of("status", RecommendationStatus, status, label="an answer")
    if recommendation.status is RecommendationStatus.WITHDRAWN:
        raise RuleBroken(f"{recommendation.ref} was withdrawn; it asks for no answer any more.")
    if chosen not in ANSWERS:
        raise InvalidInput.of("status", "Choose an answer: accept, decline with a reason, or defer.")
    if chosen is RecommendationStatus.DECLINED:
        required_line("reason", reason, label="a reason", longest=2_000)
    if chosen is RecommendationStatus.DEFERRED and (deferred_to is None or deferred_to <= today(session)):
        raise InvalidInput.of("deferred_to", "Enter a day in the future.")
    recommendation.status = chosen
    recommendation.response_reason = text_of("reason", reason, label="the reason", longest=2_000)
    recommendation.deferred_to = deferred_to if chosen is RecommendationStatus.DEFERRED else None
    recommendation.responded_on = today(session)
    touch(session, actor, recommendation)
    record(session, actor, chosen.value, recommendation, touches=insights)


def _answer(session: Session, actor: Member, insight: Insight, event: DispositionEvent, verb: str) -> None:
    event.insight_id, event.at, event.by_id = insight.id, now(session), actor.id
    session.add(event)
    touch(session, actor, insight)
    record(session, actor, verb, insight)


def _require_approver_to_park_again(session: Session, actor: Member, insight: Insight) -> None:
    """What comes back is not parked again by whoever would rather not answer. One undone on its day does not count."""
    if may(actor, Permission.RESPOND):
        return
    said = session.scalars(
        select(DispositionEvent)
        .where(DispositionEvent.insight_id == insight.id)
        .order_by(DispositionEvent.at, DispositionEvent.id)
    ).all()
    for event, after in zip_longest(said, said[1:]):
        undone = after is not None and after.kind is DispositionKind.REOPENED and _same_day(event, after)
        if event.kind is DispositionKind.PARKED and not undone:
            raise RuleBroken("It was parked once already. To park it again takes an approver; or answer it now.")


def _same_day(event: DispositionEvent, other: DispositionEvent) -> bool:
    return local_day(event.at) == local_day(other.at)


def _require_actionable(insight: Insight) -> None:
    if insight.type is not InsightType.ACTIONABLE:
        raise RuleBroken("An informative insight waits for no answer.")
    if insight.status not in CITABLE:
        raise RuleBroken("Publish the insight first; only then does it wait for an answer.")

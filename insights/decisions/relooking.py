"""Looking again at an insight, and telling the decisions in force that rest on it (features.md F5)."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.core.activity import record
from insights.core.clock import today
from insights.core.errors import RuleBroken
from insights.decisions.models import EVIDENCE_TYPES, Decision, DecisionLink, DecisionStatus
from insights.decisions.reviews import propose_review
from insights.people.models import Component, Member, Team
from insights.synthesis.access import visible_insights
from insights.synthesis.models import CITABLE, Insight, RevalidationResult, RevalidationTask, insight_components
from insights.synthesis.operations import ask_to_look_again, revalidate_insight

TOLD = "told of evidence looked at again under"
LOOK_WITHIN = timedelta(days=30)


def look_again(
    session: Session,
    *,
    actor: Member,
    insight: Insight,
    result: str | RevalidationResult,
    note: str,
    on: date | None = None,
) -> list[Decision]:
    """Records the result; every decision in force that rests on the insight has it in its record.

    Where the insight changed or no longer holds, its review is proposed. Answers the decisions that were told.
    """
    revalidate_insight(session, actor=actor, insight=insight, result=result, note=note, on=on)
    found = RevalidationResult(result)
    resting = session.scalars(
        select(Decision)
        .where(
            Decision.status == DecisionStatus.ACCEPTED,
            Decision.id.in_(
                select(DecisionLink.decision_id).where(
                    DecisionLink.insight_id == insight.id, DecisionLink.type.in_(EVIDENCE_TYPES)
                )
            ),
        )
        .order_by(Decision.id)
    ).all()
    for decision in resting:
        detail = {"insight": insight.ref, "result": found.value}
        record(session, actor, TOLD, decision, touches=[insight.ref], detail=detail)
        if found is not RevalidationResult.RECONFIRMED:
            cause = f"{insight.ref}, on which it rests, was looked at again and {_SAID[found]}."
            propose_review(session, actor=actor, decision=decision, cause=cause, origin_ref=insight.ref)
    return list(resting)


def ask_about_component(session: Session, *, actor: Member, component: Component) -> list[RevalidationTask]:
    """After a change of the component: the owners of the insights about it look again within thirty days.

    Those of the actor's own area whose owner is not asked yet. Raises RuleBroken where there is none.
    """
    asked = select(RevalidationTask.insight_id).where(RevalidationTask.result.is_(None))
    about = select(insight_components.c.insight_id).where(insight_components.c.component_id == component.id)
    central = session.scalar(select(Team.is_central).where(Team.id == actor.team_id))
    query = select(Insight).where(
        Insight.id.in_(about), Insight.status.in_(CITABLE), Insight.id.not_in(asked), visible_insights(actor)
    )
    if not central:
        query = query.where(Insight.team_id == actor.team_id)
    insights = session.scalars(query.order_by(Insight.id)).all()
    if not insights:
        raise RuleBroken("No published insight of your area about this component is left to ask about.")
    due_on = today(session) + LOOK_WITHIN
    why = f"{component.name} changed. Does it still hold?"
    return [
        ask_to_look_again(
            session, actor=actor, insight=each, owner=None, due_on=due_on, why=why, origin_ref=component.ref
        )
        for each in insights
    ]


_SAID = {RevalidationResult.CHANGED: "holds in part only", RevalidationResult.RETIRED: "no longer holds"}

"""Looking again: asked of somebody by a day, and done with a result (features.md F5)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from insights.core.activity import add, record, touch
from insights.core.checks import optional_line, required_line, term_of
from insights.core.clock import today
from insights.core.errors import InvalidInput, RuleBroken
from insights.people.models import Member
from insights.people.operations import require_same_area
from insights.synthesis.models import (
    CITABLE,
    Insight,
    InsightStatus,
    Revalidation,
    RevalidationResult,
    RevalidationTask,
)
from insights.synthesis.operations.publication import require_status, retire_insight


def ask_to_look_again(
    session: Session,
    *,
    actor: Member,
    insight: Insight,
    owner: Member | None,
    due_on: date | None,
    why: str = "",
    origin_ref: str = "",
) -> RevalidationTask:
    """One open task an insight: who is asked, and by which day. Without an owner it is the insight's own."""
    require_same_area(session, actor, insight.team_id)
    require_status(insight, *CITABLE)
    if due_on is None or due_on < today(session):
        raise InvalidInput.of("due_on", "Enter the day by which somebody looks: today or later.")
    open_one = session.scalar(_open_tasks(insight))
    if open_one is not None:
        raise RuleBroken(f"Somebody is asked to look again at {insight.ref} already, by {open_one.due_on.isoformat()}.")
    task = RevalidationTask(
        insight_id=insight.id,
        owner_id=insight.owner_id if owner is None else owner.id,
        due_on=due_on,
        why=optional_line("why", why, label="why", longest=2_000),
        origin_ref=origin_ref,
    )
    add(session, actor, task)
    record(session, actor, "asked to look again at", insight, detail={"task": task.ref, "due": due_on.isoformat()})
    return task


def revalidate_insight(
    session: Session,
    *,
    actor: Member,
    insight: Insight,
    result: str | RevalidationResult,
    note: str,
    on: date | None = None,
) -> None:
    """Somebody looked again: the only thing beside new evidence that makes an insight fresh (F4)."""
    require_same_area(session, actor, insight.team_id)
    require_status(insight, *CITABLE)
    outcome = term_of("result", RevalidationResult, result, label="a result")
    note = required_line("note", note, label="what you looked at", longest=2_000)
    day = on or today(session)
    if day > today(session):
        raise InvalidInput.of("on", f"{day.isoformat()} is in the future. Enter the day on which you looked.")
    session.add(
        Revalidation(
            insight_id=insight.id,
            on=day,
            result=outcome,
            note=note,
            by_id=actor.id,
        )
    )
    _close_task(session, actor, insight, outcome, note)
    if outcome is RevalidationResult.RETIRED:
        retire_insight(session, actor=actor, insight=insight, note=note)
        return
    if outcome is RevalidationResult.RECONFIRMED and insight.status is InsightStatus.CHALLENGED:
        insight.status = InsightStatus.PUBLISHED
    if insight.review_by is not None and insight.review_by <= today(session):
        # The review that was promised for that day is this one.
        insight.review_by = None
    touch(session, actor, insight)
    record(session, actor, "re-validated", insight, detail={"result": outcome.value})


def _open_tasks(insight: Insight) -> Select[RevalidationTask]:
    return select(RevalidationTask).where(RevalidationTask.insight_id == insight.id, RevalidationTask.result.is_(None))


def _close_task(session: Session, actor: Member, insight: Insight, result: RevalidationResult, note: str) -> None:
    for task in session.scalars(_open_tasks(insight)):
        task.result, task.note = result, note
        task.closed_on, task.closed_by_id = today(session), actor.id
        touch(session, actor, task)

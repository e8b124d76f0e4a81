"""What an insight said before, how sure we were, and what it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.core.clock import today
from insights.people.models import Component, Member
from insights.synthesis.models import (
    ConfidenceAssessment,
    Insight,
    InsightVersion,
    RevalidationTask,
    insight_components,
)


def versions_of(session: Session, insight: Insight) -> list[tuple[InsightVersion, str]]:
    """Newest first, each with the name of who saved it."""
    rows = session.execute(
        select(InsightVersion, Member.name)
        .outerjoin(Member, Member.id == InsightVersion.by_id)
        .where(InsightVersion.insight_id == insight.id)
        .order_by(InsightVersion.number.desc())
    )
    return [(version, name or "") for version, name in rows]


def latest_confidence(session: Session, insight: Insight) -> ConfidenceAssessment | None:
    return session.scalar(
        select(ConfidenceAssessment)
        .where(ConfidenceAssessment.insight_id == insight.id)
        .order_by(ConfidenceAssessment.id.desc())
        .limit(1)
    )


@dataclass(frozen=True, slots=True)
class LookAgainTask:
    """Somebody is asked to look again at an insight by a day."""

    ref: str
    owner: str
    due_on: date
    why: str
    is_overdue: bool


def open_task_of(session: Session, insight: Insight) -> LookAgainTask | None:
    row = session.execute(
        select(RevalidationTask, Member.name)
        .outerjoin(Member, Member.id == RevalidationTask.owner_id)
        .where(RevalidationTask.insight_id == insight.id, RevalidationTask.result.is_(None))
    ).first()
    if row is None:
        return None
    task, owner = row
    return LookAgainTask(task.ref, owner or "", task.due_on, task.why, task.due_on < today(session))


def components_of(session: Session, insight: Insight) -> Sequence[Component]:
    return session.scalars(
        select(Component)
        .join(insight_components, insight_components.c.component_id == Component.id)
        .where(insight_components.c.insight_id == insight.id)
        .order_by(Component.name)
    ).all()

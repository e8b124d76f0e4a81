"""What the chain holds about a service or a component, within the member's scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from insights.decisions.access import visible_decisions
from insights.decisions.models import Decision
from insights.people.models import Component, Member, Service, service_components
from insights.synthesis.access import visible_insights
from insights.synthesis.models import Insight, insight_components
from insights.synthesis.queries import InsightFilter, InsightRow, list_insights

LONGEST = 100


@dataclass(frozen=True, slots=True)
class DecisionLine:
    ref: str
    title: str
    status: str
    decided_on: date | None


def insights_about_service(session: Session, member: Member, service: Service) -> list[InsightRow]:
    """Those about the service itself, and those about a component that it uses (features.md G11)."""
    used = select(service_components.c.component_id).where(service_components.c.service_id == service.id)
    through = select(insight_components.c.insight_id).where(insight_components.c.component_id.in_(used))
    ids = session.scalars(
        select(Insight.id)
        .where(or_(Insight.service_id == service.id, Insight.id.in_(through)), visible_insights(member))
        .order_by(Insight.id.desc())
        .limit(LONGEST)
    ).all()
    return list_insights(session, member, InsightFilter(ids=ids), limit=LONGEST)


def components_between(session: Session, service: Service, insights: Sequence[InsightRow]) -> dict[int, list[str]]:
    """Through which of the service's components each insight bears on it, by the insight's number."""
    rows = session.execute(
        select(insight_components.c.insight_id, Component.name)
        .join(Component, Component.id == insight_components.c.component_id)
        .join(service_components, service_components.c.component_id == Component.id)
        .where(
            service_components.c.service_id == service.id,
            insight_components.c.insight_id.in_([each.id for each in insights]),
        )
        .order_by(Component.name)
    )
    found: dict[int, list[str]] = {}
    for insight_id, name in rows:
        found.setdefault(insight_id, []).append(name)
    return found


def insights_about_component(session: Session, member: Member, component: Component) -> list[InsightRow]:
    return list_insights(session, member, InsightFilter(component_id=component.id), limit=LONGEST)


def decisions_of_service(session: Session, member: Member, service: Service) -> Sequence[DecisionLine]:
    """Those of the service itself, and those about a component that it uses."""
    used = select(service_components.c.component_id).where(service_components.c.service_id == service.id)
    return _decisions(session, member, or_(Decision.service_id == service.id, Decision.component_id.in_(used)))


def decisions_about_component(session: Session, member: Member, component: Component) -> Sequence[DecisionLine]:
    return _decisions(session, member, Decision.component_id == component.id)


def _decisions(session: Session, member: Member, clause: ColumnElement[bool]) -> list[DecisionLine]:
    rows = session.scalars(
        select(Decision).where(clause, visible_decisions(member)).order_by(Decision.id.desc()).limit(LONGEST)
    )
    return [DecisionLine(each.ref, each.title, each.status.value, each.decided_on) for each in rows]

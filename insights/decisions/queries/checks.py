from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, aliased

from insights.core.clock import today
from insights.decisions.access import visible_decisions
from insights.decisions.models import Decision, Measure, OutcomeCheck
from insights.people.models import Member, Service


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A day on which somebody looks; `verdict` is '' until it is recorded. `days_overdue` is 0 before its day."""

    id: int
    decision_ref: str
    decision: str
    service: str
    measure: str
    unit: str
    baseline: float | None
    target: float | None
    due_on: date
    days_overdue: int
    owner: str
    verdict: str
    value: float | None
    note: str
    recorded_on: date | None
    recorded_by: str
    recorded_by_id: int | None
    times_moved: int


def checks_of(session: Session, decision: Decision) -> list[CheckRow]:
    """Open ones first, by day; then what was found, newest first. Scope was checked when the decision was opened."""
    query = _checks().where(OutcomeCheck.decision_id == decision.id)
    rows = _rows(session, query.order_by(OutcomeCheck.due_on, OutcomeCheck.id))
    recorded = sorted((row for row in rows if row.verdict), key=lambda row: (row.recorded_on, row.id), reverse=True)
    return [row for row in rows if not row.verdict] + recorded


def due_checks(
    session: Session, member: Member, *, until: date | None = None, mine: bool = False, limit: int | None = None
) -> list[CheckRow]:
    """What waits for a verdict, longest overdue first; `until` leaves out what falls due later."""
    query = _checks().where(OutcomeCheck.verdict.is_(None), visible_decisions(member))
    if until is not None:
        query = query.where(OutcomeCheck.due_on <= until)
    if mine:
        query = query.where(or_(OutcomeCheck.owner_id == member.id, Decision.owner_id == member.id))
    query = query.order_by(OutcomeCheck.due_on, OutcomeCheck.id)
    return _rows(session, query if limit is None else query.limit(limit))


def _checks() -> Select[*tuple[Any, ...]]:
    owner, recorder = aliased(Member), aliased(Member)
    return (
        select(
            OutcomeCheck,
            Decision.title.label("decision"),
            Service.name.label("service"),
            Measure.name.label("measure"),
            Measure.unit,
            Measure.baseline,
            Measure.target,
            owner.name.label("owner"),
            recorder.name.label("recorder"),
        )
        .join(Decision, Decision.id == OutcomeCheck.decision_id)
        .outerjoin(Service, Service.id == Decision.service_id)
        .outerjoin(Measure, Measure.id == OutcomeCheck.measure_id)
        .outerjoin(owner, owner.id == OutcomeCheck.owner_id)
        .outerjoin(recorder, recorder.id == OutcomeCheck.recorded_by_id)
    )


def _rows(session: Session, query: Select[*tuple[Any, ...]]) -> list[CheckRow]:
    on = today(session)
    return [
        CheckRow(
            id=row.OutcomeCheck.id,
            decision_ref=f"DEC-{row.OutcomeCheck.decision_id}",
            decision=row.decision,
            service=row.service or "",
            measure=row.measure or "",
            unit=row.unit or "",
            baseline=row.baseline,
            target=row.target,
            due_on=row.OutcomeCheck.due_on,
            days_overdue=0 if row.OutcomeCheck.verdict else max(0, (on - row.OutcomeCheck.due_on).days),
            owner=row.owner or "",
            verdict="" if row.OutcomeCheck.verdict is None else row.OutcomeCheck.verdict.value,
            value=row.OutcomeCheck.value,
            note=row.OutcomeCheck.note,
            recorded_on=row.OutcomeCheck.recorded_on,
            recorded_by=row.recorder or "",
            recorded_by_id=row.OutcomeCheck.recorded_by_id,
            times_moved=row.OutcomeCheck.times_moved,
        )
        for row in session.execute(query)
    ]

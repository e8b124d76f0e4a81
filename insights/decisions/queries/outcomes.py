from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.core.errors import NotFound
from insights.decisions.models import Decision, ImpactEntry, Measure, OutcomeCheck, Reading
from insights.people.models import Member


@dataclass(frozen=True, slots=True)
class ReadingRow:
    on: date
    value: float
    note: str
    by: str


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """`readings` run from the oldest to the newest."""

    id: int
    ref: str
    name: str
    unit: str
    direction: str
    baseline: float | None
    baseline_on: date | None
    target: float | None
    source: str
    readings: tuple[ReadingRow, ...]


def measures_of(session: Session, decision: Decision) -> list[MeasureRow]:
    """With their readings, in one statement."""
    rows = session.execute(
        select(Measure, Reading, Member.name)
        .outerjoin(Reading, Reading.measure_id == Measure.id)
        .outerjoin(Member, Member.id == Reading.by_id)
        .where(Measure.decision_id == decision.id)
        .order_by(Measure.id, Reading.on, Reading.id)
    ).all()
    readings: dict[int, tuple[ReadingRow, ...]] = {}
    measures: dict[int, Measure] = {}
    for measure, reading, name in rows:
        measures[measure.id] = measure
        known = readings.get(measure.id, ())
        found = () if reading is None else (ReadingRow(reading.on, reading.value, reading.note, name or ""),)
        readings[measure.id] = known + found
    return [_measure(each, readings[each.id]) for each in measures.values()]


def get_measure(session: Session, decision: Decision, measure_id: int) -> Measure:
    measure = session.get(Measure, measure_id)
    if measure is None or measure.decision_id != decision.id:
        raise NotFound(f"MEA-{measure_id} on {decision.ref}")
    return measure


def get_check(session: Session, decision: Decision, check_id: int) -> OutcomeCheck:
    check = session.get(OutcomeCheck, check_id)
    if check is None or check.decision_id != decision.id:
        raise NotFound(f"CHK-{check_id} on {decision.ref}")
    return check


def get_impact_entry(session: Session, decision: Decision, entry_id: int) -> ImpactEntry:
    entry = session.get(ImpactEntry, entry_id)
    if entry is None or entry.decision_id != decision.id:
        raise NotFound(f"entry {entry_id} of {decision.ref}")
    return entry


def _measure(measure: Measure, readings: tuple[ReadingRow, ...]) -> MeasureRow:
    return MeasureRow(
        id=measure.id,
        ref=measure.ref,
        name=measure.name,
        unit=measure.unit,
        direction=measure.direction.value,
        baseline=measure.baseline,
        baseline_on=measure.baseline_on,
        target=measure.target,
        source=measure.source,
        readings=readings,
    )

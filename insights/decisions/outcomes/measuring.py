"""How one would know: measures with their readings, or why there are none."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from insights.core.activity import add, record, touch
from insights.core.checks import optional_line, required_line, term_of, text_of
from insights.core.errors import InvalidInput
from insights.decisions.days import day_past
from insights.decisions.models import Decision, DecisionStatus, Direction, Measure, Reading
from insights.decisions.outcomes.planning import schedule_check, schedule_first_check
from insights.decisions.outcomes.reading_table import TypedReading
from insights.people.models import Member
from insights.people.operations import require_same_area


def add_measure(
    session: Session,
    *,
    actor: Member,
    decision: Decision,
    name: str,
    unit: str = "",
    direction: str | Direction = Direction.UP_IS_BETTER,
    baseline: float | None = None,
    baseline_on: date | None = None,
    target: float | None = None,
    source: str = "",
    check_on: date | None = None,
) -> Measure:
    """How we would know. With `check_on` the check is scheduled at once; else at acceptance, 90 days on."""
    require_same_area(session, actor, decision.team_id)
    measure = Measure(
        decision_id=decision.id,
        name=required_line("name", name, label="what is measured", longest=300),
        unit=optional_line("unit", unit, label="the unit", longest=60),
        direction=term_of("direction", Direction, direction, label="which way is better"),
        baseline=number_or_nothing("baseline", baseline),
        baseline_on=day_past(session, "baseline_on", baseline_on),
        target=number_or_nothing("target", target),
        source=optional_line("source", source, label="the source", longest=300),
    )
    add(session, actor, measure)
    if check_on is not None:
        schedule_check(session, actor=actor, decision=decision, due_on=check_on, measure=measure, field="check_on")
    elif decision.status is DecisionStatus.ACCEPTED:
        schedule_first_check(session, actor=actor, decision=decision)
    decision.not_measurable_reason = ""
    record(session, actor, "added a measure to", decision)
    return measure


def declare_not_measurable(session: Session, *, actor: Member, decision: Decision, reason: str) -> None:
    """Allowed, with a reason (features.md H1)."""
    require_same_area(session, actor, decision.team_id)
    decision.not_measurable_reason = required_line("reason", reason, label="why it cannot be measured", longest=2_000)
    touch(session, actor, decision)
    record(session, actor, "declared not measurable", decision)


def add_reading(
    session: Session, *, actor: Member, measure: Measure, on: date, value: float | None, note: str = ""
) -> Reading:
    _require_area(session, actor, measure)
    number = number_or_nothing("value", value)
    if number is None:
        raise InvalidInput.of("value", "Enter the value as a number.")
    reading = Reading(
        measure_id=measure.id,
        on=day_past(session, "on", on) or on,
        value=number,
        note=text_of("note", note, label="the note", longest=2_000),
        by_id=actor.id,
    )
    session.add(reading)
    session.flush()
    record(session, actor, "read", measure, touches=[f"DEC-{measure.decision_id}"])
    return reading


def add_readings(session: Session, *, actor: Member, measure: Measure, rows: Sequence[TypedReading]) -> int:
    """All of a table or none of it; answers how many were new.

    A reading that is there already, with the same day and figure, is passed over: a table may be sent twice.
    """
    _require_area(session, actor, measure)
    known = {(on, value) for on, value in session.execute(_days_and_figures(measure))}
    new = [row for row in dict.fromkeys(rows) if (row.on, row.value) not in known]
    for row in new:
        day_past(session, "file", row.on)
    session.add_all(
        Reading(measure_id=measure.id, on=row.on, value=row.value, note=row.note, by_id=actor.id) for row in new
    )
    session.flush()
    if new:
        touches = [f"DEC-{measure.decision_id}"]
        record(session, actor, "read", measure, touches=touches, detail={"readings": len(new)})
    return len(new)


def number_or_nothing(field: str, value: float | None) -> float | None:
    """Raises InvalidInput for what is no number that one can put on a scale."""
    if value is not None and not math.isfinite(value):
        raise InvalidInput.of(field, "Enter a number.")
    return value


def _days_and_figures(measure: Measure) -> Select[date, float]:
    return select(Reading.on, Reading.value).where(Reading.measure_id == measure.id)


def _require_area(session: Session, actor: Member, measure: Measure) -> None:
    decision = session.get(Decision, measure.decision_id)
    if decision is not None:
        require_same_area(session, actor, decision.team_id)

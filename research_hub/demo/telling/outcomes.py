"""What was measured, what the checks said, and what people attest."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from sqlalchemy import select

from insights.decisions import models
from insights.decisions.models import Verdict
from insights.decisions.outcomes import add_measure, add_reading, attest_impact, record_verdict, schedule_check
from insights.people.models import Member
from research_hub.demo.records import ImpactEntry, Measure, OutcomeCheck, Reading
from research_hub.demo.telling.stage import Act, Part, Stage


def acts_of_outcomes(stage: Stage) -> Iterator[Act]:
    for measure in stage.story.measures:
        told_by_checks = [_reading_of(stage, check) for check in _checks_of(stage, measure)]
        yield Act(_first_day(stage, measure), Part.MEASURE, partial(_add_measure, stage, measure))
        for reading in measure.readings:
            if reading not in told_by_checks:
                yield Act(reading.day, Part.READING, partial(_add_reading, stage, measure, reading))
    for check in stage.story.checks:
        if check.recorded_day is not None:
            yield Act(check.recorded_day, Part.OUTCOME, partial(_record_verdict, stage, check))
    for entry in stage.story.impact:
        yield Act(entry.day, Part.OUTCOME, partial(_attest, stage, entry))


def _first_day(stage: Stage, measure: Measure) -> int:
    """The day of the decision, or of the baseline where that was taken later."""
    decision = next(one for one in stage.story.decisions if one.key == measure.decision)
    decided = decision.proposed_day if decision.decided_day is None else decision.decided_day
    return max(decided, measure.baseline_day)


def _checks_of(stage: Stage, measure: Measure) -> list[OutcomeCheck]:
    return [check for check in stage.story.checks if check.measure == measure.key]


def _reading_of(stage: Stage, check: OutcomeCheck) -> Reading | None:
    """The last reading that was known when the verdict was given: the verdict tells it, so it is not added twice."""
    if check.recorded_day is None or check.verdict is Verdict.NOT_MEASURED:
        return None
    measure = next(one for one in stage.story.measures if one.key == check.measure)
    known = [reading for reading in measure.readings if reading.day <= (check.recorded_day or 0)]
    return known[-1] if known else None


def _owner(stage: Stage, decision: models.Decision) -> Member:
    return next(member for member in stage.told.members.values() if member.id == decision.owner_id)


def _add_measure(stage: Stage, measure: Measure) -> None:
    decision = stage.told.decisions[measure.decision]
    checks = _checks_of(stage, measure)
    stored = add_measure(
        stage.session,
        actor=_owner(stage, decision),
        decision=decision,
        name=measure.name,
        unit=measure.unit,
        direction=measure.direction,
        baseline=measure.baseline,
        baseline_on=stage.on(measure.baseline_day),
        target=measure.target,
        source=measure.source,
        check_on=stage.on(checks[0].due_day) if checks else None,
    )
    stage.told.measures[measure.key] = stored
    if checks:
        due = select(models.OutcomeCheck).where(models.OutcomeCheck.measure_id == stored.id)
        stage.told.checks[checks[0].key] = stage.session.scalars(due).one()
    for check in checks[1:]:
        stage.told.checks[check.key] = schedule_check(
            stage.session,
            actor=_owner(stage, decision),
            decision=decision,
            due_on=stage.on(check.due_day),
            measure=stored,
        )


def _add_reading(stage: Stage, measure: Measure, reading: Reading) -> None:
    decision = stage.told.decisions[measure.decision]
    add_reading(
        stage.session,
        actor=_owner(stage, decision),
        measure=stage.told.measures[measure.key],
        on=stage.on(reading.day),
        value=reading.value,
    )


def _record_verdict(stage: Stage, check: OutcomeCheck) -> None:
    decision = stage.told.decisions[check.decision]
    reading = _reading_of(stage, check)
    record_verdict(
        stage.session,
        actor=stage.told.members[check.by] if check.by else _owner(stage, decision),
        decision=decision,
        check=stage.told.checks[check.key],
        verdict=check.verdict or "",
        value=None if reading is None else reading.value,
        note=check.note,
    )


def _attest(stage: Stage, entry: ImpactEntry) -> None:
    stage.told.impact[entry.key] = attest_impact(
        stage.session,
        actor=stage.told.members[entry.attested_by],
        decision=stage.told.decisions[entry.decision],
        what=entry.what,
        kind=entry.kind,
        contribution=entry.contribution,
        on=stage.on(entry.day),
        corrects=stage.told.impact[entry.corrects] if entry.corrects else None,
    )

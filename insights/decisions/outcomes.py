"""What came of a decision: measures, readings, checks that fall due, verdicts that feed back, the impact ledger."""

from __future__ import annotations

import math
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.core.activity import add, record, touch
from insights.core.checks import optional_line, required_line, required_text, term_of, text_of
from insights.core.clock import now, today
from insights.core.errors import InvalidInput, RuleBroken
from insights.decisions.models import (
    EVIDENCE_TYPES,
    Contribution,
    Decision,
    DecisionLink,
    DecisionStatus,
    Direction,
    ImpactEntry,
    Measure,
    OutcomeCheck,
    Reading,
    Verdict,
)
from insights.people.models import Member
from insights.people.operations import require_same_area
from insights.synthesis.contradictions import open_contradiction
from insights.synthesis.models import Insight
from insights.synthesis.operations import challenge_insight

FIRST_CHECK_AFTER = timedelta(days=90)


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
        baseline=_number("baseline", baseline),
        baseline_on=baseline_on,
        target=_number("target", target),
        source=optional_line("source", source, label="the source", longest=300),
    )
    add(session, actor, measure)
    if check_on is not None:
        schedule_check(session, actor=actor, decision=decision, due_on=check_on, measure=measure)
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


def schedule_check(
    session: Session, *, actor: Member, decision: Decision, due_on: date, measure: Measure | None = None
) -> OutcomeCheck:
    require_same_area(session, actor, decision.team_id)
    check = OutcomeCheck(
        decision_id=decision.id,
        measure_id=None if measure is None else measure.id,
        due_on=due_on,
        owner_id=decision.owner_id,
    )
    add(session, actor, check)
    record(session, actor, "scheduled a check of", decision, detail={"due": due_on.isoformat()})
    return check


def schedule_first_check(session: Session, *, actor: Member, decision: Decision) -> None:
    """One check for a decision with measures and none yet: 90 days after going live, or after acceptance."""
    measure = session.scalar(select(Measure).where(Measure.decision_id == decision.id).order_by(Measure.id))
    has_check = session.scalar(select(OutcomeCheck.id).where(OutcomeCheck.decision_id == decision.id))
    if measure is None or has_check:
        return
    start = decision.live_on or decision.decided_on or today(session)
    schedule_check(session, actor=actor, decision=decision, due_on=start + FIRST_CHECK_AFTER, measure=measure)


def add_reading(
    session: Session, *, actor: Member, measure: Measure, on: date, value: float | None, note: str = ""
) -> Reading:
    decision = session.get(Decision, measure.decision_id)
    if decision is not None:
        require_same_area(session, actor, decision.team_id)
    number = _number("value", value)
    if number is None:
        raise InvalidInput.of("value", "Enter the value as a number.")
    reading = Reading(
        measure_id=measure.id,
        on=on,
        value=number,
        note=text_of("note", note, label="the note", longest=2_000),
        by_id=actor.id,
    )
    session.add(reading)
    session.flush()
    record(session, actor, "read", measure, touches=[f"DEC-{measure.decision_id}"])
    return reading


def record_verdict(
    session: Session,
    *,
    actor: Member,
    decision: Decision,
    check: OutcomeCheck,
    verdict: str | Verdict,
    value: float | None = None,
    note: str = "",
    on: date | None = None,
) -> None:
    """Recorded once. 'No change' and 'worsened' challenge the insights that the decision rests on (H3)."""
    require_same_area(session, actor, decision.team_id)
    if check.verdict is not None:
        raise RuleBroken("This check has its verdict. Schedule another check to look again.")
    chosen = term_of("verdict", Verdict, verdict, label="a verdict")
    check.note = text_of("note", note, label="the note", longest=5_000)
    if chosen in {Verdict.NOT_MEASURED, Verdict.INCONCLUSIVE} and not check.note:
        raise InvalidInput.of("note", "Say in a sentence why there is no clear answer.")
    check.verdict, check.value = chosen, _number("value", value)
    check.recorded_on, check.recorded_by_id = on or today(session), actor.id
    measure = None if check.measure_id is None else session.get(Measure, check.measure_id)
    if measure is not None and check.value is not None:
        add_reading(session, actor=actor, measure=measure, on=check.recorded_on, value=check.value, note=check.note)
    touch(session, actor, check)
    refuted = chosen in {Verdict.NO_CHANGE, Verdict.WORSENED}
    challenged = _challenge_insights(session, actor, decision, chosen) if refuted else []
    record(session, actor, "recorded the outcome of", decision, touches=challenged, detail={"verdict": chosen.value})


def reschedule_check(session: Session, *, actor: Member, decision: Decision, check: OutcomeCheck, due_on: date) -> None:
    require_same_area(session, actor, decision.team_id)
    if check.verdict is not None:
        raise RuleBroken("This check has its verdict already.")
    before, check.due_on = check.due_on, due_on
    touch(session, actor, check)
    record(
        session,
        actor,
        "rescheduled a check of",
        decision,
        detail={"from": before.isoformat(), "to": due_on.isoformat()},
    )


def attest_impact(
    session: Session,
    *,
    actor: Member,
    decision: Decision,
    what: str,
    contribution: str | Contribution,
    on: date | None = None,
    measure: Measure | None = None,
    corrects: ImpactEntry | None = None,
) -> ImpactEntry:
    """Append-only; a correction is a new entry that names the old one (H4)."""
    require_same_area(session, actor, decision.team_id)
    entry = ImpactEntry(
        decision_id=decision.id,
        on=on or today(session),
        what=required_text("what", what, label="what happened", longest=5_000),
        measure_id=None if measure is None else measure.id,
        contribution=term_of("contribution", Contribution, contribution, label="how much research contributed"),
        attested_by_id=actor.id,
        corrects_id=None if corrects is None else corrects.id,
        recorded_at=now(session),
    )
    session.add(entry)
    session.flush()
    record(session, actor, "attested the impact of", decision)
    return entry


def _challenge_insights(session: Session, actor: Member, decision: Decision, verdict: Verdict) -> list[str]:
    # Not DISTINCT over whole records: PostgreSQL compares no JSON.
    grounds = select(DecisionLink.insight_id).where(
        DecisionLink.decision_id == decision.id, DecisionLink.type.in_(EVIDENCE_TYPES)
    )
    insights = session.scalars(select(Insight).where(Insight.id.in_(grounds)).order_by(Insight.id)).all()
    words = verdict.value.replace("_", " ")
    for insight in insights:
        cause = f"The outcome of {decision.ref}, which rests on it, was “{words}”."
        open_contradiction(session, actor=actor, insight=insight, cause=cause)
        challenge_insight(session, actor=actor, insight=insight, reason=cause)
    return [insight.ref for insight in insights]


def _number(field: str, value: float | None) -> float | None:
    if value is not None and not math.isfinite(value):
        raise InvalidInput.of(field, "Enter a number.")
    return value

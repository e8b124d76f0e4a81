"""The days on which somebody looks: planned, put off once, and once more by an approver."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.core.activity import add, record, touch
from insights.core.checks import optional_line
from insights.core.clock import today
from insights.core.errors import NotAllowed, RuleBroken
from insights.decisions.days import day_planned, day_to_come
from insights.decisions.models import Decision, Measure, OutcomeCheck
from insights.decisions.roles import approves
from insights.people.models import Member
from insights.people.operations import require_same_area

FIRST_CHECK_AFTER = timedelta(days=90)


def schedule_check(
    session: Session,
    *,
    actor: Member,
    decision: Decision,
    due_on: date,
    measure: Measure | None = None,
    owner: Member | None = None,
    field: str = "due_on",
) -> OutcomeCheck:
    """`field` names the day in what is said about it."""
    require_same_area(session, actor, decision.team_id)
    check = OutcomeCheck(
        decision_id=decision.id,
        measure_id=None if measure is None else measure.id,
        due_on=day_planned(session, field, due_on),
        owner_id=decision.owner_id if owner is None else owner.id,
    )
    add(session, actor, check)
    record(session, actor, "scheduled a check of", decision, detail={"due": due_on.isoformat()})
    return check


def schedule_first_check(session: Session, *, actor: Member, decision: Decision) -> None:
    """One check for a decision with measures: 90 days after acceptance, and from going live 90 days after that.

    Once it is live, the day that was reckoned from acceptance alone moves with it; a day that a person chose stays.
    """
    measure = session.scalar(select(Measure).where(Measure.decision_id == decision.id).order_by(Measure.id))
    if measure is None:
        return
    known = session.scalars(select(OutcomeCheck).where(OutcomeCheck.decision_id == decision.id).limit(2)).all()
    due_on = (decision.live_on or decision.decided_on or today(session)) + FIRST_CHECK_AFTER
    if not known:
        schedule_check(session, actor=actor, decision=decision, due_on=due_on, measure=measure)
    elif len(known) == 1 and _was_reckoned_from_acceptance(known[0], decision):
        known[0].due_on = due_on
        touch(session, actor, known[0])


def reschedule_check(
    session: Session, *, actor: Member, decision: Decision, check: OutcomeCheck, due_on: date | None, reason: str = ""
) -> None:
    """Once by anybody who records outcomes; from then on by an approver (model.md, Outcome check)."""
    require_same_area(session, actor, decision.team_id)
    if check.verdict is not None:
        raise RuleBroken("This check has its verdict already.")
    if check.times_moved and not approves(actor):
        raise NotAllowed(
            "This check was put off once already. Record what can be said today, or ask an approver to move it."
        )
    day = day_to_come(session, "due_on", due_on, label="the day on which somebody looks")
    before, check.due_on = check.due_on, day
    check.times_moved += 1
    touch(session, actor, check)
    why = optional_line("reason", reason, label="why it is put off", longest=2_000)
    detail = {"check": check.ref, "from": before.isoformat(), "to": day.isoformat(), "reason": why}
    record(session, actor, "rescheduled a check of", decision, detail=detail)


def _was_reckoned_from_acceptance(check: OutcomeCheck, decision: Decision) -> bool:
    reckoned = None if decision.decided_on is None else decision.decided_on + FIRST_CHECK_AFTER
    return check.verdict is None and not check.times_moved and check.due_on == reckoned

"""What was found on the day: a verdict, what it feeds back, and the way back from a slip of the hand."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.core.activity import record, touch
from insights.core.checks import term_of, text_of
from insights.core.clock import today
from insights.core.errors import InvalidInput, NotAllowed, RuleBroken
from insights.decisions.days import day_past
from insights.decisions.models import (
    EVIDENCE_TYPES,
    Decision,
    DecisionLink,
    Measure,
    OutcomeCheck,
    Reading,
    Verdict,
)
from insights.decisions.outcomes.measuring import add_reading, number_or_nothing
from insights.decisions.reviews import propose_review, withdraw_reviews
from insights.decisions.roles import approves
from insights.people.models import Member
from insights.people.operations import require_same_area
from insights.synthesis.contradictions import open_contradiction, take_back_contradiction
from insights.synthesis.models import Contradiction, ContradictionStatus, Insight
from insights.synthesis.operations import challenge_insight

REFUTING = frozenset({Verdict.NO_CHANGE, Verdict.WORSENED})


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
    """Recorded once. 'No change' and 'worsened' challenge what the decision rests on and propose its review (H3)."""
    require_same_area(session, actor, decision.team_id)
    if check.verdict is not None:
        raise RuleBroken("This check has its verdict. Schedule another check to look again.")
    chosen = term_of("verdict", Verdict, verdict, label="a verdict")
    check.note = text_of("note", note, label="the note", longest=5_000)
    if chosen in {Verdict.NOT_MEASURED, Verdict.INCONCLUSIVE} and not check.note:
        raise InvalidInput.of("note", "Say in a sentence why there is no clear answer.")
    day = day_past(session, "on", on) or today(session)
    check.verdict, check.value = chosen, number_or_nothing("value", value)
    check.recorded_on, check.recorded_by_id = day, actor.id
    measure = None if check.measure_id is None else session.get(Measure, check.measure_id)
    if measure is not None and check.value is not None:
        read = add_reading(session, actor=actor, measure=measure, on=day, value=check.value, note=check.note)
        check.reading_id = read.id
    touch(session, actor, check)
    challenged = _feed_back(session, actor, decision, check) if chosen in REFUTING else []
    detail = {"verdict": chosen.value, "check": check.ref}
    record(session, actor, "recorded the outcome of", decision, touches=challenged, detail=detail)


def take_back_verdict(session: Session, *, actor: Member, decision: Decision, check: OutcomeCheck) -> None:
    """Undoes `record_verdict`: the check is open again, and what the verdict set off is taken back with it.

    By whoever recorded it, or an approver. What somebody has settled or closed meanwhile stays as they left it.
    """
    require_same_area(session, actor, decision.team_id)
    if check.verdict is None:
        raise RuleBroken("This check has no verdict to take back.")
    if check.recorded_by_id != actor.id and not approves(actor):
        raise NotAllowed("A verdict is taken back by whoever recorded it, or by an approver.")
    was = check.verdict
    read = None if check.reading_id is None else session.get(Reading, check.reading_id)
    check.verdict = check.value = check.recorded_on = check.recorded_by_id = check.reading_id = None
    check.note = ""
    touch(session, actor, check)
    if read is not None:
        session.delete(read)
    touched = _take_back_challenges(session, actor, check)
    withdraw_reviews(session, actor=actor, decision=decision, origin_ref=check.ref)
    detail = {"verdict": was.value, "check": check.ref}
    record(session, actor, "took back the outcome of", decision, touches=touched, detail=detail)


def _feed_back(session: Session, actor: Member, decision: Decision, check: OutcomeCheck) -> list[str]:
    """One contradiction an insight and decision: while it is open, another such verdict adds nothing to it."""
    grounds = select(DecisionLink.insight_id).where(
        DecisionLink.decision_id == decision.id, DecisionLink.type.in_(EVIDENCE_TYPES)
    )
    # Not DISTINCT over whole records: PostgreSQL compares no JSON.
    insights = session.scalars(select(Insight).where(Insight.id.in_(grounds)).order_by(Insight.id)).all()
    said = "“no change”" if check.verdict is Verdict.NO_CHANGE else "“worsened”"
    doubted = _doubted_already(session, decision)
    for insight in insights:
        cause = f"The outcome of {decision.ref}, which rests on it, was {said}."
        if insight.id not in doubted:
            open_contradiction(session, actor=actor, insight=insight, cause=cause, origin_ref=check.ref)
        challenge_insight(session, actor=actor, insight=insight, reason=cause)
    cause = f"Its outcome was {said}."
    propose_review(session, actor=actor, decision=decision, cause=cause, origin_ref=check.ref)
    return [insight.ref for insight in insights]


def _doubted_already(session: Session, decision: Decision) -> set[int]:
    checks = session.scalars(select(OutcomeCheck.id).where(OutcomeCheck.decision_id == decision.id))
    refs = [f"{OutcomeCheck.PREFIX}-{number}" for number in checks]
    return set(
        session.scalars(
            select(Contradiction.insight_id).where(
                Contradiction.origin_ref.in_(refs), Contradiction.status == ContradictionStatus.OPEN
            )
        )
    )


def _take_back_challenges(session: Session, actor: Member, check: OutcomeCheck) -> list[str]:
    opened = session.scalars(
        select(Contradiction).where(
            Contradiction.origin_ref == check.ref, Contradiction.status == ContradictionStatus.OPEN
        )
    ).all()
    for contradiction in opened:
        take_back_contradiction(session, actor=actor, contradiction=contradiction)
    return [f"INS-{each.insight_id}" for each in opened]

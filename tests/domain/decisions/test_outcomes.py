from __future__ import annotations

from datetime import date, timedelta

import pytest
from factories import make_accepted_decision, make_member, make_team
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.core.clock import today
from insights.core.errors import InvalidInput, NotAllowed, RuleBroken
from insights.decisions.models import Decision, ImpactEntry, LinkStatus, Measure, OutcomeCheck, Reading
from insights.decisions.outcomes import (
    add_measure,
    add_reading,
    attest_impact,
    declare_not_measurable,
    record_verdict,
    reschedule_check,
    schedule_check,
)
from insights.decisions.queries import LedgerFilter, checks_of, due_checks, ledger, linked_insights, measures_of
from insights.people.models import Member
from insights.synthesis.models import Insight, InsightStatus
from insights.synthesis.queries import contradictions_of


@pytest.fixture
def accepted(session: Session, actor: Member, insight: Insight) -> Decision:
    return make_accepted_decision(session, actor=actor, insight=insight)


@pytest.fixture
def measure(session: Session, actor: Member, accepted: Decision) -> Measure:
    return add_measure(
        session,
        actor=actor,
        decision=accepted,
        name="calls within 24 h",
        unit="%",
        direction="down_is_better",
        baseline=31.0,
        target=20.0,
        check_on=date(2026, 2, 18),
    )


@pytest.fixture
def check(session: Session, measure: Measure) -> OutcomeCheck:
    return session.scalars(select(OutcomeCheck)).one()


@pytest.mark.parametrize("verdict", ["no_change", "worsened"])
def test_a_verdict_that_refutes_challenges_the_insights_below(
    session: Session, actor: Member, accepted: Decision, check: OutcomeCheck, verdict: str
) -> None:
    record_verdict(session, actor=actor, decision=accepted, check=check, verdict=verdict, value=34.0)

    link = linked_insights(session, actor, accepted)[0]
    assert (link.insight_status, link.status) == (InsightStatus.CHALLENGED, LinkStatus.CHALLENGED)
    assert accepted.ref in contradictions_of(session, actor, [link.insight_id])[0].cause


def test_an_improvement_challenges_nothing_and_leaves_a_reading(
    session: Session, actor: Member, accepted: Decision, insight: Insight, check: OutcomeCheck
) -> None:
    record_verdict(session, actor=actor, decision=accepted, check=check, verdict="improved", value=19.5)

    assert insight.status is InsightStatus.PUBLISHED
    assert [reading.value for reading in measures_of(session, accepted)[0].readings] == [19.5]


def test_a_verdict_is_recorded_once(session: Session, actor: Member, accepted: Decision, check: OutcomeCheck) -> None:
    record_verdict(session, actor=actor, decision=accepted, check=check, verdict="improved")

    with pytest.raises(RuleBroken):
        record_verdict(session, actor=actor, decision=accepted, check=check, verdict="worsened")
    with pytest.raises(RuleBroken):
        reschedule_check(session, actor=actor, decision=accepted, check=check, due_on=date(2027, 1, 1))


@pytest.mark.parametrize("verdict", ["inconclusive", "not_measured"])
def test_no_clear_answer_needs_a_note(
    session: Session, actor: Member, accepted: Decision, check: OutcomeCheck, verdict: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        record_verdict(session, actor=actor, decision=accepted, check=check, verdict=verdict)

    assert "note" in refused.value.fields


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf"), None])
def test_a_reading_is_a_number(session: Session, actor: Member, measure: Measure, value: float | None) -> None:
    with pytest.raises(InvalidInput):
        add_reading(session, actor=actor, measure=measure, on=date(2026, 3, 1), value=value)

    assert session.scalar(select(func.count(Reading.id))) == 0


def test_another_area_adds_no_reading_and_plans_no_check(
    session: Session, accepted: Decision, measure: Measure
) -> None:
    stranger = make_member(session, team=make_team(session))

    with pytest.raises(NotAllowed):
        add_reading(session, actor=stranger, measure=measure, on=date(2026, 3, 1), value=1.0)
    with pytest.raises(NotAllowed):
        schedule_check(session, actor=stranger, decision=accepted, due_on=date(2026, 3, 1))


def test_a_measure_added_after_acceptance_plans_its_check(session: Session, actor: Member, accepted: Decision) -> None:
    add_measure(session, actor=actor, decision=accepted, name="completion")

    assert [row.due_on for row in checks_of(session, accepted)] == [today(session) + timedelta(days=90)]


def test_why_it_cannot_be_measured_needs_words_and_ends_with_a_measure(
    session: Session, actor: Member, accepted: Decision
) -> None:
    with pytest.raises(InvalidInput):
        declare_not_measurable(session, actor=actor, decision=accepted, reason="")
    declare_not_measurable(session, actor=actor, decision=accepted, reason="Too few people.")
    said = accepted.not_measurable_reason

    add_measure(session, actor=actor, decision=accepted, name="completion")

    assert (said, accepted.not_measurable_reason) == ("Too few people.", "")


def test_the_queue_begins_with_what_waits_longest(
    session: Session, actor: Member, accepted: Decision, check: OutcomeCheck
) -> None:
    later = today(session) + timedelta(days=400)
    schedule_check(session, actor=actor, decision=accepted, due_on=later)

    soon = due_checks(session, actor, until=today(session))
    all_of_them = due_checks(session, actor)

    assert [(row.due_on, row.days_overdue > 0) for row in soon] == [(date(2026, 2, 18), True)]
    assert [row.due_on for row in all_of_them] == [date(2026, 2, 18), later]
    assert due_checks(session, make_member(session), mine=True) == []


def test_a_recorded_check_leaves_the_queue(
    session: Session, actor: Member, accepted: Decision, check: OutcomeCheck
) -> None:
    record_verdict(session, actor=actor, decision=accepted, check=check, verdict="improved")

    assert due_checks(session, actor) == []
    assert checks_of(session, accepted)[0].verdict == "improved"


def test_a_correction_stands_beside_the_entry_it_corrects(
    session: Session, leader: Member, accepted: Decision, measure: Measure
) -> None:
    wrong = attest_impact(
        session, actor=leader, decision=accepted, what="Calls fell by half.", contribution="sole_reason"
    )

    attest_impact(
        session,
        actor=leader,
        decision=accepted,
        what="Calls fell by a third.",
        contribution="main_reason",
        corrects=wrong,
    )

    rows = ledger(session, leader, LedgerFilter(decision_id=accepted.id))
    assert [(row.what, row.is_corrected) for row in rows] == [
        ("Calls fell by a third.", False),
        ("Calls fell by half.", True),
    ]
    assert session.scalar(select(func.count(ImpactEntry.id))) == 2

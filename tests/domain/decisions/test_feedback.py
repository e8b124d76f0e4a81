"""Outcomes feed back into evidence and decisions, and a slip of the hand can be taken back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from factories import make_accepted_decision, make_decision, make_member
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.core.clock import today
from insights.core.errors import InvalidInput, NotAllowed, RuleBroken
from insights.decisions.home import load_home
from insights.decisions.models import Decision, OutcomeCheck, Reading
from insights.decisions.operations import deprecate_decision, set_delivery
from insights.decisions.outcomes import (
    add_measure,
    record_verdict,
    reschedule_check,
    schedule_check,
    take_back_verdict,
)
from insights.decisions.queries import beside, checks_of, open_reviews
from insights.decisions.reviews import ask_for_review, close_reviews
from insights.people.models import Member
from insights.synthesis.contradictions import reopen_contradiction, settle_contradiction
from insights.synthesis.models import Contradiction, Insight, InsightStatus


@pytest.fixture
def accepted(session: Session, actor: Member, insight: Insight) -> Decision:
    return make_accepted_decision(session, actor=actor, insight=insight)


@pytest.fixture
def check(session: Session, actor: Member, accepted: Decision) -> OutcomeCheck:
    add_measure(session, actor=actor, decision=accepted, name="calls", check_on=date(2026, 2, 18))
    return session.scalars(select(OutcomeCheck)).one()


def _open(session: Session) -> list[Contradiction]:
    return list(session.scalars(select(Contradiction).where(Contradiction.status == "open")))


def test_a_verdict_that_refutes_proposes_a_review_which_waits_for_the_owner(
    session: Session, actor: Member, accepted: Decision, check: OutcomeCheck
) -> None:
    record_verdict(session, actor=actor, decision=accepted, check=check, verdict="worsened", value=40.0)

    assert [(row.decision_ref, row.origin_ref) for row in open_reviews(session, actor)] == [(accepted.ref, check.ref)]
    assert accepted.ref in [each.ref for each in load_home(session, actor).outdated]
    assert [each.origin_ref for each in _open(session)] == [check.ref]


def test_a_second_verdict_of_the_kind_adds_no_second_contradiction(
    session: Session, actor: Member, accepted: Decision, check: OutcomeCheck
) -> None:
    record_verdict(session, actor=actor, decision=accepted, check=check, verdict="no_change")
    again = schedule_check(session, actor=actor, decision=accepted, due_on=today(session))

    record_verdict(session, actor=actor, decision=accepted, check=again, verdict="worsened")

    assert len(_open(session)) == 1
    assert len(open_reviews(session, actor)) == 2


def test_a_verdict_taken_back_takes_back_what_it_set_off(
    session: Session, actor: Member, insight: Insight, accepted: Decision, check: OutcomeCheck
) -> None:
    record_verdict(session, actor=actor, decision=accepted, check=check, verdict="worsened", value=40.0, note="Odd.")

    take_back_verdict(session, actor=actor, decision=accepted, check=check)

    assert (check.verdict, check.note, insight.status) == (None, "", InsightStatus.PUBLISHED)
    assert session.scalars(select(Reading)).all() == []
    assert (_open(session), open_reviews(session, actor)) == ([], [])
    with pytest.raises(RuleBroken, match="no verdict"):
        take_back_verdict(session, actor=actor, decision=accepted, check=check)


def test_a_verdict_is_taken_back_by_who_recorded_it_or_an_approver(
    session: Session, actor: Member, leader: Member, accepted: Decision, check: OutcomeCheck
) -> None:
    record_verdict(session, actor=actor, decision=accepted, check=check, verdict="improved")

    with pytest.raises(NotAllowed, match="whoever recorded it"):
        take_back_verdict(session, actor=make_member(session), decision=accepted, check=check)
    take_back_verdict(session, actor=leader, decision=accepted, check=check)

    assert check.verdict is None


def test_what_somebody_settled_meanwhile_stays_and_can_be_opened_again(
    session: Session, actor: Member, insight: Insight, accepted: Decision, check: OutcomeCheck
) -> None:
    record_verdict(session, actor=actor, decision=accepted, check=check, verdict="no_change")
    found = _open(session)[0]
    settle_contradiction(
        session,
        actor=actor,
        contradiction=found,
        status="explained",
        reason="time_changed",
        explanation="The old letters were still out.",
    )
    before = insight.status

    reopen_contradiction(session, actor=actor, contradiction=found)

    assert [before, insight.status] == [InsightStatus.PUBLISHED, InsightStatus.CHALLENGED]
    assert found.explanation == ""
    with pytest.raises(RuleBroken, match="is open"):
        reopen_contradiction(session, actor=actor, contradiction=found)


def test_a_review_is_answered_with_a_sentence_and_ends_with_the_decision(
    session: Session, actor: Member, accepted: Decision
) -> None:
    ask_for_review(session, actor=actor, decision=accepted, cause="Nobody reads letters any more.")
    with pytest.raises(RuleBroken, match="open already"):
        ask_for_review(session, actor=actor, decision=accepted, cause="Nobody reads letters any more.")
    with pytest.raises(InvalidInput):
        close_reviews(session, actor=actor, decision=accepted, result="stands", note=" ")

    close_reviews(session, actor=actor, decision=accepted, result="stands", note="Nine of ten still do.")
    ask_for_review(session, actor=actor, decision=accepted, cause="The letter is gone.")
    deprecate_decision(session, actor=actor, decision=accepted, reason="The letter is gone.")

    told = beside(session, actor, accepted).reviews
    assert [(each.result, each.note) for each in told] == [
        ("out_of_force", ""),
        ("stands", "Nine of ten still do."),
    ]
    assert open_reviews(session, actor) == []


def test_what_is_not_in_force_is_not_reviewed(session: Session, actor: Member) -> None:
    with pytest.raises(RuleBroken, match="nothing to review"):
        ask_for_review(session, actor=actor, decision=make_decision(session, actor=actor), cause="Hm.")


def test_a_check_is_put_off_once_and_then_by_an_approver(
    session: Session, actor: Member, leader: Member, accepted: Decision, check: OutcomeCheck
) -> None:
    later = today(session) + timedelta(days=30)
    reschedule_check(session, actor=actor, decision=accepted, check=check, due_on=later, reason="The figures are late.")

    with pytest.raises(NotAllowed, match="once already"):
        reschedule_check(session, actor=actor, decision=accepted, check=check, due_on=later + timedelta(days=1))
    reschedule_check(session, actor=leader, decision=accepted, check=check, due_on=later + timedelta(days=2))

    assert (check.due_on, check.times_moved) == (later + timedelta(days=2), 2)
    assert checks_of(session, accepted)[0].times_moved == 2


def test_a_check_is_not_put_off_into_the_past(
    session: Session, actor: Member, accepted: Decision, check: OutcomeCheck
) -> None:
    for day, words in (
        (today(session) - timedelta(days=1), "is past"),
        (date(3026, 1, 1), "twenty years"),
        (None, "Enter"),
    ):
        with pytest.raises(InvalidInput, match=words):
            reschedule_check(session, actor=actor, decision=accepted, check=check, due_on=day)
    assert check.times_moved == 0


def test_the_first_check_is_reckoned_from_going_live(session: Session, actor: Member, insight: Insight) -> None:
    decision = make_accepted_decision(session, actor=actor, insight=insight)
    add_measure(session, actor=actor, decision=decision, name="calls")
    check = session.scalars(select(OutcomeCheck)).one()
    assert check.due_on == today(session) + timedelta(days=90)
    live_on = today(session) - timedelta(days=20)

    set_delivery(session, actor=actor, decision=decision, state="live", live_on=live_on)

    assert check.due_on == live_on + timedelta(days=90)
    assert check.times_moved == 0

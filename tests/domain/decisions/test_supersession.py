from __future__ import annotations

import pytest
from factories import make_accepted_decision, make_decision
from sqlalchemy.orm import Session

from insights.core.errors import InvalidInput, RuleBroken
from insights.decisions.models import Decision, DecisionStatus
from insights.decisions.operations import reject_decision, supersede_decision
from insights.decisions.queries import DecisionFilter, beside, list_decisions
from insights.people.models import Member
from insights.synthesis.models import Insight


@pytest.fixture
def three(session: Session, actor: Member, insight: Insight) -> tuple[Decision, Decision, Decision]:
    first, second, third = (make_accepted_decision(session, actor=actor, insight=insight) for _ in range(3))
    return first, second, third


def test_both_sides_know_of_it(session: Session, actor: Member, three: tuple[Decision, Decision, Decision]) -> None:
    old, new, _ = three

    supersede_decision(session, actor=actor, old=old, new=new)

    assert old.status is DecisionStatus.SUPERSEDED
    assert [(step.ref, step.superseded_by, step.is_here) for step in beside(session, actor, new).chain] == [
        (old.ref, new.ref, False),
        (new.ref, "", True),
    ]
    assert [step.ref for step in beside(session, actor, old).chain] == [old.ref, new.ref]


def test_what_is_superseded_is_never_in_force(
    session: Session, actor: Member, three: tuple[Decision, Decision, Decision]
) -> None:
    old, new, third = three
    supersede_decision(session, actor=actor, old=old, new=new)

    rows = list_decisions(session, actor, DecisionFilter(in_force=True))

    assert {row.ref for row in rows} == {new.ref, third.ref}


def test_a_decision_that_replaces_two_shows_both(
    session: Session, actor: Member, three: tuple[Decision, Decision, Decision]
) -> None:
    first, second, third = three
    supersede_decision(session, actor=actor, old=first, new=third)
    supersede_decision(session, actor=actor, old=second, new=third)

    assert {step.ref for step in beside(session, actor, third).chain} == {first.ref, second.ref, third.ref}


def test_a_decision_on_its_own_has_no_chain(session: Session, actor: Member, decision: Decision) -> None:
    assert beside(session, actor, decision).chain == ()


def test_a_decision_cannot_supersede_itself(
    session: Session, actor: Member, three: tuple[Decision, Decision, Decision]
) -> None:
    with pytest.raises(InvalidInput, match="cannot supersede itself"):
        supersede_decision(session, actor=actor, old=three[0], new=three[0])


def test_a_ring_of_three_is_refused(
    session: Session, actor: Member, three: tuple[Decision, Decision, Decision]
) -> None:
    first, second, third = three
    supersede_decision(session, actor=actor, old=first, new=second)
    supersede_decision(session, actor=actor, old=second, new=third)

    with pytest.raises(InvalidInput, match="ring"):
        supersede_decision(session, actor=actor, old=third, new=first)

    assert third.superseded_by_id is None
    assert third.status is DecisionStatus.ACCEPTED


def test_a_decision_is_superseded_once(
    session: Session, actor: Member, three: tuple[Decision, Decision, Decision]
) -> None:
    first, second, third = three
    supersede_decision(session, actor=actor, old=first, new=second)

    with pytest.raises(RuleBroken, match=second.ref):
        supersede_decision(session, actor=actor, old=first, new=third)


def test_a_rejected_decision_replaces_nothing(
    session: Session, actor: Member, three: tuple[Decision, Decision, Decision]
) -> None:
    refused = make_decision(session, actor=actor)
    reject_decision(session, actor=actor, decision=refused)

    with pytest.raises(InvalidInput, match="cannot replace"):
        supersede_decision(session, actor=actor, old=three[0], new=refused)

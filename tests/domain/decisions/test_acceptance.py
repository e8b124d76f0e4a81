from __future__ import annotations

from datetime import date, timedelta

import pytest
from factories import make_decision, make_insight, make_member, make_team
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.core.access import Role
from insights.core.clock import today
from insights.core.errors import InvalidInput, NotAllowed, RuleBroken, StaleRecord
from insights.decisions.models import Basis, Decision, DecisionStatus, OutcomeCheck
from insights.decisions.operations import (
    DecisionText,
    accept_decision,
    deprecate_decision,
    draft_decision,
    edit_decision,
    link_insight,
    reject_decision,
    unlink_insight,
)
from insights.decisions.outcomes import add_measure
from insights.people.models import Member
from insights.synthesis.contradictions import declare_contradiction
from insights.synthesis.models import Insight


def link(session: Session, actor: Member, decision: Decision, insight: Insight, type_: str = "changed") -> None:
    link_insight(session, actor=actor, decision=decision, insight=insight, type_=type_, rationale="Six of eight.")


def test_a_decision_on_nothing_is_not_accepted(session: Session, actor: Member, decision: Decision) -> None:
    with pytest.raises(RuleBroken, match="evidence or on a declared basis"):
        accept_decision(session, actor=actor, decision=decision)

    assert decision.status is DecisionStatus.PROPOSED


@pytest.mark.parametrize("type_", ["changed", "informed", "confirmed"])
def test_evidence_of_each_kind_carries_a_decision(
    session: Session, actor: Member, decision: Decision, insight: Insight, type_: str
) -> None:
    link(session, actor, decision, insight, type_)

    accept_decision(session, actor=actor, decision=decision)

    assert decision.status is DecisionStatus.ACCEPTED
    assert decision.decided_on == today(session)


@pytest.mark.parametrize("type_", ["considered_not_followed", "contradicts"])
def test_what_was_set_aside_or_speaks_against_it_carries_no_decision(
    session: Session, actor: Member, decision: Decision, insight: Insight, type_: str
) -> None:
    link(session, actor, decision, insight, type_)

    with pytest.raises(RuleBroken):
        accept_decision(session, actor=actor, decision=decision)


@pytest.mark.parametrize("basis", list(Basis))
def test_a_declared_basis_with_its_reason_stands_for_evidence(
    session: Session, actor: Member, decision: Decision, basis: Basis
) -> None:
    accept_decision(session, actor=actor, decision=decision, basis=basis, basis_reason="The act of 2024 says so.")

    assert decision.status is DecisionStatus.ACCEPTED
    assert decision.basis is basis


def test_a_declared_basis_needs_its_reason(session: Session, actor: Member, decision: Decision) -> None:
    with pytest.raises(InvalidInput) as refused:
        accept_decision(session, actor=actor, decision=decision, basis="security", basis_reason=" \u200b ")

    assert "basis_reason" in refused.value.fields


def test_contradicted_evidence_asks_for_a_sentence(
    session: Session, actor: Member, decision: Decision, insight: Insight
) -> None:
    other = make_insight(session, actor=actor)
    declare_contradiction(session, actor=actor, insight=insight, other=other, cause="Round 2 heard the opposite.")
    link(session, actor, decision, other)

    with pytest.raises(InvalidInput) as refused:
        accept_decision(session, actor=actor, decision=decision)
    accept_decision(session, actor=actor, decision=decision, beyond_evidence_reason="It costs little to undo.")

    assert "beyond_evidence_reason" in refused.value.fields
    assert decision.beyond_evidence_reason == "It costs little to undo."


def test_an_accepted_text_stands(session: Session, actor: Member, decision: Decision, insight: Insight) -> None:
    link(session, actor, decision, insight)
    accept_decision(session, actor=actor, decision=decision)
    title = decision.title

    with pytest.raises(RuleBroken, match="its text stands"):
        edit_decision(session, actor=actor, decision=decision, text=DecisionText(title="Something else"))

    assert decision.title == title


def test_the_evidence_it_was_accepted_on_is_not_taken_away(
    session: Session, actor: Member, decision: Decision, insight: Insight
) -> None:
    made = link_insight(
        session, actor=actor, decision=decision, insight=insight, type_="changed", rationale="Six of eight."
    )
    accept_decision(session, actor=actor, decision=decision)

    with pytest.raises(RuleBroken, match="Link other evidence first"):
        unlink_insight(session, actor=actor, decision=decision, link=made)


def test_acceptance_plans_the_first_check_ninety_days_on(
    session: Session, actor: Member, decision: Decision, insight: Insight
) -> None:
    link(session, actor, decision, insight)
    add_measure(session, actor=actor, decision=decision, name="calls within 24 h")

    accept_decision(session, actor=actor, decision=decision, decided_on=date(2026, 5, 1))

    check = session.scalars(select(OutcomeCheck)).one()
    assert check.due_on == date(2026, 5, 1) + timedelta(days=90)
    assert check.owner_id == actor.id


@pytest.mark.parametrize("status", [DecisionStatus.ACCEPTED, DecisionStatus.REJECTED, DecisionStatus.SUPERSEDED])
def test_a_new_decision_is_draft_or_proposed(session: Session, actor: Member, status: DecisionStatus) -> None:
    with pytest.raises(InvalidInput):
        draft_decision(session, actor=actor, text=DecisionText(title="A title"), status=status)


def test_what_is_decided_is_not_decided_again(session: Session, actor: Member, decision: Decision) -> None:
    reject_decision(session, actor=actor, decision=decision)

    with pytest.raises(RuleBroken, match="rejected already"):
        accept_decision(session, actor=actor, decision=decision, basis="cost", basis_reason="Cheaper.")
    with pytest.raises(RuleBroken):
        deprecate_decision(session, actor=actor, decision=decision)


def test_another_area_may_not_change_a_decision(session: Session, decision: Decision) -> None:
    stranger = make_member(session, role=Role.CONTRIBUTOR, team=make_team(session))

    with pytest.raises(NotAllowed):
        edit_decision(session, actor=stranger, decision=decision, text=DecisionText(title="Mine now"))


def test_two_people_who_save_the_same_draft_both_keep_their_words(
    session: Session, actor: Member, decision: Decision
) -> None:
    opened = decision.row_version
    edit_decision(
        session, actor=actor, decision=decision, text=DecisionText(title="First", context="Theirs"), row_version=opened
    )

    with pytest.raises(StaleRecord) as stale:
        edit_decision(
            session,
            actor=actor,
            decision=decision,
            text=DecisionText(title="Second", context="Mine"),
            row_version=opened,
        )

    assert stale.value.theirs["context"] == "Theirs"
    assert stale.value.mine["context"] == "Mine"
    assert decision.context == "Theirs"


def test_an_option_needs_a_title(session: Session, actor: Member) -> None:
    with pytest.raises(InvalidInput) as refused:
        draft_decision(
            session, actor=actor, text=DecisionText(title="A", options=[{"title": "", "body": "Good: cheap"}])
        )

    assert "options" in refused.value.fields
    assert make_decision(session, actor=actor).options == []

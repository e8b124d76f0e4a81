"""The impact ledger: attested by whoever decided, corrected by adding, never added up."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from factories import make_accepted_decision, make_decision, make_member, make_service
from sqlalchemy.orm import Session

from insights.core.clock import today
from insights.core.errors import InvalidInput, NotAllowed, RuleBroken
from insights.decisions.models import Decision
from insights.decisions.operations import accept_decision, link_insight, reject_decision
from insights.decisions.outcomes import attest_impact
from insights.decisions.queries import LedgerFilter, ledger
from insights.people.models import Member
from insights.synthesis.models import Insight


@pytest.fixture
def accepted(session: Session, actor: Member, leader: Member, insight: Insight) -> Decision:
    """The researcher wrote the insight and drafted the decision; the leader took it."""
    decision = make_decision(session, actor=actor, service=make_service(session, name="Screening"))
    link_insight(session, actor=actor, decision=decision, insight=insight, type_="changed", rationale="Six of eight.")
    accept_decision(session, actor=leader, decision=decision)
    return decision


def test_whoever_decided_attests_and_the_researcher_does_not(
    session: Session, actor: Member, leader: Member, accepted: Decision, insight: Insight
) -> None:
    with pytest.raises(NotAllowed, match=f"You wrote {insight.ref}"):
        attest_impact(session, actor=actor, decision=accepted, what="Calls halved.", contribution="sole_reason")
    with pytest.raises(NotAllowed, match="attested by whoever decided"):
        attest_impact(
            session, actor=make_member(session), decision=accepted, what="Calls halved.", contribution="sole_reason"
        )

    attest_impact(session, actor=leader, decision=accepted, what="Calls halved.", contribution="one_of_several")

    assert [(row.what, row.attested_by, row.is_author_too) for row in ledger(session, actor)] == [
        ("Calls halved.", leader.name, False)
    ]


def test_one_person_who_did_both_is_named_as_both(session: Session, actor: Member, insight: Insight) -> None:
    decision = make_accepted_decision(session, actor=actor, insight=insight)

    attest_impact(session, actor=actor, decision=decision, what="Calls halved.", contribution="unknown")

    assert ledger(session, actor)[0].is_author_too


def test_an_entry_is_corrected_once_and_stays(session: Session, leader: Member, accepted: Decision) -> None:
    wrong = attest_impact(session, actor=leader, decision=accepted, what="Half.", contribution="sole_reason")
    right = attest_impact(
        session, actor=leader, decision=accepted, what="A third.", contribution="main_reason", corrects=wrong
    )

    with pytest.raises(RuleBroken, match="corrected already"):
        attest_impact(
            session, actor=leader, decision=accepted, what="A fifth.", contribution="main_reason", corrects=wrong
        )

    assert [(row.what, row.corrects_id, row.corrected_by_id) for row in ledger(session, leader)] == [
        ("A third.", wrong.id, None),
        ("Half.", None, right.id),
    ]


def test_work_that_was_avoided_is_an_impact_of_a_decision_not_to(
    session: Session, actor: Member, leader: Member, insight: Insight
) -> None:
    decision = make_decision(session, actor=actor, title="Let people save filters")
    link_insight(session, actor=actor, decision=decision, insight=insight, type_="changed", rationale="Nobody would.")
    with pytest.raises(RuleBroken, match="not decided yet"):
        attest_impact(session, actor=leader, decision=decision, what="Six weeks.", contribution="main_reason")
    reject_decision(session, actor=leader, decision=decision, reason="Nobody would use it.")

    attest_impact(
        session,
        actor=leader,
        decision=decision,
        what="Six weeks of work were not spent.",
        kind="avoided_work",
        contribution="main_reason",
    )

    assert [(row.kind, row.decision_status) for row in ledger(session, leader)] == [("avoided_work", "rejected")]


def test_the_ledger_is_read_by_service_kind_and_period(session: Session, leader: Member, accepted: Decision) -> None:
    day = today(session) - timedelta(days=40)
    attest_impact(session, actor=leader, decision=accepted, what="Then.", contribution="unknown", on=day)
    attest_impact(session, actor=leader, decision=accepted, what="Now.", kind="policy", contribution="unknown")

    def found(**wanted: object) -> list[str]:
        return [row.what for row in ledger(session, leader, LedgerFilter(**wanted))]  # type: ignore[arg-type]

    assert found(until=day) == ["Then."]
    assert found(since=day + timedelta(days=1)) == ["Now."]
    assert found(kind="policy") == ["Now."]
    assert found(service_id=accepted.service_id) == ["Now.", "Then."]
    assert found(service_id=99) == []


@pytest.mark.parametrize(("on", "words"), [(date(2999, 1, 1), "in the future"), (date(1066, 10, 14), "before 1900")])
def test_nothing_happened_tomorrow_or_before_there_were_records(
    session: Session, leader: Member, accepted: Decision, on: date, words: str
) -> None:
    with pytest.raises(InvalidInput, match=words) as caught:
        attest_impact(session, actor=leader, decision=accepted, what="Half.", contribution="unknown", on=on)

    assert list(caught.value.fields) == ["on"]

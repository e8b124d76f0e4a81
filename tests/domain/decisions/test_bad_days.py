"""Rings, days that cannot be, evidence that goes away, two people at once, and texts that stand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from factories import (
    make_accepted_decision,
    make_decision,
    make_highlight,
    make_insight,
    make_member,
    make_service,
    make_session,
)
from sqlalchemy.orm import Session

from insights.core.clock import today
from insights.core.errors import InvalidInput, RuleBroken
from insights.decisions.against import Doubt, doubt_about
from insights.decisions.models import Decision, DecisionStatus, LinkStatus
from insights.decisions.operations import (
    DecisionText,
    accept_decision,
    add_delivery_link,
    defer_decision,
    deprecate_decision,
    edit_decision,
    link_insight,
    reaffirm_link,
    record_change,
    reject_decision,
    set_delivery,
    set_delivery_link_deleted,
    set_work_state,
    supersede_decision,
    unlink_insight,
)
from insights.decisions.outcomes import add_measure, add_reading, add_readings, schedule_check
from insights.decisions.outcomes.reading_table import TypedReading
from insights.decisions.queries import (
    NeedsFilter,
    beside,
    decision_head,
    get_link,
    linked_insights,
    measures_of,
    needs_not_met,
)
from insights.people.models import Member
from insights.synthesis.answers import issue_recommendation, respond_to_recommendation
from insights.synthesis.contradictions import declare_contradiction
from insights.synthesis.models import Insight
from insights.synthesis.operations import retire_insight


def test_a_ring_is_refused_and_the_way_round_it_is_named(session: Session, actor: Member, insight: Insight) -> None:
    first, second, third = (make_accepted_decision(session, actor=actor, insight=insight) for _ in range(3))
    supersede_decision(session, actor=actor, old=first, new=second)
    supersede_decision(session, actor=actor, old=second, new=third)

    with pytest.raises(InvalidInput, match=f"{first.ref} is superseded by {second.ref} is superseded by {third.ref}"):
        supersede_decision(session, actor=actor, old=third, new=first)


@pytest.mark.parametrize("on", [date(2999, 1, 1), date(1815, 6, 18)])
def test_days_on_which_nothing_can_have_happened_are_refused_by_their_field(
    session: Session, actor: Member, insight: Insight, decision: Decision, on: date
) -> None:
    accepted = make_accepted_decision(session, actor=actor, insight=insight)
    link_insight(session, actor=actor, decision=decision, insight=insight, type_="informed", rationale="It fits.")
    measure = add_measure(session, actor=actor, decision=accepted, name="calls")
    acts = {
        "decided_on": lambda: accept_decision(session, actor=actor, decision=decision, decided_on=on),
        "live_on": lambda: set_delivery(session, actor=actor, decision=accepted, state="live", live_on=on),
        "baseline_on": lambda: add_measure(session, actor=actor, decision=accepted, name="x", baseline_on=on),
        "on": lambda: add_reading(session, actor=actor, measure=measure, on=on, value=1.0),
        "file": lambda: add_readings(session, actor=actor, measure=measure, rows=[TypedReading(on, 1.0)]),
    }
    for field, act in acts.items():
        with pytest.raises(InvalidInput, match=r"in the future|before 1900") as caught:
            act()
        assert list(caught.value.fields) == [field]
    assert decision.status is DecisionStatus.PROPOSED
    assert measures_of(session, accepted)[0].readings == ()


def test_an_old_day_that_can_have_been_is_taken(session: Session, actor: Member, insight: Insight) -> None:
    decision = make_decision(session, actor=actor)
    link_insight(session, actor=actor, decision=decision, insight=insight, type_="informed", rationale="It fits.")

    accept_decision(session, actor=actor, decision=decision, decided_on=date(1948, 7, 5))

    assert decision_head(session, actor, decision.ref).row.decided_on == date(1948, 7, 5)


def test_a_check_three_thousand_years_ahead_is_a_slip(session: Session, actor: Member, insight: Insight) -> None:
    decision = make_accepted_decision(session, actor=actor, insight=insight)

    with pytest.raises(InvalidInput, match="twenty years"):
        schedule_check(session, actor=actor, decision=decision, due_on=date(5026, 1, 1))


def test_of_two_who_accept_at_once_the_second_is_told_who_was_first(
    session: Session, actor: Member, insight: Insight, decision: Decision
) -> None:
    link_insight(session, actor=actor, decision=decision, insight=insight, type_="informed", rationale="It fits.")
    accept_decision(session, actor=make_member(session, name="Ines Duarte"), decision=decision)

    for act in (accept_decision, reject_decision):
        with pytest.raises(RuleBroken, match="accepted"):
            act(session, actor=actor, decision=decision)
    with pytest.raises(RuleBroken, match="Ines Duarte was first"):
        accept_decision(session, actor=actor, decision=decision, basis="cost", basis_reason="Too dear.")
    assert decision.basis is None


def test_an_insight_withdrawn_under_a_decision_leaves_the_link_and_says_so(
    session: Session, actor: Member, insight: Insight
) -> None:
    decision = make_accepted_decision(session, actor=actor, insight=insight)

    retire_insight(session, actor=actor, insight=insight, note="The study was withdrawn.")

    link = linked_insights(session, actor, decision)[0]
    assert (link.status, link.is_citable) == (LinkStatus.UNSUPPORTED, False)
    assert decision.status is DecisionStatus.ACCEPTED
    with pytest.raises(RuleBroken, match="no longer held"):
        reaffirm_link(
            session,
            actor=actor,
            decision=decision,
            link=get_link(session, actor, decision, link.link_id),
            insight=insight,
            sentence="It stands.",
        )


def test_what_was_accepted_stands_but_for_links_delivery_and_status(
    session: Session, actor: Member, insight: Insight
) -> None:
    decision = make_accepted_decision(session, actor=actor, insight=insight, title="Put the next step first")
    with pytest.raises(RuleBroken, match="its text stands"):
        edit_decision(session, actor=actor, decision=decision, text=DecisionText("Put it last", outcome="Other."))
    other = make_insight(session, actor=actor)

    link = link_insight(
        session, actor=actor, decision=decision, insight=other, type_="confirmed", rationale="A second round."
    )
    unlink_insight(session, actor=actor, decision=decision, link=link)
    record_change(session, actor=actor, decision=decision, before="Old", after="New")
    set_delivery(session, actor=actor, decision=decision, state="live")
    deprecate_decision(session, actor=actor, decision=decision)

    assert (decision.title, decision.outcome) == ("Put the next step first", "")
    assert decision.status is DecisionStatus.DEPRECATED
    with pytest.raises(RuleBroken, match="its text stands"):
        edit_decision(session, actor=actor, decision=decision, text=DecisionText("Put it last"))


def test_going_live_against_the_evidence_needs_a_sentence(session: Session, actor: Member, insight: Insight) -> None:
    decision = make_accepted_decision(session, actor=actor, insight=insight)
    assert doubt_about(session, decision) is None
    declare_contradiction(
        session, actor=actor, insight=insight, other=make_insight(session, actor=actor), cause="They read on."
    )

    with pytest.raises(InvalidInput, match="contradicted") as caught:
        set_delivery(session, actor=actor, decision=decision, state="live")
    set_delivery(
        session, actor=actor, decision=decision, state="live", beyond_evidence_reason="The law leaves no choice."
    )

    assert list(caught.value.fields) == ["beyond_evidence_reason"]
    assert decision.beyond_evidence_reason == "The law leaves no choice."
    assert decision.delivery_state == "live"


def test_going_live_on_stale_evidence_alone_needs_a_sentence(session: Session, actor: Member) -> None:
    held = make_session(session, actor=actor, held_on=today(session) - timedelta(days=800))
    old = make_insight(session, actor=actor, highlight=make_highlight(session, actor=actor, research_session=held))
    decision = make_accepted_decision(session, actor=actor, insight=old)
    assert doubt_about(session, decision) is Doubt.STALE
    with pytest.raises(InvalidInput, match="stale"):
        set_delivery(session, actor=actor, decision=decision, state="live")

    new = make_insight(
        session,
        actor=actor,
        highlight=make_highlight(
            session, actor=actor, research_session=make_session(session, actor=actor, held_on=today(session))
        ),
    )
    link_insight(session, actor=actor, decision=decision, insight=new, type_="confirmed", rationale="Seen again.")
    set_delivery(session, actor=actor, decision=decision, state="live")

    assert decision.beyond_evidence_reason == ""


def test_a_declared_basis_alone_is_never_beyond_the_evidence(session: Session, actor: Member) -> None:
    decision = make_decision(session, actor=actor)
    accept_decision(session, actor=actor, decision=decision, basis="security", basis_reason="A hole.")

    set_delivery(session, actor=actor, decision=decision, state="live")

    assert decision.delivery_state == "live"


@pytest.mark.parametrize(
    ("url", "tracker"),
    [
        ("https://team.atlassian.net/browse/HPV-12", "jira"),
        ("https://jira.example.gov/browse/HPV-12", "jira"),
        ("https://github.com/org/repo/pull/3", "github"),
        ("https://gitlab.example.org/a/b/-/issues/3", "gitlab"),
        ("https://dev.azure.com/org/p/_workitems/edit/7", "azure"),
        ("https://example.org/github.com", "other"),
        ("http://notgithub.com/x", "other"),
    ],
)
def test_the_address_tells_the_tracker(
    session: Session, actor: Member, decision: Decision, url: str, tracker: str
) -> None:
    link = add_delivery_link(session, actor=actor, decision=decision, url=url, state="in_progress")

    told = beside(session, actor, decision).work[0]
    assert (told.tracker, told.state, told.state_on) == (tracker, "in_progress", today(session))
    set_work_state(session, actor=actor, decision=decision, link=link, state="done")
    set_delivery_link_deleted(session, actor=actor, decision=decision, link=link, deleted=True)
    assert beside(session, actor, decision).work == ()


@pytest.mark.parametrize("url", ["", "javascript:alert(1)", "github.com/org", "ftp://example.org/x"])
def test_an_address_that_is_none_is_refused(session: Session, actor: Member, decision: Decision, url: str) -> None:
    with pytest.raises(InvalidInput):
        add_delivery_link(session, actor=actor, decision=decision, url=url)


def test_the_register_of_needs_not_met_writes_itself(session: Session, actor: Member) -> None:
    later = today(session) + timedelta(days=200)
    aside, refused, put_off, declined, followed = (make_insight(session, actor=actor) for _ in range(5))
    standing = make_accepted_decision(session, actor=actor, insight=followed, service=make_service(session))
    link_insight(
        session,
        actor=actor,
        decision=standing,
        insight=aside,
        type_="considered_not_followed",
        rationale="No money before April.",
        revisit_on=later,
    )
    for insight, act in ((refused, "reject"), (put_off, "defer")):
        decision = make_decision(session, actor=actor)
        link_insight(session, actor=actor, decision=decision, insight=insight, type_="changed", rationale="Need.")
        if act == "reject":
            reject_decision(session, actor=actor, decision=decision, reason="Too dear.")
        else:
            defer_decision(session, actor=actor, decision=decision, until=later, reason="After the election.")
    asked = issue_recommendation(session, actor=actor, text="Write in Polish too.", insights=[declined])
    respond_to_recommendation(session, actor=actor, recommendation=asked, status="declined", reason="Out of remit.")

    found = {row.insight_ref: row for row in needs_not_met(session, actor)}

    assert {ref: (row.way.value, row.reason, row.revisit_on) for ref, row in found.items()} == {
        aside.ref: ("not_followed", "No money before April.", later),
        refused.ref: ("rejected", "Too dear.", None),
        put_off.ref: ("put_off", "After the election.", later),
        declined.ref: ("declined", "Out of remit.", None),
    }
    assert needs_not_met(session, actor, NeedsFilter(due=True)) == []
    assert [row.insight_ref for row in needs_not_met(session, actor, NeedsFilter(way="rejected"))] == [refused.ref]
    assert [row.insight_ref for row in needs_not_met(session, actor, NeedsFilter(standing.service_id))] == [aside.ref]


def test_a_decision_that_was_put_off_and_then_taken_leaves_the_register(
    session: Session, actor: Member, insight: Insight, decision: Decision
) -> None:
    link_insight(session, actor=actor, decision=decision, insight=insight, type_="changed", rationale="Need.")
    later = today(session) + timedelta(days=5)
    defer_decision(session, actor=actor, decision=decision, until=later, reason="Next week.")
    assert len(needs_not_met(session, actor)) == 1

    accept_decision(session, actor=actor, decision=decision)

    assert needs_not_met(session, actor) == []
    assert (decision.revisit_on, decision.closing_reason) == (None, "")

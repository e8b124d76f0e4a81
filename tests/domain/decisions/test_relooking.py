"""Looking again: asked of somebody by a day, done with a result, told to the decisions that rest on it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from factories import make_accepted_decision, make_highlight, make_insight, make_member, make_session, make_study
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.core.access import Role
from insights.core.activity import ActivityEntry
from insights.core.clock import today
from insights.core.errors import InvalidInput, NotAllowed, RuleBroken
from insights.decisions.home import load_home
from insights.decisions.models import LinkStatus
from insights.decisions.queries import beside, linked_insights, open_reviews, outdated_links
from insights.decisions.relooking import TOLD, ask_about_component, look_again
from insights.people.models import Component, Member
from insights.people.operations import create_component, report_component_change
from insights.people.queries import changes_of_component
from insights.synthesis.models import Insight, InsightKind
from insights.synthesis.operations import ask_to_look_again, edit_insight, mark_minor
from insights.synthesis.queries import insight_row, open_task_of


def _told(session: Session) -> list[tuple[str, str]]:
    entries = session.scalars(select(ActivityEntry).where(ActivityEntry.verb == TOLD).order_by(ActivityEntry.id))
    return [(entry.subject_ref, entry.detail["result"]) for entry in entries]


def test_decisions_in_force_are_told_and_reviewed_where_the_claim_does_not_hold(
    session: Session, actor: Member, insight: Insight
) -> None:
    resting = make_accepted_decision(session, actor=actor, insight=insight)
    aside = make_accepted_decision(session, actor=actor, insight=make_insight(session, actor=actor))

    look_again(session, actor=actor, insight=insight, result="reconfirmed", note="Six more calls.")
    assert open_reviews(session, actor) == []
    look_again(session, actor=actor, insight=insight, result="changed", note="Only the older ones.")
    look_again(session, actor=actor, insight=insight, result="retired", note="Nobody any more.")

    assert _told(session) == [(resting.ref, "reconfirmed"), (resting.ref, "changed"), (resting.ref, "retired")]
    assert [row.cause for row in open_reviews(session, actor)] == [
        f"{insight.ref}, on which it rests, was looked at again and holds in part only.",
        f"{insight.ref}, on which it rests, was looked at again and no longer holds.",
    ]
    assert linked_insights(session, actor, resting)[0].status is LinkStatus.UNSUPPORTED
    assert beside(session, actor, aside).reviews == ()


def test_a_review_that_names_an_insight_is_not_told_to_those_who_may_not_see_it(
    session: Session, actor: Member
) -> None:
    study = make_study(session, actor=actor)
    held = make_session(session, actor=actor, study=study)
    insight = make_insight(session, actor=actor, highlight=make_highlight(session, actor=actor, research_session=held))
    decision = make_accepted_decision(session, actor=actor, insight=insight)
    look_again(session, actor=actor, insight=insight, result="changed", note="In part.")
    reader = make_member(session, role=Role.READER)
    assert len(open_reviews(session, reader)) == 1

    study.restricted = True
    session.flush()

    assert open_reviews(session, reader) == []
    assert beside(session, reader, decision).reviews == ()
    assert len(open_reviews(session, actor)) == 1


def test_whoever_is_asked_finds_it_on_their_home_page_until_they_looked(
    session: Session, actor: Member, insight: Insight
) -> None:
    owner = make_member(session)
    by = today(session) + timedelta(days=14)
    ask_to_look_again(session, actor=actor, insight=insight, owner=owner, due_on=by, why="The letter is new.")

    task = open_task_of(session, insight)
    assert task is not None
    assert (task.owner, task.due_on, task.why, task.is_overdue) == (owner.name, by, "The letter is new.", False)
    assert [each.ref for each in load_home(session, owner).to_review] == [insight.ref]
    with pytest.raises(RuleBroken, match="asked to look again"):
        ask_to_look_again(session, actor=actor, insight=insight, owner=None, due_on=by)

    look_again(session, actor=owner, insight=insight, result="reconfirmed", note="It holds.")

    assert open_task_of(session, insight) is None
    assert load_home(session, owner).to_review == ()


@pytest.mark.parametrize("due_on", [None, date(2020, 1, 1)])
def test_a_task_has_a_day_to_come(session: Session, actor: Member, insight: Insight, due_on: date | None) -> None:
    with pytest.raises(InvalidInput, match="today or later"):
        ask_to_look_again(session, actor=actor, insight=insight, owner=None, due_on=due_on)


@pytest.fixture
def letter(session: Session, actor: Member) -> Component:
    return create_component(session, actor=actor, name="Invitation letter", kind="letter", version="1")


def test_a_component_that_changed_ages_every_claim_about_it(session: Session, actor: Member, letter: Component) -> None:
    held = make_session(session, actor=actor, held_on=today(session) - timedelta(days=10))
    rows = {}
    for kind in InsightKind:
        quote = make_highlight(session, actor=actor, research_session=held)
        insight = make_insight(session, actor=actor, highlight=quote, kind=kind, components=[letter])
        rows[kind] = insight
    before = {kind: insight_row(session, actor, each).freshness.state.value for kind, each in rows.items()}

    report_component_change(session, actor=actor, component=letter, version="2", what="The result comes last.")

    after = {kind: insight_row(session, actor, each).freshness.state.value for kind, each in rows.items()}
    assert set(before.values()) == {"fresh"}
    assert after.pop(InsightKind.USABILITY) == "stale"
    assert set(after.values()) == {"ageing"}
    look_again(session, actor=actor, insight=rows[InsightKind.USABILITY], result="reconfirmed", note="Still so.")
    assert insight_row(session, actor, rows[InsightKind.USABILITY]).freshness.state.value == "fresh"


def test_a_change_is_an_event_with_its_day(session: Session, actor: Member, letter: Component) -> None:
    yesterday, long_ago = today(session) - timedelta(days=1), date(2020, 5, 1)
    report_component_change(session, actor=actor, component=letter, version="3", on=yesterday)
    report_component_change(session, actor=actor, component=letter, version="2", on=long_ago, what="New paper.")

    assert (letter.version, letter.changed_on) == ("3", yesterday)
    assert [(each.on, each.what) for each in changes_of_component(session, letter)] == [
        (yesterday, ""),
        (long_ago, "New paper."),
    ]
    with pytest.raises(InvalidInput, match="in the future"):
        report_component_change(session, actor=actor, component=letter, version="4", on=date(2999, 1, 1))


def test_owners_of_what_is_known_about_a_component_are_asked_once(
    session: Session, actor: Member, letter: Component
) -> None:
    about = [make_insight(session, actor=actor, components=[letter]) for _ in range(2)]

    tasks = ask_about_component(session, actor=actor, component=letter)

    assert sorted(task.insight_id for task in tasks) == [each.id for each in about]
    assert {task.origin_ref for task in tasks} == {letter.ref}
    with pytest.raises(RuleBroken, match="No published insight"):
        ask_about_component(session, actor=actor, component=letter)


def _reword(session: Session, actor: Member, insight: Insight, claim: str, **others: object) -> None:
    values = {"body": "", "type_": insight.type, "kind": insight.kind, "service": None} | others
    edit_insight(session, actor=actor, insight=insight, claim=claim, **values)  # type: ignore[arg-type]


def test_typing_that_a_second_person_calls_minor_leaves_links_current(session: Session, actor: Member) -> None:
    second = make_member(session)
    insight = make_insight(session, actor=actor, claim="People stop raeding at the result")
    decision = make_accepted_decision(session, actor=actor, insight=insight)
    _reword(session, actor, insight, "People stop reading at the result")
    assert [each.insight_ref for each in outdated_links(session, actor)] == [insight.ref]
    with pytest.raises(NotAllowed, match="Someone other"):
        mark_minor(session, actor=actor, insight=insight)

    mark_minor(session, actor=second, insight=insight)

    assert outdated_links(session, actor) == []
    assert linked_insights(session, actor, decision)[0].status is LinkStatus.CURRENT
    _reword(session, actor, insight, "People stop reading at the result.")
    mark_minor(session, actor=second, insight=insight)
    assert outdated_links(session, actor) == []
    _reword(session, actor, insight, "People read all of it")
    assert len(outdated_links(session, actor)) == 1


def test_more_than_typing_is_never_minor(session: Session, actor: Member, insight: Insight) -> None:
    second = make_member(session)
    with pytest.raises(RuleBroken, match="one version only"):
        mark_minor(session, actor=second, insight=insight)
    _reword(session, actor, insight, "Other words", type_="informative")

    with pytest.raises(RuleBroken, match="More than typing changed: type"):
        mark_minor(session, actor=second, insight=insight)

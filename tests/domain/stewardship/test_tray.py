"""Gathered while reading, in an order of one's own; what goes out of sight is gone from it without a word."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from factories import (
    make_accepted_decision,
    make_highlight,
    make_insight,
    make_member,
    make_session,
    make_study,
    source_of,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.models import SessionStatus
from insights.capture.operations import set_session_deleted, set_study_access
from insights.core.access import Role
from insights.core.activity import ActivityEntry
from insights.core.clock import FixedClock, set_clock
from insights.core.errors import InvalidInput, NotFound, RuleBroken
from insights.decisions.models import DecisionLink, DecisionStatus
from insights.people.models import Member
from insights.stewardship.models import TrayItem
from insights.stewardship.tray import (
    Reason,
    draft_from_tray,
    empty_tray,
    fill_tray_again,
    gathered_rows,
    list_tray,
    move_in_tray,
    note_in_tray,
    put_back_in_tray,
    put_in_tray,
    take_out_of_tray,
    tray_refs,
)
from insights.stewardship.tray.gathering import MOST
from insights.synthesis.answers import issue_recommendation


@pytest.fixture
def maya(session: Session) -> Member:
    return make_member(session, name="Maya")


def _put(session: Session, member: Member, *refs: str) -> None:
    for ref in refs:
        put_in_tray(session, actor=member, ref=ref)


def test_a_tray_holds_every_kind_of_record_with_what_it_says_and_who_said_it(session: Session, maya: Member) -> None:
    study = make_study(session, actor=maya, title="Letters")
    held = make_session(session, actor=maya, study=study)
    quote = make_highlight(session, actor=maya, research_session=held)
    insight = make_insight(session, actor=maya, highlight=quote, claim="People stop at positive.")
    decision = make_accepted_decision(session, actor=maya, insight=insight)
    recommendation = issue_recommendation(session, actor=maya, text="Say it first.", insights=[insight])
    source = source_of(session, held)
    wanted = [each.ref for each in (insight, quote, decision, recommendation, held, source, study)]

    _put(session, maya, *wanted)

    rows = {kept.ref: kept.record for kept in list_tray(session, maya)}
    assert list(rows) == wanted
    assert rows[insight.ref].text == "People stop at positive."
    assert rows[insight.ref].strength.startswith("rests on 1 quote in 1 study")
    assert rows[insight.ref].version == f"version {insight.version}"
    assert "acted on" in rows[insight.ref].state_words
    assert rows[quote.ref].is_voice
    assert rows[quote.ref].dated_on == held.held_on
    assert "Letters" in rows[quote.ref].where
    assert rows[quote.ref].state_words == f"became {insight.ref}"
    assert rows[decision.ref].strength == "rests on 1 insight"
    assert rows[decision.ref].state_words == "accepted"


def test_what_is_put_in_twice_stands_there_once(session: Session, maya: Member) -> None:
    insight = make_insight(session, actor=maya)

    _put(session, maya, insight.ref, f"{insight.ref.lower()}@1", insight.ref)

    assert tray_refs(session, maya) == (insight.ref,)


@pytest.mark.parametrize("ref", ["INS-999", "MEM-1", "TAG-1", "", "INS-x", "COL-1"])
def test_only_records_that_are_there_go_into_a_tray(session: Session, maya: Member, ref: str) -> None:
    with pytest.raises(NotFound):
        put_in_tray(session, actor=maya, ref=ref)


def test_the_order_is_ones_own_and_stays_at_its_ends(session: Session, maya: Member) -> None:
    first, second, third = (make_insight(session, actor=maya).ref for _ in range(3))
    _put(session, maya, first, second, third)

    move_in_tray(session, actor=maya, ref=third, step="up")
    move_in_tray(session, actor=maya, ref=first, step="up")

    assert tray_refs(session, maya) == (first, third, second)
    with pytest.raises(InvalidInput):
        move_in_tray(session, actor=maya, ref=first, step="sideways")


def test_what_was_taken_out_comes_back_to_its_place_with_its_note(session: Session, maya: Member) -> None:
    first, second = (make_insight(session, actor=maya).ref for _ in range(2))
    _put(session, maya, first, second)
    note_in_tray(session, actor=maya, ref=first, note="For the letter.")

    take_out_of_tray(session, actor=maya, ref=first)
    without = tray_refs(session, maya)
    put_back_in_tray(session, actor=maya, ref=first)

    assert without == (second,)
    assert [(kept.ref, kept.note) for kept in list_tray(session, maya)] == [(first, "For the letter."), (second, "")]


def test_emptying_is_undone_as_a_whole_and_brings_nothing_else_back(session: Session, maya: Member) -> None:
    clock = FixedClock(datetime(2026, 10, 1, 9, tzinfo=UTC))
    set_clock(session, clock)
    first, second, third = (make_insight(session, actor=maya).ref for _ in range(3))
    _put(session, maya, first, second, third)
    take_out_of_tray(session, actor=maya, ref=second)
    clock.moment += timedelta(minutes=1)

    taken = empty_tray(session, actor=maya)
    emptied = tray_refs(session, maya)
    fill_tray_again(session, actor=maya)

    assert (taken, emptied) == (2, ())
    assert tray_refs(session, maya) == (first, third)


def test_what_was_taken_out_a_day_ago_is_forgotten_with_its_note(session: Session, maya: Member) -> None:
    clock = FixedClock(datetime(2026, 10, 1, 9, tzinfo=UTC))
    set_clock(session, clock)
    first, second = (make_insight(session, actor=maya).ref for _ in range(2))
    _put(session, maya, first)
    take_out_of_tray(session, actor=maya, ref=first)
    clock.moment += timedelta(days=2)

    _put(session, maya, second)

    assert session.scalars(select(TrayItem.subject_ref)).all() == [second]


def test_a_tray_is_seen_by_nobody_else_and_leaves_no_trace_in_the_record(session: Session, maya: Member) -> None:
    insight = make_insight(session, actor=maya)
    ben = make_member(session, name="Ben")
    before = len(session.scalars(select(ActivityEntry)).all())

    _put(session, maya, insight.ref)

    assert tray_refs(session, ben) == ()
    assert len(session.scalars(select(ActivityEntry)).all()) == before
    with pytest.raises(NotFound):
        take_out_of_tray(session, actor=ben, ref=insight.ref)


def test_a_full_tray_says_what_to_do(session: Session, maya: Member) -> None:
    study = make_study(session, actor=maya)
    session.add_all(
        TrayItem(
            member_id=maya.id,
            subject_ref=study.ref.replace("-1", f"-{number}"),
            subject_id=study.id,
            position=number,
            put_in_at=datetime(2026, 10, 1, tzinfo=UTC),
        )
        for number in range(1, MOST + 1)
    )
    insight = make_insight(session, actor=maya)

    with pytest.raises(RuleBroken, match="Make a collection"):
        put_in_tray(session, actor=maya, ref=insight.ref)


def test_a_study_that_becomes_restricted_takes_its_records_out_of_every_tray(session: Session, maya: Member) -> None:
    reader = make_member(session, role=Role.READER)
    study = make_study(session, actor=maya)
    held = make_session(session, actor=maya, study=study)
    quote = make_highlight(session, actor=maya, research_session=held)
    insight = make_insight(session, actor=maya, highlight=quote)
    recommendation = issue_recommendation(session, actor=maya, text="Say it first.", insights=[insight])
    refs = [each.ref for each in (study, held, source_of(session, held), quote, insight, recommendation)]
    _put(session, reader, *refs)
    assert len(tray_refs(session, reader)) == len(refs)

    set_study_access(session, actor=maya, study=study, restricted=True, named=[maya])

    assert tray_refs(session, reader) == ()
    assert list_tray(session, reader) == []
    assert gathered_rows(session, reader, refs) == {}
    for ref in refs:
        for act in (put_in_tray, take_out_of_tray, put_back_in_tray):
            with pytest.raises(NotFound):
                act(session, actor=reader, ref=ref)
        with pytest.raises(NotFound):
            note_in_tray(session, actor=reader, ref=ref, note="Still here?")
    set_study_access(session, actor=maya, study=study, restricted=False, named=[])
    assert len(tray_refs(session, reader)) == len(refs)


def test_a_decision_is_drafted_with_each_insight_linked_and_its_sentence(session: Session, maya: Member) -> None:
    first, second = (make_insight(session, actor=maya) for _ in range(2))
    _put(session, maya, first.ref, second.ref)

    decision = draft_from_tray(
        session,
        actor=maya,
        title="Say what happens next, first",
        context="",
        reasons=[
            Reason(first.ref, "changed", "It shows where people stop."),
            Reason(second.ref, "informed", "It says so too."),
        ],
    )

    links = session.scalars(select(DecisionLink).order_by(DecisionLink.id)).all()
    assert decision.status is DecisionStatus.DRAFT
    assert [(link.insight_id, link.type, link.rationale) for link in links] == [
        (first.id, "changed", "It shows where people stop."),
        (second.id, "informed", "It says so too."),
    ]
    assert tray_refs(session, maya) == (first.ref, second.ref)


def test_everything_that_is_missing_of_a_draft_is_told_at_once_and_nothing_is_stored(
    session: Session, maya: Member
) -> None:
    first, second = (make_insight(session, actor=maya) for _ in range(2))
    _put(session, maya, first.ref, second.ref)

    with pytest.raises(InvalidInput) as refused:
        draft_from_tray(
            session,
            actor=maya,
            title=" ",
            context="",
            reasons=[Reason(first.ref, "informed", ""), Reason(second.ref, "liked", "It helps.")],
        )

    assert set(refused.value.fields) == {"title", f"rationale-{first.ref}", f"type-{second.ref}"}
    assert session.scalars(select(DecisionLink)).all() == []


def test_a_draft_rests_on_nothing_that_is_not_in_the_tray(session: Session, maya: Member) -> None:
    inside, outside = (make_insight(session, actor=maya) for _ in range(2))
    _put(session, maya, inside.ref)

    with pytest.raises(NotFound):
        draft_from_tray(
            session, actor=maya, title="Decide", context="", reasons=[Reason(outside.ref, "informed", "It says why.")]
        )


def test_what_is_withdrawn_or_deleted_is_gone_from_the_tray(session: Session, maya: Member) -> None:
    study = make_study(session, actor=maya)
    withdrawn, deleted = (make_session(session, actor=maya, study=study) for _ in range(2))
    quotes = [make_highlight(session, actor=maya, research_session=held) for held in (withdrawn, deleted)]
    kept = make_insight(session, actor=maya)
    _put(session, maya, withdrawn.ref, deleted.ref, *(quote.ref for quote in quotes), kept.ref)
    assert len(tray_refs(session, maya)) == 5

    withdrawn.status = SessionStatus.WITHDRAWN
    set_session_deleted(session, actor=maya, research_session=deleted, study=study, deleted=True)

    assert tray_refs(session, maya) == (kept.ref,)
    assert [each.ref for each in list_tray(session, maya)] == [kept.ref]

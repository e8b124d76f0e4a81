from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from factories import make_insight, make_member, make_team
from sqlalchemy.orm import Session

from insights.core.clock import FixedClock, set_clock
from insights.core.errors import InvalidInput, NotAllowed, RuleBroken, StaleRecord
from insights.decisions.disposition import DispositionState
from insights.decisions.dispositions import dispositions
from insights.decisions.home import load_home
from insights.people.models import Member
from insights.synthesis.answers import issue_recommendation, respond_to_recommendation
from insights.synthesis.models import Insight, Recommendation, RecommendationStatus
from insights.synthesis.queries import RecommendationFilter, get_recommendation, list_recommendations
from insights.synthesis.recommending import (
    edit_recommendation,
    reissue_recommendation,
    report_progress,
    rest_no_longer_on,
    rest_on,
    withdraw_recommendation,
)

NOW = datetime(2026, 10, 14, 12, tzinfo=UTC)
TODAY = date(2026, 10, 14)


@pytest.fixture
def clock(session: Session) -> FixedClock:
    fixed = FixedClock(NOW)
    set_clock(session, fixed)
    return fixed


@pytest.fixture
def maya(session: Session, clock: FixedClock) -> Member:
    return make_member(session)


def issued(session: Session, maya: Member, *insights: Insight, **values: object) -> Recommendation:
    resting = insights or (make_insight(session, actor=maya),)
    return issue_recommendation(session, actor=maya, text="Put the next step first.", insights=resting, **values)  # type: ignore[arg-type]  # any of its values


def test_it_rests_on_several_insights_and_always_on_one(session: Session, maya: Member) -> None:
    first, second = make_insight(session, actor=maya), make_insight(session, actor=maya)
    recommendation = issued(session, maya, first)
    rest_on(session, actor=maya, recommendation=recommendation, insight=second)
    rest_no_longer_on(session, actor=maya, recommendation=recommendation, insight=first)

    assert get_recommendation(session, maya, recommendation.ref)[1].insights == (second.ref,)
    with pytest.raises(RuleBroken, match="at least one insight"):
        rest_no_longer_on(session, actor=maya, recommendation=recommendation, insight=second)
    with pytest.raises(InvalidInput, match="already"):
        rest_on(session, actor=maya, recommendation=recommendation, insight=second)


def test_what_is_mine_and_overdue_is_found(session: Session, maya: Member) -> None:
    tom = make_member(session)
    late = issued(session, maya, addressee=tom, due_on=TODAY - timedelta(days=1), priority="high")
    issued(session, maya, addressee=tom, due_on=TODAY)
    issued(session, maya, addressee=maya, due_on=TODAY - timedelta(days=1))

    found = list_recommendations(session, tom, RecommendationFilter(addressee_id=tom.id, overdue=True))
    high = list_recommendations(session, tom, RecommendationFilter(priority="high"))

    assert [row.ref for row in found] == [late.ref]
    assert [(row.ref, row.priority) for row in high] == [(late.ref, "high")]


def test_a_deferred_one_comes_back_on_its_day(session: Session, maya: Member, clock: FixedClock) -> None:
    tom = make_member(session)
    recommendation = issued(session, maya, addressee=tom)
    later = TODAY + timedelta(days=7)
    respond_to_recommendation(
        session,
        actor=tom,
        recommendation=recommendation,
        status="deferred",
        reason="After the release.",
        deferred_to=later,
    )
    assert load_home(session, tom).recommendations == ()

    clock.moment = NOW + timedelta(days=7)

    assert [waiting.ref for waiting in load_home(session, tom).recommendations] == [recommendation.ref]
    assert list_recommendations(session, tom)[0].waits


def test_only_what_was_accepted_gets_on_its_way(session: Session, maya: Member) -> None:
    recommendation = issued(session, maya)
    with pytest.raises(RuleBroken, match="accept it first"):
        report_progress(session, actor=maya, recommendation=recommendation, status="done")
    respond_to_recommendation(session, actor=maya, recommendation=recommendation, status="accepted")

    report_progress(session, actor=maya, recommendation=recommendation, status="in_progress")
    report_progress(session, actor=maya, recommendation=recommendation, status="done")

    assert recommendation.status is RecommendationStatus.DONE
    with pytest.raises(InvalidInput, match="why it is abandoned"):
        report_progress(session, actor=maya, recommendation=recommendation, status="abandoned")


def test_an_answer_is_one_of_three(session: Session, maya: Member) -> None:
    with pytest.raises(InvalidInput, match="Choose an answer"):
        respond_to_recommendation(session, actor=maya, recommendation=issued(session, maya), status="done")


def test_a_withdrawn_decline_is_no_answer_until_it_is_brought_back(session: Session, maya: Member) -> None:
    insight = make_insight(session, actor=maya)
    recommendation = issued(session, maya, insight)
    respond_to_recommendation(session, actor=maya, recommendation=recommendation, status="declined", reason="No money.")

    withdraw_recommendation(session, actor=maya, recommendation=recommendation)
    withdrawn = dispositions(session, [insight.id])[insight.id].state
    with pytest.raises(RuleBroken, match="withdrawn"):
        respond_to_recommendation(session, actor=maya, recommendation=recommendation, status="accepted")
    reissue_recommendation(session, actor=maya, recommendation=recommendation)

    assert withdrawn is DispositionState.OPEN
    assert dispositions(session, [insight.id])[insight.id].state is DispositionState.DECLINED
    assert recommendation.status is RecommendationStatus.DECLINED


def test_it_is_edited_by_its_area_and_not_over_somebody_elses_words(session: Session, maya: Member) -> None:
    recommendation = issued(session, maya)
    stranger = make_member(session, team=make_team(session))
    values = {"recommendation": recommendation, "addressee": maya, "due_on": TODAY, "priority": "low"}

    edit_recommendation(session, actor=maya, text="Say the next step first.", row_version=1, **values)  # type: ignore[arg-type]  # as named

    assert recommendation.text == "Say the next step first."
    with pytest.raises(StaleRecord):
        edit_recommendation(session, actor=maya, text="Mine.", row_version=1, **values)  # type: ignore[arg-type]  # as named
    with pytest.raises(NotAllowed):
        edit_recommendation(session, actor=stranger, text="Theirs.", **values)  # type: ignore[arg-type]  # as named

"""A study's plan, its hypotheses, and the look at what is already known."""

from __future__ import annotations

import pytest
from factories import make_member, make_study
from sqlalchemy.orm import Session

from insights.capture.models import Study
from insights.capture.plans import (
    add_hypothesis,
    hypotheses_of,
    judge_hypothesis,
    record_prior_work,
    set_hypothesis_removed,
    write_plan,
)
from insights.core.clock import today
from insights.core.errors import InvalidInput, StaleRecord
from insights.people.models import Member


@pytest.fixture
def actor(session: Session) -> Member:
    return make_member(session)


@pytest.fixture
def study(session: Session, actor: Member) -> Study:
    return make_study(session, actor=actor)


def test_a_plan_has_a_question_goals_and_text(session: Session, actor: Member, study: Study) -> None:
    write_plan(session, actor=actor, study=study, question="Why?", goals=["See it", "  ", "Name it"], plan="## How")

    assert (study.question, study.goals, study.plan) == ("Why?", ["See it", "Name it"], "## How")


def test_two_who_write_the_plan_at_once_lose_neither_text(session: Session, actor: Member, study: Study) -> None:
    write_plan(session, actor=actor, study=study, question="Q", goals=[], plan="Hers", row_version=study.row_version)

    with pytest.raises(StaleRecord) as refusal:
        write_plan(session, actor=actor, study=study, question="Q", goals=[], plan="His", row_version=1)

    assert (refusal.value.theirs["plan"], refusal.value.mine["plan"]) == ("Hers", "His")
    assert study.plan == "Hers"


def test_a_verdict_says_what_it_rests_on(session: Session, actor: Member, study: Study) -> None:
    hypothesis = add_hypothesis(session, actor=actor, study=study, statement="They stop at the word positive.")

    with pytest.raises(InvalidInput, match="what the verdict rests on"):
        judge_hypothesis(
            session,
            actor=actor,
            hypothesis=hypothesis,
            study=study,
            statement=hypothesis.statement,
            verdict="likely_true",
            rationale=" ",
        )

    assert hypotheses_of(session, study)[0].verdict == ""


def test_a_hypothesis_that_was_removed_can_come_back(session: Session, actor: Member, study: Study) -> None:
    hypothesis = add_hypothesis(session, actor=actor, study=study, statement="They stop.")

    set_hypothesis_removed(session, actor=actor, hypothesis=hypothesis, study=study, removed=True)

    assert hypotheses_of(session, study) == []
    set_hypothesis_removed(session, actor=actor, hypothesis=hypothesis, study=study, removed=False)
    assert [row.statement for row in hypotheses_of(session, study)] == ["They stop."]


def test_a_look_at_prior_work_keeps_who_when_what_and_a_sentence(session: Session, actor: Member, study: Study) -> None:
    record_prior_work(session, actor=actor, study=study, note="INS-4 asks the same.", refs=["INS-4", "ins-4", "STU-2"])

    assert (study.prior_work_checked_on, study.prior_work_checked_by_id) == (today(session), actor.id)
    assert (study.prior_work_note, study.prior_work_refs) == ("INS-4 asks the same.", ["INS-4", "STU-2"])


def test_a_look_without_a_word_on_it_is_no_look(session: Session, actor: Member, study: Study) -> None:
    with pytest.raises(InvalidInput, match="also where it is nothing"):
        record_prior_work(session, actor=actor, study=study, note=" ", refs=["INS-4"])

    assert study.prior_work_checked_on is None


def test_each_record_that_was_looked_at_is_used_not_relevant_or_needs_a_retest(
    session: Session, actor: Member, study: Study
) -> None:
    verdicts = {"INS-4": "used", "ins-5": "needs_retest", "STU-2": "not_relevant", "INS-6": ""}

    record_prior_work(session, actor=actor, study=study, note="Two matter.", verdicts=verdicts)

    assert study.prior_work_verdicts == {"INS-4": "used", "INS-5": "needs_retest", "STU-2": "not_relevant"}
    assert study.prior_work_refs == ["INS-4", "INS-5"]
    with pytest.raises(InvalidInput, match="one of used, not relevant, needs retest"):
        record_prior_work(session, actor=actor, study=study, note="It.", verdicts={"INS-4": "liked"})

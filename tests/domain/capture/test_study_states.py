"""The way of a study, and what each step needs first (model.md)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from factories import make_highlight, make_insight, make_member, make_session, make_study, make_team
from sqlalchemy.orm import Session

from insights.capture.models import Study, StudyStatus
from insights.capture.plans import record_prior_work
from insights.capture.study_states import MOVES, Protection, move_study, tell_assessment, tell_protection
from insights.core.errors import InvalidInput, NotAllowed, RuleBroken
from insights.people.models import Member
from insights.synthesis.study_completion import move_study_on, steps_of, tell_why_no_insight

TOLD = Protection("public task", "special_category", "none")


@pytest.fixture
def actor(session: Session) -> Member:
    return make_member(session)


@pytest.fixture
def study(session: Session, actor: Member) -> Study:
    return make_study(session, actor=actor, status=StudyStatus.PROPOSED)


def test_a_study_is_planned_only_after_a_look_at_what_is_known(session: Session, actor: Member, study: Study) -> None:
    with pytest.raises(RuleBroken, match="a look at what is already known"):
        move_study(session, actor=actor, study=study, to="planned")

    record_prior_work(session, actor=actor, study=study, note="Nothing held.")
    move_study(session, actor=actor, study=study, to="planned")

    assert study.status is StudyStatus.PLANNED


def test_a_study_that_was_planned_from_the_start_needs_the_look_before_it_leaves_planned(
    session: Session, actor: Member, study: Study
) -> None:
    study.status = StudyStatus.PLANNED
    tell_assessment(session, actor=actor, study=study, reference="DPIA-7", no_reason="")
    tell_protection(session, actor=actor, study=study, told=TOLD)

    with pytest.raises(RuleBroken, match="a look at what is already known"):
        move_study(session, actor=actor, study=study, to="in_field")

    record_prior_work(session, actor=actor, study=study, note="Nothing held.")
    move_study(session, actor=actor, study=study, to="in_field")
    assert study.status is StudyStatus.IN_FIELD


@pytest.mark.parametrize(("reference", "reason"), [("DPIA-7", ""), ("", "Only published figures are read.")])
def test_people_are_heard_only_after_data_protection_was_thought_of(
    session: Session, actor: Member, study: Study, reference: str, reason: str
) -> None:
    study.status = StudyStatus.PLANNED
    record_prior_work(session, actor=actor, study=study, note="Nothing held.")

    with pytest.raises(RuleBroken, match="data protection impact assessment"):
        move_study(session, actor=actor, study=study, to="in_field")

    tell_assessment(session, actor=actor, study=study, reference=reference, no_reason=reason)
    tell_protection(session, actor=actor, study=study, told=TOLD)
    move_study(session, actor=actor, study=study, to="in_field")
    assert study.status is StudyStatus.IN_FIELD


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        ("lawful_basis", "its lawful basis"),
        ("sensitivity", "how sensitive it is"),
        ("sharing_agreement", "the agreement for sharing data"),
    ],
)
def test_what_is_missing_of_data_protection_is_named(
    session: Session, actor: Member, study: Study, missing: str, words: str
) -> None:
    study.status = StudyStatus.PLANNED
    record_prior_work(session, actor=actor, study=study, note="Nothing held.")
    tell_assessment(session, actor=actor, study=study, reference="DPIA-7", no_reason="")
    tell_protection(session, actor=actor, study=study, told=replace(TOLD, **{missing: ""}))

    with pytest.raises(RuleBroken, match=words):
        move_study(session, actor=actor, study=study, to="in_field")


def test_a_reference_and_a_reason_for_having_none_exclude_one_another(
    session: Session, actor: Member, study: Study
) -> None:
    with pytest.raises(InvalidInput, match="not both"):
        tell_assessment(session, actor=actor, study=study, reference="DPIA-7", no_reason="None needed")


def test_a_study_ends_with_a_published_insight(session: Session, actor: Member, study: Study) -> None:
    study.status = StudyStatus.SYNTHESIS
    held = make_session(session, actor=actor, study=study)
    quote = make_highlight(session, actor=actor, research_session=held)
    make_insight(session, actor=actor, highlight=quote, published=False)
    with pytest.raises(RuleBroken, match="a published insight, or the reason"):
        move_study_on(session, actor=actor, study=study, to="completed")

    make_insight(session, actor=actor, highlight=quote)
    move_study_on(session, actor=actor, study=study, to="completed")

    assert study.status is StudyStatus.COMPLETED


def test_a_study_without_one_ends_with_the_reason(session: Session, actor: Member, study: Study) -> None:
    study.status = StudyStatus.SYNTHESIS
    tell_why_no_insight(session, actor=actor, study=study, reason="Nobody came.")

    move_study_on(session, actor=actor, study=study, to="completed")

    assert study.status is StudyStatus.COMPLETED


def test_a_step_over_another_is_refused_with_what_can_follow(session: Session, actor: Member, study: Study) -> None:
    with pytest.raises(InvalidInput, match="can become planned, cancelled, but not completed"):
        move_study_on(session, actor=actor, study=study, to="completed")


@pytest.mark.parametrize("state", [state for state in StudyStatus if state is not StudyStatus.CANCELLED])
def test_a_study_can_be_cancelled_wherever_it_stands(
    session: Session, actor: Member, study: Study, state: StudyStatus
) -> None:
    study.status = state

    move_study_on(session, actor=actor, study=study, to="cancelled")

    assert study.status is StudyStatus.CANCELLED


def test_every_state_leads_on_and_a_step_back_needs_nothing(session: Session, study: Study) -> None:
    assert set(MOVES) == set(StudyStatus)
    study.status = StudyStatus.COMPLETED

    back = next(step for step in steps_of(session, study) if step.to is StudyStatus.SYNTHESIS)

    assert (back.is_back, back.needs) == (True, ())


def test_another_area_may_not_move_it(session: Session, study: Study) -> None:
    with pytest.raises(NotAllowed):
        move_study_on(session, actor=make_member(session, team=make_team(session)), study=study, to="cancelled")

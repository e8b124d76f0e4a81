"""Targets, people heard, and tables that single nobody out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from factories import (
    make_accepted_decision,
    make_highlight,
    make_insight,
    make_member,
    make_service,
    make_session,
    make_study,
)
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from insights.capture.inclusion import (
    Heard,
    TargetRow,
    people_heard,
    set_inclusion_target,
    set_target_removed,
    targets_of,
)
from insights.capture.models import SessionStatus
from insights.capture.operations import set_session_deleted
from insights.capture.participants import Person, add_participants
from insights.core.errors import InvalidInput
from insights.reports.inclusion import Coverage, coverage, never_heard
from insights.reports.reading.people_behind import people_behind_decision, people_behind_insight


def people(*confidence: str) -> list[Heard]:
    return [Heard(number, 1, {"digital_confidence": each} if each else {}) for number, each in enumerate(confidence)]


def lines(report: Coverage, key: str = "digital_confidence") -> dict[str, str]:
    (table,) = [each for each in report.attributes if each.key == key]
    return {line.value: line.heard_in_words for line in table.lines}


def test_heard_stands_against_target_also_where_nobody_was(session: Session) -> None:
    report = coverage(people("low", "low", "high"), [TargetRow(1, "digital_confidence", "low", 3)])

    (table,) = report.attributes
    assert [(line.value, line.heard, line.target, line.is_unmet) for line in table.lines] == [
        ("low", 2, 3, True),
        ("high", 1, None, False),
    ]
    assert [each.in_words for each in report.unheard if each.label == "Digital confidence"] == ["low: 2 of 3", "medium"]


def test_what_was_recorded_of_nobody_is_not_said_to_be_missing() -> None:
    words = [each.in_words for each in never_heard(people("low")) if each.label == "Access need"]

    assert words == ["not recorded of anybody"]


def test_small_numbers_are_words_outside_the_study() -> None:
    report = coverage(people(*["low"] * 5, *["high"] * 2, "medium", "medium", *["medium"] * 2), careful=True)

    assert lines(report) == {"low": "5", "medium": "not shown", "high": "fewer than 3"}


def test_fewer_than_three_people_have_no_table_at_all() -> None:
    report = coverage(people("low", "low"), careful=True)

    assert (report.total, report.attributes, report.too_few) == (2, (), True)


@given(st.lists(st.sampled_from(["low", "medium", "high", ""]), min_size=3, max_size=14))
def test_no_small_number_follows_from_what_is_shown(confidence: list[str]) -> None:
    counts = {each or "not recorded": confidence.count(each) for each in confidence}
    if set(counts) == {"not recorded"}:
        return

    shown = lines(coverage(people(*confidence), careful=True))

    hidden = [value for value, words in shown.items() if not words.isdigit()]
    assert not [value for value in hidden if shown[value].isdigit()]
    assert all(counts[value] > 2 for value in shown if value not in hidden)
    rest = len(confidence) - sum(counts[value] for value in shown if value not in hidden)
    if hidden and len(hidden) < len(shown):
        assert rest == sum(counts[value] for value in hidden)
        few = [value for value in hidden if counts[value] < 3]
        assert len(few) < len(hidden) or rest not in {len(few), 2 * len(few)}


def test_only_who_was_heard_counts(session: Session) -> None:
    actor = make_member(session)
    study = make_study(session, actor=actor)
    add_participants(session, actor=actor, study=study, people=[Person("P9", "Invited only")])
    make_session(session, actor=actor, study=study, participants=["P1"])
    gone = make_session(session, actor=actor, study=study, participants=["P2"])
    missed = make_session(session, actor=actor, study=study, participants=["P3"])
    set_session_deleted(session, actor=actor, research_session=gone, study=study, deleted=True)
    missed.status = SessionStatus.NO_SHOW

    assert len(people_heard(session, actor, study_id=study.id)) == 1


def test_people_of_a_hidden_study_reach_no_count(session: Session) -> None:
    actor, stranger = make_member(session), make_member(session)
    service = make_service(session)
    open_study = make_study(session, actor=actor, service=service)
    closed = make_study(session, actor=actor, service=service, restricted=True)
    make_session(session, actor=actor, study=open_study, participants=["P1"], held_on=date(2026, 1, 5))
    make_session(session, actor=actor, study=closed, participants=["P2"], held_on=date(2026, 2, 5))

    def heard(member: object, **filters: object) -> int:
        return len(people_heard(session, member, service_id=service.id, **filters))  # type: ignore[arg-type]

    assert (heard(actor), heard(stranger)) == (2, 1)
    assert heard(actor, start=date(2026, 2, 1)) == 1
    assert heard(actor, end=date(2025, 12, 31)) == 0


def test_a_target_is_set_once_for_a_kind_and_can_be_taken_away_and_back(session: Session) -> None:
    actor = make_member(session)
    study = make_study(session, actor=actor)
    target = set_inclusion_target(session, actor=actor, study=study, attribute="access_need", value="Vision", target=2)

    set_inclusion_target(session, actor=actor, study=study, attribute="access_need", value="vision", target=4)

    assert [(row.value, row.target) for row in targets_of(session, [study.id])] == [("vision", 4)]
    set_target_removed(session, actor=actor, target=target, study=study, removed=True)
    assert targets_of(session, [study.id]) == []
    set_target_removed(session, actor=actor, target=target, study=study, removed=False)
    assert len(targets_of(session, [study.id])) == 1


@pytest.mark.parametrize(
    ("attribute", "value", "target", "field"),
    [
        ("income", "low", 2, "attribute"),
        ("access_need", " ", 2, "value"),
        ("access_need", "vision", 0, "target"),
        ("access_need", "vision", None, "target"),
    ],
)
def test_a_target_that_says_nothing_is_refused_on_its_field(
    session: Session, attribute: str, value: str, target: int | None, field: str
) -> None:
    actor = make_member(session)
    study = make_study(session, actor=actor)

    with pytest.raises(InvalidInput) as refusal:
        set_inclusion_target(session, actor=actor, study=study, attribute=attribute, value=value, target=target)

    assert list(refusal.value.fields) == [field]


def test_behind_an_insight_and_its_decision_stand_the_people_of_its_quotes(session: Session) -> None:
    actor = make_member(session)
    study = make_study(session, actor=actor)
    held = make_session(session, actor=actor, study=study, participants=["P1", "P2"])
    make_session(session, actor=actor, study=study, participants=["P3"])
    insight = make_insight(session, actor=actor, highlight=make_highlight(session, actor=actor, research_session=held))
    decision = make_accepted_decision(session, actor=actor, insight=insight)

    assert _ids(people_behind_insight(session, actor, insight.id)) == [1, 2]
    assert _ids(people_behind_decision(session, actor, decision.id)) == [1, 2]


def _ids(heard: Sequence[Heard]) -> list[int]:
    return [each.participant_id for each in heard]

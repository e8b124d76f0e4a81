"""What people search for in vain is kept without who they are, and not before a second day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.core.activity import ActivityEntry
from insights.core.clock import FixedClock, set_clock
from insights.core.errors import InvalidInput
from insights.openness.models import AskedQuestion, QuestionTrace
from insights.openness.questions import (
    KEPT_FOR,
    group_of,
    looks_personal,
    note_opened,
    note_search,
    report_missing,
    unanswered_questions,
)

MONDAY = datetime(2026, 11, 2, 10, tzinfo=UTC)
SECRET = "of this installation"


@pytest.fixture
def clock(session: Session) -> FixedClock:
    made = FixedClock(MONDAY)
    set_clock(session, made)
    return made


def search(session: Session, words: str, *, found: bool = False) -> None:
    note_search(session, words=words, found=found, secret=SECRET)


def test_words_of_one_day_are_not_kept_however_often_they_are_searched_for(session: Session, clock: FixedClock) -> None:
    for _ in range(5):
        search(session, "translated reminder letters")
    clock.moment += timedelta(hours=3)
    search(session, "translated reminder letters")

    trace = session.scalars(select(QuestionTrace)).one()
    assert session.scalars(select(AskedQuestion)).all() == []
    assert trace.searches == 6
    assert not {"translat", "reminder", "letter"} & set(trace.digest.split())
    assert len(trace.digest) == 64


def test_the_second_day_makes_a_question_of_both_days_counts(session: Session, clock: FixedClock) -> None:
    search(session, "Translated reminder letters")
    search(session, "translated reminder letters", found=True)
    clock.moment += timedelta(days=1)
    search(session, "reminder letter, translated?")

    (row,) = unanswered_questions(session)
    assert (row.searches, row.without_hits, row.days) == (3, 2, 2)
    assert (row.first_on.isoformat(), row.last_on.isoformat()) == ("2026-11-02", "2026-11-03")
    assert row.words == "reminder letter, translated?"
    assert session.scalars(select(QuestionTrace)).all() == []


def test_nothing_that_is_kept_names_whoever_searched(session: Session, clock: FixedClock) -> None:
    search(session, "translated letters")
    clock.moment += timedelta(days=1)
    search(session, "translated letters")

    columns = {column.name for kind in (AskedQuestion, QuestionTrace) for column in kind.__table__.columns}
    assert not [name for name in columns if "member" in name or "actor" in name or "by_id" in name or "address" in name]
    assert session.scalars(select(ActivityEntry)).all() == []


def test_a_digest_can_not_be_guessed_without_the_secret(session: Session, clock: FixedClock) -> None:
    search(session, "translated letters")
    clock.moment += timedelta(days=1)
    note_search(session, words="translated letters", found=False, secret="another")

    assert session.scalars(select(AskedQuestion)).all() == []


def test_words_asked_again_after_ninety_days_count_as_asked_for_the_first_time(
    session: Session, clock: FixedClock
) -> None:
    search(session, "translated letters")
    clock.moment += KEPT_FOR + timedelta(days=1)
    search(session, "translated letters")

    assert session.scalars(select(AskedQuestion)).all() == []
    assert session.scalars(select(QuestionTrace)).one().searches == 1


def test_traces_are_forgotten_when_nobody_asks_again(session: Session, clock: FixedClock) -> None:
    search(session, "translated letters")
    clock.moment += KEPT_FOR + timedelta(days=1)
    search(session, "parking at clinics")

    assert len(session.scalars(select(QuestionTrace)).all()) == 1


@pytest.mark.parametrize(
    "words",
    [
        "anna.berg@example.org letters",
        "calls from 020 7946 0018",
        "943 476 5919 results",
        "born 12/03/1961 reminders",
        "letters to SW1A 1AA",
        "QQ 12 34 56 C benefit",
        "Mrs Okafor complained",
        "www.example.org/anna",
        "INS-42",
        "author:Maya letters",
        "P3 said stop",
        "the",
        "",
        "x" * 200,
        " ".join(f"word{letter}" for letter in "abcdefghijklmno"),
    ],
)
def test_what_may_name_somebody_or_asks_for_a_known_record_leaves_no_trace(
    session: Session, clock: FixedClock, words: str
) -> None:
    for _ in range(3):
        search(session, words)
        note_opened(session, words=words, secret=SECRET)
        clock.moment += timedelta(days=1)

    assert session.scalars(select(QuestionTrace)).all() == []
    assert session.scalars(select(AskedQuestion)).all() == []


def test_one_group_holds_the_same_words_in_other_forms_and_another_order() -> None:
    assert group_of("reminder letters") == group_of("Letters: reminders") != ""
    assert group_of("reminder letters") != group_of("reminder texts")


def test_a_question_of_which_a_hit_was_opened_waits_no_more(session: Session, clock: FixedClock) -> None:
    search(session, "parking at clinics", found=True)
    note_opened(session, words="parking at clinics", secret=SECRET)
    search(session, "opening hours", found=True)
    clock.moment += timedelta(days=1)
    search(session, "parking at clinics", found=True)
    search(session, "opening hours", found=True)

    assert [(row.words, row.why) for row in unanswered_questions(session)] == [
        ("opening hours", "nothing that was found was opened")
    ]


def test_who_writes_a_decision_keeps_the_question_at_once(session: Session, clock: FixedClock) -> None:
    question = report_missing(session, words="Send reminders in Polish")
    again = report_missing(session, words="in Polish: sending reminders")

    (row,) = unanswered_questions(session)
    assert again.id == question.id == row.id
    assert (row.words, row.missed, row.searches) == ("Send reminders in Polish", 2, 0)


def test_a_title_that_may_name_somebody_is_refused_with_what_to_do(session: Session, clock: FixedClock) -> None:
    with pytest.raises(InvalidInput, match="Reword it"):
        report_missing(session, words="Ring Mrs Okafor before the letter")
    assert looks_personal("Ring Mrs Okafor before the letter")
    assert not looks_personal("Ring people before the letter of 2026")

"""Typing in a decision that was accepted is put right by two people, and nothing else is."""

from __future__ import annotations

import pytest
from factories import make_accepted_decision, make_member
from sqlalchemy.orm import Session

from insights.core.errors import InvalidInput, NotAllowed, RuleBroken
from insights.decisions.correcting import (
    confirm_correction,
    decline_correction,
    is_typing_alone,
    open_correction,
    propose_correction,
)
from insights.decisions.home import load_home
from insights.decisions.models import CorrectionResult, Decision
from insights.decisions.queries import corrections_of
from insights.people.models import Member
from insights.synthesis.models import Insight

TITLE = "Put the next step befroe the result"
RIGHT = "Put the next step before the result"


@pytest.fixture
def accepted(session: Session, actor: Member, insight: Insight) -> Decision:
    return make_accepted_decision(session, actor=actor, insight=insight, title=TITLE)


@pytest.fixture
def colleague(session: Session) -> Member:
    return make_member(session, name="Cem Aydin")


def test_a_slip_is_put_right_once_a_second_person_says_it_means_the_same(
    session: Session, actor: Member, colleague: Member, accepted: Decision
) -> None:
    waiting = propose_correction(session, actor=actor, decision=accepted, texts={"title": RIGHT})
    assert accepted.title == TITLE

    confirm_correction(session, actor=colleague, decision=accepted, correction=waiting)

    assert accepted.title == RIGHT
    [known] = corrections_of(session, accepted)
    assert (known.before, known.after) == ({"title": TITLE}, {"title": RIGHT})
    assert (known.result, known.closed_by) == (CorrectionResult.CONFIRMED, "Cem Aydin")


def test_nobody_confirms_what_they_proposed(session: Session, actor: Member, accepted: Decision) -> None:
    waiting = propose_correction(session, actor=actor, decision=accepted, texts={"title": RIGHT})

    with pytest.raises(NotAllowed, match="Someone other"):
        confirm_correction(session, actor=actor, decision=accepted, correction=waiting)
    assert accepted.title == TITLE


def test_it_waits_on_the_home_pages_of_the_others_in_the_team(
    session: Session, actor: Member, colleague: Member, accepted: Decision
) -> None:
    propose_correction(session, actor=actor, decision=accepted, texts={"title": RIGHT})

    assert accepted.ref in [each.ref for each in load_home(session, colleague).outdated]
    assert accepted.ref not in [each.ref for each in load_home(session, actor).outdated]


def test_more_than_typing_is_refused_with_the_text_named(session: Session, actor: Member, accepted: Decision) -> None:
    with pytest.raises(InvalidInput, match="A change of substance is a new decision") as refused:
        propose_correction(session, actor=actor, decision=accepted, texts={"title": "Put the result first, as always"})
    assert list(refused.value.fields) == ["title"]


def test_what_can_be_edited_and_what_does_not_differ_need_no_correction(
    session: Session, actor: Member, accepted: Decision, decision: Decision
) -> None:
    with pytest.raises(RuleBroken, match="edit it"):
        propose_correction(session, actor=actor, decision=decision, texts={"title": decision.title + "."})
    with pytest.raises(InvalidInput, match="No word differs"):
        propose_correction(session, actor=actor, decision=accepted, texts={"title": accepted.title, "context": ""})


def test_one_correction_waits_at_a_time_and_is_answered_once(
    session: Session, actor: Member, colleague: Member, accepted: Decision
) -> None:
    waiting = propose_correction(session, actor=actor, decision=accepted, texts={"title": RIGHT})
    with pytest.raises(RuleBroken, match="waits already"):
        propose_correction(session, actor=colleague, decision=accepted, texts={"title": RIGHT + "."})

    with pytest.raises(InvalidInput, match="more than typing"):
        decline_correction(session, actor=colleague, decision=accepted, correction=waiting, reason=" ")
    decline_correction(session, actor=colleague, decision=accepted, correction=waiting, reason="It was meant so.")

    assert accepted.title == TITLE
    assert open_correction(session, accepted) is None
    with pytest.raises(RuleBroken, match="declined already"):
        confirm_correction(session, actor=colleague, decision=accepted, correction=waiting)


def test_who_proposed_takes_it_back_without_a_reason(session: Session, actor: Member, accepted: Decision) -> None:
    waiting = propose_correction(session, actor=actor, decision=accepted, texts={"title": RIGHT})

    decline_correction(session, actor=actor, decision=accepted, correction=waiting, reason="")

    assert corrections_of(session, accepted)[0].result is CorrectionResult.WITHDRAWN


@pytest.mark.parametrize(
    ("before", "after", "alone"),
    [
        ("No", "Now", True),
        ("Ship it", "Shelve it", False),
        ("Ship it", "Do not ship it", False),
        ("word " * 100, "ward " * 100, False),
        ("word " * 100, "ward " + "word " * 99, True),
        ("", "We did.", False),
    ],
)
def test_how_much_may_differ(before: str, after: str, alone: bool) -> None:
    assert is_typing_alone(before, after) is alone

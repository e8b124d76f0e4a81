"""Somebody of whom nothing was kept is in no list and no count, and nothing is recorded of them again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy.orm import Session
from withdrawing import World, make_world

from insights.capture.consents import ConsentDetails, record_consent
from insights.capture.inclusion import people_heard
from insights.capture.participants import (
    Person,
    add_participants,
    describe_participant,
    rename_participant,
    set_participant_removed,
)
from insights.coding.participants import list_participants, merge_participants
from insights.core.errors import InvalidInput, RuleBroken
from insights.people.operations import find_or_add_participant
from insights.people.vault import Who, keep_identity
from insights.stewardship.withdrawal import withdraw_participant

TODAY = date(2026, 11, 20)
AGREED = ConsentDetails(scopes=["take_part"], given_on=TODAY)


def _withdrawn(session: Session) -> World:
    world = make_world(session)
    withdraw_participant(session, actor=world.actor, participant=world.person, study=world.study, asked_on=TODAY)
    return world


def test_they_are_in_no_list_and_no_count(session: Session) -> None:
    world = make_world(session)
    before = [row.code for row in list_participants(session, world.study)]
    assert "P1" in before

    withdraw_participant(session, actor=world.actor, participant=world.person, study=world.study, asked_on=TODAY)

    assert [row.code for row in list_participants(session, world.study)] == [code for code in before if code != "P1"]
    assert [each.participant_id for each in people_heard(session, world.actor)] == [world.other.id]


@pytest.mark.parametrize(
    "act",
    [
        lambda s, w: record_consent(s, actor=w.actor, participant=w.person, study=w.study, details=AGREED),
        lambda s, w: describe_participant(
            s, actor=w.actor, participant=w.person, study=w.study, group="carer", attributes={}
        ),
        lambda s, w: rename_participant(s, actor=w.actor, participant=w.person, study=w.study, code="P7"),
        lambda s, w: set_participant_removed(s, actor=w.actor, participant=w.person, study=w.study, removed=False),
        lambda s, w: merge_participants(s, actor=w.actor, participant=w.person, into=w.other, study=w.study),
    ],
    ids=["a consent", "a group", "a code", "bringing back", "merging"],
)
def test_nothing_is_recorded_of_them_again(act: Callable[[Session, World], object], session: Session) -> None:
    world = _withdrawn(session)

    with pytest.raises(RuleBroken, match="nothing of theirs is held any more"):
        act(session, world)


def test_their_place_is_not_given_to_somebody_else(session: Session) -> None:
    world = _withdrawn(session)
    code = world.person.code

    with pytest.raises(InvalidInput, match="stands for somebody who withdrew"):
        add_participants(session, actor=world.actor, study=world.study, people=[Person(code)])
    with pytest.raises(InvalidInput, match="stands for somebody who withdrew"):
        find_or_add_participant(session, actor=world.actor, study_id=world.study.id, code=code)


def test_a_name_that_went_with_them_is_counted(session: Session) -> None:
    world = make_world(session)
    keep_identity(session, actor=world.actor, participant=world.person, who=Who(name="Margaret Thornbury"))

    done = withdraw_participant(session, actor=world.actor, participant=world.person, study=world.study, asked_on=TODAY)

    assert done.removed["identities"] == 1

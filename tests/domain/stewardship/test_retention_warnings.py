from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from factories import make_member
from sqlalchemy import select
from sqlalchemy.orm import Session
from withdrawing import World, make_world

from insights.core.access import Role
from insights.core.clock import FixedClock, set_clock
from insights.people.models import Mail, Member, Team
from insights.stewardship.models import RetentionWarning
from insights.stewardship.retention import (
    delete_what_is_due,
    end_hold,
    hold,
    make_warnings,
    set_rules,
    warnings_for,
    warnings_in_mail,
)

SET_ON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def clock(session: Session) -> FixedClock:
    made = FixedClock(SET_ON)
    set_clock(session, made)
    return made


@pytest.fixture
def officer(session: Session) -> Member:
    return make_member(session, role=Role.DATA_PROTECTION)


@pytest.fixture
def world(session: Session, clock: FixedClock, officer: Member) -> World:
    """A study of which the notes are kept for a month, by a rule set today; their quotes go with them."""
    del clock
    world = make_world(session)
    world.study.lead_id = None
    team = session.get_one(Team, world.study.team_id)
    set_rules(session, actor=officer, team=team, months={"notes": 1}, study=world.study)
    return world


def test_the_lead_is_told_a_month_before_once_and_then_it_goes(
    session: Session, clock: FixedClock, world: World, officer: Member
) -> None:
    world.study.lead_id = world.actor.id
    assert make_warnings(session, by_mail=True) == 2
    rows = warnings_for(session, world.actor)
    assert {(row.study_ref, row.kind.value, row.items, row.due_on) for row in rows} == {
        (world.study.ref, "notes", 2, date(2026, 12, 20)),
        (world.study.ref, "quote", 3, date(2026, 12, 20)),
    }
    assert warnings_for(session, officer) == []
    assert make_warnings(session, by_mail=True) == 0, "twice in a night tells nobody twice"
    clock.moment = datetime(2026, 12, 1, 12, tzinfo=UTC)
    assert make_warnings(session, by_mail=True) == 0, "nor on another night"
    clock.moment = datetime(2026, 12, 20, 12, tzinfo=UTC)
    assert delete_what_is_due(session) > 0
    make_warnings(session, by_mail=True)
    assert warnings_for(session, world.actor) == [], "what went waits no more"


def test_one_mail_a_person_and_night_and_none_to_whoever_ended_them(
    session: Session, world: World, officer: Member
) -> None:
    other = make_member(session, role=Role.DATA_PROTECTION)
    assert make_warnings(session, by_mail=True, unwanted={other.id}) == 4
    mail = session.scalars(select(Mail)).one()
    assert (mail.member_id, mail.kind) == (officer.id, "retention")
    assert [row.study_ref for row in warnings_in_mail(session, officer, mail.id)] == [world.study.ref] * 2
    assert warnings_for(session, other), "it stands on their home page all the same"


def test_without_a_lead_whose_account_is_open_data_protection_is_told(
    session: Session, world: World, officer: Member
) -> None:
    gone = make_member(session)
    gone.is_active = False
    world.study.lead_id = gone.id
    make_warnings(session, by_mail=False)
    assert {each.member_id for each in session.scalars(select(RetentionWarning))} == {officer.id}


def test_where_nobody_can_be_told_nothing_goes(
    session: Session, clock: FixedClock, world: World, officer: Member
) -> None:
    officer.is_active = False
    world.study.lead_id = None
    assert make_warnings(session, by_mail=True) == 0
    clock.moment = datetime(2029, 1, 1, 12, tzinfo=UTC)
    assert make_warnings(session, by_mail=True) == 0
    assert delete_what_is_due(session) == 0
    officer.is_active = True
    assert make_warnings(session, by_mail=True) == 2
    assert warnings_for(session, officer)[0].due_on == date(2029, 1, 31), "a whole month from when they were told"
    assert delete_what_is_due(session) == 0
    clock.moment = datetime(2029, 1, 31, 12, tzinfo=UTC)
    assert delete_what_is_due(session) > 0


def test_what_is_held_back_is_told_of_when_the_hold_ends_and_goes_a_month_later(
    session: Session, clock: FixedClock, world: World, officer: Member
) -> None:
    held = hold(session, actor=officer, study=world.study, reason="A complaint is open.", until=date(2028, 1, 1))
    assert make_warnings(session, by_mail=False) == 0
    clock.moment = datetime(2027, 6, 1, 12, tzinfo=UTC)
    end_hold(session, actor=officer, held=held)
    assert delete_what_is_due(session) == 0
    assert make_warnings(session, by_mail=False) == 2
    assert warnings_for(session, officer)[0].due_on == date(2027, 7, 1)


def test_who_may_no_longer_see_the_study_is_shown_nothing_of_it(session: Session, world: World) -> None:
    reader = make_member(session)
    world.study.lead_id = reader.id
    make_warnings(session, by_mail=False)
    assert len(warnings_for(session, reader)) == 2
    world.study.restricted, world.study.lead_id = True, None
    session.flush()
    assert warnings_for(session, reader) == []

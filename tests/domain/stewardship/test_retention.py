from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from factories import make_member, text_of
from sqlalchemy import select
from sqlalchemy.orm import Session
from withdrawing import ALONE, World, make_world

from insights.core.access import Role
from insights.core.clock import FixedClock, set_clock
from insights.core.errors import InvalidInput, NotAllowed
from insights.people.models import Member, Team
from insights.people.vault import Who, keep_identity, rows_of
from insights.stewardship.models import Withdrawal, WithdrawnEvidence
from insights.stewardship.retention import (
    delete_what_is_due,
    deletion_log,
    end_hold,
    hold,
    list_due,
    make_warnings,
    set_rules,
)
from insights.synthesis.models import InsightStatus

SET_ON = datetime(2026, 11, 20, 12, tzinfo=UTC)
LONG_AFTER = datetime(2029, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
def clock(session: Session) -> FixedClock:
    made = FixedClock(SET_ON)
    set_clock(session, made)
    return made


def test_nothing_goes_where_nobody_set_a_rule(session: Session, clock: FixedClock) -> None:
    world = make_world(session)
    _go_to(session, clock, LONG_AFTER)
    assert delete_what_is_due(session) == 0
    row = next(each for each in list_due(session, world.actor) if each.kind.value == "notes")
    assert (row.rule.months, row.rule.origin, row.next_on) == (24, "proposed", None)


def test_nothing_goes_within_the_month_after_a_rule_was_set(session: Session, clock: FixedClock) -> None:
    world = make_world(session)
    _set(session, world, {"notes": 1})
    row = next(each for each in list_due(session, world.actor) if each.kind.value == "notes")
    assert (row.soon, row.overdue, row.next_on) == (2, 0, date(2026, 12, 20))
    _go_to(session, clock, datetime(2026, 12, 19, 12, tzinfo=UTC))
    assert delete_what_is_due(session) == 0
    _go_to(session, clock, datetime(2026, 12, 20, 12, tzinfo=UTC))
    assert delete_what_is_due(session) > 0


def test_notes_go_with_their_quotes_and_insights_keep_how_many_there_were(session: Session, clock: FixedClock) -> None:
    world = make_world(session)
    _set(session, world, {"notes": 24})
    _go_to(session, clock, LONG_AFTER)
    assert delete_what_is_due(session) == 5
    assert text_of(session, world.transcript) == ""
    assert world.quote.exact == ""
    assert world.lonely.status is InsightStatus.CHALLENGED
    lost = session.scalars(select(WithdrawnEvidence).where(WithdrawnEvidence.insight_id == world.broad.id)).one()
    assert (lost.quotes, lost.sources, lost.relation) == (2, 1, "supports")
    assert session.scalars(select(Withdrawal)).one().cause.value == "retention"
    log = deletion_log(session, world.actor)
    assert {(row.kind, row.items) for row in log} == {("notes", 2), ("quote", 3)}
    assert delete_what_is_due(session) == 0, "it is done once"


def test_who_they_are_can_go_before_what_they_said(session: Session, clock: FixedClock) -> None:
    world = make_world(session)
    keep_identity(session, actor=world.actor, participant=world.person, who=Who(name="Philippa Quillfeather"))
    _set(session, world, {"identity": 6})
    _go_to(session, clock, datetime(2027, 6, 1, 12, tzinfo=UTC))
    assert delete_what_is_due(session) == 1
    assert rows_of(session, world.person) == []
    assert world.quote.exact == ALONE


def test_what_is_held_back_stays_until_it_is_lifted(session: Session, clock: FixedClock) -> None:
    world = make_world(session)
    _set(session, world, {"notes": 12})
    _go_to(session, clock, LONG_AFTER)
    held = hold(
        session, actor=_officer(session), study=world.study, reason="A complaint is open.", until=date(2029, 6, 1)
    )
    assert delete_what_is_due(session) == 0
    assert {row.held for row in list_due(session, world.actor)} == {date(2029, 6, 1)}
    end_hold(session, actor=_officer(session), held=held)
    assert delete_what_is_due(session) > 0


def test_a_study_can_differ_from_its_team(session: Session, clock: FixedClock) -> None:
    world = make_world(session)
    _set(session, world, {"notes": 6})
    team = session.get_one(Team, world.study.team_id)
    set_rules(session, actor=_officer(session), team=team, study=world.study, months={"notes": 120})
    _go_to(session, clock, LONG_AFTER)
    assert delete_what_is_due(session) == 0
    set_rules(session, actor=_officer(session), team=team, study=world.study, months={"notes": None})
    assert delete_what_is_due(session) == 0, "nobody was warned of it yet"
    _go_to(session, clock, LONG_AFTER + timedelta(days=30))
    assert delete_what_is_due(session) > 0


def test_researchers_set_no_rules_and_months_have_bounds(session: Session, clock: FixedClock) -> None:
    del clock
    world = make_world(session)
    team = session.get_one(Team, world.study.team_id)
    with pytest.raises(NotAllowed):
        set_rules(session, actor=world.actor, team=team, months={"notes": 6})
    with pytest.raises(InvalidInput):
        set_rules(session, actor=_officer(session), team=team, months={"notes": 0})


def _set(session: Session, world: World, months: dict[str, int | None]) -> None:
    set_rules(session, actor=_officer(session), team=session.get_one(Team, world.study.team_id), months=months)


def _officer(session: Session) -> Member:
    return make_member(session, role=Role.DATA_PROTECTION)


def _go_to(session: Session, clock: FixedClock, moment: datetime) -> None:
    """Whoever protects data was warned a month before."""
    make_member(session, role=Role.DATA_PROTECTION)
    clock.moment = moment - timedelta(days=30)
    make_warnings(session, by_mail=False)
    clock.moment = moment

"""Access to a restricted study for a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from factories import make_member, make_study
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.access import visible_studies
from insights.capture.break_glass import (
    ask_for_access,
    decide_on_access,
    end_access,
    get_glass,
    glass_of_study,
    list_glass,
)
from insights.capture.models import BreakGlass, GlassState, Study
from insights.capture.operations import set_study_access
from insights.core.access import Role
from insights.core.activity import ActivityEntry
from insights.core.clock import FixedClock, set_clock
from insights.core.errors import InvalidInput, NotAllowed, NotFound, RuleBroken
from insights.people.models import Member
from search_index.projection import clearances_of

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
REASON = "A participant asks what is held about them."


@dataclass
class World:
    session: Session
    clock: FixedClock
    study: Study
    lead: Member
    officer: Member
    other_officer: Member
    researcher: Member

    def ask(self, hours: int = 2) -> BreakGlass:
        return ask_for_access(self.session, actor=self.officer, study_ref=self.study.ref, reason=REASON, hours=hours)

    def let_in(self, hours: int = 2) -> BreakGlass:
        return decide_on_access(self.session, actor=self.other_officer, glass=self.ask(hours), approve=True)

    def sees(self, member: Member) -> bool:
        return self.session.scalar(select(Study.id).where(visible_studies(member))) == self.study.id


@pytest.fixture
def world(session: Session) -> World:
    clock = FixedClock(NOON)
    set_clock(session, clock)
    lead = make_member(session, name="Lead")
    made = World(
        session,
        clock,
        make_study(session, actor=lead, restricted=True),
        lead,
        make_member(session, role=Role.DATA_PROTECTION, name="Officer"),
        make_member(session, role=Role.ADMINISTRATOR, name="Administrator"),
        make_member(session, role=Role.RESEARCHER, name="Somebody"),
    )
    session.flush()
    return made


def test_a_second_person_lets_an_officer_in_to_the_minute(world: World) -> None:
    glass = world.ask(hours=2)
    assert not world.sees(world.officer)
    before = clearances_of(world.session, world.officer)

    decide_on_access(world.session, actor=world.other_officer, glass=glass, approve=True)

    assert world.sees(world.officer)
    assert clearances_of(world.session, world.officer) > before
    world.clock.moment = NOON + timedelta(hours=2) - timedelta(seconds=1)
    assert world.sees(world.officer)
    world.clock.moment = NOON + timedelta(hours=2)
    assert not world.sees(world.officer)
    assert not world.sees(world.other_officer)
    assert clearances_of(world.session, world.officer) == before


def test_the_lead_of_the_study_may_let_them_in(world: World) -> None:
    decide_on_access(world.session, actor=world.lead, glass=world.ask(), approve=True)

    assert world.sees(world.officer)


def test_nobody_lets_themselves_in(world: World) -> None:
    with pytest.raises(NotAllowed, match="Nobody lets themselves in"):
        decide_on_access(world.session, actor=world.officer, glass=world.ask(), approve=True)

    assert not world.sees(world.officer)


def test_whoever_neither_leads_nor_watches_decides_nothing(world: World) -> None:
    glass = world.ask()

    with pytest.raises(NotAllowed):
        decide_on_access(world.session, actor=world.researcher, glass=glass, approve=True)
    with pytest.raises(NotFound):
        get_glass(world.session, world.researcher, glass.ref)
    assert list_glass(world.session, world.researcher) == []


def test_a_lead_who_is_not_named_has_no_say(world: World) -> None:
    world.study.lead_id = world.researcher.id

    with pytest.raises(NotAllowed):
        decide_on_access(world.session, actor=world.researcher, glass=world.ask(), approve=True)


def test_only_who_watches_over_data_protection_may_ask(world: World) -> None:
    with pytest.raises(NotAllowed):
        ask_for_access(world.session, actor=world.researcher, study_ref=world.study.ref, reason=REASON, hours=1)


@pytest.mark.parametrize("hours", [0, -1, 169, None])
def test_the_length_is_one_hour_to_seven_days(world: World, hours: int | None) -> None:
    with pytest.raises(InvalidInput, match="one hour to seven days"):
        ask_for_access(world.session, actor=world.officer, study_ref=world.study.ref, reason=REASON, hours=hours)


@pytest.mark.parametrize("reason", ["", "  ", "because"])
def test_a_reason_is_asked_for(world: World, reason: str) -> None:
    with pytest.raises(InvalidInput):
        ask_for_access(world.session, actor=world.officer, study_ref=world.study.ref, reason=reason, hours=1)


def test_an_open_study_and_one_that_is_not_there_are_refused_alike(world: World) -> None:
    open_study = make_study(world.session, actor=world.lead)
    messages = set()
    for ref in (open_study.ref, "STU-999", "nothing"):
        with pytest.raises(InvalidInput) as refused:
            ask_for_access(world.session, actor=world.officer, study_ref=ref, reason=REASON, hours=1)
        messages.add(str(refused.value))

    assert len(messages) == 1


def test_what_was_declined_lets_nobody_in_and_cannot_be_approved_later(world: World) -> None:
    glass = decide_on_access(world.session, actor=world.lead, glass=world.ask(), approve=False, answer="Ask me first.")

    assert not world.sees(world.officer)
    with pytest.raises(RuleBroken):
        decide_on_access(world.session, actor=world.other_officer, glass=glass, approve=True)


@pytest.mark.parametrize("who", ["officer", "other_officer", "lead"])
def test_either_side_ends_it_early(world: World, who: str) -> None:
    glass = world.let_in()

    end_access(world.session, actor=getattr(world, who), glass=glass)

    assert not world.sees(world.officer)
    assert glass.state is GlassState.ENDED
    with pytest.raises(RuleBroken):
        end_access(world.session, actor=world.officer, glass=glass)


def test_a_visitor_may_not_say_who_sees_the_study(world: World) -> None:
    glass = ask_for_access(world.session, actor=world.other_officer, study_ref=world.study.ref, reason=REASON, hours=1)
    decide_on_access(world.session, actor=world.officer, glass=glass, approve=True)

    with pytest.raises(NotAllowed, match="for a time"):
        set_study_access(world.session, actor=world.other_officer, study=world.study, restricted=False, named=[])
    assert world.study.restricted


def test_the_people_of_the_study_are_told_who_is_let_in_and_why(world: World) -> None:
    world.let_in()

    told = glass_of_study(world.session, world.lead, world.study)

    assert [(row.holder, row.reason, row.holds, row.may_end) for row in told] == [("Officer", REASON, True, True)]
    world.clock.moment = NOON + timedelta(hours=2)
    assert glass_of_study(world.session, world.lead, world.study) == []


def test_the_title_stays_hidden_from_whoever_decides_without_seeing_the_study(world: World) -> None:
    world.ask()

    assert list_glass(world.session, world.other_officer)[0].study_title == ""
    assert list_glass(world.session, world.lead)[0].study_title == world.study.title


def test_everything_about_it_is_recorded(world: World) -> None:
    end_access(world.session, actor=world.lead, glass=world.let_in())

    entries = world.session.scalars(
        select(ActivityEntry).where(ActivityEntry.subject_ref == world.study.ref).order_by(ActivityEntry.id)
    ).all()
    assert [entry.verb for entry in entries][-3:] == [
        "asked for access to",
        "gave access for a time to",
        "ended access for a time to",
    ]
    assert entries[-3].detail["reason"] == REASON


def test_one_request_at_a_time_for_one_study(world: World) -> None:
    glass = world.ask()
    with pytest.raises(RuleBroken, match="already"):
        world.ask()

    end_access(world.session, actor=world.officer, glass=glass)
    assert glass.state is GlassState.TAKEN_BACK
    assert world.ask().state is GlassState.ASKED

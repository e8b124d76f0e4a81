"""The page that says who can see what is compared with the rule it describes, in worlds made at random."""

from __future__ import annotations

import os
import random
from datetime import UTC, datetime, timedelta

import pytest
from factories import make_member, make_study, make_team
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.access import Sight, visible_studies
from insights.capture.break_glass import ask_for_access, decide_on_access, end_access
from insights.capture.models import Study
from insights.capture.operations import set_study_access
from insights.core.access import Permission, Role
from insights.core.clock import FixedClock, now, set_clock
from insights.core.errors import DomainError
from insights.people.models import Member
from insights.stewardship.audit.who_sees import in_the_open, sights_by_person, sights_by_study

WORLDS = 300 if os.environ.get("PROVE") == "full" else 15
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("seed", range(WORLDS))
def test_the_page_says_yes_exactly_where_the_rule_does(session: Session, seed: int) -> None:
    chance = random.Random(seed)
    clock = FixedClock(NOON)
    set_clock(session, clock)
    _make_world(session, chance)

    for hours in (0, 1, chance.randrange(2, 200)):
        clock.moment = NOON + timedelta(hours=hours)
        members = session.scalars(select(Member).where(Member.is_active)).all()
        studies = session.scalars(select(Study)).all()
        ruled = {
            (member.ref, study.ref)
            for member in members
            for study in session.scalars(select(Study).where(visible_studies(member)))
        }
        opened = {(member.ref, study.ref) for member in members for study in studies if not study.restricted}
        by_study = {(seer.member_ref, row.ref) for row in sights_by_study(session, members[0]) for seer in row.seers}
        by_person = {(row.ref, seen.ref) for row in sights_by_person(session, members[0]) for seen in row.studies}

        assert by_study | opened == ruled
        assert by_person == by_study
        assert in_the_open(session).accounts == len(members)
        assert in_the_open(session).studies == sum(not study.restricted for study in studies)


def test_a_reader_of_the_page_reads_no_title_of_a_study_that_is_closed_to_them(session: Session) -> None:
    lead, officer = make_member(session), make_member(session, role=Role.DATA_PROTECTION)
    make_study(session, actor=lead, title="Zephyrquillan", restricted=True)

    told = [*sights_by_study(session, officer), *sights_by_person(session, officer)]

    assert "Zephyrquillan" not in repr(told)
    assert "Zephyrquillan" in repr(sights_by_study(session, lead))


def test_a_study_that_nobody_with_an_open_account_sees_is_told(session: Session) -> None:
    lead, officer = make_member(session), make_member(session, role=Role.DATA_PROTECTION)
    study = make_study(session, actor=lead, restricted=True)
    lead.is_active = False

    row = next(row for row in sights_by_study(session, officer) if row.ref == study.ref)

    assert row.seers == ()


def test_somebody_let_in_for_a_time_is_told_with_the_end(session: Session) -> None:
    set_clock(session, FixedClock(NOON))
    lead, officer = make_member(session), make_member(session, role=Role.DATA_PROTECTION)
    study = make_study(session, actor=lead, restricted=True)
    glass = ask_for_access(session, actor=officer, study_ref=study.ref, reason="To answer a complaint.", hours=3)
    decide_on_access(session, actor=lead, glass=glass, approve=True)

    seers = {seer.member_ref: seer for seer in sights_by_study(session, officer)[0].seers}

    assert (seers[lead.ref].sight, seers[lead.ref].until) == (Sight.NAMED, None)
    assert (seers[officer.ref].sight, seers[officer.ref].until) == (Sight.FOR_A_TIME, now(session) + timedelta(hours=3))


def test_what_a_role_may_beyond_reading_is_told_of_each_person(session: Session) -> None:
    officer = make_member(session, role=Role.DATA_PROTECTION, name="Helen")
    reader = make_member(session, role=Role.READER, name="Jonas")

    beyond = {row.ref: row.beyond for row in sights_by_person(session, officer)}

    assert Permission.AUDIT in beyond[officer.ref]
    assert beyond[reader.ref] == ()


def _make_world(session: Session, chance: random.Random) -> None:
    teams = [make_team(session, is_central=chance.random() < 0.3) for _ in range(2)]
    members = [
        make_member(session, role=chance.choice(list(Role)), team=chance.choice(teams))
        for _ in range(chance.randrange(3, 9))
    ]
    studies = [
        make_study(session, actor=chance.choice(members), restricted=chance.random() < 0.7)
        for _ in range(chance.randrange(2, 7))
    ]
    for _ in range(chance.randrange(30)):
        actor, study = chance.choice(members), chance.choice(studies)
        try:
            _act(session, chance, actor, study, members)
        except DomainError:
            continue
    for member in members[1:]:
        member.is_active = chance.random() < 0.85
    session.flush()


def _act(session: Session, chance: random.Random, actor: Member, study: Study, members: list[Member]) -> None:
    what = chance.choice(["name", "ask", "ask", "end"])
    if what == "name":
        named = chance.sample(members, chance.randrange(len(members)))
        restricted = chance.random() < 0.8
        set_study_access(session, actor=actor, study=study, restricted=restricted, named=named)
    else:
        hours = chance.randrange(1, 169)
        glass = ask_for_access(session, actor=actor, study_ref=study.ref, reason="To answer a question.", hours=hours)
        decide_on_access(session, actor=chance.choice(members), glass=glass, approve=chance.random() < 0.8)
        if what == "end":
            end_access(session, actor=actor, glass=glass)

from __future__ import annotations

import hashlib
import json
import zipfile
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from conftest import SignIn
from factories import make_member, make_team
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from withdrawing import ALONE, ASKED, OTHER, TOGETHER, World, make_world

from insights.core.access import Role
from insights.core.activity import ActivityEntry
from insights.core.clock import FixedClock, set_clock
from insights.core.errors import RuleBroken
from insights.people.vault import LOOKS, Who, keep_identity
from insights.stewardship.subject_access import (
    due_on,
    extend_clock,
    list_requests,
    log_request,
    restart_clock,
    stop_clock,
)
from research_hub.db import reading, transaction

NAME = "Philippa Quillfeather"


@pytest.fixture
def world(app: Flask) -> World:
    del app
    with transaction() as session:
        made = make_world(session)
        made.alone.moderator = "Olga Overseer"
        keep_identity(session, actor=made.actor, participant=made.person, who=Who(name=NAME))
    return made


def test_the_export_holds_everything_of_theirs_and_nothing_of_others(world: World, client_for: SignIn) -> None:
    files = _export(client_for, world, world.actor)
    for name in ("everything-held.html", "everything-held.json"):
        assert ALONE in files[name]
        assert TOGETHER in files[name]
        assert OTHER not in files[name]
        assert ASKED not in files[name]
        assert "P2" not in files[name]
    assert NAME in files["everything-held.json"]
    told = json.loads(files["everything-held.json"])
    assert [each["words"] for each in told["quotes"]] == [ALONE, TOGETHER]
    listed = json.loads(files["manifest.json"])["sha256"]
    assert listed == {
        name: hashlib.sha256(text.encode()).hexdigest() for name, text in files.items() if name != "manifest.json"
    }


def test_an_administrator_gets_no_name_and_is_told_so(world: World, client_for: SignIn) -> None:
    files = _export(client_for, world, Role.ADMINISTRATOR)
    assert NAME not in "".join(files.values())
    assert "may not open it" in files["everything-held.html"]


def test_a_look_into_the_vault_stays_on_the_record_when_the_export_fails(world: World, client_for: SignIn) -> None:
    with transaction() as session:
        session.execute(text("UPDATE identities SET email = name"))

    answer = client_for(world.actor).post(f"/participants/{world.person.ref}/everything-held.zip")

    assert answer.status_code == 409
    assert NAME.encode() not in answer.data
    looked = select(ActivityEntry.verb).where(ActivityEntry.subject_ref == world.person.ref)
    assert LOOKS[0] in reading().scalars(looked).all()


def test_a_researcher_of_a_central_team_is_told_no_name(world: World, client_for: SignIn) -> None:
    with transaction() as session:
        other = make_member(session, role=Role.RESEARCHER, team=make_team(session, is_central=True))

    files = _export(client_for, world, other)

    assert NAME not in files["everything-held.json"]


def test_the_clock_is_a_calendar_month_and_can_stand_still(session: Session) -> None:
    world = make_world(session)
    clock = FixedClock(datetime(2026, 1, 31, 12, tzinfo=UTC))
    set_clock(session, clock)
    asked = log_request(
        session, actor=world.actor, participant=world.person, study=world.study, received_on=date(2026, 1, 31)
    )
    assert due_on(asked, date(2026, 1, 31)) == date(2026, 2, 28)
    stop_clock(session, actor=world.actor, request=asked, study=world.study, reason="identity")
    clock.moment = datetime(2026, 2, 10, 12, tzinfo=UTC)
    assert due_on(asked, date(2026, 2, 10)) == date(2026, 3, 10)
    restart_clock(session, actor=world.actor, request=asked, study=world.study)
    assert due_on(asked, date(2026, 2, 20)) == date(2026, 3, 10)
    assert [row.left for row in list_requests(session, world.actor)] == [28]
    extend_clock(session, actor=world.actor, request=asked, study=world.study, reason="Six studies to look through.")
    assert due_on(asked, date(2026, 2, 20)) == date(2026, 5, 10)
    with pytest.raises(RuleBroken):
        extend_clock(session, actor=world.actor, request=asked, study=world.study, reason="Again.")


def test_a_request_waits_in_the_queue_until_it_is_answered(world: World, client_for: SignIn) -> None:
    officer = client_for(Role.DATA_PROTECTION)
    address = f"/participants/{world.person.ref}/subject-access"
    page = officer.post(address, data={"received_on": "2026-11-01"}, follow_redirects=True).text
    assert "1 December 2026" in page
    assert "SAR-1" in officer.get("/subject-access").text
    page = officer.post(f"{address}/clock", data={"act": "stop", "reason": "clarification"}, follow_redirects=True).text
    assert "clock stands still" in page
    refused = officer.post(f"{address}/clock", data={"act": "extend", "extension": ""})
    assert refused.status_code == 422
    assert "why it takes longer" in refused.text
    officer.post(f"{address}/clock", data={"act": "answered"})
    assert "No request waits" in officer.get("/subject-access").text
    assert "SAR-1" in officer.get("/subject-access.csv").text


def test_who_may_not_withdraw_may_not_export(world: World, client_for: SignIn) -> None:
    for role in (Role.READER, Role.CONTRIBUTOR):
        browser = client_for(role)
        assert browser.get(f"/participants/{world.person.ref}/subject-access").status_code == 403
        assert browser.post(f"/participants/{world.person.ref}/everything-held.zip").status_code == 403


def _export(client_for: SignIn, world: World, who: object) -> dict[str, str]:
    member = who
    if isinstance(who, Role):
        with transaction() as session:
            member = make_member(session, role=who)
    answer = client_for(member).post(f"/participants/{world.person.ref}/everything-held.zip")  # type: ignore[arg-type]
    assert answer.status_code == 200
    with zipfile.ZipFile(BytesIO(answer.data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}

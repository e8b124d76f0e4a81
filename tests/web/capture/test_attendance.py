"""'I watched this', and the hours of everybody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from html import unescape
from typing import TypeAlias

import pytest
from factories import make_member, make_session, make_study
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from insights.capture.models import ResearchSession
from insights.core.access import Role
from insights.people.models import Member
from research_hub.db import reading, transaction

SignIn: TypeAlias = Callable[[Member | Role], FlaskClient]


@pytest.fixture
def member(app: Flask) -> Member:
    with transaction() as unit:
        return make_member(unit, name="Maya Osei")


@pytest.fixture
def held(member: Member) -> ResearchSession:
    with transaction() as unit:
        study = make_study(unit, actor=member, title="Kits")
        return make_session(unit, actor=member, study=study, held_on=date.today(), minutes=150)


def page(answer: TestResponse) -> str:
    return " ".join(unescape(answer.get_data(as_text=True)).split())


def test_a_reader_who_watched_says_so_with_one_press_and_can_take_it_back(
    held: ResearchSession, client_for: SignIn
) -> None:
    reader = client_for(Role.READER)

    answer = reader.post(f"/sessions/{held.ref}/watched")

    shown = page(reader.get(answer.location))
    assert "150 minutes count for you." in shown
    assert f'action="/sessions/{held.ref}/not-watched"' in shown
    reader.post(f"/sessions/{held.ref}/not-watched")
    assert "Nobody is listed." in page(reader.get(f"/sessions/{held.ref}/attendance"))


def test_the_team_lists_others_and_a_removal_is_undone_as_it_was(
    member: Member, held: ResearchSession, client_for: SignIn
) -> None:
    browser = client_for(member)
    sent = {"member": str(member.id), "role": "note_taker", "minutes": "45"}
    browser.post(f"/sessions/{held.ref}/attendance", data=sent)

    answer = browser.post(f"/sessions/{held.ref}/attendance/{member.id}/remove")

    undo = f"/sessions/{held.ref}/attendance/{member.id}/restore?role=note_taker&minutes=45"
    assert f'action="{undo}"' in page(browser.get(answer.location))
    browser.post(undo)
    assert "note taker" in page(browser.get(f"/sessions/{held.ref}/attendance"))


@pytest.mark.parametrize(
    ("sent", "message"),
    [({"member": ""}, "Choose who was there."), ({"member": "1", "minutes": "an hour"}, "is not a number of minutes")],
)
def test_what_cannot_be_taken_is_said_at_its_field(
    sent: dict[str, str], message: str, member: Member, held: ResearchSession, client_for: SignIn
) -> None:
    answer = client_for(member).post(f"/sessions/{held.ref}/attendance", data=sent)

    assert answer.status_code == 422
    assert message in page(answer)


def test_hours_stand_against_the_rule_and_those_without_any_are_listed(
    member: Member, held: ResearchSession, client_for: SignIn
) -> None:
    browser = client_for(member)
    browser.post(f"/sessions/{held.ref}/watched")
    with transaction() as unit:
        make_member(unit, name="Tomos Price")

    shown = page(browser.get("/reports/observing"))

    assert "1 of 2</strong> reached 2 hours" in shown
    assert "1 colleague watched nothing that is listed." in shown
    assert "0 of 2</strong> reached 3 hours" in page(browser.get("/reports/observing?hours=3"))
    listed = browser.get("/reports/observing.csv").get_data(as_text=True)
    assert "Tomos Price" in listed
    assert "Maya Osei" in listed


@pytest.mark.parametrize("asked", ["weeks=0", "weeks=x", "hours=0", "hours=many", "hours=²"])
def test_a_rule_that_is_no_number_is_refused(asked: str, client_for: SignIn) -> None:
    assert client_for(Role.READER).get(f"/reports/observing?{asked}").status_code == 422


def test_a_session_keeps_where_and_how_long_and_says_which_minutes_it_cannot_take(
    member: Member, held: ResearchSession, client_for: SignIn
) -> None:
    browser = client_for(member)
    sent = {"study": "STU-1", "held_on": "2026-10-14", "notes": "She came."}

    refused = browser.post("/sessions", data=sent | {"minutes": "an hour"})
    browser.post("/sessions", data=sent | {"minutes": "50", "channel": "by video"})

    assert refused.status_code == 422
    assert "Enter the minutes as a whole number" in page(refused)
    made = reading().scalars(select(ResearchSession).order_by(ResearchSession.id.desc())).first()
    assert made is not None
    assert (made.minutes, made.channel) == (50, "by video")

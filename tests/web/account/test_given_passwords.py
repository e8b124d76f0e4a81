"""Whoever signs in with a password that somebody else typed chooses their own first (OWASP ASVS 5.0, 6.4.1)."""

from __future__ import annotations

import pytest
from conftest import SignIn
from flask import Flask
from flask.testing import FlaskClient

from insights.core.access import Role
from insights.people.models import Member, WayIn
from insights.people.operations import give_password, start_browser_session
from research_hub.db import reading, transaction
from research_hub.security import TOKEN

GIVEN = "lantern-orchard-sixty"
OWN = "umbrella-quartz-meadow"


@pytest.fixture
def browser(app: Flask, client_for: SignIn) -> FlaskClient:
    """Signed in as somebody to whom an administrator gave a password."""
    client_for(Role.ADMINISTRATOR).post(
        "/members",
        data={"email": "new@example.org", "name": "Noor", "role": "researcher", "team_id": "1", "password": GIVEN},
    )
    browser = app.test_client()
    browser.post("/sign-in", data={"email": "new@example.org", "password": GIVEN})
    return browser


@pytest.mark.parametrize("place", ["/", "/studies/new", "/evidence?q=letter", "/insights.csv", "/participants/PAR-1"])
def test_every_page_leads_to_choosing_ones_own(place: str, browser: FlaskClient) -> None:
    answer = browser.get(place)

    assert answer.status_code == 303
    assert answer.location == "/account#password-heading"
    assert "Somebody else typed the one" in browser.get("/account").text


def test_nothing_is_changed_before(browser: FlaskClient) -> None:
    answer = browser.post("/studies", data={"title": "A study"})

    assert answer.location == "/account#password-heading"
    assert browser.get("/studies/STU-1").status_code == 303


def test_afterwards_everything_opens_and_the_given_one_is_worth_nothing(app: Flask, browser: FlaskClient) -> None:
    changed = browser.post("/account/password", data={"current": GIVEN, "password": OWN, "again": OWN})

    assert changed.status_code == 303
    assert browser.get("/").status_code == 200
    assert "Somebody else typed" not in browser.get("/account").text
    assert app.test_client().post("/sign-in", data={"email": "new@example.org", "password": GIVEN}).status_code == 422


def test_the_given_one_cannot_be_kept(browser: FlaskClient) -> None:
    answer = browser.post("/account/password", data={"current": GIVEN, "password": GIVEN, "again": GIVEN})

    assert answer.status_code == 422
    assert "Somebody else knows this one. Choose another." in answer.text
    assert browser.get("/").status_code == 303


def test_one_can_sign_out_all_the_same(browser: FlaskClient) -> None:
    assert browser.post("/sign-out").location == "/sign-in"


def test_a_new_password_for_somebody_who_forgot_theirs_is_given_too(app: Flask, client_for: SignIn) -> None:
    administrator, researcher = client_for(Role.ADMINISTRATOR), client_for(Role.RESEARCHER)
    member = reading().query(Member).filter_by(role=Role.RESEARCHER).one()
    assert researcher.get("/").status_code == 200

    administrator.post(f"/members/{member.ref}/password", data={"password": GIVEN})

    browser = app.test_client()
    browser.post("/sign-in", data={"email": member.email, "password": GIVEN})
    assert browser.get("/").location == "/account#password-heading"


@pytest.mark.parametrize("way", [WayIn.PASSKEY, WayIn.SINGLE_SIGN_ON, WayIn.ONE_TIME_LINK])
def test_who_came_in_another_way_is_not_asked(way: WayIn, app: Flask, client_for: SignIn) -> None:
    client_for(Role.RESEARCHER)
    with transaction() as session:
        member = session.query(Member).filter_by(role=Role.RESEARCHER).one()
        give_password(session, actor=None, member=member, password=GIVEN)
        token = start_browser_session(session, member=member, browser="Test", way=way)
    browser = app.test_client()
    with browser.session_transaction() as cookies:
        cookies[TOKEN] = token

    assert browser.get("/").status_code == 200

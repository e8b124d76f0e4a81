from __future__ import annotations

import re
from datetime import timedelta

import pytest
from factories import make_member
from flask import Flask
from flask.testing import FlaskClient

from insights.core.access import Role
from insights.core.clock import FixedClock, now, set_clock
from insights.people.models import Member
from insights.people.operations import FAILURES_ALLOWED, set_active
from insights.people.queries import ABSOLUTE_LIMIT, IDLE_LIMIT
from research_hub.db import reading, transaction
from research_hub.security import TOKEN

PASSWORD = "correct horse battery"


@pytest.fixture
def ada(app: Flask) -> Member:
    with transaction() as session:
        return make_member(
            session, email="ada@example.org", name="Ada Byron", role=Role.ADMINISTRATOR, password=PASSWORD
        )


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    return app.test_client()


def sign_in(browser: FlaskClient, password: str = PASSWORD, email: str = "ada@example.org", **more: str) -> int:
    return browser.post("/sign-in", data={"email": email, "password": password}, **more).status_code


def test_whoever_knows_the_password_comes_in_and_is_led_home(ada: Member, browser: FlaskClient) -> None:
    answer = browser.post("/sign-in", data={"email": "Ada@Example.org ", "password": PASSWORD})

    assert (answer.status_code, answer.location) == (303, "/")
    assert "Ada Byron" in browser.get("/account").text


def test_a_wrong_password_is_told_without_saying_which_part_was_wrong(ada: Member, browser: FlaskClient) -> None:
    wrong = browser.post("/sign-in", data={"email": "ada@example.org", "password": "wrong horse battery"})
    nobody = browser.post("/sign-in", data={"email": "eve@example.org", "password": "wrong horse battery"})

    assert wrong.status_code == nobody.status_code == 422
    assert "No account fits this e-mail address and password" in wrong.text
    assert "No account fits this e-mail address and password" in nobody.text


def test_the_password_is_not_sent_back_after_a_mistake(ada: Member, browser: FlaskClient) -> None:
    answer = browser.post("/sign-in", data={"email": "ada@example.org", "password": "wrong horse battery"})

    assert "ada@example.org" in answer.text
    assert "wrong horse battery" not in answer.text


def test_too_many_attempts_pause_the_address_also_for_the_right_password(ada: Member, browser: FlaskClient) -> None:
    for _ in range(FAILURES_ALLOWED):
        sign_in(browser, "wrong horse battery")

    answer = browser.post("/sign-in", data={"email": "ada@example.org", "password": PASSWORD})

    assert answer.status_code == 403
    assert "Wait 15 minutes" in answer.text


def test_attempts_count_across_browsers(ada: Member, app: Flask) -> None:
    for _ in range(FAILURES_ALLOWED):
        sign_in(app.test_client(), "wrong horse battery")

    assert sign_in(app.test_client()) == 403


def test_a_closed_account_cannot_sign_in(ada: Member, browser: FlaskClient) -> None:
    with transaction() as session:
        set_active(session, actor=make_member(session, role=Role.ADMINISTRATOR), member=ada, active=False)

    assert sign_in(browser) == 422


def test_where_nobody_has_an_account_the_page_says_which_command_to_run(browser: FlaskClient) -> None:
    assert "research-hub member add" in browser.get("/sign-in").text


def test_where_somebody_has_an_account_the_page_keeps_quiet_about_commands(ada: Member, browser: FlaskClient) -> None:
    assert "research-hub member add" not in browser.get("/sign-in").text


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_no_address_that_comes_with_the_request_is_gone_to(ada: Member, browser: FlaskClient, target: str) -> None:
    answer = browser.post(
        "/sign-in",
        query_string={"next": target},
        data={"email": "ada@example.org", "password": PASSWORD, "next": target},
        headers={"Referer": target},
    )

    assert answer.location == "/"


def test_a_foreign_host_header_is_refused_and_never_repeated(ada: Member, browser: FlaskClient) -> None:
    answer = browser.get("/sign-in", headers={"Host": "evil.example"})

    assert answer.status_code == 400
    assert "evil.example" not in answer.text


def test_a_forwarded_host_leads_nobody_away(ada: Member, browser: FlaskClient) -> None:
    answer = browser.get("/account", headers={"X-Forwarded-Host": "evil.example"})

    assert answer.location == "/sign-in"


def test_signing_in_takes_nothing_along_from_the_browser_session_before(ada: Member, browser: FlaskClient) -> None:
    with browser.session_transaction() as before:
        before[TOKEN] = "planted by somebody else"
        before["left"] = "behind"

    sign_in(browser)

    with browser.session_transaction() as after:
        assert after[TOKEN] != "planted by somebody else"
        assert "left" not in after


def test_signing_in_again_ends_the_session_that_was_open(ada: Member, browser: FlaskClient, app: Flask) -> None:
    sign_in(browser)
    with browser.session_transaction() as first:
        token = first[TOKEN]

    sign_in(browser)

    assert not is_signed_in(app, token)


def test_signing_out_holds_for_every_copy_of_the_cookie(ada: Member, browser: FlaskClient, app: Flask) -> None:
    sign_in(browser)
    with browser.session_transaction() as copied:
        token = copied[TOKEN]

    answer = browser.post("/sign-out")

    assert answer.location == "/sign-in"
    assert not is_signed_in(app, token)


def test_signing_out_takes_a_post(ada: Member, browser: FlaskClient) -> None:
    sign_in(browser)

    assert browser.get("/sign-out").status_code == 405
    assert browser.get("/account").status_code == 200


def test_a_made_up_token_signs_nobody_in(ada: Member, app: Flask) -> None:
    assert not is_signed_in(app, "a" * 43)
    assert not is_signed_in(app, "\ud800")


@pytest.mark.parametrize("waited", [IDLE_LIMIT, ABSOLUTE_LIMIT])
def test_a_session_ends_by_itself(ada: Member, browser: FlaskClient, waited: timedelta) -> None:
    sign_in(browser)
    set_clock(reading(), FixedClock(now(reading()) + waited + timedelta(minutes=1)))

    assert browser.get("/account").location == "/sign-in"


def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(ada: Member, browser: FlaskClient) -> None:
    cookie = browser.post("/sign-in", data={"email": "ada@example.org", "password": PASSWORD}).headers["Set-Cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_the_page_is_kept_in_no_cache(browser: FlaskClient) -> None:
    assert browser.get("/sign-in").headers["Cache-Control"] == "no-store"


def test_without_its_token_no_form_is_taken(ada: Member, app: Flask, browser: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = True

    answer = browser.post("/sign-in", data={"email": "ada@example.org", "password": PASSWORD})

    assert answer.status_code == 400
    assert browser.get("/account").location == "/sign-in"


def test_with_the_token_of_the_page_the_form_is_taken(ada: Member, app: Flask, browser: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', browser.get("/sign-in").text)
    assert token is not None

    answer = browser.post(
        "/sign-in", data={"email": "ada@example.org", "password": PASSWORD, "csrf_token": token.group(1)}
    )

    assert answer.location == "/"


def is_signed_in(app: Flask, token: str) -> bool:
    browser = app.test_client()
    with browser.session_transaction() as planted:
        planted[TOKEN] = token
    return browser.get("/account").status_code == 200

from __future__ import annotations

import pytest
from factories import make_member
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from insights.core.access import Role
from insights.people.models import BrowserSession, Member
from research_hub.db import reading, transaction
from research_hub.web.account.browsers import browser_in_words

PASSWORD = "correct horse battery"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1"


@pytest.fixture(autouse=True)
def ada(app: Flask) -> Member:
    with transaction() as session:
        return make_member(session, email="ada@example.org", name="Ada", role=Role.READER, password=PASSWORD)


def signed_in(
    app: Flask, user_agent: str = FIREFOX, password: str = PASSWORD, email: str = "ada@example.org"
) -> FlaskClient:
    browser = app.test_client()
    answer = browser.post("/sign-in", data={"email": email, "password": password}, headers={"User-Agent": user_agent})
    assert answer.status_code == 303
    return browser


def is_in(browser: FlaskClient) -> bool:
    return browser.get("/account").status_code == 200


def test_the_page_tells_who_one_is_and_where_one_is_signed_in(app: Flask) -> None:
    signed_in(app, SAFARI)

    page = signed_in(app, FIREFOX).get("/account").text

    assert "Reader" in page
    assert "Firefox on Linux" in page
    assert "Safari on iPhone" in page
    assert "this one" in page


def test_ending_one_session_signs_that_browser_out_and_no_other(app: Flask) -> None:
    other, mine = signed_in(app, SAFARI), signed_in(app, FIREFOX)
    number = session_id(SAFARI)

    mine.post(f"/account/sessions/{number}/end")

    assert not is_in(other)
    assert is_in(mine)


def test_ending_all_others_leaves_the_browser_that_asked(app: Flask) -> None:
    others, mine = [signed_in(app, SAFARI) for _ in range(3)], signed_in(app, FIREFOX)

    mine.post("/account/sessions/end-others")

    assert [is_in(other) for other in others] == [False, False, False]
    assert is_in(mine)


def test_nobody_ends_a_session_of_somebody_else(app: Flask) -> None:
    with transaction() as session:
        make_member(session, email="eve@example.org", password=PASSWORD)
    mine = signed_in(app, SAFARI)
    number = session_id(SAFARI)

    signed_in(app, FIREFOX, email="eve@example.org").post(f"/account/sessions/{number}/end")

    assert is_in(mine)


def test_a_new_password_signs_every_other_browser_out(app: Flask) -> None:
    other, mine = signed_in(app, SAFARI), signed_in(app, FIREFOX)

    answer = change(mine, PASSWORD, "another horse battery")

    assert answer == 303
    assert is_in(mine)
    assert not is_in(other)
    signed_in(app, password="another horse battery")


@pytest.mark.parametrize(
    ("current", "new", "again", "words"),
    [
        ("wrong horse battery", "another horse battery", None, "This is not your password now"),
        (PASSWORD, "another horse battery", "a third horse battery", "The two new passwords differ"),
        (PASSWORD, "short", None, "Choose a password of 12 to 200 characters"),
    ],
)
def test_what_cannot_be_taken_changes_nothing(
    app: Flask, current: str, new: str, again: str | None, words: str
) -> None:
    mine = signed_in(app)

    answer = mine.post("/account/password", data={"current": current, "password": new, "again": again or new})

    assert answer.status_code == 422
    assert words in answer.text
    assert is_in(signed_in(app, password=PASSWORD))


def test_whoever_took_over_a_browser_cannot_try_passwords_without_end(app: Flask) -> None:
    mine = signed_in(app)

    answers = [change(mine, f"guess number {number}", "another horse battery") for number in range(11)]

    assert answers == [422] * 10 + [403]


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (FIREFOX, "Firefox on Linux"),
        (SAFARI, "Safari on iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("curl/8", "A browser"),
        ("", "A browser"),
    ],
)
def test_browsers_are_named_as_their_owners_name_them(user_agent: str, words: str) -> None:
    assert browser_in_words(user_agent) == words


def change(browser: FlaskClient, current: str, new: str) -> int:
    return browser.post("/account/password", data={"current": current, "password": new, "again": new}).status_code


def session_id(user_agent: str) -> int:
    words = browser_in_words(user_agent)
    return reading().scalars(select(BrowserSession.id).where(BrowserSession.browser == words)).one()

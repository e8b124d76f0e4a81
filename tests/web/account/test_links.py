from __future__ import annotations

import re

import pytest
from factories import make_member
from flask import Flask
from mailing import ADDRESS, Mailbox, Post, mail_server, mail_settings
from signing_in import PASSWORD, enter, is_in, later, signed_in, with_app
from sqlalchemy import func, select
from structlog.testing import capture_logs

from insights.core.access import Role
from insights.core.activity import ActivityEntry
from insights.core.clock import set_clock
from insights.people.accounts.links import link_token, make_way_in
from insights.people.models import Mail, Member, OneTimeLink, SignInFailure
from research_hub.db import reading, transaction

OTHER = {"password": "another horse battery", "again": "another horse battery"}
SAID = "If there is an account with this address"


@pytest.fixture(autouse=True)
def _noon(app: Flask) -> None:
    """The hub and its worker live by one clock."""
    set_clock(reading(), Post(app).clock)


@pytest.fixture
def ada(app: Flask) -> Member:
    with transaction() as unit:
        return make_member(unit, email="ada@example.org", name="Ada", role=Role.RESEARCHER, password=PASSWORD)


def set_up_mail(app: Flask, box: Mailbox) -> None:
    for name, value in mail_settings(box.port).items():
        setattr(app.extensions["settings"], name, value)


def ask(app: Flask, email: str = "ada@example.org", **more: str) -> str:
    browser = app.test_client()
    answer = browser.post("/forgotten-password", data={"email": email}, headers=more)
    assert answer.status_code in {303, 403}, answer.text
    return browser.get("/sign-in").text if answer.status_code == 303 else answer.text


def mailed_link(app: Flask, box: Mailbox) -> str:
    Post(app).work()
    text = box.taken[-1].get_body(("plain",))
    assert text is not None
    found = re.search(rf"{re.escape(ADDRESS)}(/new-password/[\w-]+)", text.get_content())
    assert found is not None
    return found.group(1)


def test_a_new_password_is_chosen_by_a_link_in_a_mail(app: Flask, ada: Member) -> None:
    browser = signed_in(app, ada)
    with mail_server() as box:
        set_up_mail(app, box)
        assert SAID in ask(app)
        path = mailed_link(app, box)
        assert app.test_client().get(path).status_code == 200

        answer = app.test_client().post(path, data=OTHER)

        Post(app).work()
    assert answer.location == "/sign-in"
    assert not is_in(browser)
    assert enter(app.test_client(), ada, OTHER["password"]) == "/"
    assert [message["Subject"] for message in box.taken] == ["Choose a new password", "Your password was changed"]


def test_the_link_is_good_once_and_for_an_hour(app: Flask, ada: Member) -> None:
    with mail_server() as box:
        set_up_mail(app, box)
        ask(app)
        path = mailed_link(app, box)
    with later(minutes=61):
        assert app.test_client().get(path).status_code == 404
        assert app.test_client().post(path, data=OTHER).status_code == 404
    assert app.test_client().post(path, data=OTHER).status_code == 303
    assert app.test_client().post(path, data=OTHER).status_code == 404


def test_the_link_does_not_get_past_the_second_factor(app: Flask, ada: Member) -> None:
    with_app(ada)
    with mail_server() as box:
        set_up_mail(app, box)
        ask(app)
        browser = app.test_client()
        browser.post(mailed_link(app, box), data=OTHER)

    assert not is_in(browser)
    assert enter(browser, ada, OTHER["password"]) == "/sign-in/second-factor"


def test_nobody_learns_from_it_who_has_an_account(app: Flask, ada: Member) -> None:
    with mail_server() as box:
        set_up_mail(app, box)

        known, unknown = ask(app), ask(app, "eve@example.org")
        for email in ("ada@example.org", "eve@example.org"):
            for _ in range(2):
                ask(app, email)

        assert _without_tokens(known) == _without_tokens(unknown)
        assert _without_tokens(ask(app)) == _without_tokens(ask(app, "eve@example.org"))
        assert "too often" in ask(app)
    assert reading().scalar(select(func.count()).select_from(Mail).where(Mail.kind == "new_password")) == 3


def test_the_link_is_made_from_the_base_address_whatever_host_was_asked(app: Flask, ada: Member) -> None:
    """A reset link from the Host header gave accounts away in another product."""
    with mail_server() as box:
        set_up_mail(app, box)
        browser = app.test_client()
        headers = {
            "X-Forwarded-Host": "evil.example",
            "Forwarded": "host=evil.example",
            "Origin": "http://evil.example",
        }
        browser.post("/forgotten-password", data={"email": ada.email}, headers=headers, base_url="http://127.0.0.1")
        refused = browser.post("/forgotten-password", data={"email": ada.email}, headers={"Host": "evil.example"})
        Post(app).work()

    assert refused.status_code == 400
    assert len(box.taken) == 1
    body = box.taken[0].as_string()
    assert f"{ADDRESS}/new-password/" in body
    assert "evil.example" not in body
    assert "127.0.0.1" not in body


def test_asking_again_makes_the_link_of_before_void(app: Flask, ada: Member) -> None:
    with mail_server() as box:
        set_up_mail(app, box)
        ask(app)
        first = mailed_link(app, box)
        ask(app)
        second = mailed_link(app, box)

    assert app.test_client().get(first).status_code == 404
    assert app.test_client().get(second).status_code == 200


def test_signing_out_everywhere_makes_a_link_void_that_somebody_else_asked_for(app: Flask, ada: Member) -> None:
    browser = signed_in(app, ada)
    with mail_server() as box:
        set_up_mail(app, box)
        ask(app)
        path = mailed_link(app, box)

    browser.post("/account/sessions/end-all")

    assert app.test_client().get(path).status_code == 404


def test_without_mail_the_page_says_whom_to_ask(app: Flask) -> None:
    browser = app.test_client()

    assert "Mail is not set up" in browser.get("/forgotten-password").text
    assert browser.post("/forgotten-password", data={"email": "ada@example.org"}).status_code == 409


def test_the_database_holds_no_link_that_opens(app: Flask, ada: Member) -> None:
    with mail_server() as box:
        set_up_mail(app, box)
        ask(app)
    row = reading().scalars(select(OneTimeLink)).one()

    for kept in (row.salt, row.token_hash):
        assert app.test_client().get(f"/new-password/{kept}").status_code == 404


def make_path(ada: Member) -> str:
    with transaction() as unit:
        return f"/way-in/{link_token(unit, make_way_in(unit, member=unit.get_one(Member, ada.id)))}"


def test_the_operators_way_in_lets_in_once_and_loudly(app: Flask, ada: Member) -> None:
    with transaction() as unit:
        make_member(unit, email="boss@example.org", role=Role.ADMINISTRATOR)
    path, browser = make_path(ada), app.test_client()
    with mail_server() as box, capture_logs() as logs:
        set_up_mail(app, box)
        assert browser.get(path).status_code == 200
        assert not is_in(browser)

        assert browser.post(path).status_code == 303

        Post(app).work()
    assert is_in(browser)
    assert sorted(box.recipients) == ["ada@example.org", "boss@example.org"]
    assert [(line["log_level"], line["member"]) for line in logs if "way in" in line["event"]] == [("warning", ada.ref)]
    assert "used the way in of" in reading().scalars(select(ActivityEntry.verb)).all()
    assert app.test_client().post(path).status_code == 404


def test_the_way_in_is_void_after_half_an_hour_and_for_a_closed_account(app: Flask, ada: Member) -> None:
    path = make_path(ada)
    with later(minutes=31):
        assert app.test_client().post(path).status_code == 404
    with transaction() as unit:
        unit.get_one(Member, ada.id).is_active = False
    assert app.test_client().post(path).status_code == 404


def test_a_link_of_one_kind_opens_no_door_of_another(app: Flask, ada: Member) -> None:
    token = make_path(ada).rpartition("/")[2]

    assert app.test_client().get(f"/new-password/{token}").status_code == 404
    assert app.test_client().get(f"/invitation/{token}").status_code == 404


def test_links_cannot_be_guessed_without_end(app: Flask, ada: Member) -> None:
    browser = app.test_client()

    answers = [browser.post(f"/way-in/guess{number}").status_code for number in range(31)]

    assert answers == [404] * 30 + [403]


def test_sign_in_is_paused_for_a_network_that_tries_many_addresses(app: Flask, ada: Member) -> None:
    with transaction() as unit:
        moment = unit.scalar(select(ActivityEntry.at).order_by(ActivityEntry.id.desc()).limit(1))
        unit.add_all(SignInFailure(email=f"{n}@example.org", at=moment, network="203.0.113.9") for n in range(100))
    data, browser = {"email": ada.email, "password": PASSWORD}, app.test_client()

    paused = browser.post("/sign-in", data=data, environ_base={"REMOTE_ADDR": "203.0.113.9"})
    other = browser.post("/sign-in", data=data, environ_base={"REMOTE_ADDR": "203.0.113.10"})

    assert (paused.status_code, other.status_code) == (403, 303)
    assert "from your network" in paused.text


def _without_tokens(page: str) -> str:
    return re.sub(r'value="[^"]*"', "", page)

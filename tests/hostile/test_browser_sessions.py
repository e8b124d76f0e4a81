"""Twelve ways to come by somebody else's session: prepared for them, played again, or kept after it should be over."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest
from factories import make_member
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from signing_in import (
    PASSWORD,
    code_now,
    enter,
    holding,
    is_in,
    later,
    session_row,
    signed_in,
    token_of,
    with_app,
)
from sqlalchemy import select

from insights.core.access import Role
from insights.core.clock import FixedClock, now, set_clock
from insights.people.models import BrowserSession, Member, SignInAttempt
from insights.people.operations import change_role, give_password, set_active
from research_hub.db import reading, transaction
from research_hub.security import TOKEN
from research_hub.web.account.coming_in import ATTEMPT

OTHER_PASSWORD = "another horse battery"


@pytest.fixture(autouse=True)
def _moment(app: Flask) -> None:
    set_clock(reading(), FixedClock(now(reading()).replace(second=15, microsecond=0)))


@pytest.fixture
def ada(app: Flask) -> Member:
    with transaction() as unit:
        return make_member(unit, name="Ada", role=Role.RESEARCHER, password=PASSWORD)


@pytest.fixture
def boss(app: Flask) -> Member:
    with transaction() as unit:
        return make_member(unit, name="Boss", role=Role.ADMINISTRATOR, password=PASSWORD)


def test_1_fixation_a_session_prepared_for_somebody_is_not_theirs_after_they_sign_in(app: Flask, ada: Member) -> None:
    victim = holding(app, **{TOKEN: "prepared", ATTEMPT: "prepared", "_flashes": []})

    enter(victim, ada)

    assert token_of(victim) != "prepared"
    assert not is_in(holding(app, **{TOKEN: "prepared"}))
    with victim.session_transaction() as cookie:
        assert ATTEMPT not in cookie


def test_2_fixation_signing_in_over_the_session_of_an_attacker_ends_that_session(
    app: Flask, ada: Member, boss: Member
) -> None:
    attacker = signed_in(app, ada)
    victim = holding(app, **{TOKEN: token_of(attacker)})

    enter(victim, boss)

    assert not is_in(attacker)
    assert "Boss" in victim.get("/account").text


def test_3_fixation_the_half_of_a_sign_in_is_of_no_use_in_another_browser_after_it_was_finished(
    app: Flask, ada: Member
) -> None:
    totp, victim = with_app(ada), app.test_client()
    enter(victim, ada)
    with victim.session_transaction() as cookie:
        half = str(cookie[ATTEMPT])

    victim.post("/sign-in/second-factor", data={"code": code_now(totp)})

    attacker = holding(app, **{ATTEMPT: half})
    assert attacker.get("/sign-in/second-factor").location == "/sign-in"
    with later(seconds=30):
        answer = attacker.post("/sign-in/second-factor", data={"code": code_now(totp)})
    assert answer.location == "/sign-in"
    assert not is_in(attacker)


def test_4_replay_a_copied_cookie_dies_with_signing_out(app: Flask, ada: Member) -> None:
    browser = signed_in(app, ada)
    copied = holding(app, **{TOKEN: token_of(browser)})
    assert is_in(copied)

    browser.post("/sign-out")

    assert not is_in(copied)


def test_5_replay_a_copied_cookie_dies_when_its_owner_proves_who_they_are(app: Flask, ada: Member) -> None:
    browser = signed_in(app, ada)
    copied = holding(app, **{TOKEN: token_of(browser)})

    with later(minutes=11):
        browser.post("/account/confirm", data={"password": PASSWORD})

        assert is_in(browser)
        assert not is_in(copied)


def test_6_replay_a_copied_cookie_dies_when_a_second_factor_is_added(app: Flask, ada: Member) -> None:
    browser = signed_in(app, ada)
    copied = holding(app, **{TOKEN: token_of(browser)})
    browser.post("/account/second-factor/app")
    page = browser.get("/account/second-factor/app").text
    secret = page.split('class="key">')[1].split("<")[0].replace(" ", "")

    browser.post("/account/second-factor/app/confirm", data={"code": _code(secret)})

    assert is_in(browser)
    assert not is_in(copied)


def test_7_replay_a_sign_in_that_was_left_half_way_is_void_after_ten_minutes(app: Flask, ada: Member) -> None:
    totp, browser = with_app(ada), app.test_client()
    enter(browser, ada)

    with later(minutes=11):
        answer = browser.post("/sign-in/second-factor", data={"code": code_now(totp)})

    assert answer.location == "/sign-in"
    assert not is_in(browser)


def test_8_replay_what_stands_in_the_database_opens_nothing(app: Flask, ada: Member) -> None:
    signed_in(app, ada)
    with_app(ada)
    enter(app.test_client(), ada)

    hashes = reading().scalars(select(BrowserSession.token_hash)).all()
    halves = reading().scalars(select(SignInAttempt.token_hash)).all()

    assert hashes
    assert halves
    assert not any(is_in(holding(app, **{TOKEN: each})) for each in hashes)
    for each in halves:
        assert holding(app, **{ATTEMPT: each}).get("/sign-in/second-factor").location == "/sign-in"


def test_9_forgery_a_cookie_signed_with_another_key_is_nobodys(app: Flask, ada: Member) -> None:
    browser = signed_in(app, ada)
    held, app.secret_key = app.secret_key, "somebody else's key"
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    app.secret_key = held
    assert signer is not None
    attacker = app.test_client()

    attacker.set_cookie(app.config["SESSION_COOKIE_NAME"], signer.dumps({TOKEN: token_of(browser)}))

    assert not is_in(attacker)


@pytest.mark.parametrize("how", ["own new password", "given password", "role changed", "account closed"])
def test_10_revocation_a_change_of_what_somebody_may_or_knows_ends_every_session(
    app: Flask, ada: Member, boss: Member, how: str
) -> None:
    first, second = signed_in(app, ada), signed_in(app, ada)
    if how == "own new password":
        new = {"current": PASSWORD, "password": OTHER_PASSWORD, "again": OTHER_PASSWORD}
        copied = holding(app, **{TOKEN: token_of(first)})
        assert first.post("/account/password", data=new).status_code == 303
        assert is_in(first)
        assert not is_in(copied)
    else:
        with transaction() as unit:
            member = unit.get_one(Member, ada.id)
            if how == "given password":
                give_password(unit, actor=boss, member=member, password=OTHER_PASSWORD)
            elif how == "role changed":
                change_role(unit, actor=boss, member=member, role=Role.READER.value)
            else:
                set_active(unit, actor=boss, member=member, active=False)
        assert not is_in(first)
    assert not is_in(second)


def test_11_revocation_signing_out_everywhere_reaches_every_browser_and_this_one(app: Flask, ada: Member) -> None:
    browsers = [signed_in(app, ada) for _ in range(3)]
    totp, half = with_app(ada), app.test_client()
    enter(half, ada)
    assert is_in(browsers[0])

    assert browsers[1].post("/account/sessions/end-all").location == "/sign-in"

    assert [is_in(each) for each in browsers] == [False] * 3
    half.post("/sign-in/second-factor", data={"code": code_now(totp)})
    assert not is_in(half)


@pytest.mark.parametrize(("idle", "longest", "step"), [(2, 14, 3), (12, 1, 11)])
def test_12_revocation_a_session_that_is_not_used_or_too_old_ends_by_the_installations_own_limits(
    app: Flask, ada: Member, idle: int, longest: int, step: int
) -> None:
    settings = app.extensions["settings"]
    settings.session_idle_hours, settings.session_longest_days = idle, longest
    browser = signed_in(app, ada)
    started = session_row(browser).started_at

    uses = 0
    while is_in(browser):
        uses += 1
        set_clock(reading(), FixedClock(now(reading()) + timedelta(hours=step)))

    assert uses == (1 if step > idle else 3)
    assert now(reading()) - started > min(timedelta(hours=idle), timedelta(days=longest))
    assert browser.get("/account").location == "/sign-in"


def _code(secret: str) -> str:
    return pyotp.TOTP(secret).at(now(reading()))

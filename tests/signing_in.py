"""Browsers that sign in as people do, and the app on their telephone, for tests of accounts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pyotp
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from insights.core.clock import FixedClock, now, set_clock
from insights.people.accounts.apps import begin_app, confirm_app
from insights.people.models import BrowserSession, Member
from insights.people.operations import token_hash
from research_hub.db import reading, transaction
from research_hub.security import TOKEN

PASSWORD = "correct horse battery"


def enter(browser: FlaskClient, member: Member, password: str = PASSWORD) -> str:
    """Types address and password; where one is led."""
    answer = browser.post("/sign-in", data={"email": member.email, "password": password})
    assert answer.status_code == 303, answer.text
    return answer.location


def signed_in(app: Flask, member: Member) -> FlaskClient:
    browser = app.test_client()
    assert enter(browser, member) == "/"
    return browser


def with_app(member: Member) -> pyotp.TOTP:
    """Sets up an authenticator app for the member, by a code of a minute ago, so that the one of now is fresh."""
    with transaction() as unit:
        totp = pyotp.TOTP(begin_app(unit, member=member))
        assert confirm_app(unit, member=member, code=code_at(totp, now(unit) - timedelta(seconds=30)))
    return totp


def code_at(totp: pyotp.TOTP, moment: datetime) -> str:
    return totp.at(moment)


def code_now(totp: pyotp.TOTP) -> str:
    return code_at(totp, now(reading()))


def is_in(browser: FlaskClient) -> bool:
    return browser.get("/account").status_code == 200


def token_of(browser: FlaskClient) -> str:
    with browser.session_transaction() as cookie:
        return str(cookie[TOKEN])


def holding(app: Flask, **cookie: str) -> FlaskClient:
    """Another browser that holds what somebody copied out of a cookie."""
    browser = app.test_client()
    with browser.session_transaction() as kept:
        kept.update(cookie)
    return browser


def session_row(browser: FlaskClient) -> BrowserSession:
    mine = BrowserSession.token_hash == token_hash(token_of(browser))
    return reading().scalars(select(BrowserSession).where(mine)).one()


@contextmanager
def later(**by: float) -> Iterator[None]:
    """The same hub, so many minutes or hours later."""
    before = reading().info.get("clock")
    set_clock(reading(), FixedClock(now(reading()) + timedelta(**by)))
    try:
        yield
    finally:
        reading().info["clock"] = before

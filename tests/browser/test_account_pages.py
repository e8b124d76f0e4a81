"""Every page of accounts in the states that people meet: accessible in light and dark, no wider than a telephone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest
from browser.conftest import served
from browser.gallery.looking import ASK_AXE, AXE
from factories import a_team, make_member
from flask import Flask
from playwright.sync_api import Browser, Page

from insights.core.access import Role
from insights.core.installation import ensure_database_id
from insights.people.accounts.links import link_token, make_link, make_way_in
from insights.people.models import LinkKind, Member
from research_hub.app import create_app
from research_hub.config import Settings
from research_hub.db import db, transaction

pytestmark = pytest.mark.browser

PASSWORD = "a long enough password"
# A port where nobody listens: a provider that is down.
NOBODY = "http://localhost:9"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[tuple[Flask, str]]:
    app = create_app(Settings(data=tmp_path / "data"))
    with app.app_context():
        db.create_all()
        with transaction() as unit:
            ensure_database_id(unit)
            a_team(unit)
            make_member(unit, email="ada@example.org", name="Ada", role=Role.ADMINISTRATOR, password=PASSWORD)
        db.session.remove()
    with served(app) as address:
        yield app, address
    with app.app_context():
        db.engine.dispose()
    app.extensions["search"].close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    context.set_default_timeout(8_000)
    yield context.new_page()
    context.close()


def look(page: Page) -> None:
    page.wait_for_selector("html[data-enhanced]")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    faults: list[str] = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of two words
        faults += page.evaluate(ASK_AXE)
    page.set_viewport_size({"width": 320, "height": 800})
    width = page.evaluate("document.documentElement.scrollWidth")
    page.set_viewport_size({"width": 1280, "height": 900})
    assert faults == [], page.url
    assert width <= 320, page.url


def sign_in(page: Page, address: str) -> None:
    page.goto(f"{address}/sign-in")
    page.get_by_label("E-mail").fill("ada@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_setting_up_and_using_a_second_factor(hub: tuple[Flask, str], page: Page) -> None:
    sign_in(page, hub[1])
    for path in ("/account", "/account/confirm", "/account/second-factor"):
        page.goto(hub[1] + path)
        look(page)
    page.get_by_role("button", name="Set up an app").click()
    look(page)
    page.get_by_role("button", name="Use this app").click()
    page.get_by_text("There is a problem").wait_for()
    look(page)
    secret = page.locator("code.key").inner_text().replace(" ", "")
    page.get_by_label("Code from your app").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Use this app").click()
    page.get_by_role("button", name="Make recovery codes").click()
    look(page)
    page.goto(f"{hub[1]}/account")
    look(page)
    page.get_by_role("button", name="Sign out everywhere").click()
    sign_in(page, hub[1])
    page.get_by_text("Use a recovery code instead").click()
    look(page)
    page.get_by_role("button", name="Continue").click()
    page.get_by_text("There is a problem").wait_for()
    look(page)


def test_inviting_somebody_and_being_invited(hub: tuple[Flask, str], page: Page) -> None:
    sign_in(page, hub[1])
    page.goto(f"{hub[1]}/invitations")
    look(page)
    page.get_by_label("E-mail address").fill("nina@example.org")
    page.get_by_role("button", name="Invite", exact=True).click()
    look(page)
    link = page.locator("#link").input_value()
    page.goto(f"{hub[1]}/invitations")
    look(page)
    page.goto(f"{hub[1]}/invitation/{link.rpartition('/')[2]}")
    look(page)
    page.get_by_role("button", name="Make my account").click()
    page.get_by_text("There is a problem").wait_for()
    look(page)


def test_links_and_single_sign_on(hub: tuple[Flask, str], page: Page) -> None:
    app, address = hub
    with app.app_context(), transaction() as unit:
        ada = unit.get_one(Member, 1)
        new_password = link_token(unit, make_link(unit, LinkKind.NEW_PASSWORD, member=ada))
        way_in = link_token(unit, make_way_in(unit, member=ada))
    settings = app.extensions["settings"]
    settings.oidc_issuer, settings.oidc_client_id, settings.oidc_name = NOBODY, "research-hub", "the staff account"
    settings.oidc_local_accounts = ["ada@example.org"]
    paths = ("/sign-in", "/forgotten-password", f"/new-password/{new_password}", f"/way-in/{way_in}")

    for path in (*paths, "/new-password/none", "/way-in/none", "/invitation/none", "/sign-in/single-sign-on"):
        page.goto(address + path)
        look(page)
    settings.mail_host = "127.0.0.1"
    page.goto(f"{address}/forgotten-password")
    look(page)

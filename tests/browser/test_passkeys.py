"""Passkeys in a real browser, with an authenticator that Chromium plays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from browser.conftest import served
from factories import a_team, make_member
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, expect
from sqlalchemy import select

from insights.core.access import Role
from insights.core.installation import ensure_database_id
from insights.people.models import Passkey
from research_hub.app import create_app
from research_hub.config import Settings
from research_hub.db import db, transaction

pytestmark = pytest.mark.browser

PASSWORD = "a long enough password"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@dataclass
class Desk:
    """A person before a browser with a device that holds passkeys."""

    app: Any
    page: Page
    devices: CDPSession
    device: str
    address: str

    def sign_in_with_password(self, email: str = "ada@example.org") -> None:
        self.page.goto(f"{self.address}/sign-in")
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in", exact=True).click()

    def add_passkey(self, name: str = "work laptop") -> None:
        self.page.goto(f"{self.address}/account/second-factor")
        self.page.get_by_label("Name of the new passkey").fill(name)
        self.page.get_by_role("button", name="Add a passkey").click()

    def sign_out(self) -> None:
        self.page.goto(f"{self.address}/account")
        self.page.get_by_role("button", name="Sign out everywhere").click()

    def expect_to_be_in(self) -> None:
        expect(self.page.get_by_role("link", name="Log", exact=True)).to_be_visible()


@pytest.fixture
def desk(browser: Browser, tmp_path: Path) -> Iterator[Desk]:
    app = create_app(Settings(data=tmp_path / "data"))
    with app.app_context():
        db.create_all()
        with transaction() as unit:
            ensure_database_id(unit)
            a_team(unit)
            make_member(unit, email="ada@example.org", name="Ada", role=Role.READER, password=PASSWORD)
            make_member(unit, email="eve@example.org", name="Eve", role=Role.READER, password=PASSWORD)
        db.session.remove()
    with served(app) as address:
        context: BrowserContext = browser.new_context()
        context.set_default_timeout(8_000)
        page = context.new_page()
        devices = context.new_cdp_session(page)
        devices.send("WebAuthn.enable")
        made = devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
        # Passkeys belong to a name; an IP address is none.
        yield Desk(app, page, devices, made["authenticatorId"], address.replace("127.0.0.1", "localhost"))
        context.close()
    with app.app_context():
        db.engine.dispose()
    app.extensions["search"].close()


def test_a_passkey_is_added_by_name_and_signs_in_by_itself(desk: Desk) -> None:
    desk.sign_in_with_password()
    desk.expect_to_be_in()
    desk.add_passkey()
    expect(desk.page.get_by_role("cell", name="work laptop", exact=True)).to_be_visible()
    desk.sign_out()

    desk.page.get_by_role("button", name="Use a passkey").click()

    desk.expect_to_be_in()
    desk.page.goto(f"{desk.address}/account")
    expect(desk.page.get_by_text("with a passkey")).to_be_visible()


def test_after_the_password_the_passkey_is_asked_for_and_is_enough(desk: Desk) -> None:
    desk.sign_in_with_password()
    desk.add_passkey()
    expect(desk.page.get_by_text("Passkey added")).to_be_visible()
    desk.sign_out()

    desk.sign_in_with_password()
    expect(desk.page.get_by_role("heading", name="One more step")).to_be_visible()
    assert desk.page.request.get(f"{desk.address}/account", max_redirects=0).status == 303
    desk.page.get_by_role("button", name="Use your passkey").click()

    desk.expect_to_be_in()


def test_after_somebodys_password_the_passkey_of_another_is_not_taken(desk: Desk) -> None:
    desk.sign_in_with_password("eve@example.org")
    desk.add_passkey("of Eve")
    expect(desk.page.get_by_text("Passkey added")).to_be_visible()
    of_eve = desk.devices.send("WebAuthn.getCredentials", {"authenticatorId": desk.device})["credentials"]
    desk.sign_out()
    desk.sign_in_with_password()
    desk.devices.send("WebAuthn.clearCredentials", {"authenticatorId": desk.device})
    desk.add_passkey("of Ada")
    expect(desk.page.get_by_text("Passkey added")).to_be_visible()
    desk.sign_out()
    desk.devices.send("WebAuthn.clearCredentials", {"authenticatorId": desk.device})
    for each in of_eve:
        desk.devices.send("WebAuthn.addCredential", {"authenticatorId": desk.device, "credential": each})

    desk.sign_in_with_password()
    desk.page.get_by_role("button", name="Use your passkey").click()

    expect(desk.page.get_by_text("This passkey fits no account here")).to_be_visible()
    assert desk.page.request.get(f"{desk.address}/account", max_redirects=0).status == 303


def test_a_device_whose_owner_did_not_unlock_it_adds_and_opens_nothing(desk: Desk) -> None:
    desk.sign_in_with_password()
    desk.devices.send("WebAuthn.setUserVerified", {"authenticatorId": desk.device, "isUserVerified": False})

    desk.add_passkey()

    expect(desk.page.get_by_text("The passkey was not used")).to_be_visible()
    assert _passkeys(desk) == []


def test_a_copied_device_whose_count_fell_behind_is_refused(desk: Desk) -> None:
    """A key that was used less often than we have seen was copied (WebAuthn, 6.1.1)."""
    desk.sign_in_with_password()
    desk.add_passkey()
    expect(desk.page.get_by_text("Passkey added")).to_be_visible()
    desk.sign_out()
    with desk.app.app_context(), transaction() as unit:
        unit.scalars(select(Passkey)).one().sign_count = 1_000

    desk.page.get_by_role("button", name="Use a passkey").click()

    expect(desk.page.get_by_text("This passkey fits no account here")).to_be_visible()


def test_a_removed_passkey_opens_nothing(desk: Desk) -> None:
    desk.sign_in_with_password()
    desk.add_passkey()
    desk.page.get_by_role("button", name="Remove the passkey work laptop").click()
    expect(desk.page.get_by_text("is removed")).to_be_visible()
    desk.sign_out()

    desk.page.get_by_role("button", name="Use a passkey").click()

    expect(desk.page.get_by_text("This passkey fits no account here")).to_be_visible()


def test_an_answer_that_is_sent_a_second_time_opens_nothing(desk: Desk) -> None:
    desk.sign_in_with_password()
    desk.add_passkey()
    expect(desk.page.get_by_text("Passkey added")).to_be_visible()
    desk.sign_out()
    sent: list[str] = []
    desk.page.on("request", lambda asked: sent.append(asked.post_data or "") if asked.method == "POST" else None)
    desk.page.get_by_role("button", name="Use a passkey").click()
    desk.expect_to_be_in()
    answer = next(each for each in sent if "credential=" in each)
    desk.sign_out()
    token = desk.page.locator("form [name=csrf_token]").first.get_attribute("value")

    fields = "&".join(part for part in answer.split("&") if not part.startswith("csrf_token="))
    again = desk.page.request.post(
        f"{desk.address}/sign-in/passkey",
        data=f"{fields}&csrf_token={token}",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        max_redirects=0,
    )

    assert again.status == 422


def test_without_javascript_the_pages_say_so_and_everything_else_works(browser: Browser, desk: Desk) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{desk.address}/sign-in")

    expect(page.get_by_text("Passkeys need JavaScript")).to_be_visible()
    expect(page.get_by_role("button", name="Use a passkey")).to_be_hidden()
    page.get_by_label("E-mail").fill("ada@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.goto(f"{desk.address}/account/second-factor")
    page.get_by_role("button", name="Set up an app").click()
    expect(page.get_by_role("heading", name="Set up an authenticator app")).to_be_visible()
    context.close()


def _passkeys(desk: Desk) -> list[Passkey]:
    with desk.app.app_context():
        return list(db.session.scalars(select(Passkey)))

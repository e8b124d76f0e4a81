"""Single sign-on at a provider that somebody else wrote, through a real browser."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests
from demonstration import close
from factories import make_member, make_team
from flask import Flask
from live import served
from playwright.sync_api import Browser, Page, expect
from pydantic import SecretStr

from insights.core.access import Role
from insights.core.installation import ensure_database_id
from research_hub.app import create_app
from research_hub.config import Settings
from research_hub.db import db, transaction

pytestmark = pytest.mark.browser

PASSWORD = "a long enough password"


@contextmanager
def somebody_elses_provider() -> Iterator[str]:
    """The package oidc-provider-mock in a process of its own."""
    port = _free_port()
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "oidc_provider_mock",
        "--port",
        str(port),
        "--require-nonce",
        "true",
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    # It calls itself by the name that it is asked by.
    address = f"http://localhost:{port}"
    try:
        _wait_for(f"{address}/.well-known/openid-configuration", process)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=10)


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with somebody_elses_provider() as address:
        yield address


@pytest.fixture
def hub(tmp_path: Path, issuer: str) -> Iterator[tuple[Flask, str]]:
    app = create_app(Settings(data=tmp_path / "data"))
    with app.app_context():
        db.create_all()
        with transaction() as unit:
            ensure_database_id(unit)
            team = make_team(unit, name="Grants")
            make_member(unit, email="ada@example.org", name="Ada Byron", role=Role.READER, team=team, password=PASSWORD)
        db.session.remove()
    with served(app) as address:
        settings = app.extensions["settings"]
        settings.base_url = address.replace("127.0.0.1", "localhost")
        settings.oidc_issuer, settings.oidc_client_id = issuer, "research-hub"
        settings.oidc_client_secret, settings.oidc_name = SecretStr("anything will do here"), "the staff account"
        settings.oidc_roles = {"researchers": Role.RESEARCHER}
        yield app, settings.base_url
    with app.app_context():
        close(app)


def is_known(issuer: str, sub: str, **claims: Any) -> None:
    requests.put(f"{issuer}/users/{sub}", json=claims, timeout=10).raise_for_status()


def go_through(page: Page, address: str, sub: str) -> None:
    page.goto(f"{address}/sign-in")
    page.get_by_role("link", name="Sign in with the staff account").click()
    page.locator("input[name=sub]").fill(sub)
    page.get_by_role("button", name="Authorize").click()


def test_somebody_of_the_right_group_comes_in_for_the_first_time_and_signs_out_at_both(
    hub: tuple[Flask, str], issuer: str, browser: Browser
) -> None:
    is_known(issuer, "nina", email="nina@example.org", email_verified=True, name="Nina Simon", groups=["researchers"])
    context = browser.new_context()
    page = context.new_page()

    go_through(page, hub[1], "nina")

    expect(page.get_by_role("link", name="Log", exact=True)).to_be_visible()
    page.goto(f"{hub[1]}/account")
    expect(page.locator("dl.facts")).to_contain_text("nina@example.org")
    expect(page.locator("dl.facts")).to_contain_text("Researcher")
    expect(page.get_by_text("through single sign-on")).to_be_visible()
    page.get_by_role("button", name="Sign out", exact=True).last.click()
    page.get_by_role("link", name="Sign out there too").click()
    page.wait_for_url(f"{issuer}/**")
    context.close()


def test_somebody_who_is_here_already_signs_in_once_as_before_and_then_through_the_provider(
    hub: tuple[Flask, str], issuer: str, browser: Browser
) -> None:
    is_known(issuer, "ada", email="ada@example.org", email_verified=True, name="Ada", groups=["researchers"])
    context = browser.new_context()
    page = context.new_page()
    go_through(page, hub[1], "ada")
    expect(page.get_by_text("Sign in to it once")).to_be_visible()
    page.get_by_label("E-mail").fill("ada@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("Your account is linked")).to_be_visible()
    context.clear_cookies()

    go_through(page, hub[1], "ada")

    page.goto(f"{hub[1]}/account")
    expect(page.locator("dl.facts")).to_contain_text("Ada Byron")
    # The groups of the provider say the role from now on.
    expect(page.locator("dl.facts")).to_contain_text("Researcher")
    context.close()


def test_whoever_is_not_let_in_there_is_told_so_here(hub: tuple[Flask, str], issuer: str, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{hub[1]}/sign-in")
    page.get_by_role("link", name="Sign in with the staff account").click()

    page.get_by_role("button", name="Deny").click()

    expect(page.get_by_text("Nobody was signed in")).to_be_visible()
    context.close()


def _free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        assert process.poll() is None, "the provider did not start"
        try:
            requests.get(address, timeout=2).raise_for_status()
        except requests.RequestException:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the provider did not answer")

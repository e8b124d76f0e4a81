"""The tray in a real browser: two hits put in with one key while the page stays open, then a decision drafted."""

from __future__ import annotations

import pytest
from demonstration import token_of
from flask import Flask
from playwright.sync_api import Browser, expect

from insights.core.access import Role

pytestmark = pytest.mark.browser


def test_two_hits_go_in_by_one_key_and_become_a_decision_draft(chromium: Browser, demo: Flask, address: str) -> None:
    context = chromium.new_context()
    context.set_default_timeout(15_000)
    cookie = {"name": demo.config["SESSION_COOKIE_NAME"], "value": token_of(demo, Role.APPROVER)}
    context.add_cookies([{**cookie, "url": address}])  # type: ignore[typeddict-item]  # a cookie needs no more
    page = context.new_page()
    page.goto(f"{address}/evidence?kind=insight&status=published")
    page.wait_for_selector("html[data-enhanced]")
    here = page.url

    page.keyboard.press("t")
    expect(page.get_by_text("Choose a result first")).to_be_visible()
    for number in ("1", "2"):
        page.keyboard.press("j")
        page.keyboard.press("t")
        expect(page.locator("[data-tray-count]")).to_have_text(number)
    expect(page.get_by_role("button", name="Take out of tray")).to_have_count(2)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("[data-tray-count]")).to_have_text("1")
    page.keyboard.press("t")
    expect(page.locator("[data-tray-count]")).to_have_text("2")
    assert page.url == here

    page.keyboard.press("g")
    page.keyboard.press("t")
    expect(page.locator(".tray-item")).to_have_count(2)
    second = page.locator(".tray-item").nth(1).get_attribute("id")
    page.locator(".tray-item").nth(1).get_by_role("button", name="Move up").press("Enter")
    expect(page.locator(".tray-item").first).to_have_attribute("id", second or "")
    page.get_by_role("link", name="Draft a decision").click()
    page.get_by_label("What is decided, in one sentence").fill("Say what happens next, first")
    reasons = page.get_by_label("Why it counts here, in one sentence")
    expect(reasons).to_have_count(2)
    for number in range(2):
        reasons.nth(number).fill(f"It shows where people stop, {number}.")
    page.get_by_role("button", name="Draft the decision").click()

    expect(page.get_by_text("with 2 insights linked")).to_be_visible()
    expect(page.get_by_role("heading", name="Say what happens next, first", level=1)).to_be_visible()
    expect(page.locator(".linked")).to_have_count(2)
    context.close()

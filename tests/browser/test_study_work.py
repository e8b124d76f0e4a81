"""A study's work in a real browser: from a typed note to a template and back, a look at prior work, one press."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from demonstration import token_of
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from insights.capture.models import Study
from insights.core.access import Role
from research_hub.db import reading

pytestmark = pytest.mark.browser


@pytest.fixture
def page(chromium: Browser, demo: Flask, address: str) -> Iterator[Page]:
    context = chromium.new_context()
    context.add_cookies([{"name": "research_hub", "value": token_of(demo, Role.RESEARCHER), "url": address}])
    context.set_default_timeout(8_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def clinic(demo: Flask) -> str:
    with demo.app_context():
        return reading().scalars(select(Study).where(Study.title == "Booking a community clinic")).one().ref


def test_what_was_just_typed_stands_above_the_template(page: Page, address: str) -> None:
    page.goto(f"{address}/sessions/new")
    page.get_by_label("Notes", exact=True).fill("She came late and was sorry for it.")

    page.get_by_role("button", name="Begin from a template").click()
    expect(page.get_by_text("are written already and are kept as a draft")).to_be_visible()
    page.get_by_role("button", name=re.compile("Put it below .*Interview note")).click()

    notes = page.get_by_label("Notes", exact=True).input_value()
    assert notes.startswith("She came late and was sorry for it.\n\n## Before we began")
    expect(page.get_by_role("region", name="Kept copy")).to_have_count(0)


def test_a_plan_is_typed_left_and_found_again(page: Page, address: str, clinic: str) -> None:
    page.clock.install()
    page.goto(f"{address}/studies/{clinic}/plan/edit")
    page.locator("html[data-enhanced]").wait_for(state="attached")
    page.get_by_label("Goals").fill("Agree on one rule for invitations.")
    page.clock.fast_forward(11_000)
    expect(page.get_by_text("Draft saved")).to_be_visible()

    page.goto(f"{address}/studies/{clinic}/plan/edit")

    expect(page.get_by_text("is back.")).to_be_visible()
    expect(page.get_by_label("Goals")).to_have_value("Agree on one rule for invitations.")


def test_what_one_makes_of_a_record_is_chosen_with_the_keyboard_and_kept(page: Page, address: str, clinic: str) -> None:
    page.goto(f"{address}/studies/{clinic}/prior-work?q=parents")
    first = page.get_by_label("What you make of").first
    ref = (first.get_attribute("id") or "").removeprefix("verdict-")
    first.focus()
    page.keyboard.press("u")
    page.get_by_label("What you found, in a sentence").fill("Parents were asked before.")

    page.get_by_role("button", name="I have looked").click()
    page.get_by_role("link", name="What is already known").click()

    expect(page.get_by_text("Parents were asked before.").first).to_be_visible()
    expect(page.get_by_text("Used:").get_by_role("link", name=ref, exact=True)).to_be_visible()


def test_i_watched_this_is_one_press_and_can_be_taken_back(page: Page, address: str) -> None:
    page.goto(f"{address}/sessions/SES-3")
    page.get_by_role("button", name="I watched this").click()

    expect(page.get_by_text("count for you").first).to_be_visible()
    page.get_by_role("button", name="I was not there").click()
    expect(page.get_by_role("button", name="I watched this")).to_be_visible()

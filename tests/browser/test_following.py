"""Following a record from its page, with scripts and without, and saving a search from its results."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from demonstration import token_of
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from insights.core.access import Role

pytestmark = pytest.mark.browser


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def page(request: pytest.FixtureRequest, chromium: Browser, demo: Flask, address: str) -> Iterator[Page]:
    context = chromium.new_context(java_script_enabled=request.param)
    context.add_cookies([{"name": "research_hub", "value": token_of(demo, Role.READER), "url": address}])
    context.set_default_timeout(8_000)
    yield context.new_page()
    context.close()


def test_a_record_is_followed_and_left_from_its_own_page(page: Page, address: str) -> None:
    page.goto(f"{address}/decisions/DEC-1")

    page.get_by_role("button", name="Follow DEC-1").click()
    expect(page.get_by_text("You follow DEC-1. What is new stands under Saved.")).to_be_visible()
    page.goto(f"{address}/saved")
    page.get_by_role("button", name="Stop following").click()

    expect(page.get_by_text("You no longer follow DEC-1.")).to_be_visible()
    page.goto(f"{address}/decisions/DEC-1")
    expect(page.get_by_role("button", name="Follow DEC-1")).to_be_visible()


def test_the_page_of_what_is_followed_says_so_where_scripts_run(chromium: Browser, demo: Flask, address: str) -> None:
    context = chromium.new_context()
    context.add_cookies([{"name": "research_hub", "value": token_of(demo, Role.APPROVER), "url": address}])
    page = context.new_page()
    page.goto(f"{address}/insights/INS-1")
    page.get_by_role("button", name="Follow INS-1").click()

    expect(page.get_by_role("button", name="Stop following")).to_be_visible()
    expect(page.get_by_role("button", name="Follow INS-1")).to_have_count(0)
    context.close()


def test_a_search_is_saved_from_its_results_and_deleted_and_brought_back(page: Page, address: str) -> None:
    page.goto(f"{address}/evidence?q=letter&kind=insight")

    page.get_by_role("link", name="Save this search").click()
    page.get_by_label("Name").fill("Insights about letters")
    page.get_by_label("Once a week, on Mondays").check()
    page.get_by_role("button", name="Save", exact=True).click()

    kept = page.get_by_role("link", name="Insights about letters", exact=True)
    expect(kept).to_have_attribute("href", "/evidence?q=letter&kind=insight")
    page.get_by_role("button", name="Delete Insights about letters").click()
    expect(kept).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(kept).to_be_visible()
    page.get_by_role("button", name="Delete Insights about letters").click()

"""The codebook in a real browser: filtered and folded, a tag split with one key a quote, an act undone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from browser.conftest import served
from demonstration import app_on_copy, token_of
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from insights.core.access import Role

pytestmark = pytest.mark.browser


@pytest.fixture
def demo(told, tmp_path) -> Iterator[Flask]:  # type: ignore[no-untyped-def]  # noqa: ANN001 - as the shared one
    """A copy of its own for each test, since each changes tags."""
    with app_on_copy(told, tmp_path / "data") as app:
        app.config["WTF_CSRF_ENABLED"] = True
        yield app


@pytest.fixture
def address(demo: Flask) -> Iterator[str]:
    with served(demo) as found:
        yield found


def test_the_tree_is_filtered_as_one_types_and_folded_by_keys(chromium: Browser, demo: Flask, address: str) -> None:
    with _page(chromium, demo, f"{address}/tags") as page:
        page.get_by_label("Show tags with these words").fill("waiting")
        expect(page.get_by_role("link", name="waiting", exact=True)).to_be_visible()
        expect(page.get_by_role("link", name="effort", exact=True)).to_be_visible()
        expect(page.get_by_role("link", name="errors", exact=True)).to_be_hidden()
        expect(page.get_by_text("1 tag", exact=True)).to_be_visible()

        page.get_by_label("Show tags with these words").fill("")
        fold = page.get_by_role("button", name="Tags within effort")
        fold.press("ArrowLeft")
        expect(page.get_by_role("link", name="waiting", exact=True)).to_be_hidden()
        expect(fold).to_have_attribute("aria-expanded", "false")
        fold.press("ArrowRight")
        expect(page.get_by_role("link", name="waiting", exact=True)).to_be_visible()


def test_a_tag_is_split_with_one_key_a_quote_and_put_together_again(
    chromium: Browser, demo: Flask, address: str
) -> None:
    with _page(chromium, demo, f"{address}/tags?q=sender") as page:
        page.get_by_role("link", name="sender", exact=True).click()
        quotes = page.get_by_role("link", name="All 9 quotes")
        expect(quotes).to_be_visible()
        here = page.url
        page.get_by_role("link", name="Split into several").click()
        page.wait_for_selector("html[data-enhanced]")

        page.locator("#name-1").fill("by text message")
        page.locator("#name-2").fill("by letter")
        page.locator("[data-split-quote]").first.focus()
        for key in "120121212":
            page.keyboard.press(key)
        page.get_by_role("button", name="Split", exact=True).click()

        expect(page.get_by_role("link", name="All 1 quote")).to_be_visible()
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_text("Undone: “trust/sender” split")).to_be_visible()
        assert page.url == here
        expect(quotes).to_be_visible()
        page.goto(f"{address}/tags?q=by+letter")
        expect(page.get_by_text("No tag has these words")).to_be_visible()


def test_two_tags_become_one_without_scripts(chromium: Browser, demo: Flask, address: str) -> None:
    with _page(chromium, demo, f"{address}/tags?q=sender", scripts=False) as page:
        page.get_by_role("link", name="sender", exact=True).click()
        old = page.url
        page.get_by_role("link", name="Merge into another tag").click()
        page.get_by_label("Merge into").select_option("trust/proof")
        page.get_by_role("button", name="Compare the two").click()
        expect(page.get_by_text("trust/sender, which goes")).to_be_visible()
        page.get_by_role("button", name="Merge", exact=True).click()

        page.goto(old)
        expect(page.get_by_role("heading", name="proof", exact=True)).to_be_visible()
        expect(page.get_by_text("“trust/sender” was merged into this tag.")).to_be_visible()


def test_a_number_of_the_report_opens_as_many_quotes(chromium: Browser, demo: Flask, address: str) -> None:
    with _page(chromium, demo, f"{address}/reports/co-occurrence") as page:
        cell = page.get_by_role("region", name="Tags beside tags").locator("td:not(.itself) a").first
        number = int(cell.inner_text())
        cell.click()

        expect(page.get_by_role("heading", level=1)).to_contain_text(" and ")
        expect(page.locator("main blockquote")).to_have_count(number)


def test_a_tag_is_renamed_with_the_keyboard_and_the_name_taken_back(
    chromium: Browser, demo: Flask, address: str
) -> None:
    with _page(chromium, demo, f"{address}/tags") as page:
        page.keyboard.press("j")
        expect(page.get_by_role("link", name="attention", exact=True)).to_be_focused()
        page.keyboard.press("Enter")
        _go(page, "Rename")
        page.get_by_label("Name", exact=True).press("Control+a")
        page.keyboard.type("what is noticed")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1, name="what is noticed")).to_be_visible()
        expect(page.get_by_text("attention", exact=True)).to_be_visible()  # as another word for it

        _undo(page)
        expect(page.get_by_role("heading", level=1, name="attention")).to_be_visible()
        page.goto(f"{address}/tags?q=noticed")
        expect(page.get_by_text("No tag has these words")).to_be_visible()


def test_a_tag_is_moved_with_the_keyboard_and_moved_back(chromium: Browser, demo: Flask, address: str) -> None:
    with _page(chromium, demo, f"{address}/tags?q=sender") as page:
        page.get_by_role("link", name="sender", exact=True).press("Enter")
        _go(page, "Move it elsewhere")
        page.get_by_label("Within", exact=True).focus()
        page.keyboard.type("effort")
        expect(page.get_by_label("Within", exact=True).locator("option:checked")).to_have_text("effort")
        page.get_by_role("button", name="Move", exact=True).press("Enter")
        path = page.get_by_role("navigation", name="Where this tag stands")
        expect(path.get_by_role("link", name="effort")).to_be_visible()
        expect(page.get_by_role("link", name="All 9 quotes")).to_be_visible()

        _undo(page)
        expect(path.get_by_role("link", name="trust")).to_be_visible()
        expect(page.get_by_role("link", name="All 9 quotes")).to_be_visible()


def test_two_tags_become_one_with_the_keyboard_and_are_two_again(chromium: Browser, demo: Flask, address: str) -> None:
    with _page(chromium, demo, f"{address}/tags?q=sender") as page:
        page.get_by_role("link", name="sender", exact=True).press("Enter")
        expect(page.get_by_role("link", name="All 9 quotes")).to_be_visible()
        own = page.url
        _go(page, "Merge into another tag")
        page.get_by_label("Merge into").focus()
        page.keyboard.type("trust/proof")
        page.get_by_role("button", name="Compare the two").press("Enter")
        expect(page.get_by_text("trust/proof, which stays")).to_be_visible()
        page.get_by_role("button", name="Merge", exact=True).press("Enter")
        expect(page.get_by_role("heading", level=1, name="proof")).to_be_visible()
        expect(page.locator(".panel", has_text="Merged into it")).to_contain_text("trust/sender")

        _undo(page)
        page.goto(own)
        expect(page.get_by_role("heading", level=1, name="sender")).to_be_visible()
        expect(page.get_by_role("link", name="All 9 quotes")).to_be_visible()


def test_a_tag_is_retired_with_the_keyboard_and_offered_again(chromium: Browser, demo: Flask, address: str) -> None:
    with _page(chromium, demo, f"{address}/tags?q=sender") as page:
        page.get_by_role("link", name="sender", exact=True).press("Enter")
        page.get_by_role("button", name="Retire", exact=True).press("Enter")
        expect(page.get_by_text("“trust/sender” retired.")).to_be_visible()
        expect(page.get_by_text("retired", exact=True)).to_be_visible()
        expect(page.get_by_role("link", name="All 9 quotes")).to_be_visible()

        _undo(page)
        expect(page.get_by_text("active", exact=True)).to_be_visible()


def _go(page: Page, name: str) -> None:
    """Follows a link of the page as the keyboard does, and waits until the keys of the next page answer."""
    with page.expect_navigation():
        page.get_by_role("link", name=name, exact=True).press("Enter")
    page.wait_for_selector("html[data-enhanced]")


def _undo(page: Page) -> None:
    """Takes back what was just done, with its key."""
    page.wait_for_selector("html[data-enhanced]")
    with page.expect_navigation():
        page.keyboard.press("z")


@contextmanager
def _page(chromium: Browser, demo: Flask, address: str, *, scripts: bool = True) -> Iterator[Page]:
    context = chromium.new_context(java_script_enabled=scripts, viewport={"width": 1280, "height": 900})
    context.set_default_timeout(8_000)
    cookie = {"name": demo.config["SESSION_COOKIE_NAME"], "value": token_of(demo, Role.RESEARCHER), "url": address}
    context.add_cookies([cookie])  # type: ignore[list-item]  # Playwright's own mapping
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(address)
    if scripts:
        page.wait_for_selector("html[data-enhanced]")
    yield page
    context.close()
    assert faults == []

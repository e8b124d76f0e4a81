"""A decision finds its evidence while its title is typed: with a mouse, with keys alone, and without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from browser.conftest import served
from demonstration import app_on_copy, token_of
from flask import Flask
from playwright.sync_api import Browser, Page, Request, expect

from insights.core.access import Role

pytestmark = pytest.mark.browser
TITLE = "Put the next step before the result in the letter"


@pytest.fixture
def demo(told, tmp_path) -> Iterator[Flask]:  # type: ignore[no-untyped-def]  # noqa: ANN001 - as the shared one
    """A copy of its own for each test, since each writes a decision."""
    with app_on_copy(told, tmp_path / "data") as app:
        app.config["WTF_CSRF_ENABLED"] = True
        yield app


@pytest.fixture
def address(demo: Flask) -> Iterator[str]:
    with served(demo) as found:
        yield found


def test_two_clicks_and_a_sentence_link_what_is_found_while_one_types(
    chromium: Browser, demo: Flask, address: str
) -> None:
    with _page(chromium, demo, f"{address}/decisions/new") as page:
        page.get_by_label("What do you decide?").press_sequentially(TITLE, delay=5)
        first = page.locator(".match").first
        expect(first).to_be_visible()
        expect(first).to_contain_text("for,")
        expect(page.get_by_role("status").filter(has_text="found")).to_be_visible()
        expect(first.get_by_label("Why, in one sentence")).to_be_hidden()
        ref = first.get_attribute("data-match")

        first.get_by_role("checkbox").check()
        first.get_by_label("Why, in one sentence").fill("They stopped reading at the result.")
        page.get_by_role("button", name="Save and link evidence").click()

        expect(page.get_by_role("heading", level=1, name=TITLE)).to_be_visible()
        expect(page.locator(".through").filter(has_text=ref or "")).to_contain_text(
            "They stopped reading at the result."
        )


def test_what_is_ticked_keeps_its_sentence_while_the_title_changes_and_old_questions_are_dropped(
    chromium: Browser, demo: Flask, address: str
) -> None:
    asked: list[str] = []

    def note(request: Request) -> None:
        if "/decisions/evidence" in request.url:
            asked.append(request.url)

    with _page(chromium, demo, f"{address}/decisions/new") as page:
        page.on("request", note)
        title = page.get_by_label("What do you decide?")
        title.press_sequentially(TITLE, delay=5)
        first = page.locator(".match").first
        expect(first).to_be_visible()
        expect(page.get_by_role("status").filter(has_text="found")).to_be_visible()
        assert 1 <= len(asked) < len(TITLE) / 2, "far fewer questions than letters"
        ref = first.get_attribute("data-match")
        first.get_by_role("checkbox").check()
        first.get_by_label("Why, in one sentence").fill("Kept words.")

        title.fill("Send reminders as text messages")
        page.wait_for_function("() => document.querySelectorAll('.match').length > 1")
        expect(page.locator(".match").first).to_have_attribute("data-match", ref or "")
        expect(page.locator(".match").first.get_by_label("Why, in one sentence")).to_have_value("Kept words.")
        expect(title).to_be_focused()


def test_keys_alone_tick_tell_and_save(chromium: Browser, demo: Flask, address: str) -> None:
    with _page(chromium, demo, f"{address}/decisions/new") as page:
        page.get_by_label("What do you decide?").focus()
        page.keyboard.type(TITLE)
        expect(page.locator(".match").first).to_be_visible()
        box = page.locator(".match").first.get_by_role("checkbox")
        page.keyboard.press("Tab")
        expect(box).to_be_focused()
        page.keyboard.press("Space")
        relation = page.locator(".match").first.get_by_role("combobox")
        for _ in range(5):
            page.keyboard.press("Tab")
            if relation.evaluate("element => element === document.activeElement"):
                break
        expect(relation).to_be_focused()
        page.keyboard.press("Tab")
        page.keyboard.type("People stop at the result.")
        page.keyboard.press("Enter")
        expect(page.locator(".match").first.get_by_label("Why, in one sentence")).to_have_value(
            "People stop at the result."
        )
        page.get_by_role("button", name="Save and link evidence").press("Enter")

        expect(page.get_by_role("heading", level=1, name=TITLE)).to_be_visible()
        expect(page.locator(".through", has_text="People stop at the result.")).to_be_visible()


def test_without_scripts_a_button_shows_the_same_list_and_a_missing_sentence_is_named(
    chromium: Browser, demo: Flask, address: str
) -> None:
    with _page(chromium, demo, f"{address}/decisions/new", scripts=False) as page:
        page.get_by_label("What do you decide?").fill(TITLE)
        page.get_by_role("button", name="Look for evidence").click()
        first = page.locator(".match").first
        expect(first).to_be_visible()
        expect(page.get_by_label("What do you decide?")).to_have_value(TITLE)
        first.get_by_role("checkbox").check()
        page.get_by_role("button", name="Save and link evidence").click()
        expect(page.locator(".match").first.get_by_text("Say in one sentence why")).to_be_visible()

        page.locator(".match").first.get_by_label("Why, in one sentence").fill("They stopped there.")
        page.get_by_role("button", name="Save and link evidence").click()
        expect(page.locator(".through", has_text="They stopped there.")).to_be_visible()


def test_where_nothing_is_relevant_the_question_is_kept_and_research_offered(
    chromium: Browser, demo: Flask, address: str
) -> None:
    with _page(chromium, demo, f"{address}/decisions/new") as page:
        page.get_by_label("What do you decide?").fill("Zeppelin moorings above bus depots")
        expect(page.get_by_text("No published insight that you may see comes near these words.")).to_be_visible()
        page.get_by_label("No relevant evidence found").check()
        page.get_by_role("button", name="Save and link evidence").click()

        expect(page.get_by_role("heading", level=1, name="Ask for research")).to_be_visible()
        page.get_by_label("Why is it needed?").fill("Nobody has asked yet.")
        page.get_by_role("button", name="Ask for research").click()
        expect(page.get_by_text("1 person backs this")).to_be_visible()
        page.goto(f"{address}/questions")
        expect(page.get_by_role("link", name="Zeppelin moorings above bus depots", exact=True)).to_be_visible()


@contextmanager
def _page(chromium: Browser, app: Flask, address: str, *, scripts: bool = True) -> Iterator[Page]:
    context = chromium.new_context(java_script_enabled=scripts)
    context.set_default_timeout(8_000)
    value = token_of(app, Role.RESEARCHER)
    context.add_cookies([{"name": "research_hub", "value": value, "url": address.split("/decisions", 1)[0]}])
    page = context.new_page()
    page.goto(address)
    if scripts:
        page.wait_for_selector("html[data-enhanced]")
    yield page
    context.close()

"""Beside the reader in a real browser: its recording, its addresses, words that lost their place, and the notes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser.talks import browser_for, drag_over, hub_with_talks, opened
from factories import make_member
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect

from insights.capture.models import SourceText, Study
from insights.coding.models import Highlight, HighlightStatus
from insights.coding.operations import edit_source_text
from research_hub.db import transaction

pytestmark = pytest.mark.browser


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[tuple[Flask, str]]:
    with hub_with_talks(tmp_path / "data") as made:
        yield made


@pytest.fixture
def address(hub: tuple[Flask, str]) -> str:
    return hub[1]


@pytest.fixture
def context(browser: Browser, hub: tuple[Flask, str]) -> Iterator[BrowserContext]:
    made = browser_for(*hub, browser)
    yield made
    made.close()


def test_a_time_beside_the_text_plays_the_recording_from_there_and_marks_who_speaks(
    context: BrowserContext, address: str
) -> None:
    page = opened(context, f"{address}/sessions/SES-1")
    page.get_by_text("00:00:02").click()
    _wait_until(page, "audio => audio.currentTime > 2.2")

    expect(page.locator(".is-said")).to_have_id("p-2")
    expect(page.locator(".is-said")).to_have_id("p-3")
    page.keyboard.press("k")
    _wait_until(page, "audio => audio.paused")
    before = page.evaluate("document.querySelector('audio').currentTime")
    page.keyboard.press("j")
    _wait_until(page, f"audio => audio.currentTime < {before}")
    expect(page.locator(".is-said")).to_have_id("p-1")


def test_the_player_itself_marks_the_utterance_that_belongs_to_its_time(context: BrowserContext, address: str) -> None:
    page = opened(context, f"{address}/sessions/SES-1")
    _wait_until(page, "audio => audio.readyState >= 1")

    for seconds, line in ((4.5, "p-3"), (2.0, "p-2"), (0.5, "p-1")):
        page.evaluate("seconds => { document.querySelector('audio').currentTime = seconds; }", seconds)
        expect(page.locator(".is-said")).to_have_id(line)


def test_a_highlight_leads_the_recording_to_its_place(context: BrowserContext, address: str) -> None:
    page = opened(context, f"{address}/sessions/SES-1")
    page.keyboard.press("n")

    _wait_until(page, "audio => audio.currentTime === 2")


def test_the_address_of_a_highlight_opens_it_in_place(context: BrowserContext, address: str) -> None:
    page = opened(context, f"{address}/highlights/HL-3")

    expect(page).to_have_url(f"{address}/sessions/SES-3#HL-3")
    mark = page.locator("mark", has_text="nobody rang back")
    expect(mark).to_be_in_viewport()
    expect(mark).to_have_class(re.compile("is-here"))
    expect(page.locator("#note-3")).to_have_class(re.compile("is-here"))


def test_without_scripts_too_the_address_of_a_highlight_opens_it_in_place(
    browser: Browser, hub: tuple[Flask, str]
) -> None:
    context = browser_for(*hub, browser, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{hub[1]}/highlights/HL-3")

    expect(page.locator("mark:target")).to_have_text("nobody rang back")
    expect(page.locator("mark:target")).to_be_in_viewport()
    context.close()


def test_without_scripts_a_passage_is_named_by_its_paragraph_and_words(
    browser: Browser, hub: tuple[Flask, str]
) -> None:
    context = browser_for(*hub, browser, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{hub[1]}/sessions/SES-1")
    page.get_by_label("Paragraph number").fill("3")
    page.get_by_label("Words to highlight").fill("tell her")
    page.get_by_label("Tags", exact=True).fill("helper")
    page.get_by_role("button", name="Save highlight").click()

    expect(page.locator("#p-3 mark")).to_have_text(["tell her"])
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#p-3 mark")).to_have_count(0)
    context.close()


def test_words_that_lost_their_place_are_placed_with_one_key(
    context: BrowserContext, address: str, hub: tuple[Flask, str]
) -> None:
    page = opened(context, f"{address}/highlights/orphaned")
    expect(page.get_by_role("article")).to_contain_text("I saw positive and I stopped reading.")

    page.keyboard.press("j")
    page.keyboard.press("a")

    expect(page.get_by_text("HL-2 has its place.")).to_be_visible()
    expect(page.get_by_text("Every highlight has its place")).to_be_visible()
    with hub[0].app_context(), transaction() as session:
        assert session.get_one(Highlight, 2).status is HighlightStatus.ACTIVE


def test_another_place_is_chosen_in_the_reader(context: BrowserContext, address: str, hub: tuple[Flask, str]) -> None:
    page = opened(context, f"{address}/highlights/orphaned")
    page.get_by_role("link", name="Choose another place").click()
    page.wait_for_selector("[data-reader]")
    page.wait_for_selector("html[data-enhanced]")

    drag_over(page, "Then I can breathe", "#p-3")
    page.get_by_role("button", name="Put it here the selection").click()
    page.get_by_role("dialog").get_by_role("button", name="Put it here").click()

    expect(page.locator("mark#HL-2")).to_have_text("Then I can breathe")
    with hub[0].app_context(), transaction() as session:
        assert session.get_one(Highlight, 2).exact == "Then I can breathe"


def test_notes_typed_and_not_saved_are_back_when_the_page_is_opened_again(
    context: BrowserContext, address: str
) -> None:
    page = context.new_page()
    page.clock.install()
    page.goto(f"{address}/sources/SRC-1/edit")
    page.wait_for_selector("html[data-enhanced]")
    page.get_by_role("textbox", name="Notes").fill("She laughed when she said it.")
    page.clock.fast_forward(10_000)
    expect(page.get_by_text("Draft saved")).to_be_visible()
    page.close()

    again = opened(context, f"{address}/sources/SRC-1/edit")
    expect(again.get_by_text("Your draft from")).to_be_visible()
    expect(again.get_by_role("textbox", name="Notes")).to_have_value("She laughed when she said it.")
    again.get_by_role("button", name="Save notes").click()
    expect(again.locator("#p-1")).to_contain_text("She laughed when she said it.")
    again.goto(f"{address}/sources/SRC-1/edit")
    expect(again.get_by_text("Your draft from")).to_have_count(0)


def test_notes_typed_while_the_server_is_away_are_kept_in_the_browser(context: BrowserContext, address: str) -> None:
    page = opened(context, f"{address}/sources/SRC-1/edit")
    cookies = context.cookies()
    context.set_offline(True)
    page.get_by_role("textbox", name="Notes").fill("Written on the train.")
    # A browser sends the last words of a page once it is gone, perhaps when the network is back: nobody takes them.
    context.clear_cookies()
    page.close()
    context.set_offline(False)
    context.add_cookies(cookies)  # type: ignore[arg-type]  # they come back as they were

    again = opened(context, f"{address}/sources/SRC-1/edit")
    again.get_by_role("region", name="Kept copy").get_by_role("button", name="Put it back").click()
    expect(again.get_by_role("textbox", name="Notes")).to_have_value("Written on the train.")


def test_what_an_edit_will_do_is_told_while_one_types(context: BrowserContext, address: str) -> None:
    page = opened(context, f"{address}/sources/SRC-1/edit")

    page.get_by_role("textbox", name="Notes").fill("Something else altogether.")

    expect(page.get_by_text("1 cannot be found, and will wait for you to decide.")).to_be_visible()


def test_two_who_edit_the_same_notes_are_both_shown_and_choose(
    context: BrowserContext, address: str, hub: tuple[Flask, str]
) -> None:
    page = opened(context, f"{address}/sources/SRC-2/edit")
    with hub[0].app_context(), transaction() as session:
        source = session.get_one(SourceText, 2)
        edit_source_text(
            session,
            actor=make_member(session),
            source=source,
            study=session.get_one(Study, source.study_id),
            text="Theirs.",
            version_number=2,
        )

    page.get_by_role("textbox", name="Notes").fill("Mine.")
    page.get_by_role("button", name="Save notes").click()

    expect(page.get_by_text("Theirs.").first).to_be_visible()
    expect(page.get_by_text("Mine.").first).to_be_visible()


def _wait_until(page: Page, condition: str) -> None:
    """Until the recording is as the function `condition` of it says."""
    page.wait_for_function(f"() => ({condition})(document.querySelector('audio'))")

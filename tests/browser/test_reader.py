"""The session reader in a real browser: selecting by mouse, finger and keyboard, tagging, memos, taking back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from browser.gallery.looking import ASK_AXE, AXE
from browser.talks import browser_for, drag_over, hub_with_talks, leave_selected, opened
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from sqlalchemy import select

from insights.coding.models import Highlight
from research_hub.db import transaction

pytestmark = pytest.mark.browser


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[tuple[Flask, str]]:
    with hub_with_talks(tmp_path / "data") as made:
        yield made


@pytest.fixture
def context(browser: Browser, hub: tuple[Flask, str]) -> Iterator[BrowserContext]:
    made = browser_for(*hub, browser)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext, hub: tuple[Flask, str]) -> Page:
    """The talk, marked so that a test sees whether the page was left."""
    page = opened(context, f"{hub[1]}/sessions/SES-1")
    page.evaluate("document.body.dataset.stayed = 'yes'")
    return page


def test_words_selected_with_the_mouse_are_tagged_without_leaving_the_page(page: Page, hub: tuple[Flask, str]) -> None:
    drag_over(page, "I rang my sister", "#p-2")
    page.get_by_role("button", name="Highlight the selection").click()
    expect(_dialog(page).get_by_text("I rang my sister")).to_be_visible()
    _tags(page).fill("helper, first reading")
    _dialog(page).get_by_role("button", name="Save highlight").click()

    expect(page.locator("#p-2 mark", has_text="I rang my sister")).to_be_visible()
    expect(page.locator("#p-2 .note", has_text="helper")).to_contain_text("first reading")
    expect(page.locator(".toast")).to_contain_text("HL-4 stored.")
    expect(page.locator("body")).to_have_attribute("data-stayed", "yes")
    assert _newest(hub[0]) == "I rang my sister"


def test_words_chosen_with_the_keyboard_alone_are_tagged_without_leaving_the_page(
    page: Page, hub: tuple[Flask, str]
) -> None:
    page.keyboard.press("j")
    expect(page.locator("#p-1 .line-body")).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("h")
    for _ in range(8):
        page.keyboard.press("ArrowRight")
    for _ in range(3):
        page.keyboard.press("Shift+ArrowRight")
    expect(page.get_by_role("status").filter(has_text="I rang my sister")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(_tags(page)).to_be_focused()
    page.keyboard.type("helper")
    page.keyboard.press("Enter")

    expect(page.locator("#p-2 mark", has_text="I rang my sister")).to_be_visible()
    expect(page.locator("#p-2 .note", has_text="helper")).to_be_visible()
    expect(page.locator("#p-2 .line-body")).to_be_focused()
    expect(page.locator("body")).to_have_attribute("data-stayed", "yes")
    assert _newest(hub[0]) == "I rang my sister."


def test_escape_leaves_the_words_and_the_form_and_marks_nothing(page: Page) -> None:
    page.keyboard.press("j")
    page.keyboard.press("h")
    page.keyboard.press("End")
    expect(page.get_by_role("status").filter(has_text="Take your time.")).to_have_count(1)
    page.keyboard.press("Escape")
    page.keyboard.press("h")
    page.keyboard.press("Enter")
    expect(_dialog(page)).to_be_visible()
    page.keyboard.press("Escape")

    expect(_dialog(page)).to_have_count(0)
    expect(page.locator("#p-1 .line-body")).to_be_focused()
    expect(page.locator("#p-1 mark")).to_have_count(0)


def test_with_a_finger_the_button_stands_clear_of_the_handles_and_the_form_at_the_foot(
    browser: Browser, hub: tuple[Flask, str]
) -> None:
    context = browser_for(*hub, browser, viewport={"width": 375, "height": 700}, has_touch=True, is_mobile=True)
    page = opened(context, f"{hub[1]}/sessions/SES-1")

    leave_selected(page, "I rang my sister", "#p-2")
    button = page.get_by_role("button", name="Highlight the selection")
    expect(button).to_be_visible()
    under_words = page.evaluate("getSelection().getRangeAt(0).getBoundingClientRect().bottom")
    where = button.bounding_box()
    assert where is not None
    assert where["y"] >= under_words + 24, "the handles of a selection hang below its last line"
    button.tap()
    _tags(page).fill("first")
    page.get_by_role("option", name="first reading").tap()
    expect(_tags(page)).to_have_value("first reading, ")
    form = _dialog(page).bounding_box()
    assert form is not None
    assert form["y"] + form["height"] == pytest.approx(700, abs=1)
    page.get_by_role("button", name="Save highlight").tap()

    expect(page.locator("#p-2 mark", has_text="I rang my sister")).to_be_visible()
    expect(page.locator("#note-4")).to_contain_text("first reading")
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    context.close()


def test_highlights_that_overlap_keep_each_their_words(page: Page) -> None:
    drag_over(page, "positive and I stopped reading", "#p-2")
    page.get_by_role("button", name="Highlight the selection").click()
    _tags(page).fill("stopping")
    page.keyboard.press("Enter")

    expect(page.locator("#p-2 mark")).to_have_text(["I saw ", "positive", " and I stopped reading"])
    both = page.locator("#p-2 mark", has_text="positive")
    expect(both).to_have_attribute("data-highlights", "1 4")
    expect(page.locator("#note-1")).to_contain_text("first reading")
    expect(page.locator("#note-4")).to_contain_text("stopping")
    page.keyboard.press("z")
    expect(page.locator("#p-2 mark")).to_have_text(["I saw positive"])


def test_a_click_on_words_with_several_highlights_goes_from_one_to_the_next(page: Page) -> None:
    drag_over(page, "positive", "#p-2")
    page.get_by_role("button", name="Highlight the selection").click()
    page.keyboard.press("Enter")
    both = page.locator("#p-2 mark", has_text="positive")
    expect(page.locator("#note-4")).to_have_class(re.compile("is-here"))

    for expected in ("note-1", "note-4", "note-1"):
        both.click()
        expect(page.locator(".note.is-here")).to_have_id(expected)


def test_the_picker_offers_what_was_used_last_first_and_says_what_would_be_new(page: Page) -> None:
    drag_over(page, "What did you", "#p-3")
    page.get_by_role("button", name="Highlight the selection").click()
    expect(_offers(page)).to_have_text(["first reading", "waiting"])
    page.keyboard.type("family, first")
    expect(_offers(page)).to_have_text(["first reading"])
    expect(page.get_by_text("“family” will be a new tag.")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(_tags(page)).to_have_value("family, first reading, ")
    page.keyboard.press("Enter")
    expect(page.locator("#p-3 mark")).to_have_text(["What did you"])

    drag_over(page, "Take your", "#p-1")
    page.get_by_role("button", name="Highlight the selection").click()
    expect(_offers(page)).to_have_text(["family", "first reading", "waiting"])


def test_z_takes_back_what_was_done_last_and_then_what_was_done_before(page: Page) -> None:
    for words in ("Take your", "time"):
        drag_over(page, words, "#p-1")
        page.get_by_role("button", name="Highlight the selection").click()
        _dialog(page).get_by_role("button", name="Save highlight").click()
        expect(page.locator("#p-1 mark", has_text=words)).to_be_visible()

    page.keyboard.press("z")
    expect(page.locator("#p-1 mark")).to_have_text(["Take your"])
    page.keyboard.press("z")
    expect(page.locator("#p-1 mark")).to_have_count(0)


def test_the_message_of_an_act_has_a_button_that_undoes_it(page: Page) -> None:
    drag_over(page, "What did you", "#p-3")
    page.get_by_role("button", name="Highlight the selection").click()
    page.keyboard.press("Enter")
    page.locator(".toast").get_by_role("button", name="Undo").click()

    expect(page.locator("#p-3 mark")).to_have_count(0)
    expect(page.locator(".toast")).to_contain_text("HL-4 taken away.")


def test_an_undo_that_the_server_does_not_answer_can_be_tried_again(page: Page) -> None:
    drag_over(page, "What did you", "#p-3")
    page.get_by_role("button", name="Highlight the selection").click()
    page.keyboard.press("Enter")
    expect(page.locator("#p-3 mark")).to_have_count(1)
    page.context.set_offline(True)
    page.keyboard.press("z")
    expect(page.locator(".toast")).to_contain_text("Not undone: the server does not answer.")

    page.context.set_offline(False)
    page.locator(".toast").get_by_role("button", name="Try again").click()

    expect(page.locator("#p-3 mark")).to_have_count(0)


def test_a_highlight_is_edited_with_e_and_the_edit_taken_back_with_z(page: Page) -> None:
    page.keyboard.press("n")
    page.keyboard.press("e")
    _tags(page).fill("relief")
    _dialog(page).get_by_label("Severity").select_option("2")
    _dialog(page).get_by_role("button", name="Save highlight").click()
    expect(page.locator("#note-1")).to_contain_text("relief")
    expect(page.locator("#note-1")).to_contain_text("serious")

    page.keyboard.press("z")

    expect(page.locator("#note-1")).to_contain_text("first reading")
    expect(page.locator("#note-1")).not_to_contain_text("relief")
    expect(page.locator("#note-1")).not_to_contain_text("serious")
    expect(page.locator("body")).to_have_attribute("data-stayed", "yes")


def test_a_highlight_taken_away_in_the_dialog_comes_back_with_z(page: Page) -> None:
    page.keyboard.press("n")
    page.keyboard.press("e")
    _dialog(page).get_by_role("button", name="Take this highlight away").click()
    expect(page.locator("#p-2 mark")).to_have_count(0)

    page.keyboard.press("z")

    expect(page.locator("#p-2 mark")).to_have_text(["I saw positive"])
    expect(page.locator("#note-1")).to_contain_text("first reading")


def test_a_memo_is_written_with_m_beside_its_highlight_and_taken_back_with_z(page: Page) -> None:
    page.keyboard.press("n")
    page.keyboard.press("m")
    _dialog(page).get_by_label("Memo").fill("Compare with the **Welsh** letter.")
    _dialog(page).get_by_role("button", name="Save memo").click()

    expect(page.locator("#note-1 .memo strong")).to_have_text("Welsh")
    expect(page.locator("#note-1 .memo")).to_contain_text("Maya Osei")
    page.keyboard.press("z")
    expect(page.locator("#note-1 .memo")).to_have_count(0)


def test_a_memo_with_a_telephone_number_asks_in_the_dialog_why_it_may_stand(page: Page) -> None:
    page.keyboard.press("n")
    page.keyboard.press("m")
    _dialog(page).get_by_label("Memo").fill("Ask at 020 7946 0018.")
    why = _dialog(page).get_by_label("Why what was found may stand")
    expect(why).to_be_hidden()
    _dialog(page).get_by_role("button", name="Save memo").click()

    expect(_dialog(page).get_by_role("alert")).to_contain_text("Ask at [telephone number removed].")
    expect(_dialog(page).get_by_label("Memo")).to_have_value("Ask at 020 7946 0018.")
    why.fill("the service’s own helpline")
    _dialog(page).get_by_role("button", name="Save memo").click()
    expect(page.locator("#note-1 .memo")).to_contain_text("020 7946 0018")


def test_what_the_server_cannot_take_is_said_in_the_dialog_and_nothing_typed_is_lost(page: Page) -> None:
    drag_over(page, "What did you", "#p-3")
    page.get_by_role("button", name="Highlight the selection").click()
    _tags(page).fill("kept")
    page.context.set_offline(True)
    page.keyboard.press("Enter")

    expect(_dialog(page).get_by_role("alert")).to_contain_text("the server does not answer")
    expect(_tags(page)).to_have_value("kept")
    page.context.set_offline(False)
    _dialog(page).get_by_role("button", name="Save highlight").click()
    expect(page.locator("#p-3 mark")).to_have_count(1)
    expect(page.locator("#p-3 .note")).to_contain_text("kept")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_with_its_forms_open_the_reader_is_accessible(page: Page, scheme: Literal["light", "dark"]) -> None:
    page.emulate_media(color_scheme=scheme)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    drag_over(page, "positive and I stopped reading", "#p-2")
    page.get_by_role("button", name="Highlight the selection").click()
    page.keyboard.press("ArrowDown")
    assert page.evaluate(ASK_AXE) == []
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator("#note-4")).to_be_visible()
    assert page.evaluate(ASK_AXE) == []
    for key in ("e", "m", "?"):
        page.keyboard.press(key)
        expect(_dialog(page)).to_be_visible()
        assert page.evaluate(ASK_AXE) == []
        page.keyboard.press("Escape")
        expect(_dialog(page)).to_have_count(0)


def _dialog(page: Page) -> Locator:
    return page.get_by_role("dialog")


def _tags(page: Page) -> Locator:
    return _dialog(page).get_by_label("Tags", exact=True)


def _offers(page: Page) -> Locator:
    return page.get_by_role("listbox", name="Tags in use").get_by_role("option")


def _newest(app: Flask) -> str:
    """The words of the highlight that was stored last."""
    with app.app_context(), transaction() as session:
        stored = session.scalars(select(Highlight).order_by(Highlight.id.desc())).first()
        assert stored is not None
        return stored.exact

"""Every component in a real browser, under the product's policy, in light, dark, at 375 and 320 pixels."""

import json
import shutil
from collections.abc import Iterator

import pytest
from browser.gallery.content import SAID
from browser.gallery.looking import PAGES, look_at, render_pages, served
from playwright.sync_api import Browser, Page, expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(shutil.which("chromium") is None, reason="Debian's Chromium is not installed"),
]
WHOLE_TEXT = "\n\n".join("".join(text for text, _, _ in parts) for _, _, parts in SAID)
SELECT_ACROSS_UTTERANCES = """() => {
  const range = document.createRange();
  range.setStart(document.querySelector("#p-4 [data-text]").lastChild, 4);
  range.setEnd(document.querySelector("#p-5 [data-text]").firstChild, 12);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("gallery")
    render_pages(folder)
    with served(folder) as found:
        yield found


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("name", sorted(path.stem for path in PAGES.glob("*.html")))
def test_a_page_of_components_is_accessible_fits_and_keeps_the_policy(
    name: str, browser: Browser, address: str
) -> None:
    assert look_at(browser, f"{address}/{name}.html") == []


def test_a_selection_over_two_utterances_and_an_emoji_is_told_in_code_points(page: Page, address: str) -> None:
    page.goto(f"{address}/session.html")

    page.evaluate(SELECT_ACROSS_UTTERANCES)
    page.get_by_role("button", name="Highlight the selection").click()

    start, end = _chosen(page)
    assert WHOLE_TEXT[start:end] == "was there all along. 😅\n\nAnd the link"
    expect(page.get_by_label("Tags", exact=True)).to_be_focused()


def test_words_are_highlighted_with_the_keyboard_alone(page: Page, address: str) -> None:
    page.goto(f"{address}/session.html")

    _press(page, "j", "j", "h", "ArrowRight", "ArrowRight", *["Shift+ArrowRight"] * 3, "Enter")

    start, end = _chosen(page)
    assert WHOLE_TEXT[start:end] == "positive and I stopped"
    _press(page, "Escape")
    expect(page.locator("#p-2 .line-body")).to_be_focused()
    expect(page.locator("main #highlight-form")).to_be_visible()


def test_a_tag_in_use_is_offered_after_two_letters(page: Page, address: str) -> None:
    page.goto(f"{address}/session.html")

    expect(page.locator("html[data-enhanced]")).to_be_visible()
    page.get_by_label("Tags", exact=True).press_sequentially("new one, fe")
    _press(page, "ArrowDown", "Enter")

    expect(page.get_by_label("Tags", exact=True)).to_have_value("new one, fear, ")


def test_a_tag_with_quotation_marks_is_offered_whole(page: Page, address: str) -> None:
    page.goto(f"{address}/form.html")
    expect(page.locator("html[data-enhanced]")).to_be_visible()

    page.get_by_label("Tags", exact=True).press_sequentially("O'B")

    expect(page.get_by_role("listbox").get_by_role("option")).to_have_text(['O\'Brien "quoted"'])


def test_n_goes_to_each_highlight_and_its_note(page: Page, address: str) -> None:
    page.goto(f"{address}/session.html")

    reached = []
    for _ in range(4):
        _press(page, "n")
        reached.append(page.evaluate("document.activeElement.id"))

    assert reached == ["HL-912", "HL-915", "HL-913", "HL-914"]
    expect(page.locator("#note-914")).to_have_class("note mark-4 is-here")


def test_the_address_of_a_highlight_shows_where_it_is(page: Page, address: str) -> None:
    page.goto(f"{address}/session.html#HL-913")

    expect(page.locator("#HL-913")).to_have_class("mark-3 is-here")
    expect(page.locator("#HL-913")).to_be_in_viewport()


def test_single_keys_do_nothing_while_one_types_and_can_be_switched_off(page: Page, address: str) -> None:
    page.goto(f"{address}/evidence.html")
    page.get_by_label("Search all evidence").press_sequentially("?j/")
    expect(page.get_by_role("dialog")).to_have_count(0)

    page.get_by_role("button", name="Keys").click()
    page.get_by_label("Use single keys in this browser").uncheck()
    _press(page, "Escape", "j", "?")

    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("main [aria-current]")).to_have_count(0)


def test_what_was_typed_and_never_reached_the_server_is_offered_again(page: Page, address: str) -> None:
    page.goto(f"{address}/form.html")
    expect(page.locator("html[data-enhanced]")).to_be_visible()
    page.get_by_label("What they said").fill("She rang her sister.")

    page.reload()
    page.get_by_role("button", name="Put it back").click()

    expect(page.get_by_label("What they said")).to_have_value("She rang her sister.")


def test_a_draft_goes_to_the_server_when_the_page_is_left(page: Page, address: str) -> None:
    page.route("**/drafts/decision-new", lambda route: route.fulfill(status=204))
    page.goto(f"{address}/form.html")
    expect(page.locator("html[data-enhanced]")).to_be_visible()
    page.get_by_label("What they said").fill("She rang her sister.")

    with page.expect_request("**/drafts/decision-new") as asked:
        page.evaluate("window.dispatchEvent(new Event('pagehide'))")

    sent = json.loads(asked.value.post_data or "{}")
    assert sent["fields"]["notes"] == "She rang her sister."
    assert asked.value.headers["x-csrftoken"] == "gallery-token"
    expect(page.locator("[data-saved]")).to_contain_text("Draft saved")


def test_a_mistyped_date_is_shown_again_as_it_was_typed(page: Page, address: str) -> None:
    page.goto(f"{address}/form.html")

    expect(page.get_by_label("Decided on")).to_have_value("31 February")


def test_without_javascript_a_passage_can_be_named_by_paragraph_and_words(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/session.html")

    expect(page.get_by_label("Paragraph number")).to_be_visible()
    expect(page.get_by_label("Words to highlight")).to_be_visible()
    expect(page.get_by_role("button", name="Save highlight")).to_be_visible()
    context.close()


def _chosen(page: Page) -> tuple[int, int]:
    expect(page.get_by_role("dialog")).to_be_visible()
    return int(page.locator("[name=start]").input_value()), int(page.locator("[name=end]").input_value())


def _press(page: Page, *keys: str) -> None:
    expect(page.locator("html[data-enhanced]")).to_be_visible()
    for key in keys:
        page.keyboard.press(key)

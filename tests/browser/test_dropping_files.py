"""Files dropped on the page of an import, in a real browser: one by one, with what became of each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from demonstration import token_of
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from insights.core.access import Role
from research_hub import sandbox

pytestmark = pytest.mark.browser
expect.set_options(timeout=20_000)

TALK = "Moderator: What did you do then?\n\nP3: I rang my sister.\n\nModerator: And after?\n\nP3: I read it again.\n"
DROP = """
([form, files]) => {
  const carried = new DataTransfer();
  for (const [name, words] of files) carried.items.add(new File([words], name));
  for (const kind of ["dragenter", "dragover", "drop"])
    form.dispatchEvent(new DragEvent(kind, { dataTransfer: carried, bubbles: true, cancelable: true }));
}
"""


@pytest.fixture
def page(chromium: Browser, demo: Flask, address: str) -> Iterator[Page]:
    context = chromium.new_context(base_url=address)
    context.set_default_timeout(20_000)
    token = token_of(demo, Role.ADMINISTRATOR)
    context.add_cookies([{"name": demo.config["SESSION_COOKIE_NAME"], "value": token, "url": address}])
    made = context.new_page()
    made.goto("/studies/STU-1/import")
    made.wait_for_selector("html[data-enhanced]")
    yield made
    context.close()


def drop(page: Page, *files: tuple[str, str]) -> None:
    page.evaluate(DROP, [page.query_selector("[data-drop-files]"), [list(file) for file in files]])


def test_dropped_files_are_read_one_by_one_and_a_bad_one_says_why(page: Page) -> None:
    drop(page, ("2026-03-04.txt", TALK), ("photo.gif", "GIF89a and no words"), ("2026-03-05.txt", TALK + " "))

    expect(page.get_by_role("status").filter(has_text="3 of 3 read, 1 refused")).to_be_visible()
    expect(page.locator("[data-drop-list] > li").filter(has_text="2026-03-04.txt")).to_contain_text("understood")
    expect(page.locator("[data-drop-list] > li").filter(has_text="photo.gif")).to_contain_text("refused")

    page.get_by_role("link", name="See what was understood").click()
    expect(page.get_by_role("heading", name="Ready")).to_contain_text("2")
    page.get_by_role("button", name="Bring in the 2 that are ready").click()
    expect(page.get_by_text("2 files brought in.")).to_be_visible()


def test_what_was_dropped_waits_where_one_comes_back_to_it(page: Page) -> None:
    drop(page, ("2026-04-04.txt", TALK + "Again.\n"))
    expect(page.get_by_role("link", name="See what was understood")).to_be_visible()

    page.goto("/studies/STU-1")
    page.get_by_role("link", name="Bring files in").click()
    page.locator("#under-way + ul a").first.click()

    expect(page.get_by_role("heading", name="2026-04-04.txt")).to_be_visible()


def test_files_that_are_chosen_by_keyboard_are_read_too(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "2026-05-04.txt"
    file.write_text(TALK + "By keyboard.\n", encoding="utf-8")

    page.get_by_label("Choose files").set_input_files(file)

    expect(page.locator("[data-drop-list] > li")).to_contain_text("A transcript: 4 turns")


def test_while_others_are_read_a_file_waits_and_then_comes_in(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    read, tries = sandbox.read_apart, []

    def busy_at_first(name: str, content: bytes) -> object:
        tries.append(name)
        if len(tries) == 1:
            raise sandbox.TooManyReadings
        return read(name, content)

    monkeypatch.setattr(sandbox, "RETRY_AFTER_SECONDS", 1)
    monkeypatch.setattr("research_hub.web.exchange.imports.incoming.read_apart", busy_at_first)
    drop(page, ("2026-06-04.txt", TALK + "Later.\n"))

    expect(page.get_by_role("status").filter(has_text="1 of 1 read")).to_be_visible()
    assert tries == ["2026-06-04.txt", "2026-06-04.txt"]


def test_without_javascript_the_plain_form_takes_several_files(
    chromium: Browser, demo: Flask, address: str, tmp_path: Path
) -> None:
    context = chromium.new_context(base_url=address, java_script_enabled=False)
    token = token_of(demo, Role.ADMINISTRATOR)
    context.add_cookies([{"name": demo.config["SESSION_COOKIE_NAME"], "value": token, "url": address}])
    page = context.new_page()
    chosen = []
    for day in (1, 2):
        chosen.append(tmp_path / f"2026-07-0{day}.txt")
        chosen[-1].write_text(f"{TALK}{day}", encoding="utf-8")

    page.goto("/studies/STU-1/import")
    page.get_by_label("Choose files").set_input_files(chosen)
    page.get_by_role("button", name="Read the files").click()

    expect(page.get_by_role("button", name="Bring in the 2 that are ready")).to_be_visible()
    context.close()

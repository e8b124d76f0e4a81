"""The vault's pages for those who may open them: no fault, by keyboard alone, and few questions to the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from browser.gallery.looking import ASK_AXE, AXE
from canaries import NAME
from demonstration import browser_of, token_of
from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy import event

from insights.core.access import Role
from research_hub.db import db

pytestmark = pytest.mark.browser

PAGES = (
    "/participants/PAR-1/identity",
    "/studies/STU-1/identities",
    "/identities",
    "/studies/STU-1/contacts",
    "/participants/PAR-1/contacts",
    "/participants/PAR-2/contacts",
)
MOST = 12
WIDTH = "document.documentElement.scrollWidth"


@contextmanager
def opened(chromium: Browser, address: str, app: Flask, role: Role) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    context.add_cookies([{"name": "research_hub", "value": token_of(app, role), "url": address}])
    yield context.new_page()
    context.close()


def complaints(page: Page) -> Iterator[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of two words
        yield from page.evaluate(ASK_AXE)
    for width in (375, 320):
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate(WIDTH) > width:
            yield f"wider than {width}"
    page.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.parametrize("role", [Role.RESEARCHER, Role.DATA_PROTECTION])
def test_no_page_of_the_vault_has_a_fault(role: Role, chromium: Browser, demo: Flask, address: str) -> None:
    faults = []
    with opened(chromium, address, demo, role) as page:
        for path in PAGES:
            answer = page.goto(address + path)
            assert answer is not None
            assert answer.status == 200, path
            faults += [f"{path}: {each}" for each in complaints(page)]

    assert faults == []


@pytest.mark.parametrize("role", [Role.RESEARCHER, Role.DATA_PROTECTION])
def test_no_page_of_the_vault_asks_more_than_twelve_questions(role: Role, demo: Flask) -> None:
    client, asked = browser_of(demo, role), {}
    with demo.app_context():
        engine = db.engine
    for path in PAGES:
        client.get(path)
        seen: list[str] = []

        def note(_connection: object, _cursor: object, said: str, *_rest: object, seen: list[str] = seen) -> None:
            if not said.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "COMMIT", "ROLLBACK", "PRAGMA")):
                seen.append(said)

        event.listen(engine, "before_cursor_execute", note)
        client.get(path)
        event.remove(engine, "before_cursor_execute", note)
        asked[path] = len(seen)

    assert {path: number for path, number in asked.items() if number > MOST} == {}


def test_a_name_is_asked_for_and_read_by_keyboard_alone(chromium: Browser, demo: Flask, address: str) -> None:
    with opened(chromium, address, demo, Role.RESEARCHER) as page:
        page.goto(f"{address}/participants/PAR-1/identity")
        page.get_by_label("Why you need to look").focus()
        page.keyboard.type("They want")
        page.keyboard.press("Tab")
        page.keyboard.type("rang this morning")
        page.keyboard.press("Enter")
        page.get_by_text("Shown once").wait_for()

        assert NAME in page.inner_text("main")
        assert NAME not in page.title()
        assert NAME not in page.url
        assert not list(complaints(page))
        page.get_by_text("Put something right").focus()
        page.keyboard.press("Enter")
        assert page.get_by_label("Name", exact=True).input_value().startswith(NAME)
        assert not list(complaints(page))

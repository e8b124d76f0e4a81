"""What everybody reads, in a real browser: without a fault in light, dark, narrow and print, and nobody asked for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser.conftest import served
from browser.gallery.looking import ASK_AXE, AXE
from demonstration import close
from domain.openness.records_for_entries import WORDS, a_decision_on_a_quote, a_published_entry
from factories import QUOTE, a_team
from playwright.sync_api import Browser, Page

from insights.core.installation import ensure_database_id
from insights.synthesis.operations import retire_insight
from research_hub.app import create_app
from research_hub.config import Settings
from research_hub.db import db, transaction

pytestmark = pytest.mark.browser


@pytest.fixture
def open_site(tmp_path: Path) -> Iterator[tuple[str, str, str]]:
    """The address of the site, a page that stands, and one that is under review."""
    app = create_app(Settings(data=tmp_path / "open", public_pages=True, public_organisation="A health board"))
    with app.app_context():
        db.create_all()
        with transaction() as session:
            ensure_database_id(session)
            a_team(session)
            stands = a_decision_on_a_quote(session)
            a_published_entry(session, stands)
            doubted = a_decision_on_a_quote(session)
            a_published_entry(session, doubted)
            retire_insight(session, actor=doubted.writer, insight=doubted.insight, note="It was one person.")
    with served(app) as address:
        yield address, stands.decision.ref, doubted.decision.ref
    with app.app_context():
        close(app)


def test_no_page_has_a_fault_or_sets_a_cookie(chromium: Browser, open_site: tuple[str, str, str]) -> None:
    address, stands, doubted = open_site
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page, said = context.new_page(), []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))

    for path in ("/open", "/open?q=letters", "/open?q=nowhere", f"/open/{stands}", f"/open/{doubted}"):
        page.goto(address + path)
        assert _faults(page) == [], path

    assert said == []
    assert context.cookies() == []
    context.close()


def test_a_page_reads_from_what_was_asked_to_what_happened_next(
    chromium: Browser, open_site: tuple[str, str, str]
) -> None:
    address, stands, doubted = open_site
    page = chromium.new_page()
    page.goto(f"{address}/open")
    page.get_by_role("link", name=WORDS.title).first.click()

    page.goto(f"{address}/open/{stands}")
    headings = page.get_by_role("heading", level=2).all_inner_texts()
    quote = page.locator("blockquote").inner_text()
    page.goto(f"{address}/open/{doubted}")

    assert headings == ["We asked", "You said", "We did", "What we did not do, and why", "What happened next"]
    assert QUOTE in quote
    assert page.locator("blockquote").count() == 0
    assert page.get_by_text("Under review.").is_visible()
    page.close()


def _faults(page: Page) -> list[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of two words
        found += page.evaluate(ASK_AXE)
    for width in (375, 320):
        page.set_viewport_size({"width": width, "height": 900})
        wide = page.evaluate("document.documentElement.scrollWidth")
        found += [f"scrolls sideways at {width}: {wide}"] if wide > width else []
    page.set_viewport_size({"width": 1280, "height": 900})
    return found

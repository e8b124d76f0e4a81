"""Every page in a real browser: accessible in light and dark, silent in the console, never wider than the screen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from browser.conftest import served
from browser.gallery.looking import ASK_AXE, AXE
from demonstration import close, token_of
from factories import a_team, make_member
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page
from walking import Route, addresses, records_of, routes

from insights.core.access import Role
from insights.core.installation import ensure_database_id
from research_hub.app import create_app
from research_hub.config import Settings
from research_hub.db import db, reading, transaction

pytestmark = pytest.mark.browser

WIDE = (1280, 900)
NARROW = (375, 320)
# Files, answers for programs, and addresses that only lead on.
NOT_PAGES = {
    "capture.export_plan",
    "capture.original",
    "capture.play_recording",
    "decisions.madr",
    "decisions.show_image",
    "search.suggest",
    "synthesis.show_state",
    "synthesis.similar",
    *("stewardship.cite_record_file", "stewardship.collection_as_markdown", "stewardship.tray_citations_file"),
    *("stewardship.card_oembed", "stewardship.card_snippet", "capture.live_lines"),
    "stewardship.withdrawal_certificate",
    # Parts of a page, which a script puts in.
    *("decisions.evidence_near", "capture.near_study"),
    *("public.atom", "public.json_feed", "reports.pack_file"),
    *(
        "account.go_to_provider",
        "account.confirm_at_provider",
        "account.back_from_provider",
        "account.sign_out_at_provider",
    ),
    "health.healthz",
    "health.readyz",
    "health.metrics",
}
LOOK = """() => ({
  width: document.documentElement.scrollWidth,
  headings: document.querySelectorAll("h1").length,
  title: document.title,
  language: document.documentElement.lang,
})"""
REFUSED = ("/studies/new", "/sessions/new", "/insights/new", "/decisions/new", "/members/new", "/services/new")
FORM = "main form[method=post]:not(.inline)"
WITH_A_CHOICE = (
    "/evidence?q=letter",
    "/evidence?q=nothinglikethis",
    "/insights?status=retired",
    "/reports/shelf?band=91-180",
    "/reports/matrix?gaps=1",
    "/reports?from=2030-01-01&to=2030-02-01",
    "/reports/metric/T4",
    "/nowhere",
    "/studies/STU-99999",
)


@pytest.mark.parametrize("part", range(4))
def test_an_administrator_meets_no_fault_on_any_page(part: int, chromium: Browser, demo: Flask, address: str) -> None:
    with demo.app_context():
        records = records_of(reading())
    pages = [page for route in routes(demo, "GET") if _is_page(route) for page in addresses(route, records)]
    assert len(pages) > 60

    _see_no_faults(chromium, address, token_of(demo, Role.ADMINISTRATOR), sorted(pages)[part::4])


@pytest.mark.parametrize("role", [Role.READER, Role.CONTRIBUTOR, Role.RESEARCHER, Role.APPROVER, Role.DATA_PROTECTION])
def test_no_role_meets_a_fault_on_the_pages_it_works_with(
    role: Role, chromium: Browser, demo: Flask, address: str
) -> None:
    with demo.app_context():
        refs = records_of(reading()).refs
    pages = ["/", "/evidence?q=letter", f"/insights/{refs['insights']}", f"/decisions/{refs['decisions']}"]
    # What the role may not open is a page too.
    pages += [f"/sessions/{refs['sessions']}", "/studies/new", "/teams"]

    _see_no_faults(chromium, address, token_of(demo, role), pages)


def test_lists_that_were_narrowed_and_addresses_that_lead_nowhere_are_pages_too(
    chromium: Browser, demo: Flask, address: str
) -> None:
    _see_no_faults(chromium, address, token_of(demo, Role.RESEARCHER), list(WITH_A_CHOICE))


def test_without_an_account_no_page_has_a_fault(chromium: Browser, demo: Flask, address: str) -> None:
    _see_no_faults(chromium, address, None, ["/sign-in", "/help", "/accessibility", "/help/metrics", "/nowhere"])


@pytest.mark.parametrize("form", REFUSED)
def test_a_refused_form_has_no_fault_and_says_what_to_do(
    form: str, chromium: Browser, demo: Flask, address: str
) -> None:
    with _context(chromium, address, token_of(demo, Role.ADMINISTRATOR)) as context:
        page, said = _listening(context)
        page.goto(address + form)
        with page.expect_navigation():
            page.evaluate("selector => document.querySelector(selector).submit()", FORM)
        page.wait_for_selector(".govuk-error-summary")

        assert page.title().startswith("Error"), page.title()
        faults = [*_complaints(page), *(each for each in said if "422" not in each)]
        assert not faults, "\n".join(faults)


def test_an_empty_installation_has_no_fault(chromium: Browser, tmp_path: Path) -> None:
    app = create_app(Settings(data=tmp_path / "empty"))
    with app.app_context():
        db.create_all()
        with transaction() as session:
            ensure_database_id(session)
            make_member(session, role=Role.ADMINISTRATOR, team=a_team(session))
    lists = ["/", "/log", "/evidence", "/insights", "/decisions", "/checks", "/recommendations", "/highlights", "/tags"]
    reports = ["/reports", "/reports/shelf", "/reports/matrix", "/reports/gaps", "/reports/metric/T1"]
    forms = ["/studies/new", "/sessions/new", "/insights/new", "/decisions/new", "/services", "/components", "/members"]

    with served(app) as address:
        _see_no_faults(chromium, address, token_of(app, Role.ADMINISTRATOR), [*lists, *reports, *forms])
    with app.app_context():
        close(app)


def _is_page(route: Route) -> bool:
    rule = route.rule
    return "extension" not in rule.arguments and rule.endpoint not in NOT_PAGES and not rule.rule.endswith(".ico")


@contextmanager
def _context(chromium: Browser, address: str, token: str | None) -> Iterator[BrowserContext]:
    """A browser of its own, signed in with the token, or with nobody in it."""
    made = chromium.new_context(viewport={"width": WIDE[0], "height": WIDE[1]})
    if token is not None:
        made.add_cookies([{"name": "research_hub", "value": token, "url": address}])
    yield made
    made.close()


def _listening(context: BrowserContext) -> tuple[Page, list[str]]:
    """A page, and what its console and its scripts complain about."""
    page, said = context.new_page(), []
    page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    return page, said


def _see_no_faults(chromium: Browser, address: str, token: str | None, paths: list[str]) -> None:
    faults: list[str] = []
    with _context(chromium, address, token) as context:
        page, said = _listening(context)
        for path in paths:
            answer = page.goto(address + path)
            assert answer is not None
            assert answer.status < 500, f"{path} answered {answer.status}"
            own = f"status of {answer.status}"
            found = [*_complaints(page), *(each for each in said if own not in each)]
            faults += [f"{path}: {each}" for each in found]
            said.clear()
    assert not faults, "\n".join(faults)


def _complaints(page: Page) -> Iterator[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of two words
        yield from (f"{scheme}: {each}" for each in page.evaluate(ASK_AXE))
    for width in NARROW:
        page.set_viewport_size({"width": width, "height": 900})
        found = page.evaluate(LOOK)
        if found["width"] > width:
            yield f"scrolls sideways at {width}: {found['width']} wide"
    page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    if found["headings"] != 1 or not found["title"] or found["language"] != "en":
        yield f"{found['headings']} first headings, title “{found['title']}”, language “{found['language']}”"

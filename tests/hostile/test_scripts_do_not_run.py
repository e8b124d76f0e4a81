"""Text that tries to run as a script, in every field and on every page that shows it, in a real browser.

The pages are opened as they are served, and again without their content security policy: what keeps scripts out must be
how pages are made, and the policy only the second lock.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import cycle, islice
from pathlib import Path

import pytest
from demonstration import browser_of, close, token_of
from factories import judge, make_member, make_service, make_study, source_of, text_of
from figures import FULL, measured
from flask import Flask
from live import served
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, Route
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.capture.operations import log_research_session
from insights.coding.models import Tag
from insights.coding.operations import highlight_passage
from insights.core.access import Role
from insights.core.installation import ensure_database_id
from insights.decisions.models import Decision
from insights.decisions.operations import (
    DecisionText,
    accept_decision,
    draft_decision,
    link_insight,
    record_change,
)
from insights.synthesis.answers import issue_recommendation
from insights.synthesis.models import Insight
from insights.synthesis.operations import attach_highlight, edit_insight, publish_insight, write_insight
from insights.synthesis.operations.publication import challenge_insight
from research_hub.app import create_app
from research_hub.config import Settings
from research_hub.db import db, reading, transaction
from research_hub.worker import make_indexer

pytestmark = pytest.mark.browser

SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "hostile-text"
OWN = (
    "<script>alert(1)</script>",
    "</title></textarea></script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' autofocus onfocus=alert(1) x='",
    "<svg/onload=alert(1)><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<details open ontoggle=alert(1)><summary>more</summary></details>",
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "[a letter](javascript:alert(1)) and [another](java\tscript&colon;alert(1))",
    "[a letter][ref]\n\n[ref]: <javascript:alert(1)>",
    "![picture](x\"onerror=alert(1)) <javascript:alert(1)> <a href='\x01javascript:alert(1)'>letter</a>",
    "`<img src=x onerror=alert(1)>` **<b onclick=alert(1)>bold**</b>",
    "<form action=javascript:alert(1)><button formaction=javascript:alert(1)>letter</button></form>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'><base href=//elsewhere.example/>",
    "{{ 7 * 7 }}<a data-undo-href=javascript:alert(1) hx-on:load=alert(1)>letter</a>",
    "| letter <img src=x onerror=alert(1)> |\n|---|\n| <svg onload=alert(1)> |",
)
# The policy of a page is what counts; its style sheets and scripts need no second way round.
PAGES = re.compile(r"^http://127\.0\.0\.1:\d+/(?!static/)")
# A script that asks for a dialog is heard here, in whatever frame it runs.
LISTEN = """for (const name of ["alert", "confirm", "prompt", "print"]) {
  window[name] = () => { (window.top.__ran ||= []).push(name + " at " + location.href); };
}"""
# What stands in the page and could run, now or when somebody selects it.
LOOK = r"""() => {
  const found = [...(window.__ran || [])];
  const addresses = new Set(["href", "src", "action", "formaction", "xlink:href", "data", "srcdoc", "data-undo-href"]);
  for (const each of document.querySelectorAll("*")) {
    const name = each.localName;
    if (name === "script" && !each.src) found.push("script without an address");
    if (name === "script" && each.src && !each.src.startsWith(location.origin + "/")) found.push("script " + each.src);
    if (["iframe", "object", "embed", "base", "style", "math"].includes(name)) found.push("element " + name);
    if (name === "meta" && each.httpEquiv.toLowerCase() === "refresh") found.push("a refresh");
    for (const {name: key, value} of each.attributes) {
      if (/^(on|hx-on|data-hx-on)/i.test(key)) found.push(name + " " + key);
      const address = value.replace(/[\u0000-\u0020]/g, "").toLowerCase();
      if (addresses.has(key) && /^(javascript|vbscript|data:text|file):?/.test(address) && /^[a-z]+:/.test(address)) {
        found.push(name + " " + key + "=" + value);
      }
    }
  }
  return found;
}"""


def payloads() -> list[str]:
    """Our own and, where they lie beside the checkout, three collections of others."""
    if not SHARED.exists():
        return list(OWN)
    fixtures = (SHARED / "markdown-xss" / "xss.md").read_text(encoding="utf-8")
    markdown = re.findall(r"^\.\n(.*?)\n\.\n", fixtures, re.DOTALL | re.MULTILINE)
    cases = sorted((SHARED / "html-sanitiser").glob("*.test"))
    sanitiser = [case.read_text(encoding="utf-8").partition("\n--\n")[0] for case in cases]
    naughty = json.loads((SHARED / "naughty-strings" / "blns.json").read_text(encoding="utf-8"))
    return [*OWN, *markdown, *sanitiser, *(each for each in naughty if FULL or "<" in each or "script:" in each)]


def _in_every_field() -> list[str]:
    """Which of them stand in every field, each in a thread of its own; the others stand in the long fields of one."""
    return [each for each in payloads() if each.strip()] if FULL else list(OWN)


def test_the_watch_hears_a_script_and_sees_what_could_run(browser: Browser) -> None:
    """Without this, the other tests could pass because nobody listens."""
    hostile = "".join(OWN[:8]) + "<a href='java\tscript:alert(1)'>letter</a>"
    with _watched(browser) as (context, _asked):
        context.route("**/*", lambda route: route.fulfill(body=f"<html>{hostile}", content_type="text/html"))
        page = context.new_page()
        page.goto("http://localhost/")
        page.wait_for_function("window.__ran?.length > 2")

        found = " ".join(page.evaluate(LOOK))

    assert "alert at" in found
    assert "script without an address" in found
    assert "img onerror" in found
    assert "element iframe" in found
    assert "a href=java" in found


@pytest.mark.parametrize("place", ["/evidence?q=letter", "/decisions/DEC-1", "/insights/INS-1/versions", "/activity"])
def test_the_pages_do_show_the_text(place: str, office: tuple[Flask, str]) -> None:
    """Pages without hits or records would have nothing to run."""
    app, _address = office

    shown = browser_of(app, Role.ADMINISTRATOR).get(place).get_data(as_text=True)

    assert "alert(1)" in shown


@pytest.mark.parametrize("policy", [True, False], ids=["as served", "without the policy"])
def test_no_page_runs_a_script_that_stands_in_its_text(
    policy: bool, browser: Browser, office: tuple[Flask, str]
) -> None:
    app, address = office
    with app.app_context():
        pages = list(_pages(reading()))
    with _watched(browser) as (context, asked):
        _sign_in(context, app, address)
        if not policy:
            context.route(PAGES, _without_policy)
        page = context.new_page()
        dialogs, faults = _dialogs_and_faults(page)
        for place in pages:
            answer = page.goto(f"{address}{place}")

            assert answer is not None
            assert answer.status == 200, place
            assert ("content-security-policy" in answer.headers) is policy, place
            assert page.evaluate(LOOK) == [], place
        measured(
            f"{len(payloads())} strings, {len(_in_every_field())} of them in every field, {len(pages)} pages: 0 ran"
        )
        assert dialogs == []
        assert faults == []
        assert [each for each in asked if not each.startswith((address, "data:image/"))] == []


@pytest.mark.parametrize("policy", [True, False], ids=["as served", "without the policy"])
def test_refused_forms_show_what_was_typed_and_run_none_of_it(
    policy: bool, browser: Browser, office: tuple[Flask, str]
) -> None:
    app, address = office
    with _watched(browser) as (context, _asked):
        _sign_in(context, app, address)
        if not policy:
            context.route(PAGES, _without_policy)
        page = context.new_page()
        page.goto(f"{address}/studies/new")
        page.get_by_label("What do you want to find out?").fill("\n\n".join(OWN))
        page.locator("main form[method=post] button[type=submit], main form[method=post] button").first.click()
        page.locator("#title-error").wait_for()

        assert page.get_by_label("What do you want to find out?").input_value().startswith(OWN[0])
        assert page.evaluate(LOOK) == []


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, str]]:
    """The application with the payloads in every field, and its address."""
    app = create_app(Settings(data=tmp_path_factory.mktemp("scripts") / "data"))
    app.config.update(RATELIMIT_ENABLED=False)
    with app.app_context():
        db.create_all()
        with transaction() as session:
            ensure_database_id(session)
        with transaction() as session:
            _tell(session, payloads())
        make_indexer(app).rebuild()
        db.session.remove()
    with served(app) as address:
        yield app, address
    with app.app_context():
        close(app)


def _tell(session: Session, all_of_them: list[str]) -> None:
    """One thread from a session to a decision for each of our own payloads; the first decision holds them all."""
    whole = "\n\n".join(all_of_them)
    for number, text in enumerate(_in_every_field()):
        line = f"{text} letter"
        actor = make_member(session, role=Role.ADMINISTRATOR, name=line)
        service = make_service(session, name=f"{line} {number}", description=text)
        study = make_study(session, actor=actor, title=line, question=text, service=service)
        notes = f"She said the letter was unclear.\n\n{whole if number == 0 else text}"
        held = log_research_session(
            session, actor=actor, study=study, held_on=date(2026, 10, 14), notes=notes, title=line, moderator=line[:200]
        )
        source = source_of(session, held)
        # The whole of it is quoted, so that payloads stand inside marks and in quotes as well.
        quote = highlight_passage(
            session, actor=actor, source=source, start=0, end=len(text_of(session, source)),
            tags=[line, f"letters / {text[:80]}"], observation=text,
        )  # fmt: skip
        insight = write_insight(session, actor=actor, claim=line, body=whole if number == 0 else text, service=service)
        attach_highlight(session, actor=actor, insight=insight, highlight=quote, note=line)
        judge(session, actor, insight)
        edit_insight(
            session, actor=actor, insight=insight, claim=f"{line}s", body=f"{text}\n\nNew.", type_=insight.type,
            kind=insight.kind, service=service, note=line,
        )  # fmt: skip
        publish_insight(session, actor=actor, insight=insight)
        issue_recommendation(session, actor=actor, text=text, insights=[insight], addressee=actor, service=service)
        sections = all_of_them if number == 0 else [text]
        decision = draft_decision(session, actor=actor, text=_decision(line, text, sections), service=service)
        link_insight(session, actor=actor, decision=decision, insight=insight, type_="changed", rationale=line)
        accept_decision(session, actor=actor, decision=decision, beyond_evidence_reason=text)
        record_change(session, actor=actor, decision=decision, before=text, after=f"After. {text}")
        if number % 2:
            challenge_insight(session, actor=actor, insight=insight, reason=text)


def _decision(title: str, text: str, sections: list[str]) -> DecisionText:
    return DecisionText(
        title=title,
        context=text,
        drivers=text,
        options=[{"title": " ".join(each.split()) or "None", "body": each} for each in sections],
        outcome=text,
        consequences=text,
        confirmation=text,
        more_information=text,
        decision_makers=[text],
        consulted=[text],
        other_sections=[(each, each) for each in sections],
    )


def _pages(session: Session) -> Iterator[str]:
    """Each kind of page; records of kinds that have several pages take turns, so that each payload meets some."""
    yield from ("/", "/log", "/insights", "/decisions", "/highlights", "/tags", "/recommendations", "/members")
    yield from ("/activity", "/services", "/reports/matrix", "/reports/shelf", "/reports/gaps", "/reports")
    yield from ("/evidence?q=letter", "/evidence?q=alert", "/evidence?q=%22%3E%3Cimg+src%3Dx+onerror%3Dalert(1)%3E")
    yield from ("/studies/new", "/decisions/new?insight=INS-1")
    places = (
        *("/sessions/SES-{}", "/insights/INS-{}", "/insights/INS-{}/versions", "/decisions/DEC-{}"),
        *("/reports/trace/INS-{}", "/studies/STU-{}", "/highlights/HL-{}/edit", "/recommendations/REC-{}"),
        *("/insights/INS-{}/edit", "/sources/SRC-{}/edit", "/members/MEM-{}", "/services/SVC-{}"),
    )
    yield from (place.format(1) for place in places)
    threads = len(_in_every_field())
    assert session.scalar(select(func.count(Insight.id))) == threads
    assert session.scalar(select(func.count(Decision.id))) == threads
    numbers = range(2, threads + 1)
    yield from (
        place.format(number) for number, place in zip(numbers, islice(cycle(places[:5]), threads), strict=False)
    )
    yield f"/highlights?tag=TAG-{session.scalar(select(func.min(Tag.id)))}"


def _sign_in(context: BrowserContext, app: Flask, address: str) -> None:
    name = app.config["SESSION_COOKIE_NAME"]
    context.add_cookies([{"name": name, "value": token_of(app, Role.ADMINISTRATOR), "url": address}])


@contextmanager
def _watched(browser: Browser) -> Iterator[tuple[BrowserContext, list[str]]]:
    """A fresh browser that tells of scripts that ask for dialogs, and what addresses were asked for."""
    context = browser.new_context()
    context.set_default_timeout(15_000)
    context.add_init_script(LISTEN)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    yield context, asked
    context.close()


def _dialogs_and_faults(page: Page) -> tuple[list[str], list[str]]:
    dialogs: list[str] = []
    faults: list[str] = []

    def close(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", close)
    page.on("pageerror", lambda error: faults.append(str(error)))
    return dialogs, faults


def _without_policy(route: Route) -> None:
    answer = route.fetch(max_redirects=0)
    headers = {name: value for name, value in answer.headers.items() if name != "content-security-policy"}
    route.fulfill(response=answer, headers=headers)

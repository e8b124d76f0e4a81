"""How fast the reader is with a long transcript: 30,000 words, 600 utterances, 1,000 highlights with two tags each.

The same text and passages can be given to another program, so that it is measured beside ours: `transcript()` tells
both, and `in_browser` takes any page by how it shows that it is ready, how its text is selected and how it is saved.

    transcript() -> Transcript   the text, its utterances and the passages to highlight, the same every time
    run() -> dict                the figures
    markdown(figures) -> str     the section for the results page

Run as `python -m benchmarks.reader_speed`.
"""

from __future__ import annotations

import gzip
import logging
import random
import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from benchmarks.corpus import note
from insights.capture.models import SourceText, Utterance
from insights.capture.operations import create_study, log_research_session
from insights.core.access import Role
from insights.core.installation import ensure_database_id
from insights.people.models import Member
from insights.people.operations import add_member, create_team, start_browser_session
from research_hub.app import create_app, settle_memory
from research_hub.config import Settings
from research_hub.db import db, transaction
from research_hub.security import TOKEN

WORDS, HIGHLIGHTS, TAGS = 30_000, 1_000, 60
ROUNDS = 9
SELECTIONS = 9
PAGE = "/sessions/SES-1"
START = datetime(2026, 1, 5, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Transcript:
    """`utterances` and `passages` are code points [start, end) of the text; `tags` two for each passage."""

    text: str
    utterances: tuple[tuple[int, int, str], ...]
    passages: tuple[tuple[int, int], ...]
    tags: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """How a program's page is driven: when it is ready, what holds its text, and how a selection is stored.

    `store` selects nothing itself: it is called with words selected and returns when they show as highlighted.
    """

    address: str
    ready: str
    text: str
    store: Callable[[Page], None]
    sign_in: Callable[[BrowserContext], None]


def transcript() -> Transcript:
    chance = random.Random(30_000)
    said: list[tuple[str, str]] = []
    words, number = 0, 0
    while words < WORDS:
        for sentences in _parts(note(number).body, chance):
            said.append((("Moderator", "P-7K3Q")[len(said) % 2], sentences))
            words += len(sentences.split())
        number += 1
    text, utterances = "", []
    for speaker, sentences in said:
        start = len(text)
        text += f"{speaker}: {sentences}"
        utterances.append((start, len(text), speaker))
        text += "\n\n"
    text = text.rstrip("\n")
    passages = sorted(_passages(text, utterances, chance))
    tags = [(f"tag {chance.randrange(TAGS)}", f"tag {chance.randrange(TAGS)}") for _ in passages]
    return Transcript(text, tuple(utterances), tuple(passages), tuple(tags))


def run() -> dict[str, Any]:
    told = transcript()
    with tempfile.TemporaryDirectory(prefix="reader-speed-") as folder:
        app = create_app(Settings(data=Path(folder)))
        app.config.update(WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
        with app.app_context():
            db.create_all()
            client, token = _signed_in(app, told)
        figures: dict[str, Any] = {"words": len(told.text.split()), "highlights": len(told.passages)}
        figures["storing"] = _store_all(client, told)
        figures |= _server(client)
        with _served(app) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
            )
            figures |= in_browser(browser, _ours(address, token))
            browser.close()
    return figures


def in_browser(browser: Browser, shown: Shown) -> dict[str, Any]:
    """Milliseconds until the page answers keys, and from words selected to words highlighted."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    shown.sign_in(context)
    page = context.new_page()
    opening = []
    for _ in range(ROUNDS):
        page.goto("about:blank")
        page.goto(shown.address, wait_until="commit")
        page.wait_for_selector(shown.ready, state="attached")
        # Two frames later all that was waiting has been done and drawn.
        opening.append(
            page.evaluate(
                "() => new Promise(done => requestAnimationFrame(() => setTimeout(() => done(performance.now()))))"
            )
        )
    storing = [_time_to_store(page, shown, place) for place in range(SELECTIONS)]
    context.close()
    return {
        "interactive": statistics.median(opening),
        "selection": statistics.median(storing),
        "selection_worst": max(storing),
    }


def markdown(figures: dict[str, Any]) -> str:
    return "\n".join(
        [
            "## Reader",
            "",
            f"A transcript of {figures['words']:,} words, {figures['highlights']:,} highlights of two tags; medians.",
            "",
            "| what | |",
            "|---|---:|",
            f"| page from the server, the first time | {figures['first']:.0f} ms |",
            f"| page from the server, after that | {figures['server']:.0f} ms |",
            f"| page, as it is | {figures['raw'] / 1e3:.0f} kB |",
            f"| page, compressed as it is sent | {figures['sent'] / 1e3:.0f} kB |",
            f"| page, compressed with gzip 6 | {figures['gzip'] / 1e3:.0f} kB |",
            f"| until the page answers, in Chromium | {figures['interactive']:.0f} ms |",
            f"| selection to stored highlight shown, in Chromium | {figures['selection']:.0f} ms |",
            f"| the slowest of them | {figures['selection_worst']:.0f} ms |",
            f"| {figures['highlights']:,} tagged highlights through the page's API | {figures['storing']:.1f} s |",
            "",
        ]
    )


_SELECT = """([text, place]) => {
    const lines = [...document.querySelectorAll(text)].filter(each => each.textContent.length > 80);
    for (let at = Math.floor((place + 0.5) * lines.length / 12); at < lines.length; at += 1) {
        const walker = document.createTreeWalker(lines[at], NodeFilter.SHOW_TEXT, node =>
            node.data.length > 30 && !node.parentElement.closest("mark, .highlight, [hidden]")
                ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_SKIP);
        const node = walker.nextNode();
        if (!node) continue;
        lines[at].scrollIntoView({block: "center"});
        const range = document.createRange();
        range.setStart(node, 4);
        range.setEnd(node, 24);
        getSelection().removeAllRanges();
        getSelection().addRange(range);
        return true;
    }
    return false;
}"""


def _time_to_store(page: Page, shown: Shown, place: int) -> float:
    if not page.evaluate(_SELECT, [shown.text, place]):
        raise RuntimeError(f"Nothing to select at {place}.")
    started = time.perf_counter()
    shown.store(page)
    return (time.perf_counter() - started) * 1000


def _ours(address: str, token: str) -> Shown:
    def sign_in(context: BrowserContext) -> None:
        name, value = token.split("=", 1)
        context.add_cookies([{"name": name, "value": value, "url": address}])

    def store(page: Page) -> None:
        page.get_by_role("button", name="Highlight the selection").click()
        page.locator("dialog [name=tags]").fill("tag 1, tag 2")
        page.keyboard.press("Enter")
        # The dialog closes and the mark shows in one go, when the server has said that it is stored.
        page.locator(".toast", has_text="stored").wait_for()
        page.evaluate("document.querySelector('.toast').replaceChildren()")

    return Shown(f"{address}{PAGE}", "html[data-enhanced]", "[data-text]", store, sign_in)


def _server(client: FlaskClient) -> dict[str, Any]:
    headers = {"Accept-Encoding": "br, gzip"}
    times = []
    for _ in range(ROUNDS + 1):
        started = time.perf_counter()
        answer = client.get(PAGE, headers=headers)
        times.append((time.perf_counter() - started) * 1000)
    raw = client.get(PAGE).get_data()
    return {
        "first": times[0],
        "server": statistics.median(times[1:]),
        "raw": len(raw),
        "sent": len(answer.get_data()),
        "gzip": len(gzip.compress(raw, 6)),
    }


def _store_all(client: FlaskClient, told: Transcript) -> float:
    started = time.perf_counter()
    for (start, end), tags in zip(told.passages, told.tags, strict=True):
        answer = client.post(
            "/sources/SRC-1/highlights",
            data={"start": start, "end": end, "tags": ", ".join(tags)},
            headers={"Accept": "application/json"},
        )
        if answer.status_code != 200:
            raise RuntimeError(answer.get_data(as_text=True)[:500])
    return time.perf_counter() - started


def _signed_in(app: Flask, told: Transcript) -> tuple[FlaskClient, str]:
    with transaction() as session:
        ensure_database_id(session)
        team = create_team(session, actor=None, name="Benefits")
        member = add_member(
            session, actor=None, email="a@example.org", name="A", role=Role.RESEARCHER, team=team, password=None
        )
        _fill(session, member, told)
        key = start_browser_session(session, member=member, browser="Benchmark")
    client = app.test_client()
    with client.session_transaction() as browser:
        browser[TOKEN] = key
    cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    return client, f"{cookie.key}={cookie.value}"


def _fill(session: Session, member: Member, told: Transcript) -> None:
    study = create_study(session, actor=member, title="Long talks")
    log_research_session(
        session, actor=member, study=study, held_on=date(2026, 1, 5), notes=told.text, participants=["P-7K3Q"]
    )
    source = session.scalars(select(SourceText)).one()
    for number, (start, end, speaker) in enumerate(told.utterances, start=1):
        session.add(
            Utterance(
                text_version_id=source.current_version_id,
                number=number,
                start=start,
                end=end,
                start_ms=number * 18_000,
                end_ms=None,
                speaker=speaker,
            )
        )


@contextmanager
def _served(app: Flask) -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    settle_memory()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join(timeout=10)
        server.server_close()


def _parts(body: str, chance: random.Random) -> Iterator[str]:
    """A note's sentences, a few at a time, as people talk."""
    sentences = body.replace("\n", " ").split(". ")
    while sentences:
        taken = chance.randint(1, 4)
        yield ". ".join(sentences[:taken]).rstrip(".") + "."
        del sentences[:taken]


def _passages(text: str, utterances: list[tuple[int, int, str]], chance: random.Random) -> set[tuple[int, int]]:
    """Four to thirty words each, some over one another."""
    passages: set[tuple[int, int]] = set()
    while len(passages) < HIGHLIGHTS:
        start, end, speaker = chance.choice(utterances)
        words = text[start + len(speaker) + 2 : end].split(" ")
        first = chance.randrange(max(1, len(words) - 4))
        taken = words[first : first + chance.randint(4, 30)]
        begin = start + len(speaker) + 2 + len(" ".join(words[:first])) + (first > 0)
        if " ".join(taken).strip():
            passages.add((begin, begin + len(" ".join(taken))))
    return passages


if __name__ == "__main__":
    print(markdown(run()))

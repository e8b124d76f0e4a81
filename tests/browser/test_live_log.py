"""The live log as observers meet it: network, browser and server fail, and no line is lost."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from demonstration import close
from factories import make_member, make_study, make_team
from live import PASSWORD
from playwright.sync_api import Browser, BrowserContext, Error, Page, Route, expect
from sqlalchemy import select

from insights.capture.live_log import start_live_log
from insights.capture.models import LiveLog, LogLine
from insights.coding.operations import find_or_add_tag
from insights.core.access import Role
from insights.core.installation import ensure_database_id
from insights.people.models import Member
from research_hub.app import create_app
from research_hub.config import Settings
from research_hub.db import db, reading, transaction

CASES = json.loads(
    (Path(__file__).parents[1] / "domain" / "capture" / "live_log_lines.json").read_text(encoding="utf-8")
)
SERVER = """
import sys
from pathlib import Path
from werkzeug.serving import make_server
from research_hub.app import create_app
from research_hub.config import Settings
app = create_app(Settings(data=Path(sys.argv[1])))
make_server("127.0.0.1", int(sys.argv[2]), app, threaded=True).serve_forever()
"""
DRAFT_IS_KEPT = """(text) => new Promise((resolve) => {
    const asked = indexedDB.open("research-hub-live-log");
    asked.onsuccess = () => {
        const drafts = asked.result.transaction("drafts").objectStore("drafts").getAll();
        drafts.onsuccess = () => resolve(drafts.result.some((draft) => draft.text === text));
    };
})"""
HOLD_THE_DISK = """() => new Promise((resolve) => {
    const asked = indexedDB.open("research-hub-live-log");
    asked.onsuccess = () => {
        const lines = asked.result.transaction("lines", "readwrite").objectStore("lines");
        const hold = () => { if (!window.diskIsFree) lines.count().onsuccess = hold; };
        hold();
        resolve();
    };
})"""
PATIENCE = 20_000
CLOCKS_DIFFER = 1.0
"""Seconds by which the browser's idea of our clock may be off."""

pytestmark = pytest.mark.browser


class Hub:
    """A server in a process of its own, that can be killed and started again on the same data."""

    def __init__(self, data: Path) -> None:
        self.app = create_app(Settings(data=data))
        self.data = data
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process: subprocess.Popen[bytes] | None = None
        self.log_path = ""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        return f"{self.address}{self.log_path}"

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVER, str(self.data), str(self.port)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(1_500):
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.address}/sign-in"):
                return
            time.sleep(0.1)
        pytest.fail("the server does not answer")

    def kill(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None

    def lines(self) -> list[tuple[str, str, datetime]]:
        """Observer, text and moment of every line that is not deleted, in the order of the log."""
        with self.app.app_context():
            query = (
                select(Member.name, LogLine.text, LogLine.typed_ms, LiveLog.started_at)
                .join(Member, Member.id == LogLine.observer_id)
                .join(LiveLog, LiveLog.id == LogLine.live_log_id)
                .where(LogLine.deleted_at.is_(None))
                .order_by(LogLine.typed_ms, LogLine.id)
            )
            rows = reading().execute(query).all()
            db.session.remove()
        return [
            (name, text, datetime.fromtimestamp(started.timestamp() + typed / 1000, UTC))
            for name, text, typed, started in rows
        ]

    def wait_for(self, count: int) -> list[tuple[str, str, datetime]]:
        until = time.monotonic() + PATIENCE / 1000
        while len(self.lines()) < count and time.monotonic() < until:
            time.sleep(0.2)
        return self.lines()


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    made = Hub(tmp_path / "data")
    with made.app.app_context():
        db.create_all()
        with transaction() as session:
            ensure_database_id(session)
            team = make_team(session, name="Results", is_central=True)
            maya, _priya = (
                make_member(session, role=Role.RESEARCHER, team=team, email=email, name=name, password=PASSWORD)
                for email, name in (("maya@example.org", "Maya Osei"), ("priya@example.org", "Priya Raman"))
            )
            study = make_study(session, actor=maya, title="Results letters")
            for tag in ("letters", "letters/dates", "stopped reading"):
                find_or_add_tag(session, actor=maya, path=tag)
            held, _log = start_live_log(session, actor=maya, study=study, participants=["P3", "P4"])
            made.log_path = f"/sessions/{held.ref}/live"
        db.session.remove()
    made.start()
    yield made
    made.kill()
    with made.app.app_context():
        close(made.app)


@dataclass
class Observer:
    """One person at a page of the log. `typed` is each line with the moments before and after Enter."""

    hub: Hub
    page: Page
    typed: list[tuple[str, datetime, datetime]]

    def open_log(self) -> None:
        self.page.goto(self.hub.log)
        self.page.locator("html[data-enhanced]").wait_for()

    def type(self, *lines: str) -> None:
        for line in lines:
            self.box.press_sequentially(line)
            before = datetime.now(UTC)
            self.box.press("Enter")
            self.typed.append((line, before, datetime.now(UTC)))

    @property
    def box(self) -> Any:
        return self.page.locator("[data-live-input]")

    @property
    def status(self) -> Any:
        return self.page.locator("[data-live-status]")

    def shown(self) -> list[str]:
        return self.page.locator("[data-live-lines] .live-words").all_inner_texts()


def sign_in(hub: Hub, page: Page, email: str) -> None:
    page.goto(f"{hub.address}/sign-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Log", exact=True).wait_for()


@pytest.fixture
def contexts() -> Iterator[list[BrowserContext]]:
    made: list[BrowserContext] = []
    yield made
    for context in made:
        with contextlib.suppress(Error):
            context.close()


@pytest.fixture
def observer(hub: Hub, browser: Browser, contexts: list[BrowserContext]) -> Observer:
    return an_observer(hub, browser, contexts, "maya@example.org")


def an_observer(hub: Hub, browser: Browser, contexts: list[BrowserContext], email: str, **options: Any) -> Observer:
    context = browser.new_context(**options)
    contexts.append(context)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    sign_in(hub, page, email)
    made = Observer(hub, page, [])
    if options.get("java_script_enabled", True):
        made.open_log()
    else:
        page.goto(hub.log)
    return made


class Desk:
    """A browser with a profile on the disk, that can be killed as a machine that loses its power kills it."""

    def __init__(self, hub: Hub, browser: Browser, profile: Path) -> None:
        self.hub, self.profile = hub, profile
        self.launch = browser.browser_type.launch_persistent_context
        self.typed: list[tuple[str, datetime, datetime]] = []

    def open(self, email: str) -> Observer:
        """Signs in, which shows Home."""
        self.context = self.launch(
            str(self.profile),
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
        )
        self.context.set_default_timeout(PATIENCE)
        page = self.context.new_page()
        sign_in(self.hub, page, email)
        return Observer(self.hub, page, self.typed)

    def kill(self) -> None:
        wanted = f"--user-data-dir={self.profile}".encode()
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                words = (process / "cmdline").read_bytes().split(b"\0")
                if wanted in words and not any(word.startswith(b"--type=") for word in words):
                    os.kill(int(process.name), signal.SIGKILL)
        with contextlib.suppress(Error):
            self.context.close()


@pytest.fixture
def desk(hub: Hub, browser: Browser, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(hub, browser, tmp_path / "profile")
    yield made
    made.kill()


def test_a_line_is_called_saved_only_when_it_has_left_the_hands(observer: Observer) -> None:
    """Between Enter and this browser's disk a line is neither kept nor saved."""
    observer.type("The first line")
    expect(observer.status).to_have_text("All lines are saved.")
    observer.page.evaluate(HOLD_THE_DISK)

    observer.type("The second line")
    expect(observer.status).to_have_text("Keeping what you typed.")
    observer.page.evaluate("window.diskIsFree = true")

    expect(observer.status).to_have_text("All lines are saved.")
    assert observer.shown() == ["The first line", "The second line"]


def test_lines_left_behind_are_sent_also_when_the_server_does_not_answer_at_first(observer: Observer) -> None:
    context, refused = observer.page.context, []

    def refuse_twice(route: Route) -> None:
        refused.append(route.request.url)
        if len(refused) > 2:
            route.continue_()
        else:
            route.abort()

    context.set_offline(True)
    observer.type("The first line", "The second line")
    observer.page.locator("[data-waiting]").nth(1).wait_for()
    observer.page.close()
    context.set_offline(False)
    page = context.new_page()
    page.route("**/lines?since=999999999999", refuse_twice)
    page.goto(observer.hub.address)

    expect(page.get_by_text("2 lines that this browser had kept have reached their live log.")).to_be_visible()
    assert [text for _name, text, _at in observer.hub.lines()] == ["The first line", "The second line"]


def test_script_and_server_read_the_same_marks(observer: Observer) -> None:
    read = observer.page.evaluate(
        """async (lines) => {
            const { modules } = document.querySelector("script[data-modules]").dataset;
            const { parseLine } = await import(new URL(JSON.parse(modules).livelog_marks, document.baseURI));
            return lines.map((line) => parseLine(line));
        }""",
        [case["line"] for case in CASES],
    )

    for case, found in zip(CASES, read, strict=True):
        assert {"line": case["line"], **found} == case


def test_sixty_lines_arrive_once_and_in_order_whatever_breaks(
    hub: Hub, desk: Desk, browser: Browser, contexts: list[BrowserContext]
) -> None:
    """The network is cut, the server is killed, the browser is killed, and a second observer types all the while."""
    priya = an_observer(hub, browser, contexts, "priya@example.org")
    maya = desk.open("maya@example.org")
    maya.open_log()
    said = iter(f"line {number} #letters" for number in range(1, 61))

    maya.type(*(next(said) for _ in range(10)))
    expect(maya.page.locator(".live-words")).to_have_count(10)
    expect(maya.status).to_have_text("All lines are saved.")
    desk.context.set_offline(True)
    maya.type(*(next(said) for _ in range(15)))
    priya.type("Priya one", "Priya two")
    expect(maya.status).to_have_text("15 lines wait for the network; they are kept in this browser.")
    desk.context.set_offline(False)
    maya.type(*(next(said) for _ in range(5)))
    expect(maya.status).to_have_text("All lines are saved.")

    hub.kill()
    maya.type(*(next(said) for _ in range(10)))
    priya.type("Priya three")
    hub.start()
    maya.type(*(next(said) for _ in range(5)))
    expect(maya.status).to_have_text("All lines are saved.")

    desk.context.set_offline(True)
    maya.type(*(next(said) for _ in range(10)))
    maya.box.press_sequentially("half of a th")
    maya.page.locator("[data-waiting]").nth(9).wait_for()
    maya.page.wait_for_function(DRAFT_IS_KEPT, arg="half of a th")
    desk.kill()
    hub.kill()
    hub.start()

    maya = desk.open("maya@example.org")
    expect(maya.page.get_by_text("10 lines that this browser had kept have reached their live log.")).to_be_visible()
    maya.open_log()
    expect(maya.box).to_have_value("half of a th")
    maya.box.fill("")
    maya.type(*said)

    stored = hub.wait_for(63)
    mine = [(text, moment) for name, text, moment in stored if name == "Maya Osei"]
    assert [text for text, _ in mine] == [f"line {number} #letters" for number in range(1, 61)]
    assert [text for name, text, _ in stored if name == "Priya Raman"] == ["Priya one", "Priya two", "Priya three"]
    for (_, moment), (line, before, after) in zip(mine, desk.typed, strict=True):
        off = max((before - moment).total_seconds(), (moment - after).total_seconds())
        assert off < CLOCKS_DIFFER, f"{line} was typed at {before} and is stored at {moment}"
    for one in (maya, priya):
        expect(one.page.locator(".live-words")).to_have_count(63)
        assert one.shown() == [text.removesuffix(" #letters") for _, text, _ in stored]


def test_two_tabs_of_one_person_send_each_line_once(hub: Hub, observer: Observer) -> None:
    second = Observer(hub, observer.page.context.new_page(), [])
    second.open_log()
    observer.page.context.set_offline(True)
    observer.type("from the first tab")
    second.type("from the second tab")
    observer.type("first again")

    # What one tab keeps, the other shows.
    expect(second.page.locator("[data-waiting]")).to_have_count(3)
    observer.page.context.set_offline(False)

    assert [text for _, text, _ in hub.wait_for(3)] == ["from the first tab", "from the second tab", "first again"]
    for tab in (observer, second):
        expect(tab.status).to_have_text("All lines are saved.")
        assert tab.shown() == ["from the first tab", "from the second tab", "first again"]


def test_signed_out_meanwhile_the_lines_are_kept_and_sent_after_signing_in(hub: Hub, observer: Observer) -> None:
    observer.type("signed in")
    expect(observer.page.locator(".live-words")).to_have_count(1)
    expect(observer.status).to_have_text("All lines are saved.")
    observer.page.context.clear_cookies()
    observer.type("signed out")

    expect(observer.status).to_contain_text("You are signed out. 1 line has been kept in this browser")
    with observer.page.context.expect_page() as opened:
        observer.page.get_by_role("link", name="Sign in (opens a new tab)").click()
    sign_in(hub, opened.value, "maya@example.org")

    expect(observer.status).to_have_text("All lines are saved.")
    assert [text for _, text, _ in hub.lines()] == ["signed in", "signed out"]


def test_lines_of_one_person_are_not_sent_when_another_signs_in(hub: Hub, observer: Observer) -> None:
    observer.page.context.clear_cookies()
    observer.type("Maya typed this")
    expect(observer.status).to_contain_text("You are signed out.")
    other = observer.page.context.new_page()
    sign_in(hub, other, "priya@example.org")

    expect(observer.status).to_contain_text("Somebody else is signed in now. 1 line has been kept in this browser")
    assert hub.lines() == []
    other.context.clear_cookies()
    sign_in(hub, other, "maya@example.org")
    assert [name for name, _, _ in hub.wait_for(1)] == ["Maya Osei"]


def test_the_last_line_is_edited_with_the_up_arrow_and_left_with_escape(hub: Hub, observer: Observer) -> None:
    observer.type("teh date", "last teh line")
    observer.box.press("ArrowUp")
    expect(observer.box).to_have_value("last teh line")
    observer.box.fill("something else")
    observer.box.press("Escape")
    expect(observer.box).to_have_value("")
    observer.box.press("ArrowUp")
    expect(observer.box).to_have_value("last teh line")
    observer.box.fill("last line #letters")
    observer.box.press("Enter")

    expect(observer.page.locator(".live-line .tag")).to_have_text("letters")
    expect(observer.status).to_have_text("All lines are saved.")
    assert [text for _, text, _ in hub.lines()] == ["teh date", "last line #letters"]


def test_a_deleted_line_comes_back_with_undo(hub: Hub, observer: Observer) -> None:
    observer.type("said in confidence")
    observer.page.get_by_role("button", name="Delete the line").click()
    expect(observer.page.get_by_text("Deleted.")).to_be_visible()
    expect(observer.status).to_have_text("All lines are saved.")
    assert hub.lines() == []
    observer.page.get_by_role("button", name="Undo the line").click()

    assert [text for _, text, _ in hub.wait_for(1)] == ["said in confidence"]


def test_tags_and_participants_are_offered_and_taken_by_keyboard(hub: Hub, observer: Observer) -> None:
    box = observer.box
    box.press_sequentially("cannot find it #dat")
    expect(observer.page.get_by_role("option")).to_have_text("letters/dates")
    box.press("Tab")
    box.press_sequentially("#")
    expect(observer.page.get_by_role("option")).to_have_count(3)
    for _ in range(3):
        box.press("ArrowDown")
    expect(observer.page.get_by_role("option", selected=True)).to_have_text("stopped reading")
    box.press("Enter")
    box.press_sequentially("@")
    box.press("ArrowDown")
    box.press("Enter")
    expect(box).to_have_value('cannot find it #letters/dates #"stopped reading" @P3 ')
    box.press("Enter")

    expect(observer.page.locator(".live-line .tag")).to_have_text(["P3", "letters/dates", "stopped reading"])
    expect(box).to_be_focused()


def test_enter_keeps_the_line_as_typed_while_something_is_offered(hub: Hub, observer: Observer) -> None:
    observer.type("new tag #lett")

    assert [text for _, text, _ in hub.wait_for(1)] == ["new tag #lett"]
    expect(observer.page.get_by_role("listbox")).to_be_hidden()


def test_a_line_that_is_too_long_stays_in_the_box_and_says_so(observer: Observer) -> None:
    observer.box.fill("x" * 2_001)
    observer.box.press("Enter")

    expect(observer.page.get_by_text("2,001 characters; a line takes 2,000")).to_be_visible()
    expect(observer.box).to_have_value("x" * 2_001)
    assert observer.shown() == []


def test_pausing_stops_the_clock_of_both_observers(
    hub: Hub, browser: Browser, contexts: list[BrowserContext], observer: Observer
) -> None:
    priya = an_observer(hub, browser, contexts, "priya@example.org")
    priya.box.fill("half typed")
    observer.page.get_by_role("button", name="Pause").click()

    expect(priya.page.get_by_role("button", name="Go on")).to_be_visible()
    expect(priya.box).to_have_value("half typed")
    priya.page.get_by_role("button", name="Go on").click()
    expect(observer.page.get_by_role("button", name="Pause")).to_be_visible()


def test_a_log_that_somebody_else_ended_still_takes_what_is_typed(
    hub: Hub, browser: Browser, contexts: list[BrowserContext], observer: Observer
) -> None:
    priya = an_observer(hub, browser, contexts, "priya@example.org")
    observer.type("in time #letters")
    priya.page.context.set_offline(True)
    priya.type("typed in the tunnel")
    observer.page.get_by_role("button", name="End and make the notes").click()
    expect(observer.page.get_by_text("1 line became the notes, 1 highlight among them.")).to_be_visible()
    priya.page.context.set_offline(False)

    expect(priya.status).to_contain_text("Maya Osei ended the log. What you still type is kept beside the notes.")
    hub.wait_for(2)
    observer.page.reload()
    observer.page.get_by_role("button", name="Add to the notes").click()
    expect(observer.page.get_by_text("1 line added below the notes.")).to_be_visible()
    expect(observer.page.locator("[data-reader]")).to_contain_text("typed in the tunnel")


def test_markup_in_a_line_is_shown_and_never_run(hub: Hub, observer: Observer) -> None:
    hostile = '<img src=x onerror="document.title=1"> #"<b>tag</b>" <script>document.title=1</script>'
    observer.type(hostile)
    expect(observer.page.locator(".live-words")).to_contain_text("<img src=x")
    expect(observer.page.locator("[data-live-lines] img, [data-live-lines] script")).to_have_count(0)
    expect(observer.status).to_have_text("All lines are saved.")
    observer.open_log()

    assert [text for _, text, _ in hub.lines()] == [hostile]
    expect(observer.page.locator("[data-live-lines] img, [data-live-lines] script")).to_have_count(0)
    expect(observer.page.locator(".live-words")).to_contain_text("<img src=x")


def test_without_a_script_a_line_is_kept_with_enter(hub: Hub, browser: Browser, contexts: list[BrowserContext]) -> None:
    plain = an_observer(hub, browser, contexts, "maya@example.org", java_script_enabled=False)
    plain.type("typed without a script #letters")
    expect(plain.page.locator(".live-words")).to_have_text("typed without a script")
    plain.page.get_by_role("button", name="Delete the line").click()
    expect(plain.page.get_by_text("was deleted")).to_be_visible()
    plain.page.get_by_role("button", name="Undo").click()
    expect(plain.page.locator(".live-words")).to_have_text("typed without a script")
    plain.page.get_by_role("button", name="End and make the notes").click()

    expect(plain.page.get_by_text("1 line became the notes, 1 highlight among them.")).to_be_visible()

"""The application as a person meets it: served over HTTP with its worker, and a real browser before it."""

from __future__ import annotations

import logging
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

from research_hub.worker import run_worker

_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


PASSWORD = "a long enough password"


@dataclass(frozen=True, slots=True)
class Office:
    """A running installation with three people and one study."""

    app: Flask
    address: str
    browser: Browser

    def sign_in(self, email: str, *, scripts: bool) -> Page:
        """A fresh browser, signed in through the form, with JavaScript or without."""
        context: BrowserContext = self.browser.new_context(java_script_enabled=scripts)
        context.set_default_timeout(8_000)
        page = context.new_page()
        page.goto(f"{self.address}/sign-in")
        page.get_by_label("E-mail").fill(email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("link", name="Log", exact=True).wait_for()
        return page


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address of the running application; its worker indexes beside it."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    stop = threading.Event()
    threads = [
        threading.Thread(target=server.serve_forever, daemon=True),
        threading.Thread(target=run_worker, args=(app, stop), daemon=True),
    ]
    for thread in threads:
        thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        stop.set()
        server.shutdown()
        for thread in threads:
            thread.join(timeout=10)
        server.server_close()
        app.extensions["search"].close()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; without it the test is skipped, except in CI, where it must be there."""
    path = shutil.which("chromium")
    if path is None:
        assert not os.environ.get("CI"), "CI needs Debian's chromium: .ci/run installs it."
        pytest.skip("Debian's chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        yield browser
        browser.close()

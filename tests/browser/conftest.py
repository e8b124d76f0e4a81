"""A real browser, and the application served to it on the demonstration data."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from demonstration import app_on_copy
from flask import Flask
from playwright.sync_api import Browser
from werkzeug.serving import make_server


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address of the application, served by a thread of its own for as long as the block lasts."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def chromium(browser: Browser) -> Browser:
    return browser


@pytest.fixture(scope="module")
def demo(told: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application on a copy of the demonstration data, as people use it: forms carry tokens."""
    with app_on_copy(told, tmp_path_factory.mktemp("browser") / "data") as app:
        app.config["WTF_CSRF_ENABLED"] = True
        yield app


@pytest.fixture(scope="module")
def address(demo: Flask) -> Iterator[str]:
    with served(demo) as found:
        yield found

"""A served installation as a client meets it: real processes, real HTTP, real cookies."""

from __future__ import annotations

import http.cookiejar
import re
import socket
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable

PATIENCE = 90.0
"""Seconds; generous, since a test machine may be busy. No test asserts how long anything takes."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(done: Callable[[], bool], *, patience: float = PATIENCE) -> bool:
    until = time.monotonic() + patience
    while time.monotonic() < until:
        if done():
            return True
        time.sleep(0.1)
    return done()


class Client:
    """A browser without a window. Every method raises OSError where the server does not answer."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self._open = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()), _NoRedirects()
        ).open

    def status(self, path: str) -> int:
        """0 where nobody answers."""
        try:
            return self._send(path)[0]
        except OSError:
            return 0

    def get(self, path: str) -> str:
        return self._send(path)[1]

    def post(self, path: str, page: str, **values: str) -> str:
        """Sends the form of `page` with its token, and answers where it leads; raises OSError for any other answer."""
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.get(page))
        assert token is not None
        sent = urllib.parse.urlencode({**values, "csrf_token": token.group(1)}).encode()
        status, text, location = self._send(path, sent)
        if status != 303:
            raise OSError(f"{path} answered {status}: {re.sub(r'<[^>]+>', ' ', text)[-300:]}")
        return location

    def _send(self, path: str, body: bytes | None = None) -> tuple[int, str, str]:
        try:
            with self._open(urllib.request.Request(self.address + path, body), timeout=30) as answer:
                return answer.status, answer.read().decode(), answer.headers.get("Location", "")
        except urllib.error.HTTPError as answer:
            with answer:
                return answer.code, answer.read().decode(), answer.headers.get("Location", "")


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_given: object) -> None:
        """Answers are looked at, not followed."""

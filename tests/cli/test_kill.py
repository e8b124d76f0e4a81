"""No acknowledged write is lost when everything is killed, and each is found soon after (trust.md)."""

from __future__ import annotations

import http.client
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from cli.serving import Client, free_port, wait_until
from click.testing import Result

ROUNDS = int(os.environ.get("KILL_ROUNDS", "2"))
PASSWORD = "correct horse battery"
FOUND_WITHIN = 10.0
"""Seconds from the first answer after a restart until everything that was acknowledged is found."""

Run = Callable[..., Result]
Start = Callable[..., subprocess.Popen[str]]


@pytest.mark.slow
def test_killed_while_a_client_writes_nothing_acknowledged_is_lost(
    run: Run, start: Start, installed: Path, tmp_path: Path
) -> None:
    (tmp_path / "first.md").write_text("The first note.\n", "utf-8")
    assert run("import", "research", str(tmp_path / "first.md"), "--study", "Letters").exit_code == 0
    port = free_port()
    acknowledged: list[str] = []
    chance = random.Random(20_261_123)

    for number in range(ROUNDS):
        server = _serve(start, port)
        writer = Writer(port, number)
        writer.start()
        assert wait_until(lambda current=writer: len(current.acknowledged) >= 2), writer.problem
        time.sleep(chance.uniform(0.0, 1.5))
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
        writer.join()
        acknowledged += writer.acknowledged

        server = _serve(start, port)
        reader = _signed_in(port)
        answered = time.monotonic()
        missing = set(acknowledged)
        while missing and time.monotonic() < answered + FOUND_WITHIN:
            missing = {word for word in missing if not _is_found(reader, word)}
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()

        assert _stored(installed, acknowledged) == set(acknowledged)
        assert missing == set()

    sys.stdout.write(f"\n{ROUNDS} kills, {len(acknowledged)} acknowledged writes, none lost, all found.\n")


class Writer(threading.Thread):
    """Logs one session after the other, each with a word of its own, until the server no longer answers."""

    def __init__(self, port: int, number: int) -> None:
        super().__init__(daemon=True)
        self._port = port
        self._number = number
        self.acknowledged: list[str] = []
        self.problem = ""

    def run(self) -> None:
        try:
            client = _signed_in(self._port)
            while True:
                word = f"zq{self._number}x{len(self.acknowledged)}"
                client.post(
                    "/sessions",
                    "/sessions/new",
                    study="STU-1",
                    held_on="2026-10-14",
                    notes=f"She said {word} twice.",
                    method="interview",
                    title="",
                    participants="",
                    moderator="",
                    observers="",
                )
                self.acknowledged.append(word)
        except (OSError, http.client.HTTPException) as error:
            self.problem = str(error)


def _serve(start: Start, port: int) -> subprocess.Popen[str]:
    server = start("serve", PORT=str(port))
    client = Client(port)
    assert wait_until(lambda: client.status("/healthz") == 200 or server.poll() is not None)
    assert server.poll() is None, server.communicate()[0]
    return server


def _signed_in(port: int) -> Client:
    client = Client(port)
    client.post("/sign-in", "/sign-in", email="ada@example.org", password=PASSWORD)
    return client


def _is_found(client: Client, word: str) -> bool:
    return f"<mark>{word}</mark>" in client.get(f"/evidence?q={word}")


def _stored(data: Path, words: list[str]) -> set[str]:
    connection = sqlite3.connect(data / "research-hub.sqlite3")
    texts = [text for (text,) in connection.execute("SELECT text FROM text_versions")]
    connection.close()
    return {word for word in words if any(f"said {word} twice" in text for text in texts)}

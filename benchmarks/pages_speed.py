"""How fast pages are, beside a bare Flask route that returns a static string of the same size.

Both are asked through the WSGI test client in one process, in turn. The bare route is the floor that no Flask page
can go below; it reads nothing, renders nothing and checks nobody. Each size lives in a process of its own.

    run() -> list[dict]          one row a size and page: milliseconds, statements, kilobytes, ratio to the floor
    markdown(rows) -> str        the section for the results page

Run as `python -m benchmarks.pages_speed [notes ...]`.
"""

from __future__ import annotations

import multiprocessing
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from benchmarks.filled_hub import filled_and_signed_in
from research_hub.app import create_app
from research_hub.config import Settings
from research_hub.db import db

SIZES = (1_000, 20_000)
ROUNDS = 15
PAGES = {
    "session reader": "/sessions/SES-1",
    "insight list": "/insights",
    "insight": "/insights/INS-1",
    "matrix": "/reports/matrix",
    "scorecard": "/reports",
}
SPAWN = multiprocessing.get_context("spawn")


def run(sizes: tuple[int, ...] = SIZES) -> list[dict[str, Any]]:
    rows = []
    for size in sizes:
        with ProcessPoolExecutor(1, mp_context=SPAWN) as pool:
            rows += pool.submit(_measure, size).result()
    return rows


def markdown(rows: list[dict[str, Any]]) -> str:
    lines = [
        "## Pages",
        "",
        f"Through the WSGI test client, signed in, {ROUNDS} times each, in turn with a bare Flask route that returns a",
        "static string of the same size. The floor reads and renders nothing. Milliseconds of the processor (median),",
        "which other programs on the machine disturb little, and by the clock (median / 95 in 100).",
        "",
        "| notes | page | KB | statements | processor | bare route | ratio | by the clock |",
        "|---:|---|---:|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {row['notes']:,} | {row['page']} | {row['kilobytes']:.0f} | {row['statements']} | {row['p50']:.1f} | "
        f"{row['floor_p50']:.2f} | {row['ratio']:.0f} | {row['clock_p50']:.0f} / {row['clock_p95']:.0f} |"
        for row in rows
    ]
    peaks = ", ".join(f"{row['memory']:.0f} MB at {row['notes']:,} notes" for row in rows if row["page"] == "scorecard")
    memory = f"Peak memory of the process, filling the database included: {peaks}."
    return "\n".join([*lines, "", memory, "", *_growth(rows), ""])


def _growth(rows: list[dict[str, Any]]) -> Iterator[str]:
    smallest, largest = min(row["notes"] for row in rows), max(row["notes"] for row in rows)
    if smallest == largest:
        return
    known = {(row["notes"], row["page"]): row for row in rows}
    yield f"Growth of the median from {smallest:,} to {largest:,} notes ({largest / smallest:.0f} times as many):"
    for page in PAGES:
        before, after = known[smallest, page], known[largest, page]
        growth = after["p50"] / before["p50"]
        yield f"- {page}: x{growth:.1f}; statements {before['statements']} to {after['statements']}"


def _measure(size: int) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory(prefix="pages-speed-") as folder:
        app = create_app(Settings(data=Path(folder)))
        with app.app_context():
            db.create_all()
            client = filled_and_signed_in(app, size)
        return [_page(app, client, size, *page) for page in PAGES.items()]


def _page(app: Flask, client: FlaskClient, size: int, name: str, path: str) -> dict[str, Any]:
    body = client.get(path)
    if body.status_code != 200:
        raise RuntimeError(f"{path} answered {body.status_code}")
    floor = _bare(body.get_data(as_text=True))
    ours: list[_Time] = []
    bare: list[_Time] = []
    for _ in range(ROUNDS):
        ours.append(_timed(client, path))
        bare.append(_timed(floor, "/"))
    p50, floor_p50 = (statistics.median(each.processor for each in times) for times in (ours, bare))
    clock = statistics.quantiles((each.clock for each in ours), n=20, method="inclusive")
    return {
        "notes": size,
        "page": name,
        "kilobytes": len(body.data) / 1e3,
        "statements": _statements(app, client, path),
        "p50": p50,
        "floor_p50": floor_p50,
        "ratio": p50 / floor_p50,
        "clock_p50": clock[9],
        "clock_p95": clock[18],
        "memory": _peak_memory(),
    }


class _Time(NamedTuple):
    """Milliseconds of the processor and by the clock."""

    processor: float
    clock: float


def _bare(body: str) -> FlaskClient:
    app = Flask("bare")
    app.add_url_rule("/", view_func=lambda: body)
    return app.test_client()


def _timed(client: FlaskClient, path: str) -> _Time:
    processor, clock = time.process_time(), time.perf_counter()
    client.get(path).get_data()
    return _Time((time.process_time() - processor) * 1000, (time.perf_counter() - clock) * 1000)


def _statements(app: Flask, client: FlaskClient, path: str) -> int:
    """How many SELECTs a page takes, the two that find out who asks among them."""
    told: list[str] = []

    def listen(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            told.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", listen)
    client.get(path)
    event.remove(engine, "before_cursor_execute", listen)
    return len(told)


def _peak_memory() -> float:
    """In MB: the kernel's figure for this process."""
    told = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text("ascii"))
    return 0.0 if told is None else int(told[1]) / 1e3


if __name__ == "__main__":
    print(markdown(run(tuple(int(size) for size in sys.argv[1:]) or SIZES)))

"""How fast real research and decisions are imported, beside reading and hashing the same files.

The floor is what nobody can go below: every file opened, read and hashed. The difference is what the product does with
it: decoding, recognising, canonical text, dates, and rows in a database that is on disk when the import ends. Each
import lives in a process of its own, in an empty data folder; a second import of the same files follows.

    run() -> list[dict]          one row a set: files, megabytes, seconds, ratio to the floor, megabytes of memory
    markdown(rows) -> str        the section for the results page

The sets are read where they lie beside this checkout; without them there are no rows. Run as
`python -m benchmarks.import_speed`.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import re
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.corpus import RESEARCH, RESEARCH_SETS
from insights.core.access import Role
from insights.core.installation import ensure_database_id
from insights.exchange.decision_import import import_decisions
from insights.exchange.research_import import import_research
from insights.people.models import Member
from insights.people.operations import add_member, create_team
from research_hub.app import create_app
from research_hub.config import Settings
from research_hub.db import db, transaction

DECISIONS = "decisions"
FLOOR_ROUNDS = 20
SPAWN = multiprocessing.get_context("spawn")


def run() -> list[dict[str, Any]]:
    rows = []
    for name in (*RESEARCH_SETS, DECISIONS):
        if (RESEARCH / name).is_dir():
            with ProcessPoolExecutor(1, mp_context=SPAWN) as pool:
                rows.append(pool.submit(_measure, name).result())
    return rows


def markdown(rows: list[dict[str, Any]]) -> str:
    lines = [
        "## Importing",
        "",
        "Beside reading and hashing the same files (the floor, with the files in the system's cache). Seconds of the",
        "processor, which other programs disturb little, and by the clock, everything on disk at the end. “Again” is a",
        "second import, which finds every file known.",
        "",
        "| set | files | stored | MB | processor | again | floor | ratio | files a second | clock | peak MB | before |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {row['set']} | {row['files']} | {row['stored']} | {row['megabytes']:.2f} | {row['seconds']:.2f} | "
        f"{row['again']:.2f} | {row['floor']:.4f} | {row['seconds'] / row['floor']:,.0f} | "
        f"{row['files'] / row['seconds']:.0f} | {row['clock']:.1f} | {row['memory']:.0f} | {row['memory_before']:.0f} |"
        for row in rows
    ]
    told = "“Before” is the memory of the process with the application loaded and nothing imported."
    return "\n".join([*lines, "", told if rows else "The sets are not on this machine.", ""])


def _measure(name: str) -> dict[str, Any]:
    root = RESEARCH / name
    paths = [path for path in sorted(root.rglob("*")) if path.is_file()]
    _read_and_hash(paths)
    floor = _seconds(lambda: _read_and_hash(paths * FLOOR_ROUNDS)) / FLOOR_ROUNDS
    with tempfile.TemporaryDirectory(prefix="import-speed-") as folder:
        app = create_app(Settings(data=Path(folder)))
        with app.app_context():
            db.create_all()
            actor_id = _set_up()
            before = _peak_memory()
            counts: list[int] = []
            take_in = _importer(name, root, actor_id, app.extensions["files"], counts)
            clock = time.perf_counter()
            seconds = _seconds(take_in)
            clock = time.perf_counter() - clock
            again = _seconds(take_in)
            db.session.remove()
            db.engine.dispose()
    return {
        "set": name,
        "files": len(paths),
        "stored": counts[0],
        "megabytes": sum(path.stat().st_size for path in paths) / 1e6,
        "seconds": seconds,
        "again": again,
        "clock": clock,
        "floor": floor,
        "memory": _peak_memory(),
        "memory_before": before,
    }


def _importer(name: str, root: Path, actor_id: int, files: Any, counts: list[int]) -> Callable[[], None]:  # noqa: ANN401 - the application's file store
    def take_in() -> None:
        with transaction() as session:
            actor = session.get_one(Member, actor_id)
            if name == DECISIONS:
                counts.append(len(import_decisions(session, actor=actor, root=root).imported))
            else:
                made = import_research(session, actor=actor, files=files, root=root, study_name=name)
                counts.append(len(made.imported))

    return take_in


def _set_up() -> int:
    with transaction() as session:
        ensure_database_id(session)
        team = create_team(session, actor=None, name="Benefits")
        member = add_member(
            session, actor=None, email="a@example.org", name="A", role=Role.RESEARCHER, team=team, password=None
        )
        return member.id


def _read_and_hash(paths: list[Path]) -> None:
    for path in paths:
        hashlib.sha256(path.read_bytes()).hexdigest()


def _seconds(work: Callable[[], None]) -> float:
    """Of the processor."""
    started = time.process_time()
    work()
    return time.process_time() - started


def _peak_memory() -> float:
    """In MB: the kernel's figure for this process."""
    told = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text("ascii"))
    return 0.0 if told is None else int(told[1]) / 1e3


if __name__ == "__main__":
    print(markdown(run()))

"""Search beside SQLite FTS5 on the same notes, in one run, query by query in turn.

Each engine lives in a process of its own. Both answer what a search page needs: the total, the first 20 hits
with a snippet each, and the counts of two facets (study and tag; ours always counts every facet), from notes the
member may see. FTS5 is given what a capable user would give it: porter stemming, bm25(), snippet(), facet tables with
indexes, and one table of the ids found that all counts share.

Run: python -m benchmarks.search_speed [notes ...]
"""

# ruff: noqa: ANN401 - what travels between the processes is measured, not modelled

from __future__ import annotations

import itertools
import multiprocessing
import re
import resource
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Protocol

from benchmarks.corpus import note, notes, queries
from search_index.documents import SearchDocument
from search_index.engine import Changes, SearchRequest, Watermark
from search_index.engines.whoosh_engine import WhooshEngine
from search_index.query import parse_query

SIZES = (1_000, 20_000, 100_000)
ROUNDS = 3
PAGE = 20
REBUILD_PROCESSES = 2
OURS, THEIRS = "Research Hub", "SQLite FTS5"
CLASSES = ("rare", "common", "two words", "OR of three", "phrase", "prefix")
MIXED_SECONDS = 5
SPAWN = multiprocessing.get_context("spawn")


class Searcher(Protocol):
    def build(self, documents: Iterable[SearchDocument]) -> None: ...
    def open(self) -> None: ...
    def ask(self, text: str) -> int: ...
    def update(self, number: int) -> None: ...


class Steady:
    """Asks everything there is to ask, one class in turn with another."""

    def steadily(self: Searcher, seconds: float) -> float:
        chosen = queries()
        classes = (chosen.rare, chosen.common, chosen.two_words, chosen.three_or, chosen.phrase, chosen.prefix)
        texts = itertools.cycle(itertools.chain.from_iterable(zip(*classes, strict=True)))
        started = time.perf_counter()
        answered = 0
        while time.perf_counter() - started < seconds:
            self.ask(next(texts))
            answered += 1
        return answered / (time.perf_counter() - started)


class Ours(Steady):
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def build(self, documents: Iterable[SearchDocument]) -> None:
        WhooshEngine(self._folder, rebuild_processes=REBUILD_PROCESSES).rebuild(documents, Watermark())

    def open(self) -> None:
        self._engine = WhooshEngine.open_or_create(self._folder)

    def ask(self, text: str) -> int:
        return self._engine.search(SearchRequest(parse_query(text), frozenset(), limit=PAGE)).total

    def update(self, number: int) -> None:
        changed = note(number)
        self._engine.apply(Changes(documents=(changed,)), Watermark(number))


class FullTextSearch5(Steady):
    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self._path = folder / "notes.db"

    def build(self, documents: Iterable[SearchDocument]) -> None:
        self.open()
        base = self._base
        base.executescript(
            """
            CREATE VIRTUAL TABLE note USING fts5(title, body, tokenize = 'porter unicode61 remove_diacritics 2');
            CREATE TABLE record (id INTEGER PRIMARY KEY, key TEXT, day TEXT, audience TEXT);
            CREATE TABLE facet (name TEXT, value TEXT, id INTEGER, PRIMARY KEY (name, id, value)) WITHOUT ROWID;
            """
        )
        for number, each in enumerate(documents, 1):
            base.execute("INSERT INTO note (rowid, title, body) VALUES (?, ?, ?)", (number, each.title, each.body))
            audience = " ".join(sorted(each.audience))
            base.execute("INSERT INTO record VALUES (?, ?, ?, ?)", (number, each.key, str(each.date), audience))
            base.executemany(
                "INSERT INTO facet VALUES (?, ?, ?)",
                [(name, value, number) for name, values in each.facet_values().items() for value in values],
            )
        base.commit()

    def open(self) -> None:
        self._base = sqlite3.connect(self._path)
        self._base.execute("PRAGMA journal_mode = WAL")
        self._base.execute("PRAGMA synchronous = FULL")
        self._base.execute("CREATE TEMP TABLE found (id INTEGER PRIMARY KEY)")

    def ask(self, text: str) -> int:
        match = text
        if not text.endswith("*") and not text.startswith('"'):
            match = " ".join(word if word == "OR" else f'"{word}"' for word in text.split())
        base = self._base
        base.execute("DELETE FROM found")
        base.execute(
            "INSERT INTO found SELECT note.rowid FROM note JOIN record ON record.id = note.rowid "
            "WHERE note MATCH ? AND record.audience = ''",
            (match,),
        )
        base.execute(
            "SELECT record.key, note.title, record.day, bm25(note, 1.3, 1.0) AS score, "
            "snippet(note, 1, '[', ']', '…', 40) FROM note JOIN record ON record.id = note.rowid "
            "WHERE note MATCH ? AND record.audience = '' ORDER BY score LIMIT ?",
            (match, PAGE),
        ).fetchall()
        for name in ("study", "tag"):
            base.execute(
                "SELECT value, count(*) FROM found CROSS JOIN facet ON facet.name = ? AND facet.id = found.id "
                "GROUP BY value ORDER BY 2 DESC",
                (name,),
            ).fetchall()
        (total,) = base.execute("SELECT count(*) FROM found").fetchone()
        base.rollback()
        return int(total)

    def update(self, number: int) -> None:
        changed = note(number)
        self._base.execute(
            "UPDATE note SET title = ?, body = ? WHERE rowid = ?", (changed.title, changed.body, number + 1)
        )
        self._base.commit()


ENGINES: dict[str, type[Ours | FullTextSearch5]] = {OURS: Ours, THEIRS: FullTextSearch5}


def run(sizes: tuple[int, ...] = SIZES) -> list[dict[str, Any]]:
    """One row a size and query class, and one a size and cost; times in milliseconds, memory and sizes in MB."""
    return [row for size in sizes for row in _measure(size)]


def markdown(rows: list[dict[str, Any]]) -> str:
    """The section for the results file."""
    lines = [
        "## Search",
        "",
        f"Beside SQLite FTS5 (porter, bm25, snippet, facet tables) on the same notes, interleaved. {PAGE} hits with",
        "snippets, total and two facets each. Milliseconds p50 / p95; a ratio under 1 is faster than FTS5.",
        "",
        f"| notes | what | {OURS} | {THEIRS} | ratio p50 / p95 | totals agree |",
        "|---:|---|---:|---:|---:|---:|",
    ]
    for row in rows:
        if "p50" in row[OURS]:
            cells = [f"{row[name]['p50']:.2f} / {row[name]['p95']:.2f}" for name in (OURS, THEIRS)]
            ratio = f"{row['ratio_p50']:.2f} / {row['ratio_p95']:.2f}"
        else:
            cells = [f"{row[name]['value']:,.1f}" for name in (OURS, THEIRS)]
            ratio = f"{row['ratio']:.2f}"
        lines.append(
            f"| {row['notes']:,} | {row['what']} | {cells[0]} | {cells[1]} | {ratio} | {row.get('agree', '')} |"
        )
    return "\n".join([*lines, "", *_growth(rows), ""])


def _growth(rows: list[dict[str, Any]]) -> Iterator[str]:
    """How each class grows between the two largest sizes."""
    sizes = sorted({row["notes"] for row in rows})
    if len(sizes) < 2:
        return
    smallest, largest = sizes[-2:]
    yield f"Growth of p50 from {smallest:,} to {largest:,} notes ({largest / smallest:.0f} times as many):"
    by_name = {(row["notes"], row["what"]): row for row in rows if "p50" in row[OURS]}
    for what in dict.fromkeys(what for _, what in by_name):
        factors = [
            by_name[largest, what][name]["p50"] / by_name[smallest, what][name]["p50"] for name in (OURS, THEIRS)
        ]
        yield f"- {what}: {OURS} x{factors[0]:.1f}, {THEIRS} x{factors[1]:.1f}"


def _measure(size: int) -> Iterator[dict[str, Any]]:
    folder = Path(tempfile.mkdtemp(prefix="search-speed-"))
    try:
        builds = {name: _in_process(_build, name, folder / name, size) for name in ENGINES}
        with _served(OURS, folder) as ours, _served(THEIRS, folder) as theirs:
            yield from _classes(size, ours, theirs)
            yield _pair(size, "one note saved until found", *_updates(size, ours, theirs))
            memory = {OURS: ours("memory"), THEIRS: theirs("memory")}
        for processes in (1, 2):
            what = f"mixed queries a second, {processes} process{'es' if processes > 1 else ''}"
            yield _figure(size, what, {name: _mixed(name, folder, processes) for name in ENGINES})
        yield _figure(size, "memory of the searching process, MB", memory)
        for index, what in enumerate(("rebuild, notes a second", "memory of the rebuild, MB", "index on disk, MB")):
            yield _figure(size, what, {name: build[index] for name, build in builds.items()})
    finally:
        shutil.rmtree(folder)


def _classes(size: int, ours: Any, theirs: Any) -> Iterator[dict[str, Any]]:
    chosen = queries()
    texts = dict(
        zip(
            CLASSES,
            (chosen.rare, chosen.common, chosen.two_words, chosen.three_or, chosen.phrase, chosen.prefix),
            strict=True,
        )
    )
    for what, asked in texts.items():
        times: dict[str, list[float]] = {OURS: [], THEIRS: []}
        agree = 0
        for _ in range(ROUNDS):
            for text in asked:
                spent, total = ours("ask", text)
                spent_there, total_there = theirs("ask", text)
                times[OURS].append(spent)
                times[THEIRS].append(spent_there)
                agree += total == total_there
        row = _pair(size, what, times[OURS], times[THEIRS])
        yield {**row, "agree": f"{agree} of {ROUNDS * len(asked)}"}


def _mixed(name: str, folder: Path, processes: int) -> float:
    """How many queries of all classes, in turn, that many processes answer a second, each asking without pause."""
    with ExitStack() as stack:
        started = [stack.enter_context(_served(name, folder)) for _ in range(processes)]
        with ThreadPoolExecutor(processes) as pool:
            rates = list(pool.map(lambda command: command("steadily", MIXED_SECONDS)[1], started))
    return sum(rates)


def _updates(size: int, ours: Any, theirs: Any) -> tuple[list[float], list[float]]:
    mine, others = [], []
    for number in range(20):
        place = (number * 37) % min(size, 1_000)
        mine.append(ours("update", place)[0] + ours("ask", "saved")[0])
        others.append(theirs("update", place)[0] + theirs("ask", "saved")[0])
    return mine, others


def _pair(size: int, what: str, ours: list[float], theirs: list[float]) -> dict[str, Any]:
    mine, others = _quantiles(ours), _quantiles(theirs)
    return {
        "notes": size,
        "what": what,
        OURS: mine,
        THEIRS: others,
        "ratio_p50": mine["p50"] / others["p50"],
        "ratio_p95": mine["p95"] / others["p95"],
    }


def _figure(size: int, what: str, values: dict[str, float]) -> dict[str, Any]:
    return {
        "notes": size,
        "what": what,
        OURS: {"value": values[OURS]},
        THEIRS: {"value": values[THEIRS]},
        "ratio": values[OURS] / values[THEIRS],
    }


def _quantiles(times: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(times, n=20, method="inclusive")
    return {"p50": cuts[9], "p95": cuts[18]}


class _Making:
    """The notes, and how long it took to make them up."""

    def __init__(self, size: int) -> None:
        self._notes = notes(size)
        self.seconds = 0.0

    def __iter__(self) -> Iterator[SearchDocument]:
        return self

    def __next__(self) -> SearchDocument:
        started = time.perf_counter()
        try:
            return next(self._notes)
        finally:
            self.seconds += time.perf_counter() - started


def _build(name: str, folder: Path, size: int) -> tuple[float, float, float]:
    """Notes a second (the time to make the notes taken off), peak memory and size on disk in MB."""
    making = _Making(size)
    started = time.perf_counter()
    ENGINES[name](folder).build(making)
    spent = time.perf_counter() - started - making.seconds
    files = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    children = REBUILD_PROCESSES * resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e3
    return size / spent, _peak_memory() + children, files / 1e6


@contextmanager
def _served(name: str, folder: Path) -> Iterator[Any]:
    """A process that holds one open engine and answers one command after another."""
    here, there = SPAWN.Pipe()
    process = SPAWN.Process(target=_serve, args=(name, folder / name, there))
    process.start()

    def command(*words: Any) -> Any:
        here.send(words)
        return here.recv()

    try:
        yield command
    finally:
        here.send(("stop",))
        process.join()


def _serve(name: str, folder: Path, there: Connection) -> None:
    engine = ENGINES[name](folder)
    engine.open()
    engine.ask("warm")
    while (command := there.recv())[0] != "stop":
        if command[0] == "memory":
            there.send(_peak_memory())
            continue
        started = time.perf_counter()
        answer = getattr(engine, command[0])(command[1])
        there.send(((time.perf_counter() - started) * 1000, answer))


def _in_process(work: Any, *arguments: Any) -> Any:
    with ProcessPoolExecutor(1, mp_context=SPAWN) as pool:
        return pool.submit(work, *arguments).result()


def _peak_memory() -> float:
    """In MB. The kernel's figure for this program alone; getrusage would count the parent's at the fork."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    return int(re.search(r"VmHWM:\s+(\d+)", status.read_text())[1]) / 1e3  # type: ignore[index]


if __name__ == "__main__":
    print(markdown(run(tuple(int(size) for size in sys.argv[1:]) or SIZES)))

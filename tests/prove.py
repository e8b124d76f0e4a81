"""Shows each line of the trust goals at full size, and writes what was seen: `make prove`.

    python tests/prove.py [--short] [--only WORD] [--out docs/assurance.md]

Each line is a run of tests of its own, so that one that fails stops no other. What no test shows yet is written down as
not shown. A line is written as soon as it has run, with its own date and commit, so that hours of work may be run in
parts: what is not run now stays on the page as it was seen then.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).resolve().parents[1]
FULL = {"PROVE": "full"}
KILLS = FULL | {"KILL_ROUNDS": "100", "KILL_WRITES": "100"}


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """`wanted` is the figure of the goal, `tests` paths or patterns below tests/, `lacks` what no test shows yet."""

    goal: str
    wanted: str
    tests: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=lambda: FULL)
    lacks: str = ""


LINES = (
    Line(
        "Acknowledged writes lost or unfindable 10 s after kill -9 and restart, SQLite",
        "0 of ≥ 10,000 over 100 kills",
        ("cli/test_kill.py",),
        KILLS,
    ),
    Line("The same on PostgreSQL", "0 of ≥ 10,000 over 100 kills", ("postgres/test_kill.py",), KILLS),
    Line(
        "Damaged index: cut off, emptied, bits flipped, overwritten, deleted",
        "never a wrong hit or a 500; rebuilds itself",
        ("hostile/test_damaged_index.py", "search/test_whoosh_engine.py"),
    ),
    Line(
        "Disk full, and the N-th call fails, for every N of the core flows",
        "0 partial effects, 0 acknowledged writes lost",
        ("hostile/test_every_call_fails.py", "hostile/test_read_only.py", "hostile/test_failures.py"),
        lacks="On SQLite. A file that was kept before its record failed stays in the store, named by its content.",
    ),
    Line(
        "Routes x roles x object states",
        "100 % declared and equal; each disabled guard is noticed",
        ("architecture/test_routes.py", "hostile/test_disabled_guards.py", "hostile/test_outside_a_study.py"),
    ),
    Line(
        "Search against a small model of the rule: random people, studies, moves, withdrawals",
        "0 leaks",
        ("hostile/test_search_leaks.py", "hostile/test_leaks_beside_search.py", "hostile/test_unreviewed_texts.py"),
    ),
    Line(
        "Cross-study id swapping on every route",
        "0 answers that differ from an unknown id",
        ("hostile/test_id_swapping.py", "hostile/test_restricted_study.py"),
    ),
    Line(
        "Attack strings in shown fields, real browser, policy off and on",
        "0 executed",
        ("hostile/test_scripts_do_not_run.py", "web/test_markdown.py"),
    ),
    Line(
        "Hostile uploads and fuzzed importers",
        "0 crashes, 0 escapes, none over 40 s",
        ("hostile/test_uploads.py", "hostile/test_documents.py", "hostile/test_fuzz_*.py"),
    ),
    Line("50 editors, one note, 200 rounds", "0 lost updates", ("hostile/test_fifty_editors.py",)),
    Line(
        "Withdrawal with canaries in every field",
        "0 bytes left in any live store",
        ("hostile/test_canaries.py", "hostile/test_erasure.py"),
    ),
    Line(
        "axe on every page, keyboard-only tasks, 320 px",
        "0 violations, 0 traps, 0 sideways scrolling",
        ("browser",),
    ),
)


@dataclass(frozen=True, slots=True)
class Seen:
    """Counts of tests; `minutes` of wall time; `figures` are sentences of the tests themselves."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    minutes: float = 0.0
    figures: Sequence[str] = ()
    absent: Sequence[str] = ()

    @property
    def verdict(self) -> str:
        if self.failed:
            return "**FAILED**"
        if not self.passed:
            return "not shown"
        return "shown in part" if self.skipped or self.absent else "shown"


def main() -> int:
    """Answers 1 where a line failed."""
    given = _arguments()
    chosen = [line for line in LINES if given.only.lower() in line.goal.lower()]
    failed = False
    for line in chosen:
        seen = _run(line, short=given.short)
        write(given.out, line, _row(line, seen, short=given.short))
        failed = failed or bool(seen.failed)
    sys.stdout.write(f"Written: {given.out}\n")
    return 1 if failed else 0


def write(page: Path, line: Line, row: str) -> None:
    """Puts the row in the line's place; rows of other lines stay as they are, and lines that never ran say so."""
    held = {each.goal: _not_run(each) for each in LINES}
    if page.exists():
        read = (each for each in page.read_text("utf-8").splitlines() if each.startswith("| "))
        held |= {goal: each for each in read if (goal := each.split(" | ")[0].removeprefix("| ")) in held}
    held[line.goal] = row
    page.write_text(_PAGE.format(rows="\n".join(held.values())), "utf-8")


def _not_run(line: Line) -> str:
    return f"| {line.goal} | {line.wanted} | not run | – | – | – | – |"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--short", action="store_true", help="the sizes that CI runs; some minutes instead of hours")
    parser.add_argument("--only", default="", help="the lines whose goal holds this word")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "assurance.md")
    return parser.parse_args()


def _run(line: Line, *, short: bool) -> Seen:
    found = {pattern: sorted((ROOT / "tests").glob(pattern)) for pattern in line.tests}
    absent = [pattern for pattern, paths in found.items() if not paths]
    paths = [path for each in found.values() for path in each]
    sys.stdout.write(f"{line.goal} ...\n")
    sys.stdout.flush()
    if not paths:
        return Seen(absent=absent)
    with tempfile.TemporaryDirectory() as folder:
        report, figures = Path(folder) / "report.xml", Path(folder) / "figures"
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}"]
        environment = {**os.environ, **({} if short else line.environment), "PROVE_FIGURES": str(figures)}
        begun = time.monotonic()
        subprocess.run([*command, *map(str, paths)], env=environment, cwd=ROOT, check=False)
        minutes = (time.monotonic() - begun) / 60
        said = [json.loads(each) for each in figures.read_text("utf-8").splitlines()] if figures.exists() else []
        return _counted(report, minutes, tuple(said), tuple(absent))


def _counted(report: Path, minutes: float, figures: tuple[str, ...], absent: tuple[str, ...]) -> Seen:
    if not report.exists():
        return Seen(failed=1, minutes=minutes, figures=("the run itself ended early",), absent=absent)
    suite = next(ET.parse(report).getroot().iter("testsuite"))
    total, skipped = int(suite.get("tests", 0)), int(suite.get("skipped", 0))
    failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
    return Seen(total - skipped - failed, failed, skipped, minutes, figures, absent)


_PAGE = """# What was shown, and when

Written by `make prove` (tests/prove.py); nobody edits this page by hand. Each line tells when it was run last, and at
which commit.

A line is *shown* where every one of its tests ran and passed, *shown in part* where some were skipped or do not exist
yet, and *not shown* where none ran. *At the short size* is what CI runs at every change.

| goal | wanted | result | run | tests passed, failed, skipped | figures | minutes |
| --- | --- | --- | --- | --- | --- | --- |
{rows}
"""


def _commit() -> str:
    asked = ["git", "rev-parse", "--short", "HEAD"]
    found = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    return found.stdout.strip() or "unknown"


def _row(line: Line, seen: Seen, *, short: bool) -> str:
    lacks = [line.lacks] if line.lacks else []
    lacks += [f"No test {pattern} yet." for pattern in seen.absent]
    figures = "; ".join(dict.fromkeys(seen.figures)) or "–"
    verdict = f"{seen.verdict}, at the short size" if short and seen.passed else seen.verdict
    counts = f"{seen.passed}, {seen.failed}, {seen.skipped}"
    told = " ".join([figures, *lacks]).replace("|", "\\|")
    run = f"{datetime.now(UTC):%d %B %Y %H:%M} UTC, {_commit()}"
    return f"| {line.goal} | {line.wanted} | {verdict} | {run} | {counts} | {told} | {seen.minutes:.1f} |"


if __name__ == "__main__":
    sys.exit(main())

"""Runs benchmarks and writes benchmarks/results.md: `python -m benchmarks.run [--quick] [section ...]`.

Without a section all are run. Each section of the page says when, on which commit and under which load it was measured,
so that one can be measured again by itself; the others stay. `--quick` measures the smallest sizes and prints,
without writing anything.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import (
    graph_speed,
    hostile_search,
    import_speed,
    leadership_speed,
    pages_speed,
    personal_data,
    reports_speed,
    search_quality,
    search_speed,
)

HERE = Path(__file__).parent
RESULTS = HERE / "results.md"
QUICK = 1_000

Section = Callable[[], str]

SECTIONS: dict[str, Section] = {
    "importing": lambda: import_speed.markdown(import_speed.run()),
    "pages": lambda: pages_speed.markdown(pages_speed.run()),
    "reports": lambda: reports_speed.markdown(reports_speed.run()),
    "graph": lambda: graph_speed.markdown(graph_speed.run()),
    "leadership": lambda: leadership_speed.markdown(leadership_speed.run()),
    "search": lambda: search_speed.markdown(search_speed.run()),
    "hostile searches": lambda: hostile_search.markdown(hostile_search.run()),
    "personal data": lambda: personal_data.markdown(personal_data.run()),
    "search quality": lambda: search_quality.markdown(search_quality.run()),
}
QUICK_SECTIONS: dict[str, Section] = {
    "pages": lambda: pages_speed.markdown(pages_speed.run((QUICK,))),
    "search": lambda: search_speed.markdown(search_speed.run((QUICK,))),
}

INTRODUCTION = """# Results

Written by `python -m benchmarks.run`; what each figure means stands in [README.md](README.md). A load above the number
of cores means that other programs took part: compare ratios within a section, not seconds with another one.
"""


def main() -> None:
    words = sys.argv[1:]
    quick = "--quick" in words
    sections = QUICK_SECTIONS if quick else SECTIONS
    chosen = [word for word in words if word != "--quick"] or list(sections)
    unknown = [name for name in chosen if name not in sections]
    if unknown:
        raise SystemExit(f"No such section: {', '.join(unknown)}. There are: {', '.join(sections)}.")
    for name in chosen:
        text = _measured(name, sections[name])
        print(text)
        if not quick:
            _store(text)


def _measured(name: str, section: Section) -> str:
    """The section, with the conditions of its measuring under its heading."""
    print(f"Measuring {name} ...", file=sys.stderr, flush=True)
    load_before = os.getloadavg()[1]
    started = time.perf_counter()
    heading, _, rest = section().strip().partition("\n")
    print(f"  {time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)
    return f"{heading}\n\n{_conditions(load_before)}\n{rest}\n"


def _conditions(load_before: float) -> str:
    cores = f"{os.cpu_count()} cores ({platform.machine()})"
    return (
        f"*{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, commit {_commit()}, {cores}, {platform.system()}, {_python()}, "
        f"load {load_before:.1f} before and {os.getloadavg()[1]:.1f} after.*"
    )


def _store(text: str) -> None:
    """Puts a section in the place of the one with its heading, or at the end."""
    sections: dict[str, str] = {}
    if RESULTS.exists():
        sections = {part.partition("\n")[0]: part for part in RESULTS.read_text("utf-8").split("\n## ")[1:]}
    part = text.removeprefix("## ")
    sections[part.partition("\n")[0]] = part
    RESULTS.write_text("\n## ".join([INTRODUCTION, *(each.strip() + "\n" for each in sections.values())]), "utf-8")


def _python() -> str:
    return f"Python {platform.python_version()}"


def _commit() -> str:
    git = shutil.which("git")
    if git is None:
        return "unknown"
    told = subprocess.run(
        [git, "-C", str(HERE), "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    )
    return told.stdout.strip() or "unknown"


if __name__ == "__main__":
    main()

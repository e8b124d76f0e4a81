"""Runs every benchmark and writes benchmarks/results.md: `python -m benchmarks.run [--quick]`.

`--quick` measures the smallest sizes and prints, without writing anything.
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

from benchmarks import import_speed, pages_speed, reports_speed, search_quality, search_speed

HERE = Path(__file__).parent
RESULTS = HERE / "results.md"
QUICK = 1_000

Section = Callable[[], str]

SECTIONS: dict[str, Section] = {
    "importing": lambda: import_speed.markdown(import_speed.run()),
    "pages": lambda: pages_speed.markdown(pages_speed.run()),
    "reports": lambda: reports_speed.markdown(reports_speed.run()),
    "search": lambda: search_speed.markdown(search_speed.run()),
    "search quality": lambda: search_quality.markdown(search_quality.run()),
}
QUICK_SECTIONS: dict[str, Section] = {
    "pages": lambda: pages_speed.markdown(pages_speed.run((QUICK,))),
    "search": lambda: search_speed.markdown(search_speed.run((QUICK,))),
}


def main() -> None:
    quick = "--quick" in sys.argv
    load_before = os.getloadavg()
    measured = [_measured(*section) for section in (QUICK_SECTIONS if quick else SECTIONS).items()]
    text = "\n".join([*_heading(load_before), *measured]).rstrip() + "\n"
    print(text)
    if not quick:
        RESULTS.write_text(text, "utf-8")


def _measured(name: str, section: Section) -> str:
    print(f"Measuring {name} ...", file=sys.stderr, flush=True)
    started = time.perf_counter()
    text = section()
    print(f"  {time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)
    return text


def _heading(load_before: tuple[float, float, float]) -> list[str]:
    moment = datetime.now(UTC)
    loads = ", ".join(f"{load:.1f}" for load in (*load_before[:2], os.getloadavg()[1]))
    return [
        "# Results",
        "",
        "Written by `python -m benchmarks.run`; what each figure means stands in [README.md](README.md).",
        "",
        f"- When: {moment:%Y-%m-%d %H:%M} UTC, commit {_commit()}",
        f"- Machine: {os.cpu_count()} cores ({platform.machine()}), {platform.system()}, {_python()}",
        f"- Load averages: {loads} (a minute and five minutes before, five minutes after). A load above the number of",
        "  cores means that other programs took part: compare ratios within this page, not seconds with another one.",
        "",
    ]


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

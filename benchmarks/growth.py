"""Seconds, memory and growth of steps on a set of records and on a tenth of it, beside what one would write instead."""

from __future__ import annotations

import gc
import math
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

_LONG = 1.0
Step = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Row:
    """`growth` is the exponent from a tenth of the rows to all of them: 1 is proportional. `beside` names the peer."""

    step: str
    seconds: float
    megabytes: float
    growth: float
    peer: str = ""
    ratio: float = math.nan


@dataclass(frozen=True, slots=True)
class Pair:
    """The same figure by us and by what somebody would write instead; None where nobody would."""

    ours: Step
    peer: str = ""
    theirs: Step | None = None


Measured = Mapping[str, tuple[float, float, str, float]]


def measured(steps: Mapping[str, Pair]) -> Measured:
    """Of each step the seconds of the processor, the megabytes at the peak, the peer's name and the ratio to it."""
    found = {}
    for name, pair in steps.items():
        seconds = _seconds(pair.ours)
        ratio = math.nan if pair.theirs is None else seconds / _seconds(pair.theirs)
        found[name] = (seconds, _peak(pair.ours), pair.peer, ratio)
        print(f"  {name}: {seconds:.3f} s", file=sys.stderr, flush=True)
    return found


def grown(small: Measured, full: Measured) -> list[Row]:
    """`small` was measured on a tenth of the records of `full`."""
    rows = []
    for step, (seconds, megabytes, peer, ratio) in full.items():
        growth = math.log10(max(seconds, 1e-9) / max(small[step][0], 1e-9))
        rows.append(Row(step, seconds, megabytes, growth, peer, ratio))
    return rows


def section(title: str, size: str, rows: Iterable[Row]) -> str:
    """The section for the results page; `size` says in words how many records there were."""
    lines = [
        f"## {title}",
        "",
        f"{size}. Growth is the exponent from a tenth of them to all: 1 is",
        "proportional, and n log n shows as 1.1 to 1.2. A ratio above 1 means that ours takes longer than the other.",
        "",
        "| step | processor seconds | peak MB | growth | beside | ratio |",
        "| --- | ---: | ---: | ---: | --- | ---: |",
    ]
    lines += [
        f"| {row.step} | {row.seconds:.3f} | {row.megabytes:.1f} | {_or_dash(row.growth)} | {row.peer or '–'} | "
        f"{_or_dash(row.ratio)} |"
        for row in rows
    ]
    return "\n".join(lines) + "\n"


def _or_dash(figure: float) -> str:
    return "–" if math.isnan(figure) else format(figure, ".2f")


def _seconds(step: Step) -> float:
    """Of the processor, not of the clock, for others may be at work; the better of two rounds where they are short."""
    best = math.inf
    for _ in range(2):
        gc.collect()
        began = time.process_time()
        step()
        best = min(best, time.process_time() - began)
        if best > _LONG:
            break
    return best


def _peak(step: Step) -> float:
    """Megabytes that one traced round holds at its peak."""
    tracemalloc.start()
    step()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6

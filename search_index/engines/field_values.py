"""Values that people ask for by field: which they fit, and the nearest where they fit nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from rapidfuzz import fuzz, process

from search_index.query import fold

OFFERED: Final = 3
NEAR_ENOUGH: Final = 70
"""On the scale of 0 to 100 by which rapidfuzz calls two texts alike."""

ECHO_LIMIT: Final = 60


def fits(wanted: str) -> Callable[[str], bool]:
    """Accepts values that people would read as the same: case, accents and hyphens aside, and any part of a path.

    `wanted` is folded. “waiting” fits the tag “barriers/waiting”, and so does “barriers waiting”.
    """
    return lambda value: fold(value) == wanted or ("/" in value and wanted in map(fold, value.split("/")))


def unknown_value(name: str, wanted: str, in_view: Iterable[str]) -> str:
    """Says that nothing in view has this value, and names the nearest that something in view has."""
    told = wanted if len(wanted) <= ECHO_LIMIT else f"{wanted[:ECHO_LIMIT]}…"
    message = f"No record that you may see has {name} “{told}”."
    near = _near(name, wanted, in_view)
    return f"{message} Did you mean {' or '.join(near)}?" if near else message


def nearest_value(name: str, wanted: str, in_view: Iterable[str]) -> str | None:
    """The field with the nearest value that something in view has, as it is typed; None where none is near."""
    return next(iter(_near(name, wanted, in_view)), None)


def _near(name: str, wanted: str, in_view: Iterable[str]) -> list[str]:
    found = process.extract(
        wanted[:ECHO_LIMIT],
        sorted(in_view),
        processor=fold,
        scorer=fuzz.WRatio,
        limit=OFFERED,
        score_cutoff=NEAR_ENOUGH,
    )
    return [_typed(name, value) for value, _, _ in found]


def _typed(name: str, value: str) -> str:
    return f'{name}:"{value}"' if not value.replace("-", "").isalnum() else f"{name}:{value}"

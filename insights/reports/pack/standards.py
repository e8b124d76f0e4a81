"""Service standards as data: the points, prompts by phase, and the rules by which evidence is suggested for a point."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from insights.core.errors import InvalidInput

ANY_PHASE = "any"
PHASES = ("discovery", "alpha", "beta", "live")


class Wanted(StrEnum):
    """What a section of a point should hold; where it does not, that is a gap."""

    EVIDENCE = "evidence"
    CHANGED = "changed"
    MEASURED = "measured"
    ACCESS = "access"


@dataclass(frozen=True, slots=True)
class Point:
    """`prompts` are those of every phase and of the one asked for; `words` suggest evidence, in lower case."""

    number: str
    title: str
    about: str
    prompts: Mapping[str, tuple[str, ...]]
    words: tuple[str, ...]
    wants: frozenset[Wanted]

    def prompts_in(self, phase: str) -> tuple[str, ...]:
        return (*self.prompts.get(ANY_PHASE, ()), *self.prompts.get(phase, ()))


@dataclass(frozen=True, slots=True)
class Standard:
    code: str
    name: str
    note: str
    source: str
    points: tuple[Point, ...]

    def point(self, number: str) -> Point:
        """Raises InvalidInput for a number that the standard does not have."""
        found = next((each for each in self.points if each.number == number), None)
        if found is None:
            raise InvalidInput.of("point", f"{self.name} has no point {number[:20]}.")
        return found


@cache
def standards() -> tuple[Standard, ...]:
    """Every standard that comes with the product, by name."""
    folder = files("insights.reports.pack") / "standards"
    texts = [each.read_text(encoding="utf-8") for each in folder.iterdir() if each.name.endswith(".yaml")]
    return tuple(sorted((read_standard(text) for text in texts), key=lambda each: each.name))


def standard_of(code: str) -> Standard:
    """Raises InvalidInput for one that is not there, naming those that are."""
    found = next((each for each in standards() if each.code == code), None)
    if found is None:
        known = ", ".join(each.name for each in standards())
        raise InvalidInput.of("standard", f"Choose a standard: one of {known}.")
    return found


def read_standard(text: str) -> Standard:
    """Raises InvalidInput that names the field, and the point, where the file is not as it should be."""
    try:
        told = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise InvalidInput.of("file", f"This is not YAML: {error}") from None
    if not isinstance(told, dict):
        raise InvalidInput.of("file", "A standard has code, name and points.")
    points = told.get("points") or []
    if not isinstance(points, list):
        raise InvalidInput.of("points", "“points” is a list of points.")
    made = tuple(_point(place, each) for place, each in enumerate(points, start=1))
    numbers = [each.number for each in made]
    if len(set(numbers)) < len(numbers):
        raise InvalidInput.of("points", "Two points have the same number.")
    return Standard(
        _line(told, "code", ""),
        _line(told, "name", ""),
        str(told.get("note") or ""),
        str(told.get("source") or ""),
        made,
    )


def _point(place: int, told: Any) -> Point:  # noqa: ANN401 - whatever the file holds
    where = f"point {place} of the list"
    if not isinstance(told, dict):
        raise InvalidInput.of("points", f"{where} is not a mapping of number, title and more.")
    prompts = told.get("prompts") or {}
    wants = told.get("wants") or []
    unknown = [str(each) for each in wants if str(each) not in list(Wanted)]
    strange = [str(each) for each in prompts if str(each) not in {ANY_PHASE, *PHASES}]
    if unknown or strange:
        raise InvalidInput.of("points", f"{where}: {', '.join([*unknown, *strange])} is neither a phase nor wanted.")
    return Point(
        _line(told, "number", where),
        _line(told, "title", where),
        str(told.get("about") or ""),
        {str(phase): tuple(str(each) for each in asked or ()) for phase, asked in prompts.items()},
        tuple(str(each).casefold() for each in told.get("words") or ()),
        frozenset(Wanted(str(each)) for each in wants),
    )


def _line(told: Mapping[str, Any], name: str, where: str) -> str:
    value = str(told.get(name) or "").strip()
    if not value:
        raise InvalidInput.of(name, f"{where or 'The standard'} has no {name}.")
    return value

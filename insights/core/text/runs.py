"""Runs: the pieces of a block, each with its place in the source, its look and whether it is markup."""

from collections import Counter
from dataclasses import dataclass
from typing import Literal

Style = Literal["strong", "emphasis", "code", "link", "strike"]


@dataclass(frozen=True, slots=True)
class Run:
    """Code points [start, end) of the source that look alike. Hidden runs are markup; all others are words to show.

    `parts_words` is true of hidden runs that a reader sees as a gap: a table's bar, <br>, &nbsp;.
    """

    text: str
    start: int
    end: int
    style: frozenset[Style] = frozenset()
    href: str | None = None
    hidden: bool = False
    parts_words: bool = False


@dataclass(frozen=True, slots=True)
class _Edge:
    place: int
    step: int
    what: Style | Literal["hidden", "parting"]
    href: str | None = None


class Marks:
    """Collects which spans are hidden and styled, in any order, and cuts the runs from them."""

    def __init__(self) -> None:
        self._edges: list[_Edge] = []

    def hide(self, start: int, end: int, *, parts_words: bool = False) -> None:
        self._span(start, end, "parting" if parts_words else "hidden")

    def style(self, start: int, end: int, style: Style, href: str | None = None) -> None:
        self._span(start, end, style, href)

    def runs(self, text: str, start: int, end: int) -> tuple[Run, ...]:
        """Runs that cover [start, end) without gap or overlap."""
        runs: list[Run] = []
        active: Counter[str] = Counter()
        hrefs: list[str] = []
        place = start
        for edge in sorted(self._edges, key=lambda edge: edge.place):
            if edge.place > place:
                runs.append(_run(text, place, min(edge.place, end), active, hrefs))
                place = edge.place
            active[edge.what] += edge.step
            _follow(hrefs, edge)
        if place < end:
            runs.append(_run(text, place, end, active, hrefs))
        return tuple(runs)

    def _span(self, start: int, end: int, what: Style | Literal["hidden", "parting"], href: str | None = None) -> None:
        if start < end:
            self._edges += (_Edge(start, 1, what, href), _Edge(end, -1, what, href))


_STYLES: tuple[Style, ...] = ("strong", "emphasis", "code", "link", "strike")


def _run(text: str, start: int, end: int, active: Counter[str], hrefs: list[str]) -> Run:
    return Run(
        text=text[start:end],
        start=start,
        end=end,
        style=frozenset(style for style in _STYLES if active[style]),
        href=hrefs[-1] if hrefs else None,
        hidden=bool(active["hidden"] or active["parting"]),
        parts_words=bool(active["parting"]),
    )


def _follow(hrefs: list[str], edge: _Edge) -> None:
    if edge.href is None:
        return
    if edge.step > 0:
        hrefs.append(edge.href)
    elif hrefs[-1] == edge.href:
        hrefs.pop()
    else:
        hrefs.remove(edge.href)

"""Lines of a text cut into pieces where highlights begin and end, with their notes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple

from insights.coding.memos import MemoRow
from insights.coding.queries import Mark
from insights.core.text import Run, safe_href
from insights.synthesis.queries import Citing
from research_hub.web.reader.bare import BareLine

_TONES = 4


class Piece(NamedTuple):
    """A stretch that looks alike and lies under the same highlights.

    Pieces that are `hidden` are markup of the source: they stand in the page unseen, so that a place in the page is a
    place in the text. `gap` is true of markup that parts words. `begins` are the highlights that are first seen here.
    """

    text: str
    classes: str = ""
    href: str = ""
    hidden: bool = False
    gap: bool = False
    marks: tuple[int, ...] = ()
    begins: tuple[int, ...] = ()
    tone: int = 0

    @property
    def bare(self) -> bool:
        return not (self.classes or self.href or self.hidden or self.marks)


@dataclass(frozen=True, slots=True)
class Note:
    """What stands in the margin beside the line in which a highlight begins."""

    mark: Mark
    tone: int
    insights: Sequence[Citing] = ()
    memos: Sequence[MemoRow] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """`start` is the code point of the source at which the line begins; `lost` are highlights without a seen piece."""

    anchor: str
    number: int
    kind: str
    level: int
    start: int
    speaker: str
    milliseconds: int | None
    page: str
    pieces: tuple[Piece, ...]
    notes: tuple[Note, ...] = ()
    lost: tuple[int, ...] = ()

    @property
    def tag(self) -> str:
        """The HTML element that holds the words; h1 is the page's own."""
        if self.kind == "heading":
            return f"h{min(max((self.level or 1) + 1, 2), 4)}"
        return "pre" if self.kind == "code" else "p"

    @property
    def time_label(self) -> str:
        """'00:12:04', hours, minutes and seconds from the beginning of the recording."""
        if self.milliseconds is None:
            return ""
        minutes, seconds = divmod(self.milliseconds // 1000, 60)
        return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"


@dataclass(frozen=True, slots=True)
class Margin:
    """What is told of highlights beside their words, by the highlight's id."""

    insights: Mapping[int, Sequence[Citing]] = field(default_factory=lambda: MappingProxyType({}))
    memos: Mapping[int, Sequence[MemoRow]] = field(default_factory=lambda: MappingProxyType({}))


def lines_of(
    bare: Sequence[BareLine], marks: Iterable[Mark], margin: Margin | None = None, *, whole: bool = True
) -> list[Line]:
    """The lines with their marks; `marks` are active highlights of this very text, whatever their order.

    Where `bare` is not the `whole` text, a highlight that begins before it has its note further up.
    """
    margin = margin or Margin()
    ordered = sorted(marks, key=lambda mark: (mark.start, mark.id))
    begin_here = ordered if whole or not bare else [mark for mark in ordered if mark.start >= bare[0].start]
    beginning = _by_first_line(bare, begin_here)
    waiting = iter([*ordered, None])
    active: list[Mark] = []
    lines: list[Line] = []
    upcoming = next(waiting)
    for line in bare:
        active = [mark for mark in active if mark.end > line.start]
        while upcoming is not None and upcoming.start < line.end:
            if upcoming.end > line.start:
                active.append(upcoming)
            upcoming = next(waiting)
        lines.append(_line(line, active, beginning.get(line.start, []), margin))
    return lines


def _by_first_line(bare: Sequence[BareLine], marks: Iterable[Mark]) -> dict[int, list[Mark]]:
    """The highlights by the start of the line that holds their note: the first that reaches beyond their start."""
    ends = [line.end for line in bare]
    found: dict[int, list[Mark]] = {}
    for mark in marks:
        place = min(bisect_right(ends, mark.start), len(bare) - 1)
        if place >= 0:
            found.setdefault(bare[place].start, []).append(mark)
    return found


def _line(line: BareLine, active: Sequence[Mark], beginning: Sequence[Mark], margin: Margin) -> Line:
    unseen = {mark.id: None for mark in beginning}
    pieces = tuple(_pieces(line.runs, active, unseen))
    notes = tuple(
        Note(mark, tone_of(mark.id), margin.insights.get(mark.id, ()), margin.memos.get(mark.id, ()))
        for mark in beginning
    )
    return Line(
        line.anchor,
        line.number,
        line.kind,
        line.level,
        line.start,
        line.speaker,
        line.milliseconds,
        line.page,
        pieces,
        notes,
        tuple(unseen),
    )


def tone_of(highlight_id: int) -> int:
    """Which of the four colours; by the number, so that a highlight keeps its own whatever is made beside it."""
    return highlight_id % _TONES + 1


def _pieces(runs: Sequence[Run], active: Sequence[Mark], unseen: dict[int, None]) -> Iterator[Piece]:
    edges = sorted({edge for mark in active for edge in (mark.start, mark.end)})
    for run in runs:
        for start, end in pairwise([run.start, *(edge for edge in edges if run.start < edge < run.end), run.end]):
            covering = [mark for mark in active if mark.start <= start and end <= mark.end]
            yield _piece(run, start, end, covering, unseen)


def _web_address(href: str) -> str:
    """Links of a text lead to the web or to a mailbox; what is relative was so to a place that we do not know."""
    safe = safe_href(href)
    return safe if safe and safe.startswith(("https://", "http://", "mailto:")) else ""


def _piece(run: Run, start: int, end: int, covering: Sequence[Mark], unseen: dict[int, None]) -> Piece:
    text = run.text[start - run.start : end - run.start]
    if run.hidden:
        return Piece(text, hidden=True, gap=run.parts_words)
    begins = tuple(mark.id for mark in covering if mark.id in unseen)
    for number in begins:
        del unseen[number]
    return Piece(
        text,
        " ".join(sorted(run.style - {"link"})) if run.style else "",
        _web_address(run.href) if run.href else "",
        marks=tuple(mark.id for mark in covering),
        begins=begins,
        # The shortest highlight lies on top, so that one within another is seen.
        tone=tone_of(min(covering, key=lambda mark: (mark.end - mark.start, -mark.id)).id) if covering else 0,
    )

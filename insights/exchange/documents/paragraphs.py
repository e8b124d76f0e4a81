"""Paragraphs out of printed lines: a line goes on where the next word would not have fitted behind it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from insights.exchange.documents.markup import named
from insights.exchange.documents.page_lines import Line, PageText
from insights.exchange.documents.reading import ReadPage


@dataclass(frozen=True, slots=True)
class Joined:
    """`pages` has one place for each page, in order; a page without text has an empty one."""

    text: str
    pages: tuple[ReadPage, ...]
    notes: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


def joined_pages(pages: Sequence[PageText]) -> Joined:
    """One text with an empty line between paragraphs; a paragraph may run over the end of a page."""
    bare, running = _without_running_lines([_without_numbers(page) for page in pages])
    numbers = [number for page in bare for number in page.numbers]
    writer = _Writer(by_numbers=len(numbers) >= _FEWEST_NUMBERS)
    for page in bare:
        writer.page(page)
    return Joined(
        text="".join(writer.pieces),
        pages=tuple(writer.pages),
        notes=_note_on_numbers(numbers) if writer.by_numbers else (),
        lost=(f"Lines at the edge of every page left out: {named(running)}.",) if running else (),
    )


@dataclass(frozen=True, slots=True)
class _Page:
    """`starts` are the indexes of the lines beside which a paragraph's number stands."""

    label: str
    lines: tuple[Line, ...]
    starts: frozenset[int] = frozenset()
    numbers: tuple[int, ...] = ()


_FEWEST_NUMBERS = 5
_FEWEST_PAGES_OF_A_RUN = 3
_SAME_SHARE = 0.6
_WIDE_GAP = 1.35
_WIDE_SET = 1.4
_WIDE_FOR_ITS_HEIGHT = 0.65
_INDENT = 12.0
_PAGE_NUMBER = re.compile(r"(?:page |seite |p\. ?)?(\d{1,4})(?: ?(?:/|of|von) ?\d{1,4})?", re.IGNORECASE)
_FIGURES = re.compile(r"[0-9]{1,5}")
_ITEM = re.compile(r"(?:[•◦▪●○■□–—*·-]|\d{1,3}[.)]|[a-z][.)]|\([a-z\d]{1,3}\))\s")
_LABELLED = re.compile(r"[^\W\d_][^:.!?\n]{0,40}:\s")
_ENDS_A_SENTENCE = re.compile(r"[.!?:…][\"”’')\]]*\Z")


def _without_running_lines(pages: Sequence[_Page]) -> tuple[list[_Page], list[str]]:
    """Without page numbers and lines that stand at the top or foot of most pages; a printed number is the label."""
    bare = list(pages)
    running: list[str] = []
    for edge in (0, 0, -1, -1):
        shapes = Counter(_shape(page.lines[edge].text) for page in bare if page.lines)
        for index, page in enumerate(bare):
            if not page.lines:
                continue
            line = page.lines[edge].text
            count = shapes[_shape(line)]
            if _repeats(line, count, len(bare)):
                running.append(line)
                found = _PAGE_NUMBER.fullmatch(line)
                bare[index] = _without_edge(page, edge, found[1] if found else page.label)
    return bare, running


def _without_edge(page: _Page, edge: int, label: str) -> _Page:
    if edge:
        return replace(page, lines=page.lines[:-1], label=label)
    return replace(page, lines=page.lines[1:], starts=frozenset(start - 1 for start in page.starts), label=label)


def _shape(line: str) -> str:
    """Page numbers differ from page to page; any other line counts only where it is the same on all."""
    return "0" if _PAGE_NUMBER.fullmatch(line) else line


def _repeats(line: str, count: int, pages: int) -> bool:
    if _PAGE_NUMBER.fullmatch(line):
        return count >= 2 or pages == 1  # noqa: PLR2004 - on more than one page, or on the only one
    return count >= _FEWEST_PAGES_OF_A_RUN and count >= _SAME_SHARE * pages


def _without_numbers(page: PageText) -> _Page:
    """Programs for coding print a column of rising numbers left of the text, one beside each paragraph."""
    words = [line for line in page.lines if not _is_number(line)]
    left = median(line.left for line in words) if words else 0.0
    column = [index for index, line in enumerate(page.lines) if _is_number(line) and line.right <= left]
    body = [line for index, line in enumerate(page.lines) if index not in set(column)]
    values = [int(page.lines[index].text) for index in column]
    rising = all(following == this + 1 for this, following in pairwise(values))
    if not column or not body or not rising:
        return _Page(page.label, page.lines)
    starts = {_beside(page.lines[index], body) for index in column}
    return _Page(page.label, tuple(body), frozenset(starts), tuple(values))


def _is_number(line: Line) -> bool:
    return bool(_FIGURES.fullmatch(line.text)) and line.top is not None


def _beside(number: Line, body: Sequence[Line]) -> int:
    return min(range(len(body)), key=lambda index: abs((body[index].top or 0) - (number.top or 0)))


class _Writer:
    def __init__(self, *, by_numbers: bool) -> None:
        self.by_numbers = by_numbers
        self.pieces: list[str] = []
        self.pages: list[ReadPage] = []
        self._length = 0
        self._last: Line | None = None
        self._last_right = 0.0
        self._wide = 0.0

    def page(self, page: _Page) -> None:
        right = max((line.right for line in page.lines), default=0.0)
        gaps = [gap for this, following in pairwise(page.lines) if (gap := _gap(this, following)) > 0]
        usual = median(gaps) if gaps else 0.0
        self._wide = _WIDE_SET * median(_spread(line) for line in page.lines) if page.lines else 0.0
        start = self._length
        for index, line in enumerate(page.lines):
            goes_on = index not in page.starts if self.by_numbers else self._goes_on(line, usual, new_page=index == 0)
            self._write(line, goes_on=goes_on)
            start = self._length - len(line.text) if index == 0 else start
            self._last_right = right
        self.pages.append(ReadPage(page.label, start, self._length))

    def _write(self, line: Line, *, goes_on: bool) -> None:
        if self._last is not None:
            parted = self._last.hyphenated or _breaks_at_hyphen(self._last, line)
            self._add("\n\n" if not goes_on else "" if parted else " ")
        self._add(line.text)
        self._last = line

    def _add(self, text: str) -> None:
        self.pieces.append(text)
        self._length += len(text)

    def _is_row(self, line: Line) -> bool:
        """Whether blanks part the columns of a table in it, so that its characters stand wide apart on average."""
        return _spread(line) > self._wide or (line.height > 0 and _spread(line) > _WIDE_FOR_ITS_HEIGHT * line.height)

    def _goes_on(self, line: Line, usual: float, *, new_page: bool) -> bool:
        last = self._last
        if last is None or _ITEM.match(line.text) or _LABELLED.match(line.text):
            return False
        if last.right + line.word_width <= self._last_right or self._is_row(last):
            return False
        if new_page:
            return not _ENDS_A_SENTENCE.search(last.text)
        if abs(last.height - line.height) > last.height / 5:
            return False
        return not (usual and _gap(last, line) > usual * _WIDE_GAP) and line.left <= last.left + _INDENT


def _spread(line: Line) -> float:
    """Width of a character on average."""
    return (line.right - line.left) / len(line.text)


def _gap(this: Line, following: Line) -> float:
    return this.top - following.top if this.top is not None and following.top is not None else 0.0


def _breaks_at_hyphen(this: Line, following: Line) -> bool:
    """The hyphen stays: whether “self-/service” had one before the page broke it cannot be told."""
    return this.text.endswith("-") and this.text[-2:-1].isalpha() and following.text[:1].islower()


def _note_on_numbers(numbers: Sequence[int]) -> tuple[str, ...]:
    note = (
        f"Its paragraphs are numbered {numbers[0]:,} to {numbers[-1]:,} on the page; the numbers are left out of the "
        "text, whose paragraphs stand in the same order."
    )
    return (note,)

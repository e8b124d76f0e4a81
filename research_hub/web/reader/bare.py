"""The lines of a text before anything is marked: its blocks, cut where somebody else begins to speak."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from insights.capture.queries import PageRow, UtteranceRow
from insights.core.text import Block, Run, reading_blocks

_KINDS = {"item": "list_item", "rule": "paragraph"}
# Texts in the cache; a text of 30,000 words takes about 2 MB here.
_TEXTS = 12
_LONGEST_KEPT = 600_000


@dataclass(frozen=True, slots=True)
class BareLine:
    """Code points [start, end) of the text. `anchor` is the line's address in the page, `number` its paragraph's.

    `milliseconds` is where the line begins in the recording; `page` the label of the printed page that begins in it.
    """

    anchor: str
    number: int
    kind: str
    level: int
    start: int
    end: int
    speaker: str
    milliseconds: int | None
    page: str
    runs: tuple[Run, ...]


def bare_lines(text: str, utterances: tuple[UtteranceRow, ...], pages: tuple[PageRow, ...]) -> tuple[BareLine, ...]:
    """The lines that show words, in order. What was made for a text is kept, for texts never change."""
    make = _kept if len(text) <= _LONGEST_KEPT else _made
    return make(text, utterances, pages)


def span_around(text: str, start: int, end: int) -> tuple[int, int]:
    """The code points of all blocks that touch [start, end), from where the block before them ends."""
    blocks = _shown(text)[0]
    first, last = _touching(blocks, start, end)
    if first == last:
        return 0, 0
    return (blocks[first - 1].end if first else 0), blocks[last - 1].end


def bare_lines_between(
    text: str, start: int, end: int, utterances: Sequence[UtteranceRow], pages: Sequence[PageRow]
) -> tuple[BareLine, ...]:
    """The lines of the blocks that touch [start, end); utterances and pages are those that begin in `span_around`."""
    blocks, levels = _shown(text)
    first, last = _touching(blocks, start, end)
    return _lines(blocks[first:last], levels, utterances, pages)


def _made(text: str, utterances: tuple[UtteranceRow, ...], pages: tuple[PageRow, ...]) -> tuple[BareLine, ...]:
    blocks, levels = _shown(text)
    return _lines(blocks, levels, utterances, pages)


_kept = lru_cache(maxsize=_TEXTS)(_made)


def _lines(
    blocks: Sequence[Block], levels: Mapping[int, int], utterances: Sequence[UtteranceRow], pages: Sequence[PageRow]
) -> tuple[BareLine, ...]:
    starts = [utterance.start for utterance in utterances]
    lines = [line for block in blocks for line in _lines_of(block, levels[block.number], utterances, starts)]
    return tuple(_with_pages(lines, pages))


def _touching(blocks: Sequence[Block], start: int, end: int) -> tuple[int, int]:
    """The blocks [first, last) that share a code point with [start, end)."""
    first = bisect_right(blocks, start, key=lambda block: block.end)
    return first, max(first, bisect_left(blocks, end, key=lambda block: block.start))


def _shown(text: str) -> tuple[tuple[Block, ...], Mapping[int, int]]:
    """The blocks that show words, and the level of each by its number."""
    return (_kept_blocks if len(text) <= _LONGEST_KEPT else _cut)(text)


def _cut(text: str) -> tuple[tuple[Block, ...], Mapping[int, int]]:
    blocks = tuple(block for block in reading_blocks(text) if block.number)
    return blocks, _heading_levels(blocks)


_kept_blocks = lru_cache(maxsize=_TEXTS)(_cut)


def _heading_levels(blocks: Sequence[Block]) -> dict[int, int]:
    """The level of each block by its number: the highest heading of a text is 1, and none lies two below the last."""
    highest = min((block.level for block in blocks if block.kind == "heading"), default=1)
    levels, last = {}, 0
    for block in blocks:
        levels[block.number] = block.level
        if block.kind == "heading":
            last = levels[block.number] = min(block.level - highest + 1, last + 1)
    return levels


def _lines_of(
    block: Block, level: int, utterances: Sequence[UtteranceRow], starts: Sequence[int]
) -> Iterator[BareLine]:
    """One line a block; where several people speak in one block, one line an utterance."""
    first, last = bisect_left(starts, block.start), bisect_left(starts, block.end)
    begun = utterances[first:last]
    cuts = [block.start, *(each.start for each in begun if each.start > block.start), block.end]
    by_start = {each.start: each for each in begun}
    for part, (start, end) in enumerate(pairwise(cuts)):
        said = by_start.get(start)
        runs = block.runs if len(cuts) == 2 else _clipped(block.runs, start, end)  # noqa: PLR2004 - its start and end
        speaker = (said.speaker if said is not None else "" if begun else block.speaker) or ""
        runs, told_in_text = _without_label(runs, speaker)
        yield BareLine(
            anchor=f"p-{block.number}" if part == 0 else f"p-{block.number}-{part + 1}",
            number=block.number,
            kind=_KINDS.get(block.kind, block.kind),
            level=level,
            start=start,
            end=end,
            speaker="" if told_in_text else speaker,
            milliseconds=None if said is None else said.start_ms,
            page="",
            runs=runs,
        )


def _clipped(runs: Sequence[Run], start: int, end: int) -> tuple[Run, ...]:
    return tuple(
        _clip(run, max(run.start, start), min(run.end, end)) for run in runs if run.start < end and start < run.end
    )


def _clip(run: Run, start: int, end: int) -> Run:
    return replace(run, text=run.text[start - run.start : end - run.start], start=start, end=end)


def _without_label(runs: tuple[Run, ...], speaker: str) -> tuple[tuple[Run, ...], bool]:
    """The runs with the label at their head hidden, for it stands beside them; and whether they tell who it was."""
    if not speaker:
        return runs, False
    source = "".join(run.text for run in runs)
    label = re.match(rf"\s*(?:\*\*|__)?{re.escape(speaker)}(?:(?:\*\*|__)[ \t]*:|:(?:\*\*|__)?)\s*", source)
    if label is None:
        # An attribution under a quotation is told where it stands.
        return runs, re.search(rf"[-–—―]\s*{re.escape(speaker)}\W*\Z", source) is not None
    cut = runs[0].start + label.end()
    if cut >= runs[-1].end:
        return runs, True
    hidden = [replace(run, hidden=True, parts_words=False) for run in _clipped(runs, runs[0].start, cut)]
    return (*hidden, *_clipped(runs, cut, runs[-1].end)), False


def _with_pages(lines: list[BareLine], pages: Sequence[PageRow]) -> list[BareLine]:
    """A page's label stands beside the line it begins in, or the next one where it begins between two."""
    place = 0
    for page in pages:
        while place < len(lines) and lines[place].end <= page.start:
            place += 1
        if place < len(lines):
            lines[place] = replace(lines[place], page=page.label)
    return lines

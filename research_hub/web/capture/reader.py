"""A text as the reader shows it: numbered blocks cut into pieces where highlights begin and end."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from insights.coding.queries import HighlightRow
from insights.core.text import Block, Run, reading_blocks

_KINDS = {"item": "list_item", "rule": "paragraph"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch that looks alike and lies under the same highlights; offsets in code points of the source."""

    text: str
    start: int
    end: int
    marks: tuple[int, ...]
    classes: str
    href: str | None
    hidden: bool


@dataclass(frozen=True, slots=True)
class ReaderBlock:
    number: int
    kind: str
    level: int
    speaker: str | None
    time_label: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class PlacedHighlight:
    """A highlight with the number of the block it begins in."""

    row: HighlightRow
    block: int


def reader_blocks(text: str, highlights: Sequence[HighlightRow]) -> tuple[list[ReaderBlock], list[PlacedHighlight]]:
    """The blocks that show words, and where each highlight begins; in the order of the text."""
    shown = [block for block in reading_blocks(text) if block.number]
    active = [row for row in highlights if row.status == "active"]
    starts = [block.start for block in shown]
    placed = [
        PlacedHighlight(row, shown[max(0, bisect_right(starts, row.start) - 1)].number) for row in active if shown
    ]
    levels = _heading_levels(shown)
    return [_block(block, levels[block.number], _touching(block, active)) for block in shown], placed


def _heading_levels(blocks: Sequence[Block]) -> dict[int, int]:
    """The level of each block by its number: the highest heading of a text is 1, and none lies two below the last."""
    highest = min((block.level for block in blocks if block.kind == "heading"), default=1)
    levels, last = {}, 0
    for block in blocks:
        levels[block.number] = block.level
        if block.kind == "heading":
            last = levels[block.number] = min(block.level - highest + 1, last + 1)
    return levels


def _touching(block: Block, highlights: Sequence[HighlightRow]) -> list[HighlightRow]:
    return [row for row in highlights if row.start < block.end and row.end > block.start]


def _block(block: Block, level: int, highlights: Sequence[HighlightRow]) -> ReaderBlock:
    edges = sorted({edge for row in highlights for edge in (row.start, row.end)})
    pieces = tuple(piece for run in block.runs for piece in _pieces(run, edges, highlights))
    return ReaderBlock(block.number, _KINDS.get(block.kind, block.kind), level, block.speaker, "", pieces)


def _pieces(run: Run, edges: Sequence[int], highlights: Sequence[HighlightRow]) -> list[Piece]:
    cuts = [run.start, *(edge for edge in edges if run.start < edge < run.end), run.end]
    classes = " ".join(sorted(run.style))
    hidden = run.hidden and not run.parts_words
    return [
        Piece(
            " " if run.hidden and run.parts_words else run.text[start - run.start : end - run.start],
            start,
            end,
            tuple(row.id for row in highlights if row.start <= start and end <= row.end),
            classes,
            run.href,
            hidden,
        )
        for start, end in pairwise(cuts)
    ]

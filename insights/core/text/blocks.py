"""A source text cut into numbered blocks of runs, for reading, selecting, quoting and searching.

This is a reader of Markdown as people write it in research notes, not a renderer: nothing is moved, replaced or left
out. Each run says where in the source it stands, so a selection on the page is a place in the text.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from insights.core.text.inline import Run, inline_runs, link_definitions
from insights.core.text.lines import Kind, RoughBlock, rough_blocks
from insights.core.text.speakers import speakers_of

__all__ = ["Block", "Kind", "Run", "plain_passage", "plain_words", "reading_blocks"]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, list item, table row ... at code points [start, end) of the source.

    `number` counts from 1 the blocks that show words; blocks of markup alone (comments, rules, tags) have 0.
    `level` is the heading's (1 to 6), the list item's depth from 1, the quotation's depth, or 1 for a table's head row.
    The runs cover [start, end) without gap or overlap; what lies between blocks is white space.
    """

    number: int
    kind: Kind
    level: int
    start: int
    end: int
    runs: tuple[Run, ...]
    speaker: str | None = None

    @property
    def words(self) -> str:
        """What a reader sees, on one line."""
        return _joined_words(self.runs)


def reading_blocks(text: str) -> tuple[Block, ...]:
    """Cut a canonical text into blocks. Takes time in proportion to the text's length, whatever it holds."""
    definitions = link_definitions(text)
    blocks: list[Block] = []
    number = 0
    for rough in rough_blocks(text):
        runs = inline_runs(text, rough, definitions)
        shows = any(not run.hidden and not run.text.isspace() for run in runs)
        number += shows
        blocks.append(
            Block(number if shows else 0, _kind(rough, shows=shows), rough.level, rough.start, rough.end, runs)
        )
    return _with_speakers(blocks)


def plain_words(text: str) -> str:
    """The text as a reader sees it, without markup: one line a block, for snippets, quotations and search."""
    return plain_passage(reading_blocks(text), 0, len(text))


def plain_passage(blocks: Iterable[Block], start: int, end: int) -> str:
    """The words a reader sees in code points [start, end) of the text these blocks were cut from."""
    lines = (
        _joined_words(_clipped(block.runs, start, end)) for block in blocks if block.start < end and start < block.end
    )
    return "\n".join(line for line in lines if line)


def _kind(rough: RoughBlock, *, shows: bool) -> Kind:
    return rough.kind if shows or rough.kind in {"rule", "code"} else "markup"


def _clipped(runs: tuple[Run, ...], start: int, end: int) -> tuple[Run, ...]:
    return tuple(_clip(run, start, end) for run in runs if run.start < end and start < run.end)


def _clip(run: Run, start: int, end: int) -> Run:
    first, last = max(run.start, start), min(run.end, end)
    if (first, last) == (run.start, run.end):
        return run
    return replace(run, text=run.text[first - run.start : last - run.start], start=first, end=last)


def _joined_words(runs: Iterable[Run]) -> str:
    pieces = ((" " if run.parts_words else "") if run.hidden else run.text for run in runs)
    return " ".join("".join(pieces).split())


def _with_speakers(blocks: list[Block]) -> tuple[Block, ...]:
    speakers = speakers_of([(block.kind, "".join(run.text for run in block.runs)) for block in blocks])
    return tuple(
        replace(block, speaker=speaker) if speaker else block for block, speaker in zip(blocks, speakers, strict=True)
    )

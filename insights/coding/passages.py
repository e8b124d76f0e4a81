"""Where typed words stand in a text, for people who do not select with a pointer."""

from __future__ import annotations

from dataclasses import dataclass

from insights.core.errors import InvalidInput
from insights.core.text import canonical_text, reading_blocks

_GAPS = ("…", "...")


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a reader sees, with the source offset of each character, and one past the last."""

    text: str
    offsets: tuple[int, ...]


def find_passage(text: str, words: str, *, paragraph: int | None = None) -> tuple[int, int]:
    """Code points [start, end) of the words as a reader sees them; '…' between two parts stands for what lies between.

    `paragraph` is the number shown beside the text. Raises InvalidInput where the words are missing or stand more than
    once, naming what to add.
    """
    wanted = _squeezed(canonical_text(words))
    if not wanted:
        raise InvalidInput.of("words", "Enter the words to highlight, as they stand in the text.")
    shown = _shown(text, paragraph)
    first, _, last = _parted(wanted)
    start = shown.text.find(first)
    if start < 0:
        raise InvalidInput.of("words", "These words are not in the text. Copy them as they stand there.")
    if shown.text.find(first, start + 1) >= 0:
        raise InvalidInput.of("words", "These words stand there more than once. Add more words, or the paragraph.")
    end = start + len(first)
    if last:
        found = shown.text.find(last, end)
        if found < 0:
            raise InvalidInput.of("words", "The words after the dots do not follow in the text.")
        end = found + len(last)
    return shown.offsets[start], shown.offsets[end - 1] + 1


def _parted(wanted: str) -> tuple[str, str, str]:
    for gap in _GAPS:
        head, mark, tail = wanted.partition(gap)
        if mark and head.strip() and tail.strip():
            return head.strip(), mark, tail.strip()
    return wanted, "", ""


def _shown(text: str, paragraph: int | None) -> _Shown:
    blocks = [block for block in reading_blocks(text) if paragraph is None or block.number == paragraph]
    if not blocks:
        raise InvalidInput.of("paragraph", f"There is no paragraph {paragraph}.")
    letters: list[str] = []
    offsets: list[int] = []
    for block in blocks:
        for run in block.runs:
            if run.hidden and not run.parts_words:
                continue
            for index, char in enumerate(" " if run.hidden else run.text):
                _append(letters, offsets, char, run.start + index)
        _append(letters, offsets, " ", block.end - 1)
    return _Shown("".join(letters), tuple(offsets))


def _append(letters: list[str], offsets: list[int], char: str, offset: int) -> None:
    """White space of any kind and length reads as one space."""
    if not char.isspace():
        letters.append(char)
        offsets.append(offset)
    elif letters and letters[-1] != " ":
        letters.append(" ")
        offsets.append(offset)


def _squeezed(words: str) -> str:
    return " ".join(words.split())

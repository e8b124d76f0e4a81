"""The notes that a log becomes: one paragraph a line, and where in the text each line's words stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from insights.capture.live_log.marks import MarkedLine, parse_line
from insights.capture.models import LogLine
from insights.core.text import Style, canonical_text, reading_blocks

_GAP = "\n\n"
_BULLET = re.compile(r"•(?:\s|\Z)")
_PUNCTUATION = re.compile(r"([!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~])")
# What opens here may close in another paragraph, or be defined there.
_REACHES_FURTHER = re.compile(r"[<\[{`~|\\]")

# A web address is shown as it was typed, and leads there.
_ADDRESS: frozenset[Style] = frozenset({"link"})


@dataclass(frozen=True, slots=True)
class NotedLine:
    """A line in the notes: its words at code points [start, end)."""

    line: LogLine
    marked: MarkedLine
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Notes:
    text: str
    lines: tuple[NotedLine, ...]


def notes_of(lines: Sequence[LogLine], *, after: str = "") -> Notes:
    """The lines as canonical Markdown that reads as they were typed, put after a text that is already there.

    Signs that Markdown would read as markup are escaped. A line of nothing but marks stands as it was typed.
    """
    text, noted = after, []
    for line in lines:
        marked = parse_line(line.text)
        paragraph = paragraph_of(marked.words or line.text)
        start = len(text) + len(_GAP) if text else 0
        text = f"{text}{_GAP}{paragraph}" if text else paragraph
        noted.append(NotedLine(line, marked, start, start + len(paragraph)))
    return Notes(text, tuple(noted))


def paragraph_of(words: str) -> str:
    """Markdown that a reader shows as exactly these words: untouched where that is so already."""
    plain = canonical_text(words)
    return plain if _reads_as_typed(plain) else _escaped(plain)


def _reads_as_typed(words: str) -> bool:
    if _REACHES_FURTHER.search(words):
        return False
    blocks = reading_blocks(words)
    return (
        len(blocks) == 1
        and blocks[0].kind == "paragraph"
        and all(not run.hidden and run.style <= _ADDRESS for run in blocks[0].runs)
        and blocks[0].words == " ".join(words.split())
    )


def _escaped(words: str) -> str:
    escaped = _PUNCTUATION.sub(r"\\\1", words)
    # A bullet is no punctuation that a backslash escapes; with a mark before it that shows nothing it begins no list.
    return f"<b></b>{escaped}" if _BULLET.match(escaped) else escaped

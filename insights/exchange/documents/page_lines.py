"""The lines of a printed page with their places, as far as the reader of the PDF tells them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from insights.core.text import canonical_text


@dataclass(frozen=True, slots=True)
class Line:
    """Places in points from the page's left and lower edge; `word_width` is the first word's, a blank included.

    `hyphenated` is true where the page parted a word at the line's end. `top` is None where no places are known.
    """

    text: str
    left: float
    right: float
    word_width: float
    top: float | None = None
    height: float = 0.0
    hyphenated: bool = False


@dataclass(frozen=True, slots=True)
class PageText:
    """`numbers` are the places (top) of a column of paragraph numbers beside the text, with what they say."""

    label: str
    lines: tuple[Line, ...]


def lines_with_places(label: str, page: Any) -> PageText:  # noqa: ANN401 - pypdfium2 has no types
    """All lines in the order of the page; lines outside the page's edges, which nobody sees, are left out."""
    text_page = page.get_textpage()
    try:
        written: str = text_page.get_text_range()
        if text_page.count_chars() != len(written):
            return lines_by_length(label, canonical_text(_NOT_A_CHARACTER.sub("", written)))
        box = page.get_bbox()
        lines = (_placed(text_page, written, found) for found in _LINE.finditer(written))
        return PageText(label, tuple(line for line in lines if line is not None and _seen(line, box)))
    finally:
        text_page.close()


def lines_by_length(label: str, text: str) -> PageText:
    """Where places are not told, lengths in characters stand for widths."""
    return PageText(
        label,
        tuple(
            Line(line.strip(), 0.0, float(len(line.strip())), len(line.split(maxsplit=1)[0]) + 1.0)
            for line in text.split("\n")
            if line.strip()
        ),
    )


_LINE = re.compile(r"[^\r\n]+")
# What the reader puts for the hyphen of a parted word, and for characters that have no meaning.
_PARTED = ("\x02", "\ufffe")
_NOT_A_CHARACTER = re.compile("[\x00\x02\ufffe\uffff]")
_SLACK = 2.0


def _placed(text_page: Any, written: str, found: re.Match[str]) -> Line | None:  # noqa: ANN401 - pypdfium2 has no types
    raw = found[0]
    text = canonical_text(_NOT_A_CHARACTER.sub("", raw)).strip()
    if not text:
        return None
    first = found.start() + len(raw) - len(raw.lstrip())
    last = found.start() + len(raw.rstrip()) - 1
    word_end = first + len(written[first : last + 1].split(maxsplit=1)[0]) - 1
    left, bottom, _, top = text_page.get_charbox(first, loose=True)
    right = text_page.get_charbox(last, loose=True)[2]
    word_right = text_page.get_charbox(min(word_end, last), loose=True)[2]
    blank = (top - bottom) / 5
    return Line(text, left, right, word_right - left + blank, top, top - bottom, raw.rstrip().endswith(_PARTED))


def _seen(line: Line, box: tuple[float, float, float, float]) -> bool:
    left, bottom, right, top = box
    inside = line.top is not None and bottom - _SLACK <= line.top - line.height / 2 <= top + _SLACK
    return inside and line.right > left - _SLACK and line.left < right + _SLACK

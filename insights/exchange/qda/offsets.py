"""From places that other programs count to places of the canonical text.

A file's text and our canonical text differ: line ends, byte order marks and composed letters. And programs differ in
what they count: code points, UTF-16 units or bytes, a line end as one or as two.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate

from insights.core.text import canonical_text


class Unit(StrEnum):
    """What a program counts. The schema means code points of the file; the others were seen or are likely."""

    CODE_POINTS = "code points"
    UTF_16 = "UTF-16 units"
    CODE_POINTS_LF = "code points, a line end counted as one"
    UTF_16_LF = "UTF-16 units, a line end counted as one"
    CODE_POINTS_CRLF = "code points, a line end counted as two"
    UTF_16_CRLF = "UTF-16 units, a line end counted as two"
    BYTES = "UTF-8 bytes"


@dataclass(frozen=True, slots=True)
class _Piece:
    """Code points [raw, raw + raw_length) became [canonical, ...); `same` where they are the same, one by one."""

    raw: int
    raw_length: int
    canonical: int
    canonical_length: int
    same: bool


class Translation:
    """A raw text, its canonical text, and the way from places of the one to places of the other."""

    def __init__(self, raw: str) -> None:
        self.raw = raw
        self.text = canonical_text(raw)
        self._pieces = list(_pieces(raw))
        self._starts = [piece.raw for piece in self._pieces]
        self._tables: dict[Unit, list[int]] = {}

    def place(self, start: int, end: int, unit: Unit = Unit.CODE_POINTS) -> tuple[int, int] | None:
        """[start, end) as code points of the canonical text; None where it lies outside or runs backwards.

        A place within a letter that was composed takes the whole letter in.
        """
        at = self.code_points(start, end, unit)
        return at and (self._canonical(at[0], after=False), self._canonical(at[1], after=True))

    def code_points(self, start: int, end: int, unit: Unit) -> tuple[int, int] | None:
        """[start, end) as code points of the raw text; None where it lies outside or runs backwards."""
        first, last = self._code_point(start, unit), self._code_point(end, unit)
        return None if first is None or last is None or start > end else (first, last)

    def _canonical(self, place: int, *, after: bool) -> int:
        found = bisect_right(self._starts, place) - 1
        if found < 0:
            return 0
        piece = self._pieces[found]
        inside = place - piece.raw
        if inside == 0:
            return piece.canonical
        if inside >= piece.raw_length:
            return piece.canonical + piece.canonical_length
        if piece.same:
            return piece.canonical + inside
        return piece.canonical + (piece.canonical_length if after else 0)

    def _code_point(self, place: int, unit: Unit) -> int | None:
        """The raw code point at a place counted in `unit`; within a code point it is that code point."""
        if place < 0:
            return None
        if unit is Unit.CODE_POINTS:
            return place if place <= len(self.raw) else None
        table = self._tables.get(unit)
        if table is None:
            table = self._tables[unit] = list(accumulate(_widths(self.raw, unit), initial=0))
        return bisect_right(table, place) - 1 if place <= table[-1] else None


_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_STRETCH = re.compile(r"\r\n|\r|[^\r]+")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")


def _pieces(raw: str) -> Iterator[_Piece]:
    """Stretches of the raw text with what became of them, in order and without gaps."""
    marks = len(raw) - len(raw.lstrip("\ufeff"))
    if marks:
        yield _Piece(0, marks, 0, 0, same=False)
    place, canonical = marks, 0
    for stretch in _stretches(_UNSTORABLE.sub("\ufffd", raw[marks:])):
        became = "\n" if stretch[0] == "\r" else canonical_text(stretch) if stretch[0] != "\ufeff" else stretch
        yield _Piece(place, len(stretch), canonical, len(became), same=became == stretch)
        place += len(stretch)
        canonical += len(became)


def _stretches(text: str) -> Iterator[str]:
    for found in _STRETCH.finditer(text):
        stretch = found[0]
        if stretch[0] == "\r" or unicodedata.is_normalized("NFC", stretch):
            yield stretch
            continue
        for line in _LINE.finditer(stretch):
            if unicodedata.is_normalized("NFC", line[0]):
                yield line[0]
            else:
                yield from _clusters(line[0])


def _clusters(line: str) -> Iterator[str]:
    """Cuts where normalisation cannot reach across: before a letter that joins nothing before it."""
    cluster = ""
    for char in line:
        if not cluster or unicodedata.combining(char) or _joins(cluster, char):
            cluster += char
        else:
            yield cluster
            cluster = char
    if cluster:
        yield cluster


def _joins(cluster: str, char: str) -> bool:
    """Some signs of Hangul and of Indic scripts join what stands before them and are no combining marks."""
    if char.isascii():
        return False
    tail = cluster[-4:]
    normalize = unicodedata.normalize
    return normalize("NFC", tail + char) != normalize("NFC", tail) + normalize("NFC", char)


def _widths(raw: str, unit: Unit) -> Iterator[int]:
    """How much of `unit` each code point takes."""
    if unit is Unit.BYTES:
        yield from (len(char.encode("utf-8", "surrogatepass")) for char in raw)
        return
    wide = unit in {Unit.UTF_16, Unit.UTF_16_LF, Unit.UTF_16_CRLF}
    before = ""
    for char in raw:
        width = 2 if wide and ord(char) > 0xFFFF else 1  # noqa: PLR2004 - the last of the basic plane
        if unit in {Unit.CODE_POINTS_LF, Unit.UTF_16_LF} and char == "\n" and before == "\r":
            width = 0
        if unit in {Unit.CODE_POINTS_CRLF, Unit.UTF_16_CRLF} and char == "\n" and before != "\r":
            width = 2
        yield width
        before = char

"""Passages that other programs marked, found in the canonical text: where the file tells, and checked by their words.

A passage is never put where its words are not. Where a program wrote the words beside the place, as most do in the
name, they are compared without white space; a place that does not hold them is given up for the one that does, or the
passage is not taken and the reason is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from insights.core.text import AnchorError, canonical_text, make_anchor
from insights.exchange.qda.model import Selection
from insights.exchange.qda.offsets import Translation, Unit

# Shorter names may be titles that stand in the text by chance.
_TELLING = 12
_MOST_SAMPLED = 2_000
# No XML can hold them, so they are written as the sign for what cannot be shown.
_NOT_IN_XML = {0xFFFE: "\ufffd", 0xFFFF: "\ufffd"}
_CANDIDATES = (
    Unit.CODE_POINTS,
    Unit.UTF_16,
    Unit.CODE_POINTS_LF,
    Unit.UTF_16_LF,
    Unit.CODE_POINTS_CRLF,
    Unit.UTF_16_CRLF,
)


@dataclass(frozen=True, slots=True)
class Placed:
    """Code points [start, end) of the canonical text. `remark` says what a person should look at, or is empty.

    `title` is a name that is not the passage's words.
    """

    start: int
    end: int
    remark: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class NotPlaced:
    why: str


class SearchableText:
    """A text in which words are looked for as they read, whatever white space stands between them."""

    def __init__(self, translation: Translation) -> None:
        self.translation = translation
        self.text = translation.text

    def places_of(self, words: str) -> list[tuple[int, int]]:
        """At most two places, for one is clear and two are not."""
        squeezed, offsets = self._squeezed
        found: list[tuple[int, int]] = []
        at = squeezed.find(words) if words else -1
        while at >= 0 and len(found) < 2:  # noqa: PLR2004 - see above
            found.append((offsets[at], offsets[at + len(words) - 1] + 1))
            at = squeezed.find(words, at + 1)
        return found

    @cached_property
    def _squeezed(self) -> tuple[str, list[int]]:
        offsets = [place for place, char in enumerate(self.text) if not char.isspace()]
        return "".join(self.text[place] for place in offsets), offsets


def unit_of(texts: Iterable[tuple[SearchableText, Sequence[Selection]]], *, unless_told: Unit) -> Unit:
    """What a project's places count, judged by the passages whose words are told; `unless_told` where nothing tells."""
    told = [(text, each) for text, selections in texts for each in selections if _told(each)[0]]
    sample = told[:: max(1, len(told) // _MOST_SAMPLED)]
    best, score = unless_told, -1
    for unit in (unless_told, *_CANDIDATES):
        reached = sum(_agrees(text, each, unit) for text, each in sample)
        if reached > score:
            best, score = unit, reached
        if score == len(sample):
            break
    return best


def place(text: SearchableText, selection: Selection, unit: Unit, *, strict: bool = False) -> Placed | NotPlaced:
    """`strict` is for projects in which the name is always the passage's words, as in our own."""
    told, is_whole = _told(selection)
    if selection.start is None or selection.end is None:
        return _by_words(text, told, is_whole=is_whole, why="its place is not told")
    at = text.translation.place(selection.start, selection.end, unit)
    if at is None:
        return _by_words(text, told, is_whole=is_whole, why=_why_outside(text, selection))
    if not told or _reads(text.text[slice(*at)], told, is_whole=is_whole):
        return _anchored(text, *at)
    where = f"{selection.start} to {selection.end}"
    if len(told) >= _TELLING and text.places_of(told):
        return _by_words(text, told, is_whole=is_whole, why=f"the words at {where} are not “{selection.name[:80]}”")
    if strict or selection.words:
        return NotPlaced(f"the words at {where} are not the ones that it is to have")
    return _anchored(text, *at, title=selection.name)


def _why_outside(text: SearchableText, selection: Selection) -> str:
    start, end = selection.start or 0, selection.end or 0
    if start > end:
        return f"it ends at {end}, before it begins at {start}"
    return f"its place, {start} to {end}, lies outside the text of {len(text.text):,} characters"


def _by_words(text: SearchableText, told: str, *, is_whole: bool, why: str) -> Placed | NotPlaced:
    found = text.places_of(told) if is_whole and len(told) >= _TELLING else []
    if len(found) != 1:
        return NotPlaced(why)
    return _anchored(text, *found[0], remark=f"{why}; it was put where its words stand")


def _anchored(text: SearchableText, start: int, end: int, *, remark: str = "", title: str = "") -> Placed | NotPlaced:
    try:
        anchor = make_anchor(text.text, start, end)
    except AnchorError:
        return NotPlaced(f"it marks no words, {start} to {end}")
    if title:
        remark = f"its name, “{title[:80]}”, is not its words; it was put where the file says"
    return Placed(anchor.start, anchor.end, remark, title)


def _told(selection: Selection) -> tuple[str, bool]:
    """The words that are told of a passage, without white space, and whether they are all of them."""
    if selection.words:
        return _squeeze(selection.words), True
    name = selection.name.strip()
    for dots in ("…", "..."):
        if name.endswith(dots):
            return _squeeze(name.removesuffix(dots)), False
    return _squeeze(name), True


def _squeeze(words: str) -> str:
    return "".join(canonical_text(words).translate(_NOT_IN_XML).split())


def _agrees(text: SearchableText, selection: Selection, unit: Unit) -> bool:
    if selection.start is None or selection.end is None:
        return True
    told, is_whole = _told(selection)
    at = text.translation.place(selection.start, selection.end, unit)
    return at is not None and _reads(text.text[slice(*at)], told, is_whole=is_whole)


def _reads(words: str, told: str, *, is_whole: bool) -> bool:
    squeezed = "".join(words.translate(_NOT_IN_XML).split())
    return squeezed == told or (not is_whole and squeezed.startswith(told))

"""Passages that stay with their words while the text around them is edited.

A passage is held by place and by quote at once (the position and quote selectors of the W3C's Web Annotation model).
No function here settles on a place whose words differ from the quote without saying so: such a place is
'approximate', carries its own words, and is for a person to confirm.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal
from unicodedata import combining

from insights.core.text.alignment import Region, align

CONTEXT_LENGTH = 32

How = Literal["unchanged", "moved", "by quote", "approximate"]


class AnchorError(ValueError):
    """The passage asked for cannot be held: it is empty or lies outside the text."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A passage of a canonical text: code points [start, end), its words, and up to 32 code points either side."""

    start: int
    end: int
    exact: str
    prefix: str
    suffix: str


@dataclass(frozen=True, slots=True)
class Found:
    """Where a passage stands now, the words there, and how sure the place is.

    unchanged: same offsets, same surroundings. moved: the same passage at other offsets.
    by quote: its words stand once in fitting surroundings. approximate: a person must confirm.
    """

    start: int
    end: int
    how: How
    exact: str


def make_anchor(text: str, start: int, end: int) -> Anchor:
    """Hold [start, end) of `text`, without the white space around it.

    Raises:
        AnchorError: where nothing but white space is chosen, or the place lies outside the text.
    """
    if not 0 <= start <= end <= len(text):
        raise AnchorError(f"The passage {start} to {end} lies outside the text of {len(text)} characters.")
    chosen = text[start:end]
    exact = chosen.strip()
    if not exact:
        raise AnchorError("Nothing is selected. Select at least one word.")
    first = start + len(chosen) - len(chosen.lstrip())
    last = first + len(exact)
    return Anchor(
        start=first,
        end=last,
        exact=exact,
        prefix=text[max(0, first - CONTEXT_LENGTH) : first],
        suffix=text[last : last + CONTEXT_LENGTH],
    )


def find_anchor(text: str, anchor: Anchor) -> Found | None:
    """The passage in a text of which no earlier version is at hand, or None where it is gone."""
    if _stands_at(text, anchor, anchor.start) and _agreement(text, anchor, anchor.start) == _full(anchor):
        return Found(anchor.start, anchor.end, "unchanged", anchor.exact)
    return _by_quote(text, anchor, Region(0, len(text))) or _by_surroundings(text, anchor)


def reanchor(old_text: str, new_text: str, anchor: Anchor) -> Found | None:
    """The passage after its text was edited: followed through the difference of the texts, else looked for by quote."""
    if not _stands_at(old_text, anchor, anchor.start):
        return find_anchor(new_text, anchor)
    region = align(old_text, new_text, anchor.start, anchor.end)
    if region.exact and _torn(new_text, region.start, region.end) == _torn(old_text, anchor.start, anchor.end):
        how: How = "unchanged" if region.start == anchor.start else "moved"
        return Found(region.start, region.end, how, anchor.exact)
    return (
        _within_edit(new_text, anchor, region)
        or _by_quote(new_text, anchor, Region(0, len(new_text)))
        or _by_surroundings(new_text, anchor)
    )


_LONG_QUOTE = 24
_ENOUGH_AGREEMENT = 8
_CLEAR_AGREEMENT = 24
_CLEAR_LEAD = 4
_MOST_PLACES = 1_000
_ENOUGH_LIKENESS = 0.5


def _stands_at(text: str, anchor: Anchor, start: int) -> bool:
    return text.startswith(anchor.exact, start)


def _torn(text: str, start: int, end: int) -> tuple[bool, bool]:
    """Whether the passage begins or ends inside a word: "no" is not found again in "casino"."""
    return _in_word(text, start), _in_word(text, end)


def _in_word(text: str, place: int) -> bool:
    if not 0 < place < len(text):
        return False
    before, after = text[place - 1], text[place]
    return bool(combining(after)) or ((before.isalnum() or bool(combining(before))) and after.isalnum())


def _full(anchor: Anchor) -> int:
    return len(anchor.prefix) + len(anchor.suffix)


def _agreement(text: str, anchor: Anchor, start: int) -> int:
    """How many code points before and after agree with the remembered surroundings, counted outwards from the words."""
    return sum(_agreements(text, anchor, start))


def _agreements(text: str, anchor: Anchor, start: int) -> tuple[int, int]:
    before = text[max(0, start - CONTEXT_LENGTH) : start]
    end = start + len(anchor.exact)
    return _shared(before[::-1], anchor.prefix[::-1]), _shared(text[end : end + CONTEXT_LENGTH], anchor.suffix)


def _shared(left: str, right: str) -> int:
    length = 0
    for a, b in zip(left, right, strict=False):
        if a != b:
            break
        length += 1
    return length


def _places(text: str, words: str, region: Region) -> Iterator[int]:
    place = text.find(words, region.start, region.end)
    while place >= 0:
        yield place
        place = text.find(words, place + 1, region.end)


def _by_quote(text: str, anchor: Anchor, region: Region) -> Found | None:
    """The one place whose words are the quote's and whose surroundings fit clearly best."""
    ranked = sorted(
        ((_agreement(text, anchor, place), -abs(place - anchor.start), place) for place in _some(text, anchor, region)),
        reverse=True,
    )
    if not ranked:
        return None
    agreement, _, place = ranked[0]
    end = place + len(anchor.exact)
    rival = ranked[1][0] if len(ranked) > 1 else -_CLEAR_LEAD
    if rival > agreement - _CLEAR_LEAD:
        enough = agreement >= _ENOUGH_AGREEMENT
        return Found(place, end, "approximate", anchor.exact) if enough else None
    whole = agreement == _full(anchor) and agreement > 0
    if whole and place != anchor.start:
        return Found(place, end, "moved", anchor.exact)
    if _tells(text, anchor, place, alone=len(ranked) == 1):
        return Found(place, end, "by quote", anchor.exact)
    return Found(place, end, "approximate", anchor.exact) if agreement >= _ENOUGH_AGREEMENT else None


def _tells(text: str, anchor: Anchor, place: int, *, alone: bool) -> bool:
    """Whether words and surroundings settle the place: few words need surroundings that fit on both sides."""
    before, after = _agreements(text, anchor, place)
    if len(anchor.exact) >= _LONG_QUOTE:
        return alone or before + after >= _ENOUGH_AGREEMENT
    fits_before = before >= min(_CLEAR_LEAD, len(anchor.prefix))
    return fits_before and after >= min(_CLEAR_LEAD, len(anchor.suffix)) and before + after >= _CLEAR_AGREEMENT


def _some(text: str, anchor: Anchor, region: Region) -> list[int]:
    """The quote's places in the region; none at all where they are so many that the quote tells nothing."""
    places: list[int] = []
    torn = _torn(anchor.prefix + anchor.exact + anchor.suffix, len(anchor.prefix), len(anchor.prefix + anchor.exact))
    for seen, place in enumerate(_places(text, anchor.exact, region)):
        if seen == _MOST_PLACES:
            return []
        if _torn(text, place, place + len(anchor.exact)) == torn:
            places.append(place)
    return places


def _within_edit(text: str, anchor: Anchor, region: Region) -> Found | None:
    """The quote inside the stretch that replaced its old surroundings, where it needs less of them to be known."""
    places = _some(text, anchor, region)
    enough = min(_ENOUGH_AGREEMENT, _full(anchor))
    if len(places) == 1 and (len(anchor.exact) >= _LONG_QUOTE or _agreement(text, anchor, places[0]) >= enough):
        return Found(places[0], places[0] + len(anchor.exact), "moved", anchor.exact)
    return _by_quote(text, anchor, region)


def _by_surroundings(text: str, anchor: Anchor) -> Found | None:
    """What now stands between the remembered surroundings, where those stand once and the words are alike."""
    start = _only_place(text, anchor.prefix)
    if start is None:
        return None
    start += len(anchor.prefix)
    limit = start + 2 * len(anchor.exact) + CONTEXT_LENGTH
    end = text.find(anchor.suffix, start, limit + len(anchor.suffix)) if anchor.suffix else min(len(text), limit)
    if end < 0:
        return None
    words = text[start:end]
    exact = words.strip()
    if not exact or not _alike(exact, anchor.exact):
        return None
    start += len(words) - len(words.lstrip())
    return Found(start, start + len(exact), "approximate", exact)


def _only_place(text: str, words: str) -> int | None:
    if len(words) < _ENOUGH_AGREEMENT:
        return None
    place = text.find(words)
    return place if place >= 0 and text.find(words, place + 1) < 0 else None


def _alike(left: str, right: str) -> bool:
    """Whether at least half of the words (the first 400) are shared in order."""
    matcher = SequenceMatcher(None, left.split()[:400], right.split()[:400], autojunk=False)
    return matcher.ratio() >= _ENOUGH_LIKENESS

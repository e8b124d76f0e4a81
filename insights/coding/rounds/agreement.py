"""How far two coders agree: percent agreement and Cohen's kappa, for one tag on one text or on many (features.md C6).

The unit is what both judge independently: each code point of the text, as QualCoder counts, or each paragraph, which
two people can be expected to agree on more easily. The choice changes the figures much, so it is always told.
Source: J. Cohen, A coefficient of agreement for nominal scales, Educational and Psychological Measurement 20 (1960).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

Span = tuple[int, int]


class Unit(StrEnum):
    PARAGRAPH = "paragraph"
    CHARACTER = "character"


@dataclass(frozen=True, slots=True)
class Agreement:
    """How many units both coders gave the tag, only the one, only the other, and neither."""

    both: int
    only_first: int
    only_second: int
    neither: int

    @property
    def units(self) -> int:
        return self.both + self.only_first + self.only_second + self.neither

    @property
    def observed(self) -> float | None:
        """The share of units on which they agree, 0 to 1; None where there is no unit."""
        return (self.both + self.neither) / self.units if self.units else None

    @property
    def expected(self) -> float | None:
        """The share on which two coders with the same habits would agree by chance."""
        if not self.units:
            return None
        first, second = self.both + self.only_first, self.both + self.only_second
        rest = (self.units - first) * (self.units - second)
        return (first * second + rest) / self.units**2

    @property
    def kappa(self) -> float | None:
        """(observed - expected) / (1 - expected), -1 to 1; None where chance alone explains everything.

        That is so where neither gave the tag anywhere, or both gave it everywhere: there was nothing to agree on.
        """
        observed, expected = self.observed, self.expected
        if observed is None or expected is None or not self.only_first + self.only_second + self.both:
            return None
        return None if expected == 1 else (observed - expected) / (1 - expected)

    def __add__(self, other: Agreement) -> Agreement:
        """The agreement on both texts together: units add up, kappas do not."""
        return Agreement(
            self.both + other.both,
            self.only_first + other.only_first,
            self.only_second + other.only_second,
            self.neither + other.neither,
        )


NOTHING = Agreement(0, 0, 0, 0)


def agreement_on(units: Sequence[Span], first: Iterable[Span], second: Iterable[Span]) -> Agreement:
    """Compares what two coders gave one tag; `units` are disjoint spans in order, weighed as one each.

    A unit counts as coded where a coding touches it.
    """
    by_first, by_second = touched(units, first), touched(units, second)
    both = len(by_first & by_second)
    return Agreement(
        both, len(by_first) - both, len(by_second) - both, len(units) - len(by_first) - len(by_second) + both
    )


def agreement_by_character(length: int, first: Iterable[Span], second: Iterable[Span]) -> Agreement:
    """The same with each of the text's `length` code points as a unit."""
    one, other = merged(first, length), merged(second, length)
    ones, others, both = _total(one), _total(other), _total(_shared(one, other))
    return Agreement(both, ones - both, others - both, length - ones - others + both)


def touched(units: Sequence[Span], codings: Iterable[Span]) -> frozenset[int]:
    """The places in `units` that any of the codings touches."""
    joined = merged(codings)
    found: set[int] = set()
    place = 0
    for number, (start, end) in enumerate(units):
        while place < len(joined) and joined[place][1] <= start:
            place += 1
        if place < len(joined) and joined[place][0] < end:
            found.add(number)
    return frozenset(found)


def merged(spans: Iterable[Span], length: int | None = None) -> list[Span]:
    """The spans in order, overlapping and adjoining ones as one, cut to the text's length."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        first, last = max(0, start), end if length is None else min(end, length)
        if last <= first:
            continue
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined


def _shared(one: Sequence[Span], other: Sequence[Span]) -> list[Span]:
    shared: list[Span] = []
    i = j = 0
    while i < len(one) and j < len(other):
        start, end = max(one[i][0], other[j][0]), min(one[i][1], other[j][1])
        if start < end:
            shared.append((start, end))
        if one[i][1] < other[j][1]:
            i += 1
        else:
            j += 1
    return shared


def _total(spans: Iterable[Span]) -> int:
    return sum(end - start for start, end in spans)

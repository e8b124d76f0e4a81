"""Which stretch of a new text answers to a stretch of the old one, in time linear in both (apart from a sort).

Patience difference over sentences and lines: pieces that stand exactly once in both texts, in the longest order they
share, are the fixed points; equality is then grown from them in both directions. Unlike the usual matchers it has no
quadratic worst case, and repeated pieces ("Yes.") can never pair by accident.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise


@dataclass(frozen=True, slots=True)
class Region:
    """Code points [start, end) of the new text; `exact` where they are the very ones asked for."""

    start: int
    end: int
    exact: bool = False


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Old [old_start, old_end) reads the same as new from new_start on."""

    old_start: int
    old_end: int
    new_start: int

    @property
    def new_end(self) -> int:
        return self.new_start + self.old_end - self.old_start


def align(old: str, new: str, start: int, end: int) -> Region:
    """Where old[start:end] must lie in `new`: its exact place, or the smallest region between fixed points."""
    stretches = _equal_stretches(old, new)
    starts = _starts(old, new)
    holding = stretches[max(0, bisect_right(starts, start) - 1)]
    if holding.old_start <= start and end <= holding.old_end:
        moved = holding.new_start - holding.old_start
        return Region(start + moved, end + moved, exact=True)
    lower = holding.new_start + min(start, holding.old_end) - holding.old_start
    following = stretches[min(len(stretches) - 1, bisect_left(starts, end))]
    before = stretches[max(0, bisect_left(starts, end) - 1)]
    upper = before.new_start + end - before.old_start if end <= before.old_end else following.new_start
    return Region(lower, max(lower, upper))


_PIECE = re.compile(r"[^\n.!?。！？]*(?:[.!?。！？]+[^\S\n]*|\n+)|[^\n.!?。！？]+\Z")


# An edit asks for the same two texts once for each highlight and utterance.
@lru_cache(maxsize=2)
def _equal_stretches(old: str, new: str) -> tuple[_Stretch, ...]:
    """Equal stretches in order, with empty ones at both ends so that every place has neighbours."""
    head = _at_word(old, new, _shared_length(old, new))
    backwards_old, backwards_new = old[head:][::-1], new[head:][::-1]
    tail = _at_word(backwards_old, backwards_new, _shared_length(backwards_old, backwards_new))
    old_end, new_end = len(old) - tail, len(new) - tail
    inner = _stretches_between(old[head:old_end], new[head:new_end])
    shifted = (_Stretch(s.old_start + head, s.old_end + head, s.new_start + head) for s in inner)
    return tuple(_joined([_Stretch(0, head, 0), *shifted, _Stretch(old_end, len(old), new_end)]))


@lru_cache(maxsize=2)
def _starts(old: str, new: str) -> tuple[int, ...]:
    return tuple(stretch.old_start for stretch in _equal_stretches(old, new))


def _stretches_between(old: str, new: str) -> list[_Stretch]:
    old_pieces, new_pieces = _PIECE.findall(old), _PIECE.findall(new)
    old_at = [0, *accumulate(map(len, old_pieces))]
    new_at = [0, *accumulate(map(len, new_pieces))]
    found: list[_Stretch] = []
    old_low = new_low = 0
    pairs = _unique_pairs(old_pieces, new_pieces)
    for (i, j), (next_i, next_j) in pairwise([*pairs, (len(old_pieces), len(new_pieces))]):
        if i < old_low:
            continue
        first_i, first_j = i, j
        while first_i > old_low and first_j > new_low and old_pieces[first_i - 1] == new_pieces[first_j - 1]:
            first_i, first_j = first_i - 1, first_j - 1
        last_i, last_j = i + 1, j + 1
        while last_i < next_i and last_j < next_j and old_pieces[last_i] == new_pieces[last_j]:
            last_i, last_j = last_i + 1, last_j + 1
        found.append(_Stretch(old_at[first_i], old_at[last_i], new_at[first_j]))
        old_low, new_low = last_i, last_j
    return found


def _joined(stretches: list[_Stretch]) -> list[_Stretch]:
    """Neighbours that touch in both texts are one: a passage may run over many sentences."""
    joined: list[_Stretch] = []
    for stretch in stretches:
        last = joined[-1] if joined else None
        if last and last.old_end == stretch.old_start and last.new_end == stretch.new_start:
            joined[-1] = _Stretch(last.old_start, stretch.old_end, last.new_start)
        else:
            joined.append(stretch)
    return joined


def _unique_pairs(old: list[str], new: list[str]) -> list[tuple[int, int]]:
    """Index pairs of pieces that stand once in each, rising in both: the longest such sequence."""
    old_counts, new_counts = Counter(old), Counter(new)
    new_index = {piece: j for j, piece in enumerate(new) if new_counts[piece] == 1 and piece.strip()}
    pairs = [(i, new_index[piece]) for i, piece in enumerate(old) if old_counts[piece] == 1 and piece in new_index]
    return _longest_rising(pairs)


def _longest_rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Fredman's patience sort: the longest subsequence whose second members rise."""
    tops: list[int] = []
    top_pairs: list[int] = []
    previous: list[int] = []
    for index, (_, j) in enumerate(pairs):
        pile = bisect_left(tops, j)
        previous.append(top_pairs[pile - 1] if pile else -1)
        tops[pile : pile + 1] = [j]
        top_pairs[pile : pile + 1] = [index]
    rising: list[tuple[int, int]] = []
    index = top_pairs[-1] if top_pairs else -1
    while index >= 0:
        rising.append(pairs[index])
        index = previous[index]
    return rising[::-1]


_LONGEST_WORD = 40


def _at_word(left: str, right: str, length: int) -> int:
    """A common beginning shortened to whole words: "w0 w1" and "w1" share no word, only a letter.

    In writing without spaces, where no end of a word is near, the length stays.
    """
    for shorter in range(length, max(-1, length - _LONGEST_WORD), -1):
        if shorter == 0 or (_is_edge(left, shorter) and _is_edge(right, shorter)):
            return shorter
    return length


def _is_edge(text: str, place: int) -> bool:
    return place == len(text) or text[place].isspace() or text[place - 1].isspace()


def _shared_length(left: str, right: str) -> int:
    """Length of the common beginning, found by halving so that the comparison runs at the machine's speed."""
    low, high = 0, min(len(left), len(right))
    while low < high:
        middle = (low + high + 1) // 2
        if left[low:middle] == right[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low

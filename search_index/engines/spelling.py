"""“Did you mean”: the nearest word that stands in a document the member may see."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from typing import Final

from search_index.engines.analysis import stems, surface_words
from search_index.engines.snapshot import Snapshot, View
from search_index.query import Query, Word, fold

SHORTEST: Final = 4
LONGEST: Final = 32
CLOSE: Final = 5
"""Words of up to this many letters may differ in one place, longer ones in two."""


def suggest(
    query: Query,
    snapshot: Snapshot,
    view: View,
    *,
    deadline: float,
    clock: Callable[[], float] = time.monotonic,
) -> str | None:
    """The query with unknown words replaced, or None if there is nothing better to offer."""
    text = query.text
    for word in _unknown_words(query, snapshot, view):
        nearest = _nearest(word, snapshot, view, lambda: clock() > deadline)
        if nearest:
            text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", nearest, text)
    return text if text != query.text else None


def _unknown_words(query: Query, snapshot: Snapshot, view: View) -> Iterator[str]:
    for term in dict.fromkeys(query.typed_terms):
        if isinstance(term, Word) and SHORTEST <= len(fold(term.text)) <= LONGEST:
            roots = stems(term.text)
            if len(roots) == 1 and not view.visible[snapshot.postings("text", roots[0]).documents].any():
                yield term.text


def _nearest(word: str, snapshot: Snapshot, view: View, out_of_time: Callable[[], bool]) -> str | None:
    """Nearest first, then the one in most documents in view. Misspellings rarely touch the first letter."""
    typed = fold(word)
    limit = 1 if len(typed) <= CLOSE else 2
    best: tuple[int, int, str, int] | None = None
    for field_name in ("text", "surface"):
        for candidate in snapshot.words_from(field_name, typed[0]):
            if out_of_time():
                break
            far = distance(typed, candidate, limit)
            if far > limit or (best and far > best[0]):
                continue
            documents = snapshot.postings(field_name, candidate).documents
            seen = documents[view.visible[documents]]
            if len(seen):
                rank = (far, -len(seen), candidate, int(seen[0]))
                best = min(best, rank) if best else rank
    return _as_written(best[2], best[3], snapshot) if best else None


def _as_written(candidate: str, number: int, snapshot: Snapshot) -> str:
    """The index holds stems; people want the word as it stands in the document."""
    for text in snapshot.texts(number):
        for word in surface_words(text):
            if candidate in {word.folded, word.stem}:
                return text[word.start : word.end].lower()
    return candidate


def distance(one: str, other: str, limit: int) -> int:
    """Letters to add, drop, change or swap with a neighbour to get from one word to the other.

    Stops counting above `limit` and then answers limit + 1.
    """
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for index, letter in enumerate(one, 1):
        two_before, before = before, row
        row = [index]
        for place, wanted in enumerate(other, 1):
            cost = min(before[place] + 1, row[-1] + 1, before[place - 1] + (letter != wanted))
            if index > 1 and place > 1 and letter == other[place - 2] and one[index - 2] == wanted:
                cost = min(cost, two_before[place - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return min(row[-1], limit + 1)

"""“Did you mean”: another query for what was typed, of words and values that stand in documents the member may see."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import numpy as np

from search_index.engines.analysis import PARTICLES, stems, surface_words
from search_index.engines.evaluation import Evaluation
from search_index.engines.field_values import fits, nearest_value
from search_index.engines.snapshot import Snapshot, View
from search_index.query import FieldValue, Phrase, Query, Word, fold, other_forms, parse_query
from search_index.query.parser import OTHER_NAMES

SHORTEST: Final = 4
LONGEST: Final = 32
CLOSE: Final = 5
"""Words of up to this many letters may differ in one place, longer ones in two."""

SHORTEST_PART: Final = 3
"""Letters of a word that was run together with another; a particle (“in”, “up”) may be shorter."""


def suggest(
    query: Query,
    snapshot: Snapshot,
    view: View,
    *,
    deadline: float,
    clock: Callable[[], float] = time.monotonic,
) -> str | None:
    """The query as it may have been meant, if that finds something in view; None if there is nothing to offer.

    Fields and their values are put right, words that were run together or apart, and misspelt words; where none of that
    helps, quotation marks are left away.
    """
    speller = _Speller(query, snapshot, view, Evaluation(snapshot, view), lambda: clock() > deadline)
    text = speller.words(speller.joined(speller.values(query.meant or query.text)))
    if text == query.text:
        text = speller.unquoted(text)
    if text == query.text:
        return None
    meant = replace(parse_query(text), excluded=())
    is_title = any(isinstance(term, FieldValue) and term.name == "study" for term in meant.typed_terms)
    # Studies are looked up by their titles outside of the index, which knows them by their refs.
    found = is_title or Evaluation(snapshot, view, deadline=deadline, clock=clock).find(meant).documents.any()
    return text if found else None


@dataclass(frozen=True, slots=True)
class _Speller:
    """Puts a query's text right, one kind of mistake after the other, by what is in view."""

    query: Query
    snapshot: Snapshot
    view: View
    evaluation: Evaluation
    out_of_time: Callable[[], bool]

    def values(self, text: str) -> str:
        """With values that nothing in view has replaced by the nearest that something has."""
        for term in parse_query(text).typed_terms:
            if isinstance(term, FieldValue) and not self._has(term):
                nearest = nearest_value(term.name, term.value, self._values(term.name))
                text = _with_value(text, term, nearest) if nearest else text
        return text

    def joined(self, text: str) -> str:
        """With neighbouring words as one, where only that stands in a document."""
        words = [term.text for term in self.query.typed_terms if isinstance(term, Word)]
        for one, other in pairwise(words):
            together = one + other
            if not self.evaluation.holds(f"{one} {other}") and len(stems(together)) == 1 and self._known(together):
                text = _put(text, rf"{re.escape(one)}\s+{re.escape(other)}", together.lower())
        return text

    def words(self, text: str) -> str:
        """With unknown words as two, as the nearest that is known, or with another beginning as Welsh has them."""
        for word in self._unknown_words(text):
            instead = self._split(word) or self._nearest(word) or self._with_other_beginning(word)
            text = _put(text, re.escape(word), instead) if instead else text
        return text

    def unquoted(self, text: str) -> str:
        """Without the quotation marks of phrases that stand nowhere, if their words do."""
        for term in self.query.typed_terms:
            if isinstance(term, Phrase) and not self.evaluation.holds(term.text):
                known = [word for word in fold(term.text).split() if self._known(word)]
                marks = rf'["“”„‟«»＂]{re.escape(term.text)}["“”„‟«»＂]'
                text = re.sub(marks, lambda found: found[0][1:-1], text) if known else text
        return text

    def _has(self, term: FieldValue) -> bool:
        column = self.snapshot.facets.get(term.name)
        return column is not None and bool(
            (column.matching(fits(term.value), self.snapshot.size) & self.view.visible).any()
        )

    def _values(self, name: str) -> list[str]:
        column = self.snapshot.facets.get(name)
        return (
            [] if column is None else [column.values[code] for code in np.flatnonzero(column.counts(self.view.visible))]
        )

    def _known(self, word: str) -> bool:
        """Whether a single word stands in a document in view; what is too common to be looked for counts as known."""
        roots = stems(word)
        return not roots or bool(self.view.visible[self.snapshot.postings("text", roots[0]).documents].any())

    def _unknown_words(self, text: str) -> Iterator[str]:
        terms = parse_query(text).typed_terms
        texts = [term.text for term in dict.fromkeys(terms) if isinstance(term, Word | Phrase)]
        for word in dict.fromkeys(word for each in texts for word in each.split()):
            if SHORTEST <= len(fold(word)) <= LONGEST and len(stems(word)) == 1 and not self._known(word):
                yield word

    def _split(self, word: str) -> str | None:
        for place in range(SHORTEST_PART, len(word) - 1):
            one, other = word[:place], word[place:]
            whole = len(other) >= SHORTEST_PART and stems(other)
            if stems(one) and (whole or other.lower() in PARTICLES) and self.evaluation.holds(f"{one} {other}"):
                return f"{one} {other}"
        return None

    def _with_other_beginning(self, word: str) -> str | None:
        return next((form for form in other_forms(fold(word)) if stems(form) and self._known(form)), None)

    def _nearest(self, word: str) -> str | None:
        """Nearest first, then the one in most documents in view. Misspellings rarely touch the first letter."""
        typed = fold(word)
        limit = 1 if len(typed) <= CLOSE else 2
        best: tuple[int, int, str, int] | None = None
        for field_name in ("text", "surface"):
            for candidate in self.snapshot.words_from(field_name, typed[0]):
                if self.out_of_time():
                    break
                far = distance(typed, candidate, limit)
                if far > limit or (best and far > best[0]):
                    continue
                documents = self.snapshot.postings(field_name, candidate).documents
                seen = documents[self.view.visible[documents]]
                if len(seen):
                    rank = (far, -len(seen), candidate, int(seen[0]))
                    best = min(best, rank) if best else rank
        return _as_written(best[2], best[3], self.snapshot) if best else None


def _put(text: str, pattern: str, instead: str) -> str:
    return re.sub(rf"(?<!\w){pattern}(?!\w)", lambda _found: instead, text)


def _with_value(text: str, term: FieldValue, nearest: str) -> str:
    """The text with `nearest`, a field with its value, in the place of the term as it was typed."""
    names = "|".join(
        re.escape(name) for name in (term.name, *(typed for typed, of in OTHER_NAMES.items() if of == term.name))
    )

    def put(found: re.Match[str]) -> str:
        return nearest if fold(found[1]) == term.value else found[0]

    return re.sub(rf'(?<!\w)(?:{names}):("[^"]*"|“[^”]*”|\S+)', put, text, flags=re.IGNORECASE)


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

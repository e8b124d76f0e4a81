"""Which documents of a view fit a query, and how well: BM25F on whole arrays.

Every statistic, from how rare a word is to how long a text is on average, comes from the documents in view. Whoosh's
own scoring counts all documents, and a score would tell how often a word stands where the member may not look.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from search_index.engine import FEW_HITS, PHRASE_WORD_LIMIT
from search_index.engines.analysis import placed_stems
from search_index.engines.field_values import fits, unknown_value
from search_index.engines.snapshot import Mask, Snapshot, View
from search_index.engines.whoosh_library import POSITION_BITS, FloatArray, IntArray
from search_index.query import FieldValue, From, Likewise, Phrase, Prefix, Query, Term, Until, Word

K1: Final = 2.0
B: Final = 0.75
TITLE_WEIGHT: Final = 0.3
EXPANSION_LIMIT: Final = 50
WORDS_PER_TERM: Final = 32
SYNONYM_WEIGHT: Final = 0.6
"""What a word of the same meaning counts, where the word typed counts 1."""

MESSAGE_COMMON: Final = "Every word of this search is too common to look for. Add a word that says what it is about."
MESSAGE_WIDENED: Final = "Few results hold every word, so results that hold any of them are shown too."
MESSAGE_TIME: Final = "This search took too long and was cut short. Fewer words, or longer beginnings before *, help."


@dataclass(slots=True)
class Found:
    """Documents and their scores, both by document number; the scores of other documents mean nothing."""

    documents: Mask
    scores: FloatArray
    messages: list[str]


@dataclass(frozen=True, slots=True)
class _Loose:
    """Documents that a term fits in full, those that any of its words fits, and how many words those are."""

    every: Mask
    some: Mask
    words: int


class Evaluation:
    """One query against one view. `deadline` is when to stop expanding, in seconds of `clock`."""

    def __init__(
        self,
        snapshot: Snapshot,
        view: View,
        *,
        deadline: float = math.inf,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._snapshot = snapshot
        self._view = view
        self._deadline = deadline
        self._clock = clock
        self._scores: FloatArray = np.zeros(snapshot.size, dtype=np.float32)
        self._messages: dict[str, None] = {}

    def find(self, query: Query) -> Found:
        """Everything in view that fits the query, whatever facets are selected."""
        documents = self._view.visible.copy()
        if query.is_blank:
            return Found(documents, self._scores, [])
        searchable = self._restrict(documents, query)
        loose = self._loose_masks(query)
        if loose:
            documents = self._with_loose(documents, loose)
        if not (searchable or loose):
            documents[:] = False
            if query.asks_for_words:
                self._say(MESSAGE_COMMON)
        return Found(documents, self._scores, list(self._messages))

    def holds(self, text: str) -> bool:
        """Whether a document in view has these words side by side; never for words too common to be looked for."""
        words = placed_stems(text)[:WORDS_PER_TERM]
        return bool(words) and bool(self._words_mask(words, 0).any())

    def _restrict(self, documents: Mask, query: Query) -> bool:
        """Keep what fits required and excluded terms; answers whether any of them could be looked for."""
        searchable = False
        for clause in query.required:
            masks = [mask for term in clause if (mask := self._mask(term, scored=True)) is not None]
            if masks:
                documents &= np.logical_or.reduce(masks)
                searchable = True
        for term in query.excluded:
            mask = self._mask(term, scored=False)
            if mask is not None:
                documents &= ~mask
                searchable = True
        return searchable

    def _loose_masks(self, query: Query) -> list[_Loose]:
        """One a term; a term typed twice is looked up once and scores twice."""
        masks = []
        for term, times in Counter(query.loose).items():
            if isinstance(term, Likewise):
                masks.append(self._likewise(term, times))
            elif (mask := self._mask(term, scored=True, times=times)) is not None:
                masks.append(_Loose(mask, mask, 1))
        return masks

    def _with_loose(self, documents: Mask, loose: Sequence[_Loose]) -> Mask:
        some: Mask = documents & np.logical_or.reduce([each.some for each in loose])
        if sum(each.words for each in loose) > PHRASE_WORD_LIMIT:
            return some
        every: Mask = documents & np.logical_and.reduce([each.every for each in loose])
        if int(every.sum()) >= FEW_HITS or np.array_equal(every, some):
            return every
        self._say(MESSAGE_WIDENED)
        return some

    def _mask(self, term: Term, *, scored: bool, times: int = 1) -> Mask | None:
        """The documents in view that a term fits; None for a word too common to be looked for."""
        match term:
            case Word(text) | Phrase(text):
                words = placed_stems(text)[:WORDS_PER_TERM]
                return self._words_mask(words, times if scored else 0) if words else None
            case Prefix(text):
                return self._prefix_mask(text, times if scored else 0)
            case FieldValue(name, value):
                return self._field_mask(name, value)
            case From(day):
                return self._snapshot.dates >= day.toordinal()
            case Until(day):
                return (self._snapshot.dates < day.toordinal()) & (self._snapshot.dates > 0)
            case Likewise():
                return self._likewise(term, times if scored else 0).every

    def _field_mask(self, name: str, value: str) -> Mask:
        column = self._snapshot.facets.get(name)
        mask = self._nothing() if column is None else column.matching(fits(value), self._snapshot.size)
        if not (mask & self._view.visible).any():
            counts = () if column is None else column.counts(self._view.visible)
            in_view = [] if column is None else [column.values[code] for code in np.flatnonzero(counts)]
            self._say(unknown_value(name, value, in_view))
        return mask

    def _likewise(self, term: Likewise, times: int) -> _Loose:
        """What was typed or any of its alternatives: a document scores by whichever of the two says more."""
        kept, self._scores = self._scores, self._no_scores()
        typed = [mask for word in term.typed if (mask := self._mask(word, scored=times > 0, times=times)) is not None]
        own, self._scores = self._scores, kept
        others = [(mask, words) for each in term.others for mask, words in self._alternative(each.text)]
        found = [mask for mask, _ in others]
        every = np.logical_or.reduce([np.logical_and.reduce(typed), *found])
        if times and every.any():
            rarity = inverse_frequency(self._view.count, int(every.sum())) * SYNONYM_WEIGHT * times * len(typed)
            best = np.maximum.reduce([self._no_scores(), *(self._closeness(*each) for each in others)])
            self._scores += np.maximum(own, best * np.float32(rarity))
        return _Loose(every, np.logical_or.reduce([*typed, *found]), len(typed))

    def _alternative(self, text: str) -> Iterator[tuple[Mask, list[str]]]:
        """The documents that hold an alternative, and its stems; nothing where none do."""
        words = placed_stems(text)[:WORDS_PER_TERM]
        mask = self._words_mask(words, 0)
        if mask.any():
            yield mask, [root for _, root in words]

    def _closeness(self, mask: Mask, roots: Sequence[str]) -> FloatArray:
        """How much of a document is about these words, on the mean of them: BM25F without their rarity."""
        sums = self._no_scores()
        for root in roots:
            for _, weight, documents, saturation in saturations(self._snapshot, self._view, root):
                sums[documents] += saturation * np.float32(weight / len(roots))
        sums[~mask] = 0
        return sums

    def _words_mask(self, words: Sequence[tuple[int, str]], times: int) -> Mask:
        if len(words) == 1:
            documents = self._in_view(self._snapshot.postings("text", words[0][1]).documents)
        else:
            documents = self._in_view(self._phrase_documents(words))
        mask = self._nothing()
        mask[documents] = True
        for root, repeats in Counter(root for _, root in words).items():
            if times and len(documents):
                self._add_scores(root, mask, times * repeats)
        return mask

    def _phrase_documents(self, words: Sequence[tuple[int, str]]) -> IntArray:
        """Documents where the words stand as far apart as typed, by sliding all places of each onto the first."""
        starts = self._snapshot.places(words[0][1])
        for distance, root in words[1:]:
            if not len(starts):
                break
            starts = starts[_among(starts + distance, self._snapshot.places(root))]
        return np.unique(starts >> POSITION_BITS)

    def _add_scores(self, root: str, mask: Mask, times: int) -> None:
        for with_word, weight, documents, saturation in saturations(self._snapshot, self._view, root):
            scores = inverse_frequency(self._view.count, with_word) * weight * times * saturation
            kept = mask[documents]
            self._scores[documents[kept]] += scores[kept]

    def _prefix_mask(self, beginning: str, times: int) -> Mask:
        """Documents with a word, or a word's stem, that begins so; all score alike."""
        mask = self._nothing()
        for word in self._expansion(beginning):
            mask[self._word_documents(word)] = True
        found = int(mask.sum())
        if times and found:
            self._scores[mask] += np.float32(inverse_frequency(self._view.count, found) * times)
        return mask

    def _expansion(self, beginning: str) -> list[str]:
        """The words most used in view. Words out of sight take no place among them.

        A word is in no more documents of the view than of the index, so looking can stop where the index's
        figure falls below the last one kept.
        """
        kept: list[tuple[int, str]] = []
        more = False
        for word, bound in sorted(self._bounds(beginning).items(), key=lambda item: (-item[1], item[0])):
            if more and bound < kept[-1][0]:
                break
            if self._clock() > self._deadline:
                self._say(MESSAGE_TIME)
                break
            count = len(self._word_documents(word))
            if count:
                kept.append((count, word))
                kept.sort(key=lambda item: (-item[0], item[1]))
                more = more or len(kept) > EXPANSION_LIMIT
                del kept[EXPANSION_LIMIT:]
        if more:
            self._say(expansion_message(beginning))
        return [word for _, word in kept]

    def _bounds(self, beginning: str) -> Mapping[str, int]:
        bounds = Counter(self._snapshot.words_from("text", beginning))
        bounds.update(self._snapshot.words_from("surface", beginning))
        return bounds

    def _word_documents(self, word: str) -> IntArray:
        """Documents in view that hold exactly this word, or words of which it is the stem."""
        as_stem, as_written = (
            self._in_view(self._snapshot.postings(name, word).documents) for name in ("text", "surface")
        )
        if len(as_stem) and len(as_written):
            return np.union1d(as_stem, as_written)
        return as_stem if len(as_stem) else as_written

    def _in_view(self, documents: IntArray) -> IntArray:
        return documents[self._view.visible[documents]]

    def _no_scores(self) -> FloatArray:
        return np.zeros(self._snapshot.size, dtype=np.float32)

    def _nothing(self) -> Mask:
        return np.zeros(self._snapshot.size, dtype=bool)

    def _say(self, message: str) -> None:
        self._messages[message] = None


def saturations(snapshot: Snapshot, view: View, root: str) -> Iterator[tuple[int, float, IntArray, FloatArray]]:
    """By field: how many documents in view hold a word, the field's weight, which they are, how full of it each."""
    for field_name, weight in (("text", 1.0), ("title", TITLE_WEIGHT)):
        postings = snapshot.postings(field_name, root)
        seen = view.visible[postings.documents]
        documents, counts = postings.documents[seen], postings.weights[seen]
        if len(documents):
            relative = snapshot.lengths(field_name)[documents] / view.mean_lengths[field_name]
            saturation = counts * (K1 + 1) / (counts + K1 * (1 - B + B * relative))
            yield len(documents), weight, documents, saturation.astype(np.float32)


def inverse_frequency(documents: int, with_word: int) -> float:
    """How much a word tells, as Whoosh has it: the logarithm of documents to documents with the word, plus one."""
    return math.log(documents / (with_word + 1)) + 1


def expansion_message(beginning: str) -> str:
    return f"More than {EXPANSION_LIMIT} words begin with “{beginning}”; the {EXPANSION_LIMIT} most used were searched."


def _among(wanted: IntArray, ascending: IntArray) -> Mask:
    """By element, whether a value is in an ascending array."""
    if not len(ascending):
        return np.zeros(len(wanted), dtype=bool)
    places = np.searchsorted(ascending, wanted)
    places[places == len(ascending)] = 0
    found: Mask = ascending[places] == wanted
    return found

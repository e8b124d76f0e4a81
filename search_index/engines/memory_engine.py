"""A search engine in plain Python, slow and easy to believe: the model that the embedded engine is checked against.

It also serves tests that want search without files. It keeps no more than documents in a dictionary.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from search_index.documents import STRENGTHS, SearchDocument
from search_index.engine import (
    FACET_VALUE_LIMIT,
    FEW_HITS,
    PHRASE_WORD_LIMIT,
    Changes,
    DocumentState,
    FacetCount,
    SearchHit,
    SearchRequest,
    SearchResults,
    Watermark,
)
from search_index.engines.analysis import JOIN, AnalysedText, analyse, placed_stems, stems
from search_index.engines.evaluation import (
    EXPANSION_LIMIT,
    K1,
    MESSAGE_COMMON,
    MESSAGE_WIDENED,
    SYNONYM_WEIGHT,
    TITLE_WEIGHT,
    WORDS_PER_TERM,
    B,
    expansion_message,
    inverse_frequency,
)
from search_index.engines.field_values import fits, unknown_value
from search_index.engines.snippets import Marker, mark, snippet
from search_index.engines.telling import FEWEST_SHARED, telling_words
from search_index.query import FieldValue, From, Likewise, Phrase, Prefix, Query, Term, Until, Word, fold


class MemoryEngine:
    """Keeps the promise of SearchEngine without a file. It makes no suggestions."""

    def __init__(self) -> None:
        self._documents: dict[str, SearchDocument] = {}
        self._watermark = Watermark(schema=self.schema)

    @property
    def schema(self) -> str:
        return "memory-2"

    def search(self, request: SearchRequest) -> SearchResults:
        started = time.monotonic()
        visible = [document for document in self._documents.values() if document.audience <= request.clearances]
        found = _Matching(visible).find(request.query)
        page = _ordered([each for each in found.documents if _selected(each, request.filters)], found, request)
        offset = request.start([document.key for document in page])
        marker = Marker(request.query)
        return SearchResults(
            total=len(page),
            hits=tuple(_hit(document, found, marker) for document in page[offset : offset + request.limit]),
            facets=_facets(found.documents, request.filters),
            messages=(*request.query.messages, *found.messages),
            took_ms=(time.monotonic() - started) * 1000,
            offset=offset,
        )

    def related(
        self, key: str, clearances: frozenset[str], *, limit: int = 5, without: frozenset[str] = frozenset()
    ) -> tuple[SearchHit, ...]:
        visible = [document for document in self._documents.values() if document.audience <= clearances]
        found = _Matching(visible).relatives(key)
        nothing_marked = Marker(Query())
        kept = [document for document in found.documents if document.key not in without]
        return tuple(replace(_hit(document, found, nothing_marked), snippet=()) for document in kept[:limit])

    def apply(self, changes: Changes, watermark: Watermark) -> None:
        for document in changes.documents:
            self._documents.pop(document.key, None)
            self._documents[document.key] = document
        for key in changes.deletes:
            self._documents.pop(key, None)
        self._watermark = watermark

    def watermark(self) -> Watermark:
        return self._watermark

    def keys(self) -> Mapping[str, DocumentState]:
        return {key: (document.version, document.audience, document.stamp) for key, document in self._documents.items()}

    def document_count(self) -> int:
        return len(self._documents)

    def rebuild(
        self,
        documents: Iterable[SearchDocument],
        watermark: Watermark,
        progress: Callable[[int], None] | None = None,
    ) -> None:
        built: dict[str, SearchDocument] = {}
        for count, document in enumerate(documents, 1):
            built.setdefault(document.key, document)
            if progress:
                progress(count)
        self._documents, self._watermark = built, watermark

    def close(self) -> None:
        """There is nothing to let go of."""


class _Matching:
    """What fits a query among documents in view, one document after the other."""

    def __init__(self, documents: Sequence[SearchDocument]) -> None:
        self.documents = list(documents)
        self.scores: Counter[str] = Counter()
        self.messages: list[str] = []
        self._view = list(documents)
        self._texts = {each.key: analyse((each.title, each.quote, each.body, each.key)) for each in documents}
        self._titles = {each.key: analyse((each.title,)) for each in documents}

    def find(self, query: Query) -> _Matching:
        if query.is_blank:
            return self
        clauses = [[self._keys(term) for term in clause] for clause in query.required]
        required = [found for clause in clauses if (found := [keys for keys in clause if keys is not None])]
        excluded = [keys for term in query.excluded if (keys := self._keys(term)) is not None]
        loose = [each for term in dict.fromkeys(query.loose) if (each := self._loose(term)) is not None]
        wanted = set(self._texts).intersection(*(set().union(*clause) for clause in required))
        wanted = wanted.difference(*excluded)
        wanted = self._with_loose(wanted, loose)
        if not (required or excluded or loose):
            wanted = set()
            if query.asks_for_words:
                self.messages.append(MESSAGE_COMMON)
        self._score(query)
        self.documents = [document for document in self._view if document.key in wanted]
        return self

    def relatives(self, key: str) -> _Matching:
        """What shares the telling words and tags of the document with that key, best first."""
        subject = next((document for document in self._view if document.key == key), None)
        self.documents = []
        if subject is None:
            return self
        texts = (subject.title, subject.quote, subject.body)
        telling = telling_words(texts, lambda root: len(self._keys_with(root)), len(self._view))
        shared: Counter[str] = Counter()
        for root, weight in telling.items():
            shared.update(self._keys_with(root))
            for _, held, closeness in self._closeness(root):
                self.scores[held] += weight * closeness  # type: ignore[assignment]
        for tag in sorted({fold(value) for value in subject.facets.get("tag", ())}):
            holding = [each.key for each in self._view if tag in {fold(value) for value in each.facets.get("tag", ())}]
            shared.update(holding)
            for held in holding:
                self.scores[held] += inverse_frequency(len(self._view), len(holding))  # type: ignore[assignment]
        near = [each for each in self._view if each.key != key and shared[each.key] >= FEWEST_SHARED]
        self.documents = sorted(
            near, key=lambda each: (-round(self.scores[each.key], 4), -(each.date.toordinal() if each.date else 0))
        )
        return self

    def _keys_with(self, root: str) -> list[str]:
        return [key for key, words in self._texts.items() if root in words.positions]

    def _loose(self, term: Term) -> tuple[set[str], set[str], int] | None:
        """Keys of what fits in full, of what any of its words fits, and how many words those are."""
        every = self._keys(term)
        if not isinstance(term, Likewise):
            return None if every is None else (every, every, 1)
        typed = [keys for word in term.typed if (keys := self._keys(word)) is not None]
        return every or set(), set().union(every or (), *typed), len(typed)

    def _with_loose(self, wanted: set[str], loose: Sequence[tuple[set[str], set[str], int]]) -> set[str]:
        if not loose:
            return wanted
        some = wanted & set().union(*(some for _, some, _ in loose))
        every = wanted.intersection(*(every for every, _, _ in loose))
        if sum(words for _, _, words in loose) > PHRASE_WORD_LIMIT:
            return some
        if len(every) >= FEW_HITS or every == some:
            return every
        self.messages.append(MESSAGE_WIDENED)
        return some

    def _keys(self, term: Term) -> set[str] | None:
        match term:
            case Word(text) | Phrase(text):
                typed = placed_stems(text)[:WORDS_PER_TERM]
                return {key for key, words in self._texts.items() if _placed(words, typed)} if typed else None
            case Prefix(text):
                chosen = self._expansion(text)
                return {key for key, words in self._texts.items() if chosen & _words(words)}
            case FieldValue(name, value):
                return self._with_value(name, value)
            case From(day):
                return {each.key for each in self._view if each.date and each.date >= day}
            case Until(day):
                return {each.key for each in self._view if each.date and each.date < day}
            case Likewise(typed_words, others):
                found = [keys for word in typed_words if (keys := self._keys(word)) is not None]
                return set.intersection(*found).union(*(self._keys(each) or set() for each in others))

    def _with_value(self, name: str, value: str) -> set[str]:
        held = {each.key: each.facet_values().get(name, ()) for each in self._view}
        found = {key for key, values in held.items() if any(map(fits(value), values))}
        if not found:
            message = unknown_value(name, value, {each for values in held.values() for each in values})
            self.messages.extend([] if message in self.messages else [message])
        return found

    def _expansion(self, beginning: str) -> set[str]:
        counts = Counter(word for words in self._texts.values() for word in _words(words) if word.startswith(beginning))
        ranked = sorted(counts, key=lambda word: (-counts[word], word))
        message = expansion_message(beginning)
        if len(ranked) > EXPANSION_LIMIT and message not in self.messages:
            self.messages.append(message)
        return set(ranked[:EXPANSION_LIMIT])

    def _score(self, query: Query) -> None:
        for term in [*query.loose, *(term for clause in query.required for term in clause)]:
            if isinstance(term, Likewise):
                self._score_likewise(term)
            else:
                self.scores.update(self._scores_of(term))

    def _scores_of(self, term: Term) -> Counter[str]:
        scores: Counter[str] = Counter()
        keys = self._keys(term) or set()
        if isinstance(term, Prefix) and keys:
            scores.update(dict.fromkeys(keys, inverse_frequency(len(self._view), len(keys))))
        if isinstance(term, Word | Phrase):
            for root in stems(term.text)[:WORDS_PER_TERM]:
                for with_word, key, closeness in self._closeness(root):
                    if key in keys:
                        scores[key] += inverse_frequency(len(self._view), with_word) * closeness  # type: ignore[assignment]
        return scores

    def _score_likewise(self, term: Likewise) -> None:
        own: Counter[str] = Counter()
        for word in term.typed:
            own.update(self._scores_of(word))
        typed = [word for word in term.typed if stems(word.text)]
        fitting = self._keys(term) or set()
        rarity = inverse_frequency(len(self._view), len(fitting)) * SYNONYM_WEIGHT * len(typed) if fitting else 0.0
        best: dict[str, float] = dict(own)
        for other in term.others:
            keys, roots = self._keys(other) or set(), stems(other.text)[:WORDS_PER_TERM]
            about: Counter[str] = Counter()
            for root in roots:
                for _, key, closeness in self._closeness(root):
                    about[key] += closeness / len(roots)  # type: ignore[assignment]
            for key in keys:
                best[key] = max(best.get(key, 0.0), about[key] * rarity)
        self.scores.update(best)

    def _closeness(self, root: str) -> Iterator[tuple[int, str, float]]:
        """By document that holds a word: how many do in that field, its key, how full of the word it is."""
        for texts, weight in ((self._texts, 1.0), (self._titles, TITLE_WEIGHT)):
            holding = [key for key, words in texts.items() if root in words.positions]
            mean = sum(words.length for words in texts.values()) / max(1, len(texts)) or 1.0
            for key in holding:
                count = len(texts[key].positions[root])
                norm = K1 * (1 - B + B * texts[key].length / mean)
                yield len(holding), key, weight * count * (K1 + 1) / (count + norm)


def _words(words: AnalysedText) -> set[str]:
    return words.surfaces | {root for root in words.positions if JOIN not in root}


def _placed(words: AnalysedText, typed: Sequence[tuple[int, str]]) -> bool:
    """Whether the words typed stand somewhere as far apart as they were typed."""
    starts = words.positions.get(typed[0][1], ())
    return any(all(start + step in words.positions.get(root, ()) for step, root in typed) for start in starts)


def _selected(document: SearchDocument, filters: Mapping[str, tuple[str, ...]], but: str = "") -> bool:
    held = document.facet_values()
    return all(set(values) & set(held.get(name, ())) for name, values in filters.items() if values and name != but)


def _facets(
    documents: Sequence[SearchDocument], filters: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[FacetCount, ...]]:
    names = sorted({name for document in documents for name in document.facet_values()})
    facets = {}
    for name in names:
        counted = [document for document in documents if _selected(document, filters, but=name)]
        counts = Counter(value for document in counted for value in document.facet_values().get(name, ()))
        ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:FACET_VALUE_LIMIT]
        if ranked:
            facets[name] = tuple(FacetCount(value, count) for value, count in ranked)
    return facets


def _ordered(documents: list[SearchDocument], found: _Matching, request: SearchRequest) -> list[SearchDocument]:
    def day(document: SearchDocument) -> float:
        return document.date.toordinal() if document.date else 0

    if request.sort == "newest":
        return sorted(documents, key=lambda each: -day(each))
    if request.sort == "oldest":
        return sorted(documents, key=lambda each: day(each) or math.inf)
    if request.sort == "strength":
        return sorted(documents, key=lambda each: (_weakness(each), -round(found.scores[each.key], 4), -day(each)))
    return sorted(documents, key=lambda each: (-round(found.scores[each.key], 4), -day(each)))


def _weakness(document: SearchDocument) -> int:
    held = document.facets.get("strength", ())
    return min((STRENGTHS.index(value) for value in held if value in STRENGTHS), default=len(STRENGTHS))


def _hit(document: SearchDocument, found: _Matching, marker: Marker) -> SearchHit:
    return SearchHit(
        key=document.key,
        kind=document.kind,
        title=document.title,
        score=round(found.scores[document.key], 4),
        snippet=snippet((document.quote, document.body), marker),
        title_parts=mark(document.title, marker),
        date=document.date,
    )

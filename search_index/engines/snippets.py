"""The stretch of a record's text that shows why it was found, with the words marked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from search_index.engine import SnippetPart
from search_index.engines.analysis import JOIN, candidates, stems, word_forms
from search_index.query import Phrase, Prefix, Query, Word

SNIPPET_CHARACTERS: Final = 240
LEAD_CHARACTERS: Final = 60
TEXT_CHARACTERS: Final = 60_000
"""A snippet is looked for in the first part of a very long text only."""


class Hit(NamedTuple):
    """A word found: its stem, and where it stands in the text, in code points."""

    stem: str
    start: int
    end: int


class Marker:
    """Knows a query's words when it sees them; remembers what it has seen, as texts repeat their words."""

    def __init__(self, query: Query) -> None:
        terms = query.wanted_terms
        texts = [term.text for term in terms if isinstance(term, Word | Phrase)]
        self._stems = frozenset(root.partition(JOIN)[0] for text in texts for root in stems(text))
        self._prefixes = tuple(term.text for term in terms if isinstance(term, Prefix))
        self._known: dict[str, str] = {}
        self._beginnings = frozenset(word[0] for word in (*self._stems, *self._prefixes))

    def hits(self, text: str) -> list[Hit]:
        """The query's words in a text, in order."""
        if not (self._stems or self._prefixes):
            return []
        known, found = self._known, []
        for match in candidates(text, self._beginnings):
            word = match.group()
            root = known.get(word)
            if root is None:
                root = known[word] = self._recognised(word)
            if root:
                found.append(Hit(root, match.start(), match.end()))
        return found

    def _recognised(self, word: str) -> str:
        """The stem if the word was searched for, else nothing."""
        folded, root = word_forms(word)
        searched = root in self._stems or folded.startswith(self._prefixes) or root.startswith(self._prefixes)
        return root if root and searched else ""


def mark(text: str, marker: Marker) -> tuple[SnippetPart, ...]:
    """A whole text, in parts, with its hits marked."""
    return tuple(_parts(text, 0, len(text), marker.hits(text)))


def snippet(texts: Sequence[str], marker: Marker) -> tuple[SnippetPart, ...]:
    """About SNIPPET_CHARACTERS of the text that holds most of the query, else how the first text begins."""
    best: tuple[tuple[int, int], str, int, list[Hit]] | None = None
    for text in texts:
        head = text[:TEXT_CHARACTERS]
        hits = marker.hits(head)
        if hits:
            worth, at = _best_window(hits)
            if best is None or worth > best[0]:
                best = (worth, head, at, hits)
    if best is None:
        return _opening(next((text for text in texts if text.strip()), ""))
    _, text, at, hits = best
    start = _word_start(text, max(0, at - LEAD_CHARACTERS))
    end = _word_end(text, start + SNIPPET_CHARACTERS)
    return tuple(_trimmed(_parts(text, start, end, hits), cut_before=start > 0, cut_after=end < len(text)))


def _best_window(hits: Sequence[Hit]) -> tuple[tuple[int, int], int]:
    """Where to start reading so that most different words, then most words, are in reach."""
    room = SNIPPET_CHARACTERS - LEAD_CHARACTERS
    held: Counter[str] = Counter()
    best, at, first = (0, 0), hits[0].start, 0
    for last, hit in enumerate(hits):
        held[hit.stem] += 1
        while hit.end - hits[first].start > room and first < last:
            held[hits[first].stem] -= 1
            first += 1
        worth = (sum(count > 0 for count in held.values()), last - first + 1)
        if worth > best:
            best, at = worth, hits[first].start
    return best, at


def _opening(text: str) -> tuple[SnippetPart, ...]:
    text = text.strip()
    end = _word_end(text, SNIPPET_CHARACTERS)
    return tuple(_trimmed([SnippetPart(text[:end])], cut_before=False, cut_after=end < len(text))) if text else ()


def _parts(text: str, start: int, end: int, hits: Iterable[Hit]) -> Iterator[SnippetPart]:
    position = start
    for hit in hits:
        if hit.start < position or hit.end > end:
            continue
        if hit.start > position:
            yield SnippetPart(text[position : hit.start])
        yield SnippetPart(text[hit.start : hit.end], hit=True)
        position = hit.end
    if position < end:
        yield SnippetPart(text[position:end])


def _trimmed(parts: Iterable[SnippetPart], *, cut_before: bool, cut_after: bool) -> Iterator[SnippetPart]:
    """Say with an ellipsis where the text goes on."""
    if cut_before:
        yield SnippetPart("… ")
    yield from parts
    if cut_after:
        yield SnippetPart(" …")


def _word_start(text: str, position: int) -> int:
    """The first word that begins at or after a place."""
    if position == 0:
        return 0
    space = next((at for at in range(position, min(position + 40, len(text))) if text[at].isspace()), None)
    return position if space is None else space + 1


def _word_end(text: str, position: int) -> int:
    """The end of the last word that is whole before a place."""
    if position >= len(text):
        return len(text)
    space = next((at for at in range(position, max(position - 40, 0), -1) if text[at].isspace()), None)
    return position if space is None else space

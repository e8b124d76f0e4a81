"""What means the same: a query's words with their alternatives beside them.

synonyms = Synonyms.of([("sign in", "log in", "login")])
synonyms.widen(parse_query("login page"))    also finds “sign in page”
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from search_index.engines.analysis import WORDS_PER_PHRASE, placed_stems
from search_index.query import Clause, Likewise, Phrase, Prefix, Query, Word, fold

ALTERNATIVE_LIMIT: Final = 12
"""Alternatives taken for one expression, in the order of its group."""

EXPANDED_LIMIT: Final = 8
"""Expressions of one query that are widened; the others are searched as they stand."""

_Roots = tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Widened:
    """A query with alternatives, and which they are: what was typed, and what was looked for beside it."""

    query: Query
    also: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Synonyms:
    """Groups of words and short phrases of one meaning, looked up by their stems. Never changes."""

    groups: Mapping[_Roots, tuple[str, ...]] = field(default_factory=dict)
    longest: int = 0

    @classmethod
    def of(cls, groups: Iterable[Sequence[str]]) -> Synonyms:
        """An expression in several groups means what any of them says; one of stop words alone means nothing."""
        known: dict[_Roots, dict[str, None]] = {}
        longest = 0
        for group in groups:
            for expression in group:
                roots = _roots(expression)
                if roots:
                    known.setdefault(roots, {}).update(dict.fromkeys(group))
                    longest = max(longest, len(fold(expression).split()))
        return cls({roots: tuple(together) for roots, together in known.items()}, min(longest, WORDS_PER_PHRASE))

    def widen(self, query: Query) -> Widened:
        """The query with alternatives to its words. What stands in quotation marks, or is left out, stays as it is."""
        if not self.groups:
            return Widened(query)
        said: dict[str, tuple[str, ...]] = {}
        loose = tuple(self._loose(query.loose, said))
        required = tuple(self._clause(clause, said) for clause in query.required)
        return Widened(replace(query, loose=loose, required=required), tuple(said.items())) if said else Widened(query)

    def _loose(
        self, terms: Sequence[Word | Prefix | Likewise], said: dict[str, tuple[str, ...]]
    ) -> Iterator[Word | Prefix | Likewise]:
        """The longest run of words that has a meaning first, from left to right."""
        place = 0
        while place < len(terms):
            run = next(
                (run for size in range(self.longest, 0, -1) if (run := self._meant(terms[place : place + size], said))),
                None,
            )
            yield run or terms[place]
            place += len(run.typed) if run else 1

    def _clause(self, clause: Clause, said: dict[str, tuple[str, ...]]) -> Clause:
        """A choice with OR widens each of its words; a phrase or a field that must fit stays."""
        if len(clause) == 1:
            return clause
        return tuple((self._meant((term,), said) or term) if isinstance(term, Word) else term for term in clause)

    def _meant(self, terms: Sequence[object], said: dict[str, tuple[str, ...]]) -> Likewise | None:
        words = [term for term in terms if isinstance(term, Word)]
        if len(words) != len(terms) or (len(said) >= EXPANDED_LIMIT):
            return None
        typed = " ".join(word.text for word in words)
        roots = _roots(typed)
        others = [each for each in self.groups.get(roots, ()) if _roots(each) != roots][:ALTERNATIVE_LIMIT]
        if not others:
            return None
        said[typed] = tuple(others)
        return Likewise(tuple(words), tuple(Phrase(each) if " " in fold(each) else Word(each) for each in others))


def _roots(expression: str) -> _Roots:
    return tuple(placed_stems(expression))


NO_SYNONYMS: Final = Synonyms()

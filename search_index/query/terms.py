"""What a query is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Word:
    """A word as typed. An engine may find several words in it (“drop-out”), or none (“&”)."""

    text: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that must stand side by side."""

    text: str


@dataclass(frozen=True, slots=True)
class Prefix:
    """The beginning of a word, folded; at least three letters or digits."""

    text: str


@dataclass(frozen=True, slots=True)
class FieldValue:
    """A facet's value, folded, as in tag:onboarding."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class From:
    """On this day or later (after:2025)."""

    day: date


@dataclass(frozen=True, slots=True)
class Until:
    """Earlier than this day (before:2025)."""

    day: date


@dataclass(frozen=True, slots=True)
class Likewise:
    """Words as typed, one after the other, and what means the same.

    Any of them fits. `others` count for less than `typed` does, however rare they are.
    """

    typed: tuple[Word, ...]
    others: tuple[Word | Phrase, ...]


Term = Word | Phrase | Prefix | FieldValue | From | Until | Likewise

Clause = tuple[Term, ...]
"""Alternatives, of which at least one must fit."""


@dataclass(frozen=True, slots=True)
class Query:
    """A question as understood.

    `loose` words rank: up to three are first all wanted, more are read as a sentence, any word of which counts;
    a word typed twice stands here twice and counts twice. Every clause of `required` must fit and no term
    of `excluded` may. `messages` tell the person what was not understood or was cut. `meant` is the text with its
    fields as they are called, where one was typed nearly so, and '' otherwise.
    """

    text: str = ""
    meant: str = ""
    loose: tuple[Word | Prefix | Likewise, ...] = ()
    required: tuple[Clause, ...] = ()
    excluded: tuple[Term, ...] = ()
    messages: tuple[str, ...] = ()

    @property
    def is_blank(self) -> bool:
        """Nothing was typed at all: everything in sight is meant, as when browsing by facets."""
        return not self.text.strip()

    @property
    def typed_terms(self) -> tuple[Term, ...]:
        """What is wanted, as it was typed: without what means the same."""
        return tuple(each for term in self._wanted for each in (term.typed if isinstance(term, Likewise) else (term,)))

    @property
    def wanted_terms(self) -> tuple[Term, ...]:
        """What is wanted, word for word: all that was typed, and all that means the same."""
        return tuple(
            each
            for term in self._wanted
            for each in ((*term.typed, *term.others) if isinstance(term, Likewise) else (term,))
        )

    @property
    def _wanted(self) -> tuple[Term, ...]:
        return (*self.loose, *(term for clause in self.required for term in clause))

    @property
    def asks_for_words(self) -> bool:
        """Whether anything is to be found, rather than only left out."""
        return bool(self.loose or self.required)

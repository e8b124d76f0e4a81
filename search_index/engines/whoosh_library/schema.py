"""What the index holds of a document, and the one stemmer."""

# Whoosh's own annotations are partial: what crosses this door is Any on its side and typed on ours.
# mypy: disallow-untyped-calls=False
# ruff: noqa: ANN401

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from whoosh import fields, formats
from whoosh.lang.snowball.english import EnglishStemmer

POSITION_BITS: Final = 20
"""A place in a text is kept in this many bits: about a million words a document."""

_STEMMER: Final = EnglishStemmer()


def stem(word: str) -> str:
    """The Snowball stem of a folded English word; other scripts come back as they are."""
    return str(_STEMMER.stem(word))


_IndexItems = Generator[tuple[bytes, int, float, bytes], Any, None]
"""By word: the word, how often it occurs, its weight, and what is kept with it."""

_NO_ANALYZER: Final[Any] = None


class _WordsWithPlaces(fields.FieldType):
    """Takes a mapping of word to its places, already analysed, ascending."""

    def __init__(self) -> None:
        super().__init__(format=formats.Positions(), analyzer=_NO_ANALYZER, scorable=False)

    def index(self, value: Mapping[str, Sequence[int]], **_options: Any) -> _IndexItems:
        limit = (1 << POSITION_BITS) - 1
        for word, places in value.items():
            packed = np.minimum(np.array(places, dtype=np.int64), limit).astype("<u4").tobytes()
            yield word.encode(), len(places), float(len(places)), packed


class _Words(fields.FieldType):
    """Takes a mapping of word to how often it occurs."""

    def __init__(self) -> None:
        super().__init__(format=formats.Existence(), analyzer=_NO_ANALYZER, scorable=False)

    def index(self, value: Mapping[str, int], **_options: Any) -> _IndexItems:
        for word, count in value.items():
            yield word.encode(), count, float(count), b""


SCHEMA: Final = fields.Schema(
    key=fields.ID(),
    text=_WordsWithPlaces(),
    title=_Words(),
    surface=_Words(),
    meta=fields.COLUMN(),
    texts=fields.STORED(),
)


class IndexedDocument(NamedTuple):
    """A document ready for the index. `meta` is what is kept in memory, `texts` what snippets are cut from."""

    key: str
    text: Mapping[str, Sequence[int]]
    title: Mapping[str, int]
    surface: Mapping[str, int]
    meta: bytes
    texts: tuple[str, str, str]

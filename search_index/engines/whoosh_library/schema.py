"""What the index holds of a document, and the one stemmer."""

# Whoosh's own annotations are partial: what crosses this door is Any on its side and typed on ours.
# mypy: disallow-untyped-calls=False

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from whoosh import fields, formats
from whoosh.lang.snowball.english import EnglishStemmer

POSITION_BITS: Final = 20
"""A place in a text is kept in this many bits: about a million words a document."""

_STEMMER: Final = EnglishStemmer()


def stem(word: str) -> str:
    """The Snowball stem of a folded English word; other scripts come back as they are."""
    return str(_STEMMER.stem(word))


_NO_ANALYZER: Final[Any] = None


class _WordsWithPlaces(fields.FieldType):
    """Words and their places; what is written comes from the posting table (building.py)."""

    def __init__(self) -> None:
        super().__init__(format=formats.Positions(), analyzer=_NO_ANALYZER, scorable=False)


class _Words(fields.FieldType):
    """Words, and how often each occurs; what is written comes from the posting table (building.py)."""

    def __init__(self) -> None:
        super().__init__(format=formats.Existence(), analyzer=_NO_ANALYZER, scorable=False)


SCHEMA: Final = fields.Schema(
    key=_Words(),
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

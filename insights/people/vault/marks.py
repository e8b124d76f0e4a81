"""The blind index: keyed marks by which a name can be looked up, and two codes of one person known, without opening.

A mark is an HMAC of one folded word under a key that is wrapped by the master key. Whoever holds the database alone
sees which rows share a mark and nothing else; whoever may search needs the words to begin with.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum

SHORTEST_WORD = 2
# A number is written with its country or without: the last nine digits are the same in both.
_DIGITS_COMPARED = 9
_DIGITS_OF_A_NUMBER = 6


class MarkKind(StrEnum):
    WORD = "word"
    EMAIL = "email"
    TELEPHONE = "telephone"
    CONTENT = "content"


def mark_of(secret: bytes, kind: MarkKind, value: str) -> str:
    return hmac.new(secret, f"{kind.value}\x1f{value}".encode(), hashlib.sha256).hexdigest()


def folded_words(text: str) -> tuple[str, ...]:
    """'José  O’Néill-Smith' -> ('jose', 'o', 'neill', 'smith') without those of one letter; each once."""
    bare = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    words = re.findall(r"[^\W_]+", bare.casefold())
    return tuple(dict.fromkeys(word for word in words if len(word) >= SHORTEST_WORD))


def folded_email(text: str) -> str:
    return "".join(text.split()).casefold()


def folded_number(text: str) -> str:
    digits = "".join(char for char in text if char.isdecimal())
    return digits[-_DIGITS_COMPARED:]


def marks_for(secret: bytes, *, name: str, email: str, telephone: str) -> list[tuple[MarkKind, str]]:
    """The marks of an identity, as pairs of kind and mark."""
    values = [(MarkKind.WORD, word) for word in folded_words(name)]
    if email:
        values.append((MarkKind.EMAIL, folded_email(email)))
    if len(folded_number(telephone)) >= _DIGITS_OF_A_NUMBER:
        values.append((MarkKind.TELEPHONE, folded_number(telephone)))
    return [(kind, mark_of(secret, kind, value)) for kind, value in values]


def marks_asked(secret: bytes, words: str) -> list[str]:
    """The marks that all have to be there for somebody to be found by these words; empty where nothing is asked."""
    if "@" in words:
        return [mark_of(secret, MarkKind.EMAIL, folded_email(words))]
    if len(folded_number(words)) >= _DIGITS_OF_A_NUMBER:
        return [mark_of(secret, MarkKind.TELEPHONE, folded_number(words))]
    return _word_marks(secret, folded_words(words))


def _word_marks(secret: bytes, words: Iterable[str]) -> list[str]:
    return [mark_of(secret, MarkKind.WORD, word) for word in words]

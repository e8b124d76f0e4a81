"""One spelling for what people take to be the same letters."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

# Letters that Unicode does not take apart but readers of English type without.
_PLAIN_LETTERS = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ħ": "h", "ı": "i", "ŋ": "ng"}
)


_REMEMBERED_LENGTH = 32


def fold(text: str) -> str:
    """Lower case, accents and marks dropped, ligatures taken apart, all else but letters and digits one space.

    “Crème-Brûlée” becomes “creme brulee”, “ﬁrst” “first”, “STRASSE” and “Straße” both “strasse”.
    """
    return _fold_once(text) if len(text) <= _REMEMBERED_LENGTH else _fold(text)


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text).casefold().translate(_PLAIN_LETTERS)
    unmarked = (char for char in decomposed if unicodedata.category(char) not in {"Mn", "Cf"})
    return " ".join("".join(char if char.isalnum() else " " for char in unmarked).split())


_fold_once = lru_cache(maxsize=32_768)(_fold)

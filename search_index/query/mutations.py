"""The beginnings of Welsh words change by the word before them: “meddyg”, “y feddyg”. These are the forms of a word.

There is no stemmer for Welsh in our parts. Undoing mutations in every search would change English words too, so the
forms are only offered where a word is found in none of them: see engines/spelling.py.
"""

from __future__ import annotations

from typing import Final

SHORTEST: Final = 4
"""Letters; in shorter words a changed beginning says nothing."""

_MUTATIONS: Final = {
    "p": ("b", "mh", "ph"),
    "t": ("d", "nh", "th"),
    "c": ("g", "ngh", "ch"),
    "b": ("f", "m"),
    "d": ("dd", "n"),
    "g": ("", "ng"),
    "m": ("f",),
    "ll": ("l",),
    "rh": ("r",),
}
"""By radical its soft, nasal and aspirate forms, as far as it has them."""


def other_forms(word: str) -> tuple[str, ...]:
    """A folded word with its beginning as it may be elsewhere, the word itself left out; none of a short word."""
    if len(word) < SHORTEST:
        return ()
    radicals = [
        radical + word.removeprefix(form)
        for radical, forms in _MUTATIONS.items()
        for form in (radical, *forms)
        if word.startswith(form)
    ]
    return tuple(dict.fromkeys(each for radical in radicals for each in _all_forms(radical) if each != word))


def _all_forms(radical_word: str) -> list[str]:
    """Longer radicals first: “llyfr” begins with ll, which is no l."""
    for radical in sorted(_MUTATIONS, key=len, reverse=True):
        if radical_word.startswith(radical):
            rest = radical_word.removeprefix(radical)
            return [radical_word, *(form + rest for form in _MUTATIONS[radical])]
    return [radical_word]

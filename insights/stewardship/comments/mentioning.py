"""Who is named in a comment: '@' and a colleague's name, as it stands in the list of members."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping


def mentioned(text: str, names: Mapping[int, str]) -> list[int]:
    """The ids of the members named, in the order in which they are named, once each.

    `names` maps ids to names. The longest name that fits counts, so '@Ana Lee' is not Ana. Whatever the case; two
    members of one name are both meant, for nothing tells which.
    """
    folded = _by_length(names)
    found: dict[int, None] = {}
    words = _folded(text)
    for sign in re.finditer(r"(?<![\w@])@", words):
        after = sign.end()
        fitting = next((name for name in folded if _stands_at(words, after, name)), None)
        for number in folded.get(fitting or "", ()):
            found.setdefault(number)
    return list(found)


def _by_length(names: Mapping[int, str]) -> dict[str, list[int]]:
    by_name: dict[str, list[int]] = {}
    for number, name in names.items():
        if folded := _folded(" ".join(name.split())):
            by_name.setdefault(folded, []).append(number)
    return {name: by_name[name] for name in _longest_first(by_name)}


def _longest_first(names: Iterable[str]) -> list[str]:
    return sorted(names, key=lambda name: (-len(name), name))


def _stands_at(words: str, place: int, name: str) -> bool:
    end = place + len(name)
    return words.startswith(name, place) and not (end < len(words) and (words[end].isalnum() or words[end] == "_"))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()

"""What changed between two texts, word by word, for pages that show it."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

_WORD = re.compile(r"\s+|[^\s]+")
_MOST_WORDS = 4_000


def word_differences(before: str, after: str) -> list[tuple[str, str]]:
    """Pairs (operation, text) with operation equal, insert or delete; very long texts are shown whole, old then new."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    if max(len(old), len(new)) > _MOST_WORDS:
        return [("delete", before), ("insert", after)]
    pairs: list[tuple[str, str]] = []
    for operation, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if operation == "equal":
            pairs.append(("equal", "".join(old[i1:i2])))
            continue
        if i1 < i2:
            pairs.append(("delete", "".join(old[i1:i2])))
        if j1 < j2:
            pairs.append(("insert", "".join(new[j1:j2])))
    return pairs

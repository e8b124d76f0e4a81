"""Finds what may be personal data in a text, by fixed rules: the same text has the same hits, in their order.

A rule suspects, it does not know: each hit is masked, replaced, or justified by a person. What no rule finds may be
personal all the same, which is why a second person signs off.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from insights.coding.personal_data.known import KnownName
from insights.coding.personal_data.rules import HIT_WORDS, RULES, HitKind

_CONTEXT = 40
_SHORTEST_PART = 3


@dataclass(frozen=True, slots=True)
class Hit:
    """Code points [start, end) of the field's text. `key` stays the same wherever the same words stand in the field."""

    field: str
    kind: HitKind
    start: int
    end: int
    text: str
    before: str
    after: str

    @property
    def key(self) -> str:
        told = f"{self.field}\n{self.kind.value}\n{self.text.casefold()}"
        return hashlib.sha256(told.encode("utf-8", errors="replace")).hexdigest()

    @property
    def in_words(self) -> str:
        return f"looks like {HIT_WORDS[self.kind]}"


def scan(fields: Mapping[str, str], known: Sequence[KnownName] = ()) -> list[Hit]:
    """The hits of each field in the order of the text; where two overlap, the surer rule's."""
    return [hit for name, text in fields.items() for hit in _scan_text(name, text, known)]


def _scan_text(field: str, text: str, known: Sequence[KnownName]) -> list[Hit]:
    taken: list[tuple[int, int, HitKind]] = []
    found = ((kind, spans(text)) for kind, spans in RULES)
    # There may be thousands of names; to look whether one is there at all costs next to nothing.
    folded = text.casefold()
    listed = ((each.kind_of_hit, each.places(text)) for each in known if each.word.casefold() in folded)
    for kind, spans in (*found, *((HitKind(kind), places) for kind, places in listed)):
        for start, end in spans:
            if not any(start < other_end and other_start < end for other_start, other_end, _ in taken):
                taken.append((start, end, kind))
    for start, end in list(_said_again(text, taken)):
        if not any(start < other_end and other_start < end for other_start, other_end, _ in taken):
            taken.append((start, end, HitKind.NAME))
    return [_hit(field, text, *each) for each in sorted(taken)]


def _said_again(text: str, taken: Sequence[tuple[int, int, HitKind]]) -> Iterator[tuple[int, int]]:
    """Where a name that was told once stands again, whole or its parts; in its own case, for many names are words."""
    told = {text[start:end] for start, end, kind in taken if kind is HitKind.NAME}
    words = told | {part for name in told for part in re.split(r"\s+", name) if len(part) >= _SHORTEST_PART}
    for word in sorted(words, key=lambda each: (-len(each), each)):
        yield from (found.span() for found in re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", text))


def _hit(field: str, text: str, start: int, end: int, kind: HitKind) -> Hit:
    before, after = text[max(0, start - _CONTEXT) : start], text[end : end + _CONTEXT]
    return Hit(field, kind, start, end, text[start:end], before, after)

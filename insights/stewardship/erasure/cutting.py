"""Taking passages out of a text that holds other people's words too: what is left keeps its places.

A text version is never changed, only followed; this is the one exception (docs/adr/0019).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

REMOVED = "[removed]"

Span = tuple[int, int]
"""Code points [start, end)."""


@dataclass(frozen=True, slots=True)
class Cutting:
    """A text, and the passages that go, apart from each other and in their order."""

    text: str
    spans: tuple[Span, ...]

    @classmethod
    def of(cls, text: str, spans: Iterable[Span]) -> Self:
        """Passages that touch or overlap, or have nothing but white space between them, become one."""
        joined: list[Span] = []
        for start, end in sorted((max(0, start), min(len(text), end)) for start, end in spans):
            if start >= end:
                continue
            if joined and not text[joined[-1][1] : start].strip():
                joined[-1] = (joined[-1][0], max(joined[-1][1], end))
            else:
                joined.append((start, end))
        return cls(text, tuple(joined))

    @property
    def left(self) -> str:
        """The text with a mark in the place of each passage."""
        parts: list[str] = []
        last = 0
        for start, end in self.spans:
            parts += (self.text[last:start], REMOVED)
            last = end
        return "".join((*parts, self.text[last:]))

    @property
    def words(self) -> tuple[str, ...]:
        """What goes."""
        return tuple(self.text[start:end] for start, end in self.spans)

    def place(self, offset: int, *, ends: bool = False) -> int:
        """Where a place of the text is in what is left; within a passage it is the edge, for an end the far one."""
        moved = 0
        for start, end in self.spans:
            if offset < end or (ends and offset == end):
                if offset > start:
                    return start + moved + (len(REMOVED) if ends else 0)
                break
            moved += len(REMOVED) - (end - start)
        return offset + moved

    def swallows(self, start: int, end: int) -> bool:
        """Whether nothing of a passage is left but white space."""
        return not _left_of(self.text, start, end, self.spans).strip()


def _left_of(text: str, start: int, end: int, spans: tuple[Span, ...]) -> str:
    parts: list[str] = []
    last = start
    for cut_start, cut_end in spans:
        if cut_end <= start or cut_start >= end:
            continue
        parts.append(text[last : max(last, cut_start)])
        last = max(last, cut_end)
    parts.append(text[last:end] if last < end else "")
    return "".join(parts)

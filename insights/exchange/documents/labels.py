"""How a speaker is written before a turn."""

from __future__ import annotations

from insights.exchange.documents.reading import ReadUtterance


def written_label(text: str, utterance: ReadUtterance) -> tuple[int, int] | None:
    """Code points [start, end) of the label in front of the turn, without its marks and colon."""
    place = text.find(utterance.speaker, utterance.start, utterance.end) if utterance.speaker else -1
    return (place, place + len(utterance.speaker)) if place >= 0 else None

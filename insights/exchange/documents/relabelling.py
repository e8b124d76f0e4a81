"""Speakers' labels put right: in the text, and with every place that moves because a label grows or shrinks."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from insights.exchange.documents.labels import participant_code, written_label
from insights.exchange.documents.reading import ReadDocument, ReadUtterance, SpeakerSeen
from insights.exchange.documents.speakers import participants_named


def relabelled(document: ReadDocument, labels: Mapping[str, str]) -> ReadDocument:
    """The document as if it had been written with the new labels; an empty new label changes nothing.

    Labels are replaced where they stand before a turn. Where the words of a turn name somebody, they stay.
    """
    wanted = {old: " ".join(new.split()) for old, new in labels.items() if new.strip()}
    wanted = {old: new for old, new in wanted.items() if old != new}
    edits = [edit for utterance in document.utterances if (edit := _edit(document.text, utterance, wanted))]
    text, places = _edited(document.text, edits)
    utterances = tuple(
        replace(
            utterance,
            start=places.of(utterance.start),
            end=places.of(utterance.end),
            speaker=wanted.get(utterance.speaker, utterance.speaker),
        )
        for utterance in document.utterances
    )
    pages = tuple(replace(page, start=places.of(page.start), end=places.of(page.end)) for page in document.pages)
    speakers = _speakers(document.speakers, wanted)
    return replace(
        document,
        text=text,
        utterances=utterances,
        pages=pages,
        speakers=speakers,
        participants=participants_named(text, speakers),
    )


@dataclass(frozen=True, slots=True)
class _Edit:
    start: int
    end: int
    label: str

    @property
    def growth(self) -> int:
        return len(self.label) - (self.end - self.start)


class _Places:
    """Where a place of the old text is in the new one; a place inside a replaced label goes to its end at most."""

    def __init__(self, edits: Sequence[_Edit]) -> None:
        self._edits = edits
        self._starts = [edit.start for edit in edits]
        self._shifts = [0, *accumulate(edit.growth for edit in edits)]

    def of(self, place: int) -> int:
        before = bisect_right(self._starts, place - 1)
        if before and place < self._edits[before - 1].end:
            edit = self._edits[before - 1]
            return edit.start + self._shifts[before - 1] + min(place - edit.start, len(edit.label))
        return place + self._shifts[before]


def _edit(text: str, utterance: ReadUtterance, wanted: Mapping[str, str]) -> _Edit | None:
    label = wanted.get(utterance.speaker)
    if label is None:
        return None
    span = written_label(text, utterance)
    return _Edit(span[0], span[1], label) if span else None


def _edited(text: str, edits: Sequence[_Edit]) -> tuple[str, _Places]:
    pieces: list[str] = []
    place = 0
    for edit in edits:
        pieces += (text[place : edit.start], edit.label)
        place = edit.end
    pieces.append(text[place:])
    return "".join(pieces), _Places(edits)


def _speakers(speakers: Sequence[SpeakerSeen], wanted: Mapping[str, str]) -> tuple[SpeakerSeen, ...]:
    """Two labels that become one are one speaker, at the place of the first."""
    merged: dict[str, SpeakerSeen] = {}
    for speaker in speakers:
        label = wanted.get(speaker.label, speaker.label)
        known = merged.get(label)
        if known:
            merged[label] = replace(known, turns=known.turns + speaker.turns, guess=known.guess or speaker.guess)
        else:
            merged[label] = replace(speaker, label=label, code=participant_code(label) or speaker.code)
    return tuple(merged.values())

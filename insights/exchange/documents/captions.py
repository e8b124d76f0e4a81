"""WebVTT, SRT and SBV, read as people's tools really write them: one cue is one utterance and one paragraph.

A cue that is odd keeps its words; only what cannot be understood about its times is left out, and its line is named.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from insights.core.text import DecodedText, canonical_text
from insights.exchange.documents.caption_blocks import Cue, read_cues
from insights.exchange.documents.contents import Content, UnreadableError
from insights.exchange.documents.cue_words import Voice, voices_of
from insights.exchange.documents.labels import spoken_labels
from insights.exchange.documents.oddities import Oddities
from insights.exchange.documents.plain_text import notes_on_characters
from insights.exchange.documents.reading import ReadUtterance


def read_captions(decoded: DecodedText, format_: str) -> Content:
    """Paragraphs `Label: words`, an empty line between; an utterance is the whole paragraph.

    Raises UnreadableError where there is no time or no word in the file.
    """
    odd = Oddities()
    track = read_cues(canonical_text(decoded.text), format_, odd)
    if not track.has_times:
        raise UnreadableError(
            "There are no captions in it: no line holds a time such as 00:00:01.000 --> 00:00:04.000. If it is a plain "
            "transcript, let its name end in .txt and bring it again."
        )
    _note_order(track.cues, odd)
    voices = [(cue, voice) for cue in track.cues for voice in _voices(cue, odd)]
    if not any(char.isalnum() for _, voice in voices for char in voice.words):
        raise UnreadableError("There are captions in it, but none of them holds a word. Choose another file.")
    text, utterances = _written(voices)
    return Content(
        text=text,
        encoding=decoded.encoding,
        encoding_guessed=decoded.guessed,
        title=track.title,
        utterances=utterances,
        front_matter=track.head,
        notes=(*odd.sentences(), *_note_on_rolling(voices), *notes_on_characters(decoded.text)),
        lost=track.lost,
    )


_FEWEST_OF_A_ROLL = 3


def _note_order(cues: Sequence[Cue], odd: Oddities) -> None:
    """Times that run backwards or over one another; the order of the file stays."""
    last_start = last_end = -1
    for cue in cues:
        if cue.start_ms is None:
            continue
        if cue.start_ms < last_start:
            odd.add("begins before the cue above it; the order of the file was kept.", cue.line)
        elif cue.start_ms < last_end:
            odd.add("begins while the cue above it is still shown; both were kept.", cue.line)
        last_start = cue.start_ms
        last_end = cue.end_ms if cue.end_ms is not None else cue.start_ms


def _voices(cue: Cue, odd: Oddities) -> list[Voice]:
    voices = voices_of(cue.lines)
    if not voices:
        odd.add("a cue without words; left out.", cue.line)
    if len(voices) > 1:
        odd.add("two people speak in one cue; each got a paragraph with the cue's times.", cue.line)
    return voices


def _written(voices: Sequence[tuple[Cue, Voice]]) -> tuple[str, tuple[ReadUtterance, ...]]:
    labels = spoken_labels([voice.words for _, voice in voices if not voice.name])
    paragraphs: list[str] = []
    utterances: list[ReadUtterance] = []
    place = 0
    for cue, voice in voices:
        paragraph = canonical_text(f"{voice.name}: {voice.words}" if voice.name else voice.words)
        speaker = canonical_text(voice.name) if voice.name else labels.of(voice.words)
        utterances.append(ReadUtterance(place, place + len(paragraph), cue.start_ms, cue.end_ms, speaker))
        paragraphs.append(paragraph)
        place += len(paragraph) + 2
    return "\n\n".join(paragraphs), tuple(utterances)


def _note_on_rolling(voices: Sequence[tuple[Cue, Voice]]) -> tuple[str, ...]:
    """Captions made by machine often show the last line again above the new one."""
    words = [voice.words for _, voice in voices]
    repeated = sum(bool(last) and this.startswith(last) for last, this in pairwise(words))
    if repeated < _FEWEST_OF_A_ROLL or repeated * 3 < len(words):
        return ()
    return (f"{repeated:,} cues repeat the words of the cue above them, as rolling captions do; they were kept.",)

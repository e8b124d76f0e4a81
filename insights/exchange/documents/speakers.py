"""Who is heard: labels with their turns, participants' codes, and a guess at who asks and who answers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from insights.exchange.documents.labels import label_at, participant_code, role_of
from insights.exchange.documents.reading import ReadUtterance, SpeakerSeen


def speakers_seen(text: str, utterances: Sequence[ReadUtterance]) -> tuple[SpeakerSeen, ...]:
    """In the order in which they are first heard."""
    turns: dict[str, list[ReadUtterance]] = {}
    for utterance in utterances:
        if utterance.speaker:
            turns.setdefault(utterance.speaker, []).append(utterance)
    guesses = _guesses(text, turns)
    return tuple(
        SpeakerSeen(label, len(own), guesses.get(label, ""), participant_code(label), _example(text, own))
        for label, own in turns.items()
    )


def participants_named(text: str, speakers: Sequence[SpeakerSeen]) -> tuple[str, ...]:
    """The codes of participants that label turns or are named in the text, in rising order."""
    codes = {speaker.code for speaker in speakers if speaker.code}
    codes |= {f"P{int(found[1])}" for found in _CODE_IN_TEXT.finditer(text)}
    return tuple(sorted(codes, key=lambda code: int(code[1:])))


_LONGEST_EXAMPLE = 160
_FEWEST_WORDS = 3
_ENOUGH_QUESTIONS = 0.3
_CLEAR_LEAD = 2
_CODE_IN_TEXT = re.compile(r"\b(?:P-?|[Pp]articipant )0*([1-9]\d?)\b")


def _guesses(text: str, turns: Mapping[str, Sequence[ReadUtterance]]) -> dict[str, str]:
    """By the role or code in the label; else who asks far more often than the others moderates. Of two, one is told
    by the other.
    """
    named = {label: role for label in turns if (role := _role(label))}
    unnamed = [label for label in turns if label not in named]
    if "moderator" not in named.values() and unnamed:
        asked = {label: _share_of_questions(text, turns[label]) for label in turns}
        most = max(unnamed, key=lambda label: asked[label])
        others = [asked[label] for label in turns if label != most]
        if others and asked[most] >= max(_ENOUGH_QUESTIONS, _CLEAR_LEAD * max(others)):
            named[most] = "moderator"
    if len(turns) == _TWO and len(set(named)) == 1:
        known = next(iter(named.values()))
        for label in turns:
            named.setdefault(label, "participant" if known == "moderator" else "moderator")
    return named


_TWO = 2


def _role(label: str) -> str:
    return role_of(label) or ("participant" if participant_code(label) else "")


def _share_of_questions(text: str, turns: Sequence[ReadUtterance]) -> float:
    asked = sum(any(mark in text[turn.start : turn.end] for mark in "?？") for turn in turns)
    return asked / len(turns)


def _example(text: str, turns: Sequence[ReadUtterance]) -> str:
    """How the first turn of some words begins, without its label."""
    said = [_words(text, turn) for turn in turns[:20]]
    chosen = next((words for words in said if len(words.split()) >= _FEWEST_WORDS), max(said, key=len))
    return chosen if len(chosen) <= _LONGEST_EXAMPLE else f"{chosen[:_LONGEST_EXAMPLE].rstrip()}…"


def _words(text: str, turn: ReadUtterance) -> str:
    found = label_at(text, turn.start, turn.end)
    start = found.end() if found else turn.start
    return " ".join(text[start : min(turn.end, start + 4 * _LONGEST_EXAMPLE)].split())

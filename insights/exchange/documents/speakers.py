"""Who is heard: labels with their turns, participants' codes, and a guess at who asks and who answers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from insights.exchange.documents.reading import ReadUtterance, SpeakerSeen


def participant_code(label: str) -> str:
    """'P3' for P3, p-03, P 3 and Participant 3; empty for every other label."""
    found = _CODE.fullmatch(label.strip())
    return f"P{int(found[1])}" if found else ""


def speakers_seen(text: str, utterances: Sequence[ReadUtterance]) -> tuple[SpeakerSeen, ...]:
    """In the order in which they are first heard."""
    turns = Counter(utterance.speaker for utterance in utterances if utterance.speaker)
    return tuple(SpeakerSeen(label, count, "", participant_code(label), "") for label, count in turns.items())


def participants_named(text: str, speakers: Sequence[SpeakerSeen]) -> tuple[str, ...]:
    """The codes of participants that label turns or are named in the text, in rising order."""
    codes = {speaker.code for speaker in speakers if speaker.code}
    codes |= {f"P{int(found[1])}" for found in _CODE_IN_TEXT.finditer(text)}
    return tuple(sorted(codes, key=lambda code: int(code[1:])))


_CODE = re.compile(r"(?:participant|part\.?|p)[\s_.-]*0*(\d{1,3})", re.IGNORECASE)
_CODE_IN_TEXT = re.compile(r"\b(?:P-?|[Pp]articipant )0*(\d{1,2})\b")

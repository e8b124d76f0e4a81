"""Files as the readers hand them on, made by hand: what imports do with them does not depend on how they were read."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

from insights.exchange.documents import ReadDocument, ReadPage, ReadTable, ReadUtterance, SpeakerSeen
from insights.exchange.imports import StagedContent

TALK = (
    "Dan: What did you do then?\n\nParticipant: I rang my sister.\n\n"
    "Dan: And after that?\n\nParticipant: I read it again."
)


def transcript(name: str = "P1.txt", **values: Any) -> ReadDocument:
    """Dan asks and the participant answers, twice; the participant's first turn is from 28 to 59."""
    utterances, start = [], 0
    for line in TALK.split("\n\n"):
        utterances.append(ReadUtterance(start, start + len(line), None, None, line.partition(":")[0]))
        start += len(line) + 2
    given: dict[str, Any] = {
        "name": name,
        "format": "txt",
        "encoding": "utf-8",
        "encoding_guessed": False,
        "kind": "transcript",
        "title": "Interview",
        "text": TALK,
        "dated_on": date(2026, 3, 4),
        "utterances": tuple(utterances),
        "speakers": (
            SpeakerSeen("Dan", 2, "moderator", "", "What did you do then?"),
            SpeakerSeen("Participant", 2, "participant", "", "I rang my sister."),
        ),
    }
    return ReadDocument(**(given | values))


def report(**values: Any) -> ReadDocument:
    """A report of two pages."""
    text = "First page.\n\nSecond page."
    given: dict[str, Any] = {
        "name": "report.pdf",
        "format": "pdf",
        "encoding": "utf-8",
        "encoding_guessed": False,
        "kind": "document",
        "title": "What we learnt",
        "text": text,
        "dated_on": date(2025, 5, 1),
        "date_precision": "month",
        "pages": (ReadPage("i", 0, 11), ReadPage("ii", 13, len(text))),
        "front_matter": {"author": "A. Person"},
        "participant_count": 6,
    }
    return ReadDocument(**(given | values))


def survey(columns: tuple[str, ...], *rows: tuple[str, ...], **values: Any) -> ReadDocument:
    given: dict[str, Any] = {
        "name": "survey.csv",
        "format": "csv",
        "encoding": "utf-8",
        "encoding_guessed": False,
        "kind": "document",
        "title": "Survey",
        "text": "",
        "tables": (ReadTable("survey", columns, rows),),
    }
    return ReadDocument(**(given | values))


def content_of(document: ReadDocument, original: bytes = b"the file as it came") -> StagedContent:
    return StagedContent(document.name, hashlib.sha256(original).hexdigest(), len(original))


class KeptFiles:
    """Keeps originals in memory."""

    def __init__(self) -> None:
        self.kept: list[bytes] = []

    def keep(self, content: bytes) -> str:
        self.kept.append(content)
        return hashlib.sha256(content).hexdigest()

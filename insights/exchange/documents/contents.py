"""What a format's reader hands on: words and places, before title, date and speakers are looked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from insights.exchange.documents.reading import ReadPage, ReadTable, ReadUtterance

MOST_BYTES = 50_000_000
MOST_CHARACTERS = 20_000_000


class UnreadableError(Exception):
    """A file cannot be read; the message says what is wrong, where, and what to do, without the file's name."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Content:
    """`text` is canonical; offsets of utterances and pages count its code points. `title` is empty where unsaid."""

    text: str
    encoding: str = "utf-8"
    encoding_guessed: bool = False
    title: str = ""
    utterances: tuple[ReadUtterance, ...] = ()
    pages: tuple[ReadPage, ...] = ()
    tables: tuple[ReadTable, ...] = ()
    front_matter: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()

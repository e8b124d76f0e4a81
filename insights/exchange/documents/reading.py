"""What was understood of a file that came in: one canonical text with its speakers, times, pages and tables.

Nothing here touches the database. Every place counts in Unicode code points of `text`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class ReadUtterance:
    """One cue or turn: code points [start, end) of the text, its label included; times in milliseconds or None."""

    start: int
    end: int
    start_ms: int | None
    end_ms: int | None
    speaker: str


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page as it was printed, with the label that citations use."""

    label: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SpeakerSeen:
    """Somebody who speaks in the file. `guess` is 'moderator', 'participant' or '' where nothing tells.

    `code` is a participant's code where the label is one already ('P3'). `example` is how their first turn begins.
    """

    label: str
    turns: int
    guess: str
    code: str
    example: str


@dataclass(frozen=True, slots=True)
class ReadTable:
    """One sheet or CSV: `rows` hold as many cells as `columns`; `first_row` is the file's number of the first one."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    first_row: int = 2


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """`format` is one of txt, md, html, docx, odt, rtf, pdf, vtt, srt, sbv, csv, tsv, xlsx, xls, ods.

    `kind` is a term of SourceKind: transcript where people speak in turns, note or document else. `notes` say what was
    guessed, `lost` what the file holds and the text does not (pictures, tracked changes, ...) and why; both as
    sentences without the file's name. `participants` are codes the text names; `front_matter` is what the file says of
    itself. A table has `tables` and an empty `text`.
    """

    name: str
    format: str
    encoding: str
    encoding_guessed: bool
    kind: str
    title: str
    text: str
    dated_on: date | None = None
    date_precision: str = "day"
    utterances: tuple[ReadUtterance, ...] = ()
    pages: tuple[ReadPage, ...] = ()
    speakers: tuple[SpeakerSeen, ...] = ()
    participants: tuple[str, ...] = ()
    participant_count: int | None = None
    tables: tuple[ReadTable, ...] = ()
    front_matter: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()

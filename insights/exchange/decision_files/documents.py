"""What comes out of a decision file: plain values, with no database behind them."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias

DecisionStatus: TypeAlias = Literal["draft", "proposed", "accepted", "rejected", "deprecated", "superseded"]
DecisionFormat: TypeAlias = Literal["madr", "nygard", "rfc-table", "y-statement", "rst", "other"]
FrontMatterValue: TypeAlias = "str | int | bool | list[FrontMatterValue] | dict[str, FrontMatterValue] | None"
NotADecisionReason: TypeAlias = Literal["template", "index", "readme", "licence", "empty", "other text", "not text"]
UnreadableReason: TypeAlias = Literal["too large", "binary", "encoding", "not opened"]


class TextSection(NamedTuple):
    """A section the reader has no field for. The heading is empty for text that stands before the first heading."""

    heading: str
    body: str


@dataclass(frozen=True, slots=True)
class OptionText:
    """One option weighed. The title is empty for text about the options as a whole; such text comes first."""

    title: str
    body: str = ""


@dataclass(frozen=True, slots=True)
class ReadingNote:
    """What the reader guessed or did not understand; `line` counts from 1 in the file, where it is known."""

    level: Literal["guessed", "not understood"]
    what: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class DecisionDocument:
    """One decision as its file tells it. Texts are Markdown, empty where the file has none.

    `date_text` holds the words of the date where they say more than `decided_on`. `supersedes` and `superseded_by` hold
    references as written: a link, a file name, a number, a title. `front_matter` holds what has no field of its own,
    from YAML and from lists of labels under the title alike. Headings within a text start at level 3, within
    consequences, confirmation and the body of an option at level 4, so that the MADR writer can place them unchanged.
    """

    name: str
    format: DecisionFormat
    number: str | None
    title: str
    status: DecisionStatus | None
    status_text: str
    decided_on: dt.date | None
    date_text: str
    decision_makers: tuple[str, ...]
    consulted: tuple[str, ...]
    informed: tuple[str, ...]
    context: str
    drivers: str
    options: tuple[OptionText, ...]
    outcome: str
    consequences: str
    confirmation: str
    more_information: str
    supersedes: tuple[str, ...]
    superseded_by: tuple[str, ...]
    other_sections: tuple[TextSection, ...]
    front_matter: Mapping[str, FrontMatterValue] = field(default_factory=dict)
    notes: tuple[ReadingNote, ...] = ()
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class NotADecision:
    """A file that is understood and is not a decision; `why` is a sentence for the person who imports."""

    name: str
    reason: NotADecisionReason
    why: str


@dataclass(frozen=True, slots=True)
class UnreadableFile:
    """A file that cannot be read as text; `why` says what to do about it."""

    name: str
    reason: UnreadableReason
    why: str


Reading: TypeAlias = DecisionDocument | NotADecision | UnreadableFile


@dataclass(frozen=True, slots=True)
class EvidenceReference:
    """A link from a decision to an insight, as it stands in `x-evidence`: `id` is the permanent reference (INS-42)."""

    id: str
    version: int
    relation: str
    fingerprint: str

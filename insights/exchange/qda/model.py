"""A coding project as files tell it: REFI-QDA's own words, whichever program wrote it. Nothing here knows the database.

GUIDs are in lower case and without braces. `parts` are child elements that have no place here, as XML, so that an
export can give them back under the same GUID.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

Value = str | bool | int | float


@dataclass(frozen=True, slots=True)
class User:
    guid: str
    name: str


@dataclass(frozen=True, slots=True)
class Code:
    """`colour` is '#rrggbb' or empty; `notes` are GUIDs of notes."""

    guid: str
    name: str
    description: str = ""
    colour: str = ""
    codable: bool = True
    children: tuple[Code, ...] = ()
    notes: tuple[str, ...] = ()

    def walk(self) -> Iterator[Code]:
        """The code and all below it, parents first."""
        waiting = [self]
        while waiting:
            code = waiting.pop()
            yield code
            waiting += reversed(code.children)


@dataclass(frozen=True, slots=True)
class Variable:
    """`type` is Text, Boolean, Integer, Float, Date or DateTime."""

    guid: str
    name: str
    type: str = "Text"
    description: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """`values` are pairs of a variable's GUID and a value."""

    guid: str
    name: str = ""
    values: tuple[tuple[str, Value], ...] = ()
    sources: tuple[str, ...] = ()
    selections: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Coding:
    guid: str
    code: str
    user: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Selection:
    """A passage of a text from `start` to before `end`; None where only the words are told.

    `name` is what the program shows for it, mostly its first words. `words` are its words where they are told.
    """

    guid: str
    start: int | None
    end: int | None
    name: str = ""
    words: str = ""
    description: str = ""
    codings: tuple[Coding, ...] = ()
    notes: tuple[str, ...] = ()
    user: str = ""
    created: datetime | None = None


@dataclass(frozen=True, slots=True)
class SyncPoint:
    """A position of a transcript and the milliseconds of the recording at which it is heard."""

    guid: str
    position: int | None
    milliseconds: int | None


@dataclass(frozen=True, slots=True)
class TextPart:
    """A text: a source's own, a PDF's representation or a recording's transcript. Paths are names in the package."""

    guid: str
    name: str = ""
    content: str | None = None
    plain_path: str = ""
    rich_path: str = ""
    selections: tuple[Selection, ...] = ()
    sync_points: tuple[SyncPoint, ...] = ()
    notes: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    created: datetime | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """`element` is REFI-QDA's name for its kind. A TextSource and a PDFSource have one text at most, recordings more.

    `path` is the PDF or the recording. `notes` and `parts` of a TextSource stand with its text. `xml` is the element as
    a whole, for what cannot come in; it is empty for what can, and for what was made here.
    """

    guid: str
    element: str
    name: str = ""
    path: str = ""
    texts: tuple[TextPart, ...] = ()
    by_words: tuple[Selection, ...] = ()
    notes: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    created: datetime | None = None
    xml: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    guid: str
    name: str = ""
    content: str | None = None
    plain_path: str = ""
    rich_path: str = ""
    parts: tuple[str, ...] = ()
    created: datetime | None = None
    xml: str = ""


@dataclass(frozen=True, slots=True)
class CodeSet:
    guid: str
    name: str
    description: str = ""
    codes: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Project:
    """`links` and `graphs` are whole elements as XML. `notes` are of the project itself, `all_notes` is each one."""

    name: str
    origin: str = ""
    created: datetime | None = None
    description: str = ""
    users: tuple[User, ...] = ()
    codes: tuple[Code, ...] = ()
    variables: tuple[Variable, ...] = ()
    cases: tuple[Case, ...] = ()
    sources: tuple[Source, ...] = ()
    all_notes: tuple[Note, ...] = ()
    notes: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    sets: tuple[CodeSet, ...] = ()
    graphs: tuple[str, ...] = ()
    # What was odd in the file itself, as (what, why).
    oddities: tuple[tuple[str, str], ...] = ()
    # How often each kind of element stands in the file, for the account of what came in.
    held: Mapping[str, int] = field(default_factory=dict)

    def walk_codes(self) -> Iterator[Code]:
        for code in self.codes:
            yield from code.walk()

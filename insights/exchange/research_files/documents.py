from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

DatePrecision = Literal["day", "month", "season", "year"]
DateSource = Literal["front matter", "file name", "path", "text"]
NoteLevel = Literal["read", "guessed", "not understood"]


@dataclass(frozen=True, slots=True)
class ReadingNote:
    """One thing to tell the person who imports: what was guessed or not understood, and in which line, if in one."""

    level: NoteLevel
    what: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class StatedDate:
    """A date as a document gives it: `on` is the first day of the month, season or year that is named."""

    on: date
    precision: DatePrecision
    source: DateSource


@dataclass(frozen=True, slots=True)
class ResearchDocument:
    """A file of research as a citable source.

    `name` is the path below the imported folder, with slashes. `sha256` is of the file's bytes, so that the same file
    is recognised whatever it is called. `text` is the canonical body without front matter; offsets count in it.
    `front_matter` holds only strings, numbers, truth values, None, lists and mappings; dates are ISO strings.
    `front_matter_source` is the YAML as written; `folder_title` the title of the page that introduces the folder.
    """

    name: str
    sha256: str
    encoding: str
    title: str
    text: str
    dated_on: date | None = None
    date_precision: DatePrecision | None = None
    date_from: DateSource | None = None
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    description: str = ""
    method: str | None = None
    participants: int | None = None
    front_matter: Mapping[str, object] | None = None
    front_matter_source: str = ""
    folder_title: str | None = None
    notes: tuple[ReadingNote, ...] = ()


@dataclass(frozen=True, slots=True)
class NotResearch:
    """A text that could be read but is no research: a licence, a template, a landing page; `title` is its own."""

    name: str
    reason: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class UnreadableFile:
    """A file whose text cannot be had; the reason tells a person what to do."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """A file that was not opened: no text by its name, too large, or a link out of the folder."""

    name: str
    reason: str


ReadResult = ResearchDocument | NotResearch | UnreadableFile
TreeEntry = ReadResult | SkippedFile

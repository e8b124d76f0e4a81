"""What was understood of a coding project before anything of it is stored, as it travels from the reading process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from insights.exchange.qda.model import Case, Code, CodeSet, User, Variable


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of a kind the file holds, and how many come in."""

    kind: str
    held: int
    comes: int


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that does not come in, or comes in otherwise than it was (`is_lost` false), and why."""

    kind: str
    what: str
    why: str
    is_lost: bool = True


@dataclass(frozen=True, slots=True)
class Original:
    """An entry of the package that is kept byte for byte with its text."""

    entry: str
    name: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Passage:
    """Code points [start, end) of the text. `codes` are GUIDs. `other_coders` maps codes to users other than `user`."""

    guid: str
    start: int
    end: int
    codes: tuple[str, ...] = ()
    description: str = ""
    user: str = ""
    title: str = ""
    other_coders: tuple[tuple[str, str], ...] = ()
    created: datetime | None = None


@dataclass(frozen=True, slots=True)
class Spoken:
    """Code points [start, end) of a transcript and when they are heard, in milliseconds."""

    start: int
    end: int
    start_ms: int | None
    end_ms: int | None


@dataclass(frozen=True, slots=True)
class Recorded:
    guid: str
    original: Original


@dataclass(frozen=True, slots=True)
class Text:
    """A text that comes in. `kind` is a term of SourceKind."""

    guid: str
    title: str
    kind: str
    text: str
    encoding: str = "utf-8"
    original: Original | None = None
    recording: Recorded | None = None
    spoken: tuple[Spoken, ...] = ()
    passages: tuple[Passage, ...] = ()
    created: datetime | None = None


@dataclass(frozen=True, slots=True)
class Memo:
    """`subject` is the kind and GUID of what it is about; ('study', '') where it is about the project."""

    guid: str
    title: str
    text: str
    subject: tuple[str, str]
    created: datetime | None = None


@dataclass(frozen=True, slots=True)
class Understood:
    """`format` is 'refi', 'codebook' or 'taguette'. `kept` is what an export gives back, by kind (see kept.py).

    `side` are the lines of our own side file.
    """

    format: str
    name: str
    origin: str = ""
    description: str = ""
    created: datetime | None = None
    users: tuple[User, ...] = ()
    codes: tuple[Code, ...] = ()
    variables: tuple[Variable, ...] = ()
    cases: tuple[Case, ...] = ()
    texts: tuple[Text, ...] = ()
    memos: tuple[Memo, ...] = ()
    sets: tuple[CodeSet, ...] = ()
    kept: Mapping[str, Any] = field(default_factory=dict)
    tallies: tuple[Tally, ...] = ()
    problems: tuple[Problem, ...] = ()
    missing: tuple[str, ...] = ()
    unit: str = ""
    side: tuple[Mapping[str, Any], ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.codes or self.texts or self.memos or self.cases or self.sets)


_ADAPTER = TypeAdapter(Understood)


def to_json(understood: Understood) -> Any:  # noqa: ANN401 - JSON
    return _ADAPTER.dump_python(understood, mode="json")


def from_json(value: Any) -> Understood:  # noqa: ANN401 - JSON
    return _ADAPTER.validate_python(value)

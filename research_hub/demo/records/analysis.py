"""What was made of quotes before there was an insight, and what colleagues said to one another."""

from dataclasses import dataclass
from typing import Literal

from research_hub.demo.records.base import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedOffer(Record):
    """The offer whose passage begins with `begins`. With a `claim` it becomes a draft insight, else a quote."""

    begins: str
    tags: tuple[str, ...]
    claim: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportReading(Record):
    """Somebody looks for what a report says already. What is neither accepted nor dismissed waits."""

    session: str
    day: int
    by: str
    accepted: tuple[AcceptedOffer, ...] = ()
    dismissed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Coding(Record):
    """`exact` stands once in the text of `session`."""

    session: str
    exact: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer(Record):
    """What one coder coded, in one sitting."""

    by: str
    day: int
    codings: tuple[Coding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CodingRound(Record):
    """`ended_day` is left out while the round runs."""

    key: str
    study: str
    title: str
    by: str
    day: int
    coders: tuple[str, ...]
    sessions: tuple[str, ...]
    tags: tuple[str, ...]
    layers: tuple[Layer, ...]
    ended_day: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme(Record):
    """What is written on the theme that a cluster became."""

    memo: str
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster(Record):
    """`highlights` are on the board already."""

    title: str
    highlights: tuple[str, ...]
    theme: Theme | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Board(Record):
    """Quotes of one study; those in no cluster lie in the tray."""

    key: str
    study: str
    title: str
    day: int
    by: str
    highlights: tuple[str, ...]
    clusters: tuple[Cluster, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Memo(Record):
    """`about` is a key of the story: a highlight's, a session's, a study's, or a tag's path."""

    key: str
    kind: Literal["highlight", "session", "study", "tag"]
    about: str
    day: int
    by: str
    title: str = ""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Record):
    day: int
    by: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment(Record):
    """`resolved_day` and `resolved_by` come together, or the thread is open."""

    key: str
    kind: Literal["insight", "decision"]
    about: str
    day: int
    by: str
    text: str
    answers: tuple[Answer, ...] = ()
    resolved_day: int | None = None
    resolved_by: str | None = None

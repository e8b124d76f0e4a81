"""What was asked, what was said, and what was marked in it."""

from dataclasses import dataclass
from typing import Literal

from insights.capture.models import Method, SessionStatus, SourceKind, StudyStatus
from research_hub.demo.records.base import Record

Sensitivity = Literal["normal", "restricted"]
AccessNeed = Literal["vision", "hearing", "dyslexia", "neurodivergent", "physical", "language"]
DigitalConfidence = Literal["low", "medium", "high"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Study(Record):
    """`named_members` are the only ones who may see a restricted study; it is empty for any other."""

    key: str
    title: str
    service: str
    question: str
    goals: tuple[str, ...]
    methods: tuple[Method, ...]
    start_day: int
    end_day: int | None = None
    lead: str
    status: StudyStatus
    sensitivity: Sensitivity = "normal"
    named_members: tuple[str, ...] = ()
    prior_work: str
    dpia: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant(Record):
    """A pseudonym of one study and a few attributes; nobody real stands behind the code."""

    code: str
    study: str
    group: str
    access_need: AccessNeed | None = None
    assistive_technology: str | None = None
    digital_confidence: DigitalConfidence
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRecord(Record):
    """One research session and its source text.

    `source` is a path below `sources/`. `cut_from` names the source that a short note was cut from: then every
    paragraph of the note stands word for word in it.
    """

    key: str
    study: str
    title: str
    day: int
    method: Method
    moderator: str
    observers: tuple[str, ...] = ()
    kind: SourceKind
    source: str
    cut_from: str | None = None
    participants: tuple[str, ...] = ()
    minutes: int | None = None
    channel: str = ""
    status: SessionStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag(Record):
    """`path` has one level ("trust") or two ("trust/sender")."""

    path: str
    definition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Highlight(Record):
    """`exact` is a passage of the session's canonical text; it stands there once."""

    key: str
    session: str
    exact: str
    tags: tuple[str, ...]
    polarity: Literal[-1, 0, 1]
    participant: str | None = None

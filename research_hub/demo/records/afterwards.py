"""What comes after a decision: the work on it, pictures, second looks, standards, and what everybody may read."""

from dataclasses import dataclass
from typing import Literal

from insights.decisions.models import ReviewResult, WorkState
from insights.synthesis.models import RevalidationResult
from research_hub.demo.records.base import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Work(Record):
    """Where a decision is built, linked on `day` and, where `done_day` is given, done on that day."""

    decision: str
    day: int
    by: str
    url: str
    title: str
    state: WorkState
    done_day: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Block(Record):
    """A filled rectangle of a drawing, in pixels from its upper left corner; `colour` is a hexadecimal RRGGBB."""

    x: int
    y: int
    width: int
    height: int
    colour: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing(Record):
    """`alt` says what it shows to those who do not see it."""

    alt: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PicturePair(Record):
    """Two drawings of ours of the change that the decision records."""

    decision: str
    day: int
    by: str
    width: int
    height: int
    before: Drawing
    after: Drawing


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondLook(Record):
    """Somebody is asked to look again by `due_day`; `result` and `note` come on `looked_day`, or never."""

    insight: str
    day: int
    by: str
    owner: str
    due_day: int
    why: str
    looked_day: int | None = None
    result: RevalidationResult | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review(Record):
    """Whether a decision still stands, asked by a person and answered with a sentence."""

    decision: str
    day: int
    by: str
    cause: str
    answered_day: int
    answered_by: str
    result: ReviewResult
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PointLink(Record):
    """A decision or an insight shown under a point of a service standard."""

    kind: Literal["decision", "insight"]
    about: str
    standard: str
    point: str
    day: int
    by: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicText(Record):
    """A public entry for a decision: written and checked on `day`, signed off and published later, or not yet."""

    decision: str
    day: int
    by: str
    approver: str
    title: str
    summary: str
    we_asked: str
    you_said: str
    we_did: str
    we_did_not: str = ""
    what_next: str
    quotes: tuple[str, ...]
    signed_off_day: int | None = None
    published_day: int | None = None

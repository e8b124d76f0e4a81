"""Sessions that were logged live: what observers typed, when, and when they paused."""

from dataclasses import dataclass

from insights.capture.models import Method
from research_hub.demo.records.base import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine(Record):
    """`at` is in seconds since the start, pauses included; `text` is as it was typed, marks and all."""

    at: int
    by: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause(Record):
    """In seconds since the start. Without `until` the log is still paused."""

    at: int
    until: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveLog(Record):
    """A session logged by the moderator and others. Without `ended_at` (in seconds) the log is open today.

    `cut_from` names the source in which the words of every line stand; a log without lines needs none.
    """

    key: str
    study: str
    day: int
    title: str
    method: Method
    moderator: str
    observers: tuple[str, ...] = ()
    channel: str = ""
    participants: tuple[str, ...]
    cut_from: str | None = None
    lines: tuple[LogLine, ...] = ()
    pauses: tuple[Pause, ...] = ()
    ended_at: int | None = None

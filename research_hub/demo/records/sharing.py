"""What people keep for themselves and share: words of one meaning, searches, follows, trays, collections, requests."""

from dataclasses import dataclass
from typing import Literal

from insights.openness.models import RequestStatus
from insights.stewardship.models import MailRhythm
from research_hub.demo.records.base import Record

Kind = Literal["insight", "highlight", "decision"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WordList(Record):
    """Somebody begins the list of words that mean the same with the groups that the product brings."""

    day: int
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedSearch(Record):
    """`question` is the query string of the page of results."""

    day: int
    by: str
    name: str
    question: str
    mail: MailRhythm = MailRhythm.NEVER


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedRecord(Record):
    """`about` is the key of an insight or a decision."""

    day: int
    by: str
    kind: Literal["insight", "decision"]
    about: str
    mail: MailRhythm = MailRhythm.NEVER


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered(Record):
    """A record in somebody's tray, with what they noted on it."""

    day: int
    by: str
    kind: Kind
    about: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionEntry(Record):
    kind: Kind
    about: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection(Record):
    key: str
    day: int
    by: str
    title: str
    introduction: str
    entries: tuple[CollectionEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestAnswer(Record):
    """`study` comes with planned, `insight` with answered, `reason` with declined."""

    day: int
    by: str
    status: RequestStatus
    study: str | None = None
    insight: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResearchRequest(Record):
    """`missing` are the words for which somebody said that nothing is known."""

    key: str
    day: int
    by: str
    title: str
    why: str
    service: str
    missing: str = ""
    backed_by: tuple[str, ...] = ()
    answer: RequestAnswer | None = None

"""What protects the people behind the codes: forms, names in the vault, thanks, how long things stay, who came in."""

from dataclasses import dataclass

from insights.people.models import ConsentScope, ContactChannel, ContactKind
from insights.stewardship.models.retention import DataClass
from research_hub.demo.records.base import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class FormVersion(Record):
    """`months` is how long an agreement by it holds; None names no end."""

    day: int
    text: str
    scopes: tuple[ConsentScope, ...]
    months: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentPaper(Record):
    """The form that people of a study are given, the first version first."""

    study: str
    name: str
    by: str
    versions: tuple[FormVersion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity(Record):
    """Somebody made up for this story, whom the vault keeps under a code."""

    participant: str
    day: int
    by: str
    name: str
    email: str = ""
    telephone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contacted(Record):
    participant: str
    day: int
    by: str
    kind: ContactKind
    channel: ContactChannel


@dataclass(frozen=True, slots=True, kw_only=True)
class Thanks(Record):
    """`amount` and `currency` as they are typed."""

    participant: str
    day: int
    by: str
    amount: str
    currency: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFor(Record):
    """How long one kind of thing is kept in a study."""

    study: str
    day: int
    by: str
    data_class: DataClass
    months: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectRequest(Record):
    """Somebody asks what is held about them; `answered_day` is None while that waits."""

    participant: str
    day: int
    by: str
    answered_day: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LetIn(Record):
    """Somebody asked to see a restricted study, was let in on the same day by another, and ended it that day."""

    study: str
    day: int
    by: str
    answered_by: str
    reason: str
    answer: str
    hours: int

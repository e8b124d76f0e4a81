"""Who takes part, and the services they look after."""

from dataclasses import dataclass

from insights.core.access import Role
from insights.people.models import ComponentKind, Phase
from research_hub.demo.records.base import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Member(Record):
    key: str
    name: str
    email: str
    role: Role
    team: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Team(Record):
    """A `central` team works in every area; `reviews` is true where a second person reviews before publication."""

    key: str
    name: str
    central: bool = False
    reviews: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Service(Record):
    key: str
    name: str
    phase: Phase
    team: str
    responsible_owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Component(Record):
    key: str
    name: str
    kind: ComponentKind
    services: tuple[str, ...]

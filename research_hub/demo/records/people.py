"""Who takes part, and the services they look after."""

from dataclasses import dataclass
from typing import Literal

from research_hub.demo.records.base import Record

Role = Literal["researcher", "designer", "leader", "administrator", "data_protection"]
Phase = Literal["discovery", "alpha", "beta", "live", "retired"]
ComponentKind = Literal["pattern", "shared platform", "page", "form", "letter", "channel"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Member(Record):
    key: str
    name: str
    email: str
    role: Role
    team: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Team(Record):
    key: str
    name: str


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

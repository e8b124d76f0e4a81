"""What was decided on which insights, and what came of it."""

from dataclasses import dataclass
from typing import Literal

from insights.decisions.models import (
    Basis,
    Contribution,
    DecisionStatus,
    DeliveryState,
    Direction,
    ImpactKind,
    LinkType,
    Verdict,
)
from research_hub.demo.records.base import Record

Origin = Literal["illustration", "adapted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Option(Record):
    title: str
    pros: tuple[str, ...] = ()
    cons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionLink(Record):
    """Pinned to the insight as it stood on `day`, or on `reaffirmed_day` where somebody looked again.

    `revisit_day` is the day on which what was not followed is asked again.
    """

    insight: str
    type: LinkType
    rationale: str
    day: int
    by: str
    reaffirmed_day: int | None = None
    revisit_day: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change(Record):
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(Record):
    """A decision in the fields of MADR 4. `origin` says whether it is ours or adapted from a real record."""

    key: str
    title: str
    origin: Origin
    adapted_from: str | None = None
    service: str
    component: str | None = None
    status: DecisionStatus
    proposed_day: int
    decided_day: int | None = None
    superseded_by: str | None = None
    decision_makers: tuple[str, ...]
    context: str
    drivers: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    outcome: str = ""
    consequences: tuple[str, ...] = ()
    basis: Basis | None = None
    basis_reason: str = ""
    delivery_state: DeliveryState = DeliveryState.NOT_STARTED
    live_day: int | None = None
    url: str | None = None
    change: Change | None = None
    links: tuple[DecisionLink, ...] = ()
    not_measurable_because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading(Record):
    day: int
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure(Record):
    """`direction` is the way in which the figure is better."""

    key: str
    decision: str
    name: str
    unit: str
    direction: Direction
    baseline: float
    baseline_day: int
    target: float
    source: str
    readings: tuple[Reading, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeCheck(Record):
    """Recorded when it has a verdict; overdue when it has none and `due_day` has passed."""

    key: str
    decision: str
    measure: str
    due_day: int
    verdict: Verdict | None = None
    recorded_day: int | None = None
    by: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImpactEntry(Record):
    """`corrects` names the entry that it stands in place of."""

    key: str
    day: int
    decision: str
    what: str
    kind: ImpactKind
    contribution: Contribution
    attested_by: str
    corrects: str | None = None

"""What a pack is made of, as plain values that every kind of file writes the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from insights.reports.inclusion import AttributeCoverage
from insights.reports.pack.standards import Point, Standard


@dataclass(frozen=True, slots=True)
class PackInsight:
    ref: str
    claim: str
    confidence: str
    rests_on: str
    by_hand: bool


@dataclass(frozen=True, slots=True)
class PackDecision:
    """`changes` are pairs of before and after, `outcomes` sentences; `note` is what whoever linked it said."""

    ref: str
    title: str
    status: str
    decided_on: date | None
    outcome: str
    rests_on: tuple[str, ...]
    basis: str
    changes: tuple[tuple[str, str], ...]
    outcomes: tuple[str, ...]
    note: str
    by_hand: bool


@dataclass(frozen=True, slots=True)
class PackSection:
    """`people` is None where too few were heard to say more; `gaps` are sentences about what is missing."""

    point: Point
    prompts: tuple[str, ...]
    decisions: tuple[PackDecision, ...]
    insights: tuple[PackInsight, ...]
    quotes: tuple[tuple[str, str], ...]
    held_back: int
    heard: str
    people: tuple[AttributeCoverage, ...]
    gaps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pack:
    standard: Standard
    service: str
    phase: str
    made_on: date
    sections: tuple[PackSection, ...]

    @property
    def title(self) -> str:
        return f"Evidence for {self.service or 'a service'}: {self.standard.name}"

"""What is missing under a point, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from insights.decisions.models import DecisionStatus
from insights.reports.pack.shapes import PackDecision
from insights.reports.pack.standards import Point, Wanted
from insights.synthesis.models import Insight, InsightStatus


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands under a point; `held_back` counts quotes whose speakers did not agree to share them."""

    decisions: tuple[PackDecision, ...]
    insights: tuple[Insight, ...]
    held_back: int
    any_by_hand: bool
    has_access_need: bool


def gaps_of(point: Point, shown: Shown) -> Iterator[str]:
    """First that nobody has linked anything, then what the point asks for, then what weakens what is there."""
    if not shown.any_by_hand:
        yield "Nobody has linked a decision or an insight to this point."
    yield from _wanted(point, shown)
    for each in shown.decisions:
        if each.status == DecisionStatus.ACCEPTED and not each.rests_on and not each.basis:
            yield f"{each.ref} rests on no evidence that can be shown, and declares no other basis."
    yield from (f"{each.ref} is contradicted." for each in shown.insights if each.status is InsightStatus.CHALLENGED)
    if shown.held_back:
        are = "quote is" if shown.held_back == 1 else "quotes are"
        yield f"{shown.held_back} {are} held back: consent to share is missing."


def _wanted(point: Point, shown: Shown) -> Iterator[str]:
    there = {
        Wanted.EVIDENCE: bool(shown.insights),
        Wanted.CHANGED: any(each.changes for each in shown.decisions),
        Wanted.MEASURED: any(each.outcomes for each in shown.decisions),
        Wanted.ACCESS: shown.has_access_need,
    }
    return (words for wanted, words in _MISSING.items() if wanted in point.wants and not there[wanted])


_MISSING = {
    Wanted.EVIDENCE: "No research is shown.",
    Wanted.CHANGED: "No change is shown before and after.",
    Wanted.MEASURED: "No outcome is recorded: nobody can say whether it helped.",
    Wanted.ACCESS: "Nobody with an access need is recorded among the people heard.",
}

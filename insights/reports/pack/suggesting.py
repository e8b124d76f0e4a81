"""What could be evidence for a point, by plain rules: its words in the text, and the facts that it asks for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from insights.decisions.models import Decision
from insights.reports.pack.gathering import ServiceFacts
from insights.reports.pack.standards import Point, Wanted

MOST_SUGGESTED = 5
_FACT_COUNTS, _ENOUGH = 1, 2


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`why` names the words and facts by which it was found."""

    ref: str
    title: str
    why: str
    score: int


def suggest(point: Point, facts: ServiceFacts, linked: Iterable[str]) -> list[Suggestion]:
    """The decisions and insights that fit best and are not linked yet, at most five; the same for the same facts."""
    taken = set(linked)
    found = [_of_decision(point, each, facts) for each in facts.decisions if each.ref not in taken]
    found += [
        _scored(point, each.ref, each.claim, facts.texts[each.ref], ())
        for each in facts.insights.values()
        if each.ref not in taken
    ]
    best = sorted((each for each in found if each.score >= _ENOUGH), key=lambda each: (-each.score, each.ref))
    return best[:MOST_SUGGESTED]


def _of_decision(point: Point, decision: Decision, facts: ServiceFacts) -> Suggestion:
    has = []
    if Wanted.EVIDENCE in point.wants and facts.insights_of.get(decision.id):
        has.append("rests on insights")
    if Wanted.CHANGED in point.wants and facts.changes.get(decision.id):
        has.append("says what changed")
    if Wanted.MEASURED in point.wants and facts.checks.get(decision.id):
        has.append("has an outcome")
    return _scored(point, decision.ref, decision.title, facts.texts[decision.ref], has)


def _scored(point: Point, ref: str, title: str, folded: str, has: Sequence[str]) -> Suggestion:
    words = [word for word in point.words if word in folded and _pattern(word).search(folded)]
    named = [f"names {', '.join(words[:3])}"] if words else []
    # A fact alone says nothing about the point: it counts beside a word of it.
    score = _ENOUGH * len(words) + (_FACT_COUNTS * len(has) if words else 0)
    return Suggestion(ref, title, "; ".join([*named, *has]), score)


@cache
def _pattern(word: str) -> re.Pattern[str]:
    """At the beginning of a word, so that 'disab' finds disabled and 'pay' does not find 'display'."""
    return re.compile(rf"(?<!\w){re.escape(word)}")

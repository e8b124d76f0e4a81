"""How long it takes until something happens, with the cases where it has not happened yet kept in (Kaplan, Meier 1958).

kaplan_meier([(days, happened), ...]) -> Curve
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from insights.core.errors import InvalidInput

# Products of fractions end a hair beside 0.5 or 0.25; the hair must not decide whether the median is reached.
_HAIR = 1e-9


@dataclass(frozen=True, slots=True)
class Step:
    """On `day` so many of `at_risk` cases ended with the event; `open_share` is the share not ended after it."""

    day: int
    at_risk: int
    events: int
    open_share: float


@dataclass(frozen=True, slots=True)
class Curve:
    """`steps` are the days with events, ascending. `last_day` is the longest time that any case was watched."""

    cases: int
    events: int
    steps: tuple[Step, ...]
    last_day: int
    durations: tuple[int, ...]

    @property
    def median(self) -> int | None:
        """Days until half had the event; None is 'not reached'."""
        return self.days_until(0.5)

    @property
    def upper_quartile(self) -> int | None:
        """Days until three quarters had the event (the 75th centile); None is 'not reached'."""
        return self.days_until(0.75)

    def days_until(self, share: float) -> int | None:
        """The first day on which at least that share had the event."""
        for step in self.steps:
            if step.open_share <= 1 - share + _HAIR:
                return step.day
        return None

    def open_share_on(self, day: int) -> float:
        index = bisect_right(self.steps, day, key=lambda step: step.day)
        return self.steps[index - 1].open_share if index else 1.0

    def at_risk_on(self, day: int) -> int:
        """Cases that were still watched on that day, neither ended nor left before it."""
        return sum(duration >= day for duration in self.durations)

    def points(self) -> tuple[tuple[int, float], ...]:
        """Corners of the step line for drawing, from (0, 1.0): x in days, y the share still open."""
        corners = [(0, 1.0)]
        for step in self.steps:
            corners += [(step.day, corners[-1][1]), (step.day, step.open_share)]
        corners.append((self.last_day, corners[-1][1]))
        return tuple(dict.fromkeys(corners))


def kaplan_meier(cases: Iterable[tuple[int, bool]]) -> Curve:
    """Each case is the days it was watched, and whether the event ended it; those it did not end are censored.

    Events come before censoring on the same day.

    Raises:
        InvalidInput: when a duration is negative.
    """
    watched = list(cases)
    durations = tuple(sorted(days for days, _ in watched))
    if durations and durations[0] < 0:
        raise InvalidInput.of("days", f"A case cannot be watched for {durations[0]} days.")
    leaving = Counter(durations)
    ending = Counter(days for days, happened in watched if happened)
    steps, at_risk, open_share = [], len(watched), 1.0
    for day in sorted(leaving):
        if ending[day]:
            open_share *= 1 - ending[day] / at_risk
            steps.append(Step(day, at_risk, ending[day], open_share))
        at_risk -= leaving[day]
    return Curve(len(watched), sum(ending.values()), tuple(steps), max(durations, default=0), durations)

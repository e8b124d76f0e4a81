"""Calendar days that stay in the calendar: shifting and ages that cannot overflow, a day in words, a local day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from insights.core.clock import local_day
from insights.core.errors import InvalidInput

__all__ = ["Period", "age_in_days", "day_in_words", "local_day", "shifted"]


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` to `end`, both included.

    Raises:
        InvalidInput: when it ends before it begins.
    """

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise InvalidInput.of(
                "end",
                f"The period ends on {self.end.isoformat()}, before it begins on {self.start.isoformat()}. "
                "Give an end that is not earlier than the start.",
            )

    def __contains__(self, day: date | None) -> bool:
        return day is not None and self.start <= day <= self.end

    def earlier_by(self, days: int) -> Period:
        return Period(shifted(self.start, -days), shifted(self.end, -days))

    @property
    def words(self) -> str:
        """'1 April 2026 to 30 June 2026'."""
        return f"{day_in_words(self.start)} to {day_in_words(self.end)}"


def day_in_words(day: date) -> str:
    """'1 April 2026'."""
    return f"{day.day} {day:%B %Y}"


def shifted(day: date, days: int) -> date:
    """The day so many days later or earlier, or the first or last day that the calendar has."""
    number = min(max(day.toordinal() + days, date.min.toordinal()), date.max.toordinal())
    return date.fromordinal(number)


def age_in_days(since: date, on: date) -> int:
    """Whole days, 0 on the day itself and for days to come."""
    return max(0, (on - since) // timedelta(days=1))

"""One source of time. It travels with the database session, so that operations and imports agree on 'now'."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime
from typing import Protocol

from sqlalchemy.orm import Session


class Clock(Protocol):
    def now(self) -> datetime:
        """This moment, with a time zone."""
        ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class FixedClock:
    """Stands still until told; for the demonstration story, imports of old records, and tests."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment


def set_clock(session: Session, clock: Clock) -> None:
    session.info["clock"] = clock


def now(session: Session) -> datetime:
    clock: Clock = session.info.get("clock") or SystemClock()
    return clock.now()


def today(session: Session) -> date:
    """The calendar day by the server's local time zone, which is the one that people mean."""
    return local_day(now(session))


def local_day(moment: datetime) -> date:
    """The day by the server's time zone; a moment at the very edge of the calendar keeps its own."""
    try:
        return moment.astimezone().date()
    except (OverflowError, ValueError, OSError):
        return moment.date()


def months_later(day: date, months: int) -> date:
    """The same day so many months on; the month's last day where it has none of that number."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))

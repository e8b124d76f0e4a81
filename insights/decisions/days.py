"""Days that people type: of things that happened, and of things that are to come."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy.orm import Session

from insights.core.clock import today
from insights.core.errors import InvalidInput

FIRST_DAY = date(1900, 1, 1)
"""No record of a public service is older; an earlier year is a slip of the hand."""

FARTHEST = timedelta(days=366 * 20)


def day_past(session: Session, field: str, on: date | None) -> date | None:
    """A day on which something happened: not before 1900 and not after today. Raises InvalidInput on the field."""
    if on is None:
        return None
    day = today(session)
    if on > day:
        raise InvalidInput.of(field, f"{on.isoformat()} is in the future. Enter today, {day.isoformat()}, or earlier.")
    return _not_too_old(field, on)


def day_to_come(session: Session, field: str, on: date | None, *, label: str) -> date:
    """A day from today on, twenty years at most. Raises InvalidInput on the field."""
    if on is None:
        raise InvalidInput.of(field, f"Enter {label}.")
    day = today(session)
    if on < day:
        raise InvalidInput.of(field, f"{on.isoformat()} is past. Enter {label}: today or later.")
    return day_planned(session, field, on)


def day_planned(session: Session, field: str, on: date) -> date:
    """A day to look on, which may be past already where work is entered late."""
    if on > today(session) + FARTHEST:
        raise InvalidInput.of(field, f"{on.isoformat()} is more than twenty years ahead. Check the year.")
    return _not_too_old(field, on)


def _not_too_old(field: str, on: date) -> date:
    if on < FIRST_DAY:
        raise InvalidInput.of(field, f"{on.isoformat()} is before 1900. Check the year.")
    return on

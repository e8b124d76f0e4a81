"""Dates as people enter them for studies and sessions."""

from __future__ import annotations

from datetime import date

from insights.core.errors import InvalidInput

EARLIEST = date(1900, 1, 1)


def required_day(field: str, day: date | None) -> date:
    if day is None:
        raise InvalidInput.of(field, "Enter the date, for example 27 3 2026.")
    sensible_day(field, day)
    return day


def sensible_day(field: str, day: date | None) -> date | None:
    if day is not None and day < EARLIEST:
        raise InvalidInput.of(field, f"Enter a date after {EARLIEST.year}.")
    return day


def refuse_backwards(starts_on: date | None, ends_on: date | None) -> None:
    if starts_on and ends_on and ends_on < starts_on:
        raise InvalidInput.of("ends_on", "The study cannot end before it starts.")

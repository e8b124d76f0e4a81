"""Days in cells: ISO, year first, named months, and 12/13/2024, whose order only a whole column can tell."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from insights.exchange.research_files import read_date

_NUMBERS = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})(?!\d)")
_YEAR_FIRST = re.compile(r"(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})(?!\d)")
_LONGEST = 60
_MONTHS = 12
_ENOUGH = 0.5


class DateOrder(StrEnum):
    """How 3/4/2024 is meant. `TOLD` leaves it to the column, where one number above 12 settles it."""

    TOLD = "told"
    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


def settled_order(values: Iterable[str], chosen: DateOrder) -> DateOrder | None:
    """The order that holds for a column; None where its values leave it open, or contradict one another.

    A column without such dates needs no order and is answered with `TOLD`.
    """
    if chosen is not DateOrder.TOLD:
        return chosen
    pairs = [(int(found[1]), int(found[2])) for value in values if (found := _NUMBERS.match(value.strip()))]
    day_first = any(first > _MONTHS for first, _ in pairs)
    month_first = any(second > _MONTHS for _, second in pairs)
    if all(first == second for first, second in pairs):
        return DateOrder.TOLD
    if day_first == month_first:
        return None
    return DateOrder.DAY_FIRST if day_first else DateOrder.MONTH_FIRST


def day_in(written: str, order: DateOrder) -> date | None:
    """The day that a cell tells, whatever time follows it; None where it tells none."""
    text = written.strip()[:_LONGEST]
    if found := _YEAR_FIRST.match(text):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _NUMBERS.match(text):
        first, second = int(found[1]), int(found[2])
        day, month = (second, first) if order is DateOrder.MONTH_FIRST else (first, second)
        return _day(int(found[3]), month, day)
    named = read_date(text)
    return named[0] if named is not None and named[1] == "day" else None


def hold_dates(values: Iterable[str]) -> bool:
    """Whether at least half of the values are days in one order or the other."""
    listed = list(values)
    for order in (DateOrder.MONTH_FIRST, DateOrder.DAY_FIRST):
        if listed and sum(day_in(value, order) is not None for value in listed) >= _ENOUGH * len(listed):
            return True
    return False


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None

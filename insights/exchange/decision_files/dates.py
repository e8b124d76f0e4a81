"""Dates as people write them in decision files.

ISO first; then 22-10-2024, 11/14/2024, Sep 5th, 2023 and 5 September 2023. Where the words allow two readings, or
name a month only, the reading says so in `guess`, so that no guess is silent.
"""

import datetime as dt
import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>[0-9]{4})(?![0-9])"
_LAST_MONTH = 12
_LONGEST = 500  # characters that are looked at


@dataclass(frozen=True, slots=True)
class DateReading:
    """A date found in words; `guess` tells in a sentence what had to be guessed, and is empty where nothing had."""

    value: dt.date | None
    guess: str = ""


def read_date(words: str) -> DateReading:
    """The first date in the words. Later ones ("updated 2021-12-20") stay in the words and are mentioned."""
    found = sorted(_dates_in(html.unescape(words[:_LONGEST])), key=lambda hit: hit[0])
    if not found:
        return DateReading(None)
    reading = found[0][1]
    distinct = {later.value for _, later in found}
    if len(distinct) > 1 and not reading.guess:
        return DateReading(reading.value, f"more than one date in “{words.strip()}”: the first is taken")
    return reading


def read_date_in_name(stem: str) -> dt.date | None:
    """The date a file name begins with, as in 2023-07-20-deployment-strategy."""
    match = re.match(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?![0-9])", stem)
    return _date(int(match[1]), int(match[2]), int(match[3])) if match else None


def _dates_in(words: str) -> Iterator[tuple[int, DateReading]]:
    """Every date with its place; a pattern further down never sees what one above has taken."""
    rest = words
    for pattern, reader in _PATTERNS:
        for match in pattern.finditer(rest):
            reading = reader(match)
            if reading.value is not None:
                yield match.start(), reading
        rest = pattern.sub(lambda match: " " * len(match[0]), rest)


def _year_first(match: re.Match[str]) -> DateReading:
    year, month, day = int(match["year"]), int(match["month"]), int(match["day"])
    if month > _LAST_MONTH:
        swapped = _date(year, day, month)
        return DateReading(swapped, f"{match[0]} has no month {month}: read as year, day, month")
    return DateReading(_date(year, month, day))


def _year_last(match: re.Match[str]) -> DateReading:
    first, second, year = int(match["first"]), int(match["second"]), int(match["year"])
    year += 2000 if year < 100 else 0  # noqa: PLR2004 - two digits mean this century
    if second > _LAST_MONTH:
        return DateReading(_date(year, first, second))
    guess = ""
    if first <= _LAST_MONTH and first != second:
        guess = f"{match[0]} can be read two ways: the day is taken to stand first"
    return DateReading(_date(year, second, first), guess)


def _named_month(match: re.Match[str]) -> DateReading:
    month = _MONTHS.index(match["month"][:3].lower()) + 1
    return DateReading(_date(int(match["year"]), month, int(match["day"])))


def _named_month_only(match: re.Match[str]) -> DateReading:
    month = _MONTHS.index(match["month"][:3].lower()) + 1
    return _first_of_month(int(match["year"]), month, match[0])


def _month_only(match: re.Match[str]) -> DateReading:
    return _first_of_month(int(match["year"]), int(match["month"]), match[0])


def _first_of_month(year: int, month: int, words: str) -> DateReading:
    return DateReading(_date(year, month, 1), f"{words.strip()} names no day: the first of the month is taken")


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


_YEAR_LAST = (
    r"(?<![0-9.])(?P<first>[0-9]{1,2})(?P<mark>[-/.])(?P<second>[0-9]{1,2})(?P=mark)"
    r"(?P<year>[0-9]{4}|[0-9]{2})(?![0-9.])"
)
_PATTERNS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], DateReading]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE | re.ASCII), reader)
    for pattern, reader in (
        (
            r"(?<![0-9])(?P<year>[0-9]{4})[-/.](?P<month>[0-9]{1,2})[-/.](?P<day>[0-9]{1,2})(?![0-9]|[a-su-z])",
            _year_first,
        ),
        (_YEAR_LAST, _year_last),
        (rf"\b{_DAY}\s+(?:of\s+)?{_MONTH},?\s+{_YEAR}", _named_month),
        (rf"\b{_MONTH}\s+{_DAY},?\s+{_YEAR}", _named_month),
        (rf"\b{_MONTH}\s*,?\s+{_YEAR}", _named_month_only),
        (r"(?<![0-9-])(?P<year>(?:19|20)[0-9]{2})-(?P<month>0[1-9]|1[0-2])(?![-0-9])", _month_only),
    )
)

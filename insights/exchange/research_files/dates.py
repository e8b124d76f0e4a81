"""When a piece of research was done, as far as its file says: front matter, then name, then folders, then its text."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import PurePosixPath

from insights.exchange.research_files.documents import DatePrecision, DateSource, StatedDate


def stated_date(name: str, front_matter: Mapping[str, object], title: str, text: str) -> StatedDate | None:
    """The first of the four sources that names a date; `name` is a path with slashes."""
    written = front_matter.get("date")
    path = PurePosixPath(name)
    return (
        (_dated(str(written), "front matter") if written is not None else None)
        or _dated(_spaced(path.stem), "file name")
        or _from_folders(path)
        or _from_text(title, text)
    )


def read_date(written: str) -> tuple[date, DatePrecision] | None:
    """The first date in a phrase: 2025-08-14, 14 August 2025, Aug 14, 2025, 8/14/2025, 2025-08, jan2016, Fall 2020.

    All-figure dates with slashes are read as month/day/year, as their American writers mean them, unless the first
    number is over 12. Seasons begin as meteorologists count; a winter is given to the year that names it.
    """
    for pattern, reading in _READINGS:
        for found in pattern.finditer(written):
            if day := reading(found):
                return day
    return None


_EARLIEST, _LATEST = 1990, 2100
_HEAD_CHARACTERS = 2_000
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d)"
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 1}
_SEASON = r"(?P<season>spring|summer|autumn|fall|winter)"


def _day(found: re.Match[str]) -> tuple[date, DatePrecision] | None:
    return _made(found["year"], _month_number(found["month"]), int(found["day"]), "day")


def _month(found: re.Match[str]) -> tuple[date, DatePrecision] | None:
    return _made(found["year"], _month_number(found["month"]), 1, "month")


def _season(found: re.Match[str]) -> tuple[date, DatePrecision] | None:
    return _made(found["year"], _SEASONS[found["season"].lower()], 1, "season")


def _year(found: re.Match[str]) -> tuple[date, DatePrecision] | None:
    return _made(found["year"], 1, 1, "year")


def _slashed(found: re.Match[str]) -> tuple[date, DatePrecision] | None:
    first, second = int(found["first"]), int(found["second"])
    month, day = (second, first) if first > len(_MONTHS) else (first, second)
    return _made(found["year"], month, day, "day")


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_READINGS = (
    (_compiled(rf"(?<!\d){_YEAR}-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)"), _day),
    (_compiled(rf"(?<!\d)(?P<day>\d\d?)(?:st|nd|rd|th)?[ ]{_MONTH}\.?,?[ ]{_YEAR}"), _day),
    (_compiled(rf"\b{_MONTH}\.?[ ](?P<day>\d\d?)(?:st|nd|rd|th)?,?[ ]{_YEAR}"), _day),
    (_compiled(rf"(?<!\d)(?P<first>\d\d?)/(?P<second>\d\d?)/{_YEAR}"), _slashed),
    (_compiled(r"(?<!\d)(?P<year>20\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>[0-3]\d)(?!\d)"), _day),
    (_compiled(rf"(?<!\d){_YEAR}[-/](?P<month>0[1-9]|1[0-2])(?![\d-])"), _month),
    (_compiled(rf"(?<![a-z]){_MONTH}\.?[ ,]{{0,2}}{_YEAR}"), _month),
    (_compiled(rf"(?<!\d){_YEAR}[ ,]{{1,2}}{_MONTH}(?![a-z])"), _month),
    (_compiled(rf"\b{_SEASON}[ ,]{{1,2}}{_YEAR}"), _season),
    (_compiled(rf"(?<!\d){_YEAR}[ ,]{{1,2}}{_SEASON}\b"), _season),
    (_compiled(rf"^\W*{_YEAR}(?![\d-])"), _year),
)
_LABELLED = _compiled(
    r"^[\W_]{0,6}(?:date|dates|dated|when|conducted|published|fieldwork|session date)[*_ ]{0,4}[:|](.{4,80})$"
)


def _month_number(written: str) -> int:
    return int(written) if written.isdigit() else _MONTHS.index(written[:3].lower()) + 1


def _made(year: str, month: int, day: int, precision: DatePrecision) -> tuple[date, DatePrecision] | None:
    if not _EARLIEST <= int(year) <= _LATEST:
        return None
    try:
        return date(int(year), month, day), precision
    except ValueError:
        return None


def _dated(written: str, source: DateSource) -> StatedDate | None:
    found = read_date(written)
    return StatedDate(found[0], found[1], source) if found else None


def _spaced(part: str) -> str:
    return part.replace("_", " ")


def _from_folders(path: PurePosixPath) -> StatedDate | None:
    """Folders named 2025/08/14, 2025/08 or 2025; else a folder that names a month, as in 19_gopher_jun2018_round2."""
    joined = "/".join(path.parts[:-1]) + "/"
    if found := re.search(r"(?:^|/)((?:19|20)\d\d)(?:/(0[1-9]|1[0-2])(?:/([0-3]\d))?)?/", joined):
        written = "-".join(part for part in found.groups() if part)
        return _dated(written, "path")
    folders: Iterable[str] = reversed(path.parts[:-1])
    return next((day for folder in folders if (day := _dated(_spaced(folder), "path"))), None)


def _from_text(title: str, text: str) -> StatedDate | None:
    """A date in the title, or one that the first lines label as the date. Dates in passing are not the document's."""
    found = _dated(title, "text")
    if found and found.precision != "year":
        return found
    for line in text[:_HEAD_CHARACTERS].splitlines():
        label = _LABELLED.match(line)
        if label and (day := _dated(label[1], "text")):
            return day
    return None

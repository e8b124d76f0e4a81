"""How dates, numbers and states are said; one place, so that the same thing is said the same way everywhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from flask import url_for

from insights.core.access import may
from insights.core.text import plain_words
from research_hub.web.markdown import render_markdown

_PATHS = {
    "STU": "capture.show_study",
    "SES": "capture.show_session",
    "SRC": "capture.show_source",
    "HL": "coding.show_highlight",
    "RCD": "capture.show_recording",
    "MMO": "coding.show_memo",
    "TAG": "coding.show_tag",
    "INS": "synthesis.show",
    "REC": "synthesis.show_recommendation",
    "BRD": "synthesis.show_board",
    "THM": "synthesis.show_theme",
    "DEC": "decisions.show",
    "REQ": "openness.show_request",
    "PUB": "openness.show_entry",
    "SVC": "people.show_service",
    "CMP": "people.show_component",
    "PAR": "capture.show_participant",
    "TPL": "capture.show_template",
    "PRJ": "exchange.show_project",
    "COL": "stewardship.show_collection",
    "FRZ": "reports.show_frozen",
    "ARV": "stewardship.show_access_review",
}
_KINDS = {"STU": "study", "SES": "session", "SRC": "session", "HL": "quote", "INS": "insight", "DEC": "decision"}


def link_to(ref: str) -> str | None:
    """The address of the record with that ref, or None for a kind that has no page."""
    endpoint = _PATHS.get(ref.partition("-")[0])
    return None if endpoint is None else url_for(endpoint, ref=ref)


def kind_of(ref: str) -> str:
    return _KINDS.get(ref.partition("-")[0], "other")


def day(value: date | datetime | None, empty: str = "no date") -> str:
    """'14 October 2026'."""
    if value is None:
        return empty
    return f"{value.day} {value:%B %Y}"


def short_day(value: date | datetime | str | None, empty: str = "–") -> str:
    """'14 Oct 2026', from a day or its ISO form."""
    if isinstance(value, str):
        value = date.fromisoformat(value) if value else None
    return empty if value is None else f"{value.day} {value:%b %Y}"


def dated(value: date | None, precision: str) -> str:
    """A report's date, no more exact than it was told: '14 October 2026', 'October 2026', '2026'."""
    if value is None or precision == "day":
        return day(value)
    return f"{value.year}" if precision == "year" else f"{value:%B %Y}"


def ago(value: datetime | date | None) -> str:
    """How long since, in the largest unit that fits: 'just now', '3 hours ago', '2 weeks ago'."""
    if value is None:
        return "never"
    moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day, tzinfo=UTC)
    seconds = (datetime.now(UTC) - moment).total_seconds()
    if abs(seconds) < 60:  # noqa: PLR2004 - a minute
        return "just now"
    for size, unit in ((31_557_600, "year"), (2_629_800, "month"), (604_800, "week"), (86_400, "day"), (3_600, "hour")):
        if abs(seconds) >= size:
            return _phrase(seconds, size, unit)
    return _phrase(seconds, 60, "minute")


def _phrase(seconds: float, size: int, unit: str) -> str:
    words = count(int(abs(seconds) // size), unit)
    return f"{words} ago" if seconds > 0 else f"in {words}"


def count(number: int, singular: str, plural: str | None = None) -> str:
    """'1 quote', '7 quotes'."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def words(term: StrEnum | str | None) -> str:
    """A term as people say it: 'considered_not_followed' -> 'considered, not followed'."""
    if term is None:
        return ""
    text = str(term.value if isinstance(term, StrEnum) else term)
    return {"considered_not_followed": "considered, not followed", "attitude_need": "attitude or need"}.get(
        text, text.replace("_", " ")
    )


def days_since(value: datetime | date) -> int:
    """Whole days since, never negative."""
    start = value.date() if isinstance(value, datetime) else value
    return max(0, (datetime.now(UTC).date() - start).days)


def plain(text: str) -> str:
    """A passage without its Markdown marks, for quotes and snippets."""
    return plain_words(text)


TEMPLATE_FILTERS: Mapping[str, Callable[..., Any]] = {
    "day": day,
    "short_day": short_day,
    "dated": dated,
    "ago": ago,
    "words": words,
    "plain": plain,
    "markdown": render_markdown,
}
TEMPLATE_GLOBALS: Mapping[str, Callable[..., Any]] = {
    "link_to": link_to,
    "kind_of": kind_of,
    "count": count,
    "days_since": days_since,
    "may": may,
}

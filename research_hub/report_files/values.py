"""How a value of a table reads in print."""

from __future__ import annotations

from datetime import date, datetime

from insights.exchange.tables import legal_text
from insights.reports.table import Value


def said(value: Value) -> str:
    """Days as people write them, yes and no, a dash for nothing; floats with four digits."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, datetime):
        return f"{value.day} {value:%b %Y %H:%M}"
    if isinstance(value, date):
        return f"{value.day} {value:%b %Y}"
    return legal_text(str(value))


def is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)

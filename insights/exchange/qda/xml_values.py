"""Values of attributes and elements; what does not fit its type counts as not told."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from math import isfinite
from xml.etree.ElementTree import Element

from insights.exchange.qda.model import Value


def colour_of(value: str | None) -> str:
    found = re.fullmatch(r"#([0-9a-fA-F]{6}|[0-9a-fA-F]{3})", (value or "").strip())
    if found is None:
        return ""
    digits = found[1] if len(found[1]) == 6 else "".join(digit * 2 for digit in found[1])  # noqa: PLR2004 - rrggbb
    return f"#{digits.lower()}"


_LONGEST_NUMBER = 15


def number_of(value: str | None) -> int | None:
    text = (value or "").strip()
    return int(text) if re.fullmatch(r"[+-]?[0-9]{1,15}", text) else None


def value_of(element: Element) -> Value | None:
    """The value in its own type; what does not fit one stays the text it is."""
    for each in element:
        text = "".join(each.itertext()).strip()
        name = each.tag
        if name == "BooleanValue" and text in {"true", "false", "1", "0"}:
            return text in {"true", "1"}
        if name == "IntegerValue" and number_of(text) is not None:
            return number_of(text)
        if name == "FloatValue" and re.fullmatch(r"[+-]?[0-9]*\.?[0-9]+", text) and len(text) <= _LONGEST_NUMBER:
            return float(text) if isfinite(float(text)) else text
        if name.endswith("Value"):
            return text
    return None


_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = datetime(2200, 1, 1, tzinfo=UTC)


def moment_of(value: str | None) -> datetime | None:
    """A moment without a time zone is taken as UTC; impossible ones count as not told."""
    try:
        moment = datetime.fromisoformat((value or "").strip())
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC) if _EARLIEST <= moment < _LATEST else None
    except (ValueError, OverflowError):
        return None

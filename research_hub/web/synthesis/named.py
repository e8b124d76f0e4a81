"""Quotes as people name them in a field: 'HL-12, HL-15'."""

from __future__ import annotations

from insights.core.base import number_of
from insights.core.errors import InvalidInput


def quote_ids(text: str) -> list[int]:
    """Raises InvalidInput naming the first part that is no quote's number."""
    numbers = [(part, number_of(part, "HL")) for part in map(str.strip, text.replace("\n", ",").split(",")) if part]
    wrong = [part for part, number in numbers if number is None]
    if wrong:
        raise InvalidInput.of("quotes", f"“{wrong[0][:60]}” is no quote’s number. Write HL-12, HL-15.")
    return [number for _, number in numbers if number]

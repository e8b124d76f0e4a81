"""Whether a short text looks like a name or a contact: a question to whoever typed it, never a verdict.

No rule tells a name from a place. So what is suspected is named with the reason, and the person says what it is.
"""

from __future__ import annotations

import re

_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]{2,}")
_PHONE = re.compile(r"(?:\+|\b)\d[\d\s().\-]{7,}\d\b")
_TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Herr|Frau)\.?\s+[A-Z][a-z]+")
_NAME = re.compile(r"\b[A-Z][a-z'’]+(?:[ \-][A-Z][a-z'’]+){1,2}\b")
# Capitalised words that name places, languages, techniques and offices rather than people.
_ORDINARY = """
    north south east west northern southern eastern western central greater midlands england scotland wales ireland
    kingdom united states london yorkshire humber highlands islands city county council region coast border valley
    british sign language welsh english polish urdu punjabi arabic chinese portuguese spanish french german american
    dragon naturally speaking voice over talk back zoom text screen reader jaws windows android apple google microsoft
    school nurse parent officer manager worker service department office health care social team small business
    under over age band community health visitor new
"""
_NOT_A_NAME = frozenset(_ORDINARY.split())


def personal_hint(value: str) -> str:
    """What the value looks like, such as 'an e-mail address', or '' where nothing strikes."""
    if _EMAIL.search(value):
        return "an e-mail address"
    if _PHONE.search(value):
        return "a telephone number"
    if _TITLED.search(value) or any(_is_name(found.group()) for found in _NAME.finditer(value)):
        return "a full name"
    return ""


def _is_name(words: str) -> bool:
    return not any(word.casefold() in _NOT_A_NAME for word in re.split(r"[ \-]", words))

"""A transcript that holds its words twice, once edited and once raw."""

from __future__ import annotations

import re

_HEADING = re.compile(r"^#{1,6}[ \t](?P<title>[^\n]{1,300})$", re.MULTILINE)
_RAW = re.compile(r"\b(?:raw|unedited|verbatim|automatic)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{5,}")
_SAME_SHARE = 0.6


def note_on_repetition(text: str) -> tuple[str, ...]:
    """Says where the same words begin again; every search and count finds them twice."""
    for found in _HEADING.finditer(text):
        if not _RAW.search(found["title"]):
            continue
        before = {word.casefold() for word in _WORD.findall(text[: found.start()])}
        behind = {word.casefold() for word in _WORD.findall(text[found.end() :])}
        if behind and len(before & behind) >= _SAME_SHARE * min(len(behind), len(before)):
            line = text.count("\n", 0, found.start()) + 1
            note = (
                f"The same words stand twice: “{found['title'].strip()}” (line {line:,}) repeats the conversation "
                "above it. Take one of the two out before you code, or every passage is found double."
            )
            return (note,)
    return ()

"""Times in captions and transcripts, in milliseconds."""

from __future__ import annotations

import re

# Hours may be missing, figures unpadded, and the fraction may follow a comma.
TIME = r"\d{1,4}:\d{1,2}(?::\d{1,2})?(?:[.,]\d{1,9})?"
_TIME = re.compile(r"(?:(\d{1,4}):)?(\d{1,4}):(\d{1,2})(?:[.,](\d{1,9}))?", re.ASCII)
_MOST = 59


def milliseconds(written: str) -> int | None:
    """00:00:07.500, 7:23 or 0:1:5,2 as milliseconds; None for what is no time of day or of a recording."""
    found = _TIME.fullmatch(written.strip())
    if not found:
        return None
    hours, minutes, seconds = int(found[1] or 0), int(found[2]), int(found[3])
    if seconds > _MOST or (found[1] and minutes > _MOST):
        return None
    thousandths = int((found[4] or "0").ljust(3, "0")[:3])
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths

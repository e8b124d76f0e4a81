"""Files as browsers send them: under a name that is safe to show, read in a child, waiting for a turn."""

from __future__ import annotations

import ntpath
import re
import time

from insights.core.errors import InvalidInput
from insights.exchange.documents import ReadDocument
from research_hub.sandbox import TooManyReadings, read_apart

PATIENCE_SECONDS = 60.0
_PAUSE_SECONDS = 0.5
_LONGEST_NAME = 500


def safe_name(name: str) -> str:
    """The last part of whatever path a browser sends, without control characters."""
    return re.sub(r"[\x00-\x1f\x7f]", "", ntpath.basename(name)).strip()[-_LONGEST_NAME:] or "file without a name"


def read_patiently(name: str, content: bytes) -> ReadDocument:
    """For plain forms, which cannot ask again: waits while others are read, a minute at most.

    Raises InvalidInput on the field "file", also when the minute is over.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return read_apart(name, content)
        except TooManyReadings:
            if time.monotonic() > deadline:
                raise InvalidInput.of(
                    "file", f"“{name}” could not be read because many others are being read just now. Bring it again."
                ) from None
            time.sleep(_PAUSE_SECONDS)

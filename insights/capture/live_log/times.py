"""A log's own time: since its start, standing still while it is paused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from insights.capture.models import LiveLog

Pauses = Sequence[Sequence[int | None]]

_MILLISECOND = timedelta(milliseconds=1)


def wall_ms(log: LiveLog, moment: datetime) -> int:
    """Milliseconds from the log's start to the moment, pauses included; never negative."""
    return max(0, (moment - log.started_at) // _MILLISECOND)


def without_pauses(milliseconds: int, pauses: Pauses) -> int:
    """The log's time at that many milliseconds since its start; in a pause it is the time at which the pause began."""
    paused = 0
    for begin, end in pauses:
        assert begin is not None  # noqa: S101 - only an end may be open
        until = milliseconds if end is None else min(end, milliseconds)
        paused += max(0, until - begin)
    return milliseconds - paused


def is_paused(log: LiveLog) -> bool:
    return bool(log.pauses) and log.pauses[-1][1] is None


def clock_time(milliseconds: int) -> str:
    """'03:07'; the minutes go on past the hour: '75:03'."""
    minutes, seconds = divmod(milliseconds // 1000, 60)
    return f"{minutes:02}:{seconds:02}"

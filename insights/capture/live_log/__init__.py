"""The live log: lines typed while a session runs, by several observers at once, none of them lost (features.md A9)."""

from insights.capture.live_log.lines import (
    LONGEST_LINE,
    MOST_IN_A_BATCH,
    MOST_LINES,
    Outcome,
    TypedLine,
    set_line_deleted,
    store_lines,
)
from insights.capture.live_log.logs import discard_empty_log, set_log_paused, start_live_log
from insights.capture.live_log.marks import MarkedLine, parse_line
from insights.capture.live_log.notes import NotedLine, Notes, notes_of, paragraph_of
from insights.capture.live_log.queries import (
    LineRow,
    RunningLog,
    all_lines,
    codes_in,
    find_live_log,
    get_live_log,
    is_running,
    late_lines,
    lines_of,
    running_logs,
    starter_and_ender,
)
from insights.capture.live_log.times import clock_time, is_paused, wall_ms, without_pauses

__all__ = [
    "LONGEST_LINE",
    "MOST_IN_A_BATCH",
    "MOST_LINES",
    "LineRow",
    "MarkedLine",
    "NotedLine",
    "Notes",
    "Outcome",
    "RunningLog",
    "TypedLine",
    "all_lines",
    "clock_time",
    "codes_in",
    "discard_empty_log",
    "find_live_log",
    "get_live_log",
    "is_paused",
    "is_running",
    "late_lines",
    "lines_of",
    "notes_of",
    "paragraph_of",
    "parse_line",
    "running_logs",
    "set_line_deleted",
    "set_log_paused",
    "start_live_log",
    "starter_and_ender",
    "store_lines",
    "wall_ms",
    "without_pauses",
]

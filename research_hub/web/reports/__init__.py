"""What a leader reads: scorecard, shelf, matrix, gaps and the thread of a record."""

from research_hub.web.reports import (
    flow,
    frozen,
    gaps,
    inclusion,
    issues,
    matrix,
    observing,
    pack,
    reminders,
    responses,
    scorecard,
    shelf,
    trace,
    use,
)
from research_hub.web.reports.blueprint import bp

__all__ = [
    "bp",
    "flow",
    "frozen",
    "gaps",
    "inclusion",
    "issues",
    "matrix",
    "observing",
    "pack",
    "reminders",
    "responses",
    "scorecard",
    "shelf",
    "trace",
    "use",
]

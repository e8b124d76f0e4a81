"""Decisions: what they rest on, what they changed, and what came of them."""

from research_hub.web.decisions import (
    changes,
    checks,
    evidence,
    importing,
    listing,
    measures,
    outcomes,
    record,
    standing,
    writing,
)
from research_hub.web.decisions.blueprint import bp

__all__ = [
    "bp",
    "changes",
    "checks",
    "evidence",
    "importing",
    "listing",
    "measures",
    "outcomes",
    "record",
    "standing",
    "writing",
]

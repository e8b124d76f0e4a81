"""Decisions: what they rest on, what they changed, and what came of them."""

from research_hub.web.decisions import (
    changes,
    checks,
    correcting,
    delivery,
    evidence,
    importing,
    ledger,
    listing,
    measures,
    outcomes,
    record,
    registers,
    standing,
    writing,
)
from research_hub.web.decisions.blueprint import bp

__all__ = [
    "bp",
    "changes",
    "checks",
    "correcting",
    "delivery",
    "evidence",
    "importing",
    "ledger",
    "listing",
    "measures",
    "outcomes",
    "record",
    "registers",
    "standing",
    "writing",
]

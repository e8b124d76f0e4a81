"""Bringing files in: choosing them, looking at what was understood, putting it right, storing."""

from __future__ import annotations

from typing import Any

from insights.exchange.imports import names_that_stay, state_of, what_it_becomes, what_it_is
from research_hub.web.exchange.blueprint import bp
from research_hub.web.exchange.imports import batch, beginning, file, table

__all__ = ["batch", "beginning", "file", "table"]


@bp.context_processor
def _in_words() -> dict[str, Any]:
    """How templates say what was understood of a file."""
    return {
        "names_that_stay": names_that_stay,
        "state_of": state_of,
        "what_it_becomes": what_it_becomes,
        "what_it_is": what_it_is,
    }

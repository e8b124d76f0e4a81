"""Highlights and the codebook."""

from research_hub.web.coding import (
    acts,
    co_occurrence,
    codebook,
    highlights,
    memos,
    orphans,
    personal_data,
    quotes,
    rounds,
    splitting,
    tags,
)
from research_hub.web.coding.blueprint import bp

__all__ = [
    "acts",
    "bp",
    "co_occurrence",
    "codebook",
    "highlights",
    "memos",
    "orphans",
    "personal_data",
    "quotes",
    "rounds",
    "splitting",
    "tags",
]

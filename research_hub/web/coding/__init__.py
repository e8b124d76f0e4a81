"""Highlights and the codebook."""

from research_hub.web.coding import highlights, memos, orphans, quotes, rounds, tags
from research_hub.web.coding.blueprint import bp

__all__ = ["bp", "highlights", "memos", "orphans", "quotes", "rounds", "tags"]

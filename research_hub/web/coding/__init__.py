"""Highlights and the codebook."""

from research_hub.web.coding import highlights, tags
from research_hub.web.coding.blueprint import bp

__all__ = ["bp", "highlights", "tags"]

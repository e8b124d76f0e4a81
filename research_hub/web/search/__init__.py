"""Evidence: one search over everything that is held."""

from research_hub.web.search import evidence, passages, suggestions
from research_hub.web.search.blueprint import bp

__all__ = ["bp", "evidence", "passages", "suggestions"]

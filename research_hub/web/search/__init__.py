"""Evidence: one search over everything that is held."""

from research_hub.web.search import asked, citing, evidence, passages, related, suggestions, synonyms, topics
from research_hub.web.search.blueprint import bp

__all__ = ["asked", "bp", "citing", "evidence", "passages", "related", "suggestions", "synonyms", "topics"]

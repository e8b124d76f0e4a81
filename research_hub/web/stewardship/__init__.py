"""The record of who did what, and what people say about records."""

from research_hub.web.stewardship import activity, comments, contributions, curation
from research_hub.web.stewardship.blueprint import bp

__all__ = ["activity", "bp", "comments", "contributions", "curation"]

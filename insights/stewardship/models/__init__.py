"""Comments and mentions, and what curators set aside."""

from insights.stewardship.models.comments import Comment, Mention
from insights.stewardship.models.curation import SetAside

__all__ = ["Comment", "Mention", "SetAside"]

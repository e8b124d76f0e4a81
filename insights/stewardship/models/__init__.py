"""Comments and mentions."""

from insights.stewardship.models.comments import Comment, Mention

__all__ = ["Comment", "Mention"]

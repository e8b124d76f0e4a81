"""Comments and mentions, what curators set aside, what members follow, and what they gather."""

from insights.stewardship.models.comments import Comment, Mention
from insights.stewardship.models.curation import SetAside
from insights.stewardship.models.following import FeedToken, Follow, FoundItem, MailRhythm
from insights.stewardship.models.tray import Collection, CollectionItem, TrayItem

__all__ = [
    "Collection",
    "CollectionItem",
    "Comment",
    "FeedToken",
    "Follow",
    "FoundItem",
    "MailRhythm",
    "Mention",
    "SetAside",
    "TrayItem",
]

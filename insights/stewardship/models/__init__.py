"""Comments and mentions, what curators set aside, what members follow and gather, and who saw what."""

from insights.stewardship.models.access_review import AccessReview, AccessReviewRow, ReviewAnswer
from insights.stewardship.models.comments import Comment, Mention
from insights.stewardship.models.curation import SetAside
from insights.stewardship.models.following import FeedToken, Follow, FoundItem, MailRhythm
from insights.stewardship.models.looks import Look, LookKind
from insights.stewardship.models.retention import (
    DataClass,
    RetentionDeletion,
    RetentionHold,
    RetentionRule,
    RetentionWarning,
)
from insights.stewardship.models.subject_access import StopReason, SubjectAccessRequest
from insights.stewardship.models.tray import Collection, CollectionItem, TrayItem
from insights.stewardship.models.withdrawal import (
    Withdrawal,
    WithdrawalCause,
    WithdrawalKind,
    WithdrawalStatus,
    WithdrawnEvidence,
)

__all__ = [
    "AccessReview",
    "AccessReviewRow",
    "Collection",
    "CollectionItem",
    "Comment",
    "DataClass",
    "FeedToken",
    "Follow",
    "FoundItem",
    "Look",
    "LookKind",
    "MailRhythm",
    "Mention",
    "RetentionDeletion",
    "RetentionHold",
    "RetentionRule",
    "RetentionWarning",
    "ReviewAnswer",
    "SetAside",
    "StopReason",
    "SubjectAccessRequest",
    "TrayItem",
    "Withdrawal",
    "WithdrawalCause",
    "WithdrawalKind",
    "WithdrawalStatus",
    "WithdrawnEvidence",
]

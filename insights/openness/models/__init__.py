"""Questions that were asked in vain, the research that people ask for, and what everybody may read."""

from insights.openness.models.entries import (
    EntryStatus,
    PublicEntry,
    PublicEntryQuote,
    PublicJustification,
    public_entry_insights,
)
from insights.openness.models.follow_ups import FollowUp, FollowUpState, FollowUpTemplate
from insights.openness.models.questions import AskedQuestion, QuestionTrace
from insights.openness.models.requests import RequestBacking, RequestStatus, ResearchRequest
from insights.openness.models.standards import StandardLink

__all__ = [
    "AskedQuestion",
    "EntryStatus",
    "FollowUp",
    "FollowUpState",
    "FollowUpTemplate",
    "PublicEntry",
    "PublicEntryQuote",
    "PublicJustification",
    "QuestionTrace",
    "RequestBacking",
    "RequestStatus",
    "ResearchRequest",
    "StandardLink",
    "public_entry_insights",
]

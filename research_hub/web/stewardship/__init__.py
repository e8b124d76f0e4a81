"""The record of who did what, and what people say about records."""

from research_hub.web.stewardship import (
    access,
    activity,
    cards,
    citations,
    collections,
    comments,
    contributions,
    curation,
    feeds,
    following,
    looks,
    mail,
    tray,
    tray_decision,
    tray_shown,
    unsubscribing,
    withdrawals,
)
from research_hub.web.stewardship.blueprint import bp

__all__ = [
    "access",
    "activity",
    "bp",
    "cards",
    "citations",
    "collections",
    "comments",
    "contributions",
    "curation",
    "feeds",
    "following",
    "looks",
    "mail",
    "tray",
    "tray_decision",
    "tray_shown",
    "unsubscribing",
    "withdrawals",
]

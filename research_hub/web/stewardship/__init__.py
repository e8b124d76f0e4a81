"""The record of who did what, and what people say about records."""

from research_hub.web.stewardship import (
    activity,
    cards,
    citations,
    collections,
    comments,
    contributions,
    curation,
    feeds,
    following,
    mail,
    tray,
    tray_decision,
    tray_shown,
    unsubscribing,
)
from research_hub.web.stewardship.blueprint import bp

__all__ = [
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
    "mail",
    "tray",
    "tray_decision",
    "tray_shown",
    "unsubscribing",
]

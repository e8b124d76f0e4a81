"""Saved searches and followed records: what is new, told in the product, in feeds and by mail (features.md E4)."""

from insights.stewardship.following.checking import (
    LOOKS_EVERY,
    DueFollow,
    due_follows,
    look_at_record,
    look_at_search,
)
from insights.stewardship.following.digests import DIGEST, DIGEST_HOUR, last_closing, queue_digests
from insights.stewardship.following.feeds import (
    feed_made_at,
    issue_feed_token,
    member_by_feed_token,
    revoke_feed_token,
)
from insights.stewardship.following.operations import (
    MOST_FOLLOWS,
    MOST_WATCHED,
    edit_follow,
    follow_of,
    follow_record,
    get_follow,
    mark_looked_at,
    save_search,
    set_follow_deleted,
    stop_mail,
)
from insights.stewardship.following.queries import (
    FollowRow,
    FoundRow,
    follow_row,
    found_for,
    found_in_mail,
    found_of,
    list_follows,
)
from insights.stewardship.following.sight import SeenRecord, seen_records
from insights.stewardship.following.subjects import FOLLOWABLE, followable

__all__ = [
    "DIGEST",
    "DIGEST_HOUR",
    "FOLLOWABLE",
    "LOOKS_EVERY",
    "MOST_FOLLOWS",
    "MOST_WATCHED",
    "DueFollow",
    "FollowRow",
    "FoundRow",
    "SeenRecord",
    "due_follows",
    "edit_follow",
    "feed_made_at",
    "follow_of",
    "follow_record",
    "follow_row",
    "followable",
    "found_for",
    "found_in_mail",
    "found_of",
    "get_follow",
    "issue_feed_token",
    "last_closing",
    "list_follows",
    "look_at_record",
    "look_at_search",
    "mark_looked_at",
    "member_by_feed_token",
    "queue_digests",
    "revoke_feed_token",
    "save_search",
    "seen_records",
    "set_follow_deleted",
    "stop_mail",
]

"""Comments on any record: said, answered, settled (features.md K1)."""

from insights.stewardship.comments.operations import (
    AddedComment,
    add_comment,
    edit_comment,
    mark_mention_seen,
    set_comment_deleted,
    set_comment_resolved,
)
from insights.stewardship.comments.queries import (
    CommentRow,
    MentionRow,
    Thread,
    get_comment,
    list_mentions,
    threads_on,
)
from insights.stewardship.comments.subjects import Subject, subject_of

__all__ = [
    "AddedComment",
    "CommentRow",
    "MentionRow",
    "Subject",
    "Thread",
    "add_comment",
    "edit_comment",
    "get_comment",
    "list_mentions",
    "mark_mention_seen",
    "set_comment_deleted",
    "set_comment_resolved",
    "subject_of",
    "threads_on",
]

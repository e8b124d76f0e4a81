"""Reads about highlights and tags, scoped to the member, as frozen rows."""

from insights.coding.queries.highlights import (
    PAGE,
    HighlightRow,
    get_highlight,
    highlights_by_ids,
    highlights_of_source,
    list_highlights,
)
from insights.coding.queries.marks import Mark, OfferedTag, marks_of_source, tags_to_offer
from insights.coding.queries.tags import TagRow, get_tag, list_tags, tag_names

__all__ = [
    "PAGE",
    "HighlightRow",
    "Mark",
    "OfferedTag",
    "TagRow",
    "get_highlight",
    "get_tag",
    "highlights_by_ids",
    "highlights_of_source",
    "list_highlights",
    "list_tags",
    "marks_of_source",
    "tag_names",
    "tags_to_offer",
]

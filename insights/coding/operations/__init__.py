"""Changes to highlights and tags, and to the texts they stand on."""

from insights.coding.carrying import LONGEST_SOURCE, CarriedOver, edit_source_text
from insights.coding.operations.highlights import edit_highlight, highlight_passage, set_highlight_dropped
from insights.coding.operations.tags import LONGEST_TAG, MOST_TAGS, find_or_add_tag, set_tags

__all__ = [
    "LONGEST_SOURCE",
    "LONGEST_TAG",
    "MOST_TAGS",
    "CarriedOver",
    "edit_highlight",
    "edit_source_text",
    "find_or_add_tag",
    "highlight_passage",
    "set_highlight_dropped",
    "set_tags",
]

"""Source texts: their one canonical form, passages that stay with their words, and how a text is read and quoted."""

from insights.core.text.alignment import Region, align
from insights.core.text.anchors import Anchor, AnchorError, Found, find_anchor, make_anchor, reanchor
from insights.core.text.blocks import Block, plain_passage, plain_words, reading_blocks
from insights.core.text.canonical import DecodedText, NotTextError, canonical_text, decode_text
from insights.core.text.excerpts import Excerpt, excerpt
from insights.core.text.fingerprints import fingerprint
from insights.core.text.front_matter import SplitText, split_front_matter
from insights.core.text.links import safe_href
from insights.core.text.runs import Run, Style

__all__ = [
    "Anchor",
    "AnchorError",
    "Block",
    "DecodedText",
    "Excerpt",
    "Found",
    "NotTextError",
    "Region",
    "Run",
    "SplitText",
    "Style",
    "align",
    "canonical_text",
    "decode_text",
    "excerpt",
    "find_anchor",
    "fingerprint",
    "make_anchor",
    "plain_passage",
    "plain_words",
    "reading_blocks",
    "reanchor",
    "safe_href",
    "split_front_matter",
]

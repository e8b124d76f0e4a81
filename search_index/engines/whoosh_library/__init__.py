"""Whoosh behind one door: the only package that imports it, and only with API that whoosh-reloaded has too.

Whoosh keeps the words: it writes segments, merges them and hands out postings. What is asked of those postings
is worked out in this project (see evaluation.py), on whole arrays instead of one document at a time.
"""

from search_index.engines.whoosh_library.schema import POSITION_BITS, IndexedDocument, stem
from search_index.engines.whoosh_library.segments import (
    FloatArray,
    IntArray,
    Postings,
    Segment,
    latest_generation,
    open_segments,
    read_commit,
)
from search_index.engines.whoosh_library.storage import damage_named
from search_index.engines.whoosh_library.writing import (
    SEGMENT_DOCUMENTS,
    adopt_segments,
    create_index,
    write_changes,
    write_segment,
)

__all__ = [
    "POSITION_BITS",
    "SEGMENT_DOCUMENTS",
    "FloatArray",
    "IndexedDocument",
    "IntArray",
    "Postings",
    "Segment",
    "adopt_segments",
    "create_index",
    "damage_named",
    "latest_generation",
    "open_segments",
    "read_commit",
    "stem",
    "write_changes",
    "write_segment",
]

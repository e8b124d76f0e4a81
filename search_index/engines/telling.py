"""What a record is about: the words that it uses more than other records do."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Sequence
from typing import Final

from search_index.engines.analysis import JOIN, analyse
from search_index.engines.evaluation import inverse_frequency

TELLING_LIMIT: Final = 14
LOOKED_AT: Final = 80
"""Words of a long record that are weighed: those that it uses most."""

READ_CHARACTERS: Final = 20_000
"""Of each text of a record, its beginning tells what it is about."""

FEWEST_SHARED: Final = 2
"""Words or tags that two records must share to be called related."""


def telling_words(texts: Sequence[str], documents_with: Callable[[str], int], documents: int) -> dict[str, float]:
    """Stems with their weights, the most telling first. What no other record in view holds relates to none."""
    positions = analyse([text[:READ_CHARACTERS] for text in texts]).positions
    counts = {root: len(places) for root, places in positions.items() if JOIN not in root and len(root) > 1}
    most = heapq.nlargest(LOOKED_AT, counts, key=lambda root: (counts[root], root))
    weights = {
        root: math.log1p(counts[root]) * inverse_frequency(documents, found)
        for root in most
        if (found := documents_with(root)) > 1
    }
    chosen = sorted(weights, key=lambda root: (-weights[root], root))[:TELLING_LIMIT]
    return {root: weights[root] for root in chosen}

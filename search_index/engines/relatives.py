"""Records that are about the same, on whole arrays."""

from __future__ import annotations

import numpy as np

from search_index.engines.evaluation import inverse_frequency, saturations
from search_index.engines.snapshot import Snapshot, View, folded_equals
from search_index.engines.telling import FEWEST_SHARED, telling_words
from search_index.engines.whoosh_library import FloatArray, IntArray
from search_index.query import fold


def relatives(snapshot: Snapshot, view: View, key: str) -> tuple[IntArray, FloatArray]:
    """Document numbers, best first, and the scores of all documents; nothing for a record out of view."""
    scores = np.zeros(snapshot.size, dtype=np.float32)
    shared = np.zeros(snapshot.size, dtype=np.int64)
    number = snapshot.number(key)
    if number is None or not view.visible[number]:
        return np.zeros(0, dtype=np.int64), scores

    def documents_with(root: str) -> int:
        return int(view.visible[snapshot.postings("text", root).documents].sum())

    for root, weight in telling_words(snapshot.texts(number), documents_with, view.count).items():
        for _, field_weight, documents, saturation in saturations(snapshot, view, root):
            scores[documents] += saturation * np.float32(weight * field_weight)
            shared[documents] += field_weight == 1.0
    _add_tags(snapshot, view, number, scores, shared)
    shared[number] = 0
    found = np.flatnonzero((shared >= FEWEST_SHARED) & view.visible)
    return found[np.lexsort((found, -snapshot.dates[found], -np.round(scores[found], 4)))], scores


def _add_tags(snapshot: Snapshot, view: View, number: int, scores: FloatArray, shared: IntArray) -> None:
    """A tag in common says as much as a telling word that is as rare."""
    column = snapshot.facets.get("tag")
    if column is None:
        return
    own = {fold(column.values[code]) for code in column.codes[column.documents == number].tolist()}
    for tag in sorted(own):
        holding = column.matching(folded_equals(tag), snapshot.size) & view.visible
        scores[holding] += np.float32(inverse_frequency(view.count, int(holding.sum())))
        shared[holding] += 1

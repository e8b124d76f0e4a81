"""Postings as they lie on disk, a block at a time, past Whoosh's loop in Python."""

# Whoosh's own annotations are partial: what crosses this door is Any on its side and typed on ours.
# mypy: disallow-untyped-calls=False
# ruff: noqa: ANN401

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import W3LeafMatcher
from whoosh.matching.wrappers import FilterMatcher
from whoosh.reading import TermNotFound


class Block(NamedTuple):
    """`gaps`: the first document number, then how much larger each next one is. `counts`: of each, or of all alike.

    `values`: what is kept with each posting; empty where the field keeps nothing.
    """

    gaps: Sequence[int]
    counts: Sequence[float] | float
    values: Sequence[bytes]


def blocks(reader: Any, field_name: str, word: bytes) -> Iterator[Block]:
    """The postings of a word in a segment, those of removed documents included; none where it does not occur."""
    try:
        matcher = reader.postings(field_name, word)
    except TermNotFound:
        return
    if isinstance(matcher, FilterMatcher):
        matcher = matcher.child
        matcher.reset()
    if isinstance(matcher, W3LeafMatcher):
        yield from _whole(matcher)
    else:
        yield from _one_by_one(matcher)


def postings_of(reader: Any, field_name: str, word: bytes) -> tuple[list[int], list[float], array[int]]:
    """The same as document numbers, ascending, how often the word is in each, and its places in all of them."""
    documents: list[int] = []
    counts: list[float] = []
    places = array("I")
    for block in blocks(reader, field_name, word):
        found = list(accumulate(block.gaps))
        documents += found
        counts += [block.counts] * len(found) if isinstance(block.counts, float) else block.counts
        places.extend(places_in(block).tolist())
    return documents, counts, places


def places_in(block: Block) -> NDArray[np.uint32]:
    """Every place of the word, those in one document after those in the one before; empty where none are kept."""
    return np.frombuffer(b"".join(block.values), dtype="<u4")


def _whole(matcher: Any) -> Iterator[Block]:
    while matcher.is_active():
        matcher._read_data()  # noqa: SLF001 - the one shortcut past Whoosh's loop in Python, 10 to 50 times faster
        gaps, counts, values = matcher._data  # noqa: SLF001 - see above
        yield Block(gaps, 1.0 if counts is None else counts, values or ())
        matcher._next_block()  # noqa: SLF001 - see above


def _one_by_one(matcher: Any) -> Iterator[Block]:
    """Any other matcher, through Whoosh's public interface."""
    while matcher.is_active():
        yield Block((matcher.id(),), (matcher.weight(),), (matcher.value(),))
        matcher.next()

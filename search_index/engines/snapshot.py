"""One commit of the index, held as arrays by document number: who may see what, facets, dates, lengths, postings.

Segments never change, so what was worked out for one is kept as long as it lives; a commit of one note costs
the arrays of one note.
"""

from __future__ import annotations

import json
import sys
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from search_index.documents import SearchDocument
from search_index.engine import DocumentState
from search_index.engines.analysis import JOIN, analyse
from search_index.engines.whoosh_library import (
    POSITION_BITS,
    FloatArray,
    IndexedDocument,
    IntArray,
    Postings,
    Segment,
)
from search_index.query import fold

Mask = NDArray[np.bool_]

CACHE_BYTES: Final = 24 << 20
"""Postings kept in memory at most, in bytes."""

NO_DATE: Final = 0

_Value = TypeVar("_Value")


def indexed(document: SearchDocument) -> IndexedDocument:
    """A document as the library takes it. Its key is part of its text, so that typing a reference finds it."""
    text = analyse((document.title, document.quote, document.body, document.key))
    title = analyse((document.title,))
    meta = {
        "key": document.key,
        "kind": document.kind,
        "version": document.version,
        "audience": sorted(document.audience),
        "stamp": document.stamp,
        "date": document.date.toordinal() if document.date else NO_DATE,
        "lengths": [text.length, title.length],
        "facets": {name: list(values) for name, values in document.facet_values().items()},
    }
    return IndexedDocument(
        key=document.key,
        text=text.positions,
        title={word: len(places) for word, places in title.positions.items()},
        surface=dict.fromkeys(text.surfaces, 1),
        meta=json.dumps(meta).encode(),
        texts=(document.title, document.quote, document.body),
    )


@dataclass(frozen=True, slots=True)
class Coded(Generic[_Value]):
    """Values, and pairs of document and value: `documents[i]` has `values[codes[i]]`."""

    values: tuple[_Value, ...]
    documents: IntArray
    codes: IntArray

    @classmethod
    def of(cls, pairs: Iterable[tuple[int, _Value]]) -> Coded[_Value]:
        known: dict[_Value, int] = {}
        listed = [(number, known.setdefault(value, len(known))) for number, value in pairs]
        table = np.array(listed, dtype=np.int64).reshape(-1, 2)
        return cls(tuple(known), table[:, 0], table[:, 1])

    @classmethod
    def joined(cls, parts: Iterable[tuple[int, Coded[_Value]]]) -> Coded[_Value]:
        """Several as one; each comes with what to add to its document numbers."""
        known: dict[_Value, int] = {}
        documents, codes = [], []
        for start, part in parts:
            renamed = np.array([known.setdefault(value, len(known)) for value in part.values], dtype=np.int64)
            documents.append(part.documents + start)
            codes.append(renamed[part.codes])
        return cls(tuple(known), _joined(documents, np.int64), _joined(codes, np.int64))

    def matching(self, accepts: Callable[[_Value], bool], size: int) -> Mask:
        """The documents with a value that is accepted."""
        wanted = np.array([accepts(value) for value in self.values], dtype=bool)
        mask = np.zeros(size, dtype=bool)
        mask[self.documents[wanted[self.codes]]] = True
        return mask

    def counts(self, documents: Mask) -> IntArray:
        """By value, how many of the documents have it."""
        return np.bincount(self.codes[documents[self.documents]], minlength=len(self.values))


@dataclass(frozen=True, slots=True)
class SegmentColumns:
    """What is kept in memory of each document of a segment, by document number."""

    keys: tuple[str, ...]
    kinds: tuple[str, ...]
    states: tuple[DocumentState, ...]
    dates: IntArray
    lengths: Mapping[str, FloatArray]
    audiences: Coded[frozenset[str]]
    facets: Mapping[str, Coded[str]]

    @classmethod
    def of(cls, segment: Segment) -> SegmentColumns:
        rows = [json.loads(meta) for meta in segment.meta()]
        audiences = Coded.of((number, frozenset(row["audience"])) for number, row in enumerate(rows))
        lengths = np.array([row["lengths"] for row in rows], dtype=np.float32).reshape(-1, 2)
        return cls(
            keys=tuple(row["key"] for row in rows),
            kinds=tuple(sys.intern(row["kind"]) for row in rows),
            states=tuple(
                (row["version"], audiences.values[code], row["stamp"])
                for row, code in zip(rows, audiences.codes.tolist(), strict=True)
            ),
            dates=np.array([row["date"] for row in rows], dtype=np.int64),
            lengths={"text": lengths[:, 0], "title": lengths[:, 1]},
            audiences=audiences,
            facets={name: Coded.of(_pairs(rows, name)) for name in {name for row in rows for name in row["facets"]}},
        )


def _pairs(rows: Sequence[Mapping[str, Any]], facet: str) -> Iterator[tuple[int, str]]:
    for number, row in enumerate(rows):
        for value in row["facets"].get(facet, ()):
            yield number, value


class LeastRecent(Generic[_Value]):
    """Keeps what was asked for last, up to a number of bytes."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held = 0
        self._values: OrderedDict[tuple[str, ...], tuple[_Value, int]] = OrderedDict()

    def get(self, key: tuple[str, ...], make: Callable[[], _Value], size: Callable[[_Value], int]) -> _Value:
        if key in self._values:
            self._values.move_to_end(key)
            return self._values[key][0]
        value = make()
        weight = size(value) + 200
        self._values[key] = (value, weight)
        self._held += weight
        while self._held > self._limit and len(self._values) > 1:
            _, (_, dropped) = self._values.popitem(last=False)
            self._held -= dropped
        return value


@dataclass(slots=True)
class SegmentMemory:
    """What outlives a commit: columns by segment, and postings asked for lately."""

    columns: dict[str, SegmentColumns] = field(default_factory=dict)
    postings: LeastRecent[Any] = field(default_factory=lambda: LeastRecent(CACHE_BYTES))

    def columns_of(self, segments: Sequence[Segment]) -> list[SegmentColumns]:
        self.columns = {
            segment.name: self.columns.get(segment.name) or SegmentColumns.of(segment) for segment in segments
        }
        return list(self.columns.values())


@dataclass(frozen=True, slots=True)
class View:
    """What one set of clearances may see; every figure below is worked out from these documents alone."""

    visible: Mask
    count: int
    mean_lengths: Mapping[str, float]


class Snapshot:
    """All segments of one commit as if they were one. Not for several threads at once."""

    def __init__(self, segments: Sequence[Segment], memory: SegmentMemory) -> None:
        self._segments = segments
        self._memory = memory
        self._columns = memory.columns_of(segments)
        self._starts = np.cumsum([0, *(segment.size for segment in segments)])
        self.size = int(self._starts[-1])
        self.live = np.ones(self.size, dtype=bool)
        for start, segment in self._each_segment():
            self.live[segment.removed + start] = False
        self.dates = _joined([column.dates for column in self._columns], np.int64)
        self._lengths = {
            name: _joined([column.lengths[name] for column in self._columns], np.float32) for name in ("text", "title")
        }
        placed = [(int(start), column) for start, column in zip(self._starts, self._columns, strict=False)]
        self._audiences = Coded.joined((start, column.audiences) for start, column in placed)
        self.facets = {
            name: Coded.joined((start, column.facets[name]) for start, column in placed if name in column.facets)
            for name in sorted({name for column in self._columns for name in column.facets})
        }
        self._views: dict[frozenset[str], View] = {}

    def view(self, clearances: frozenset[str]) -> View:
        """The documents whose whole audience is among the clearances. None are, unless this says so."""
        if clearances not in self._views:
            if len(self._views) >= 64:  # noqa: PLR2004 - sets of clearances kept; more are worked out again
                self._views.clear()
            visible = self.live & self._audiences.matching(clearances.issuperset, self.size)
            count = int(visible.sum())
            means = {name: float(lengths[visible].mean()) if count else 1.0 for name, lengths in self._lengths.items()}
            self._views[clearances] = View(visible, count, {name: mean or 1.0 for name, mean in means.items()})
        return self._views[clearances]

    def lengths(self, field_name: str) -> FloatArray:
        return self._lengths[field_name]

    def postings(self, field_name: str, word: str) -> Postings:
        """Where a word occurs, in all segments, documents out of sight included."""
        documents, weights = [], []
        for start, segment in self._each_segment():
            found = self._memory.postings.get(
                (segment.name, field_name, word),
                lambda segment=segment: segment.postings(field_name, word),  # type: ignore[misc]  # bound at once
                lambda value: value.documents.nbytes * 2 if value else 0,
            )
            if found is not None:
                documents.append(found.documents + start)
                weights.append(found.weights)
        return Postings(_joined(documents, np.int64), _joined(weights, np.float32))

    def places(self, word: str) -> IntArray:
        """Every place of a word as document number << POSITION_BITS | place, ascending."""
        found = []
        for start, segment in self._each_segment():
            places = self._memory.postings.get(
                (segment.name, "places", word),
                lambda segment=segment: segment.places(word),  # type: ignore[misc]  # bound at once
                lambda value: int(value.nbytes),
            )
            if len(places):
                found.append(places + (start << POSITION_BITS))
        return _joined(found, np.int64)

    def words_from(self, field_name: str, beginning: str) -> dict[str, int]:
        """Words with this beginning, and a bound on the documents each is in. Documents out of sight count here."""
        words: dict[str, int] = {}
        for _, segment in self._each_segment():
            found = self._memory.postings.get(
                (segment.name, "words", field_name, beginning),
                lambda segment=segment: segment.words_from(field_name, beginning),  # type: ignore[misc]  # bound at once
                lambda value: 100 * len(value),
            )
            for word, count in found:
                if JOIN not in word:
                    words[word] = words.get(word, 0) + count
        return words

    def key(self, number: int) -> str:
        index, place = self._placed(number)
        return self._columns[index].keys[place]

    def number(self, key: str) -> int | None:
        """The live document with this key."""
        for start, column in zip(self._starts.tolist(), self._columns, strict=False):
            for place, held in enumerate(column.keys):
                if held == key and self.live[start + place]:
                    return int(start + place)
        return None

    def kind(self, number: int) -> str:
        index, place = self._placed(number)
        return self._columns[index].kinds[place]

    def states(self) -> dict[str, DocumentState]:
        """Version, audience and stamp of every document by key, whoever may see it."""
        keys = [key for column in self._columns for key in column.keys]
        states = [state for column in self._columns for state in column.states]
        return {keys[number]: states[number] for number in np.flatnonzero(self.live)}

    def texts(self, number: int) -> tuple[str, str, str]:
        """Title, quote and body of a document."""
        index, place = self._placed(number)
        return self._segments[index].texts(place)

    def day(self, number: int) -> date | None:
        ordinal = int(self.dates[number])
        return date.fromordinal(ordinal) if ordinal != NO_DATE else None

    def is_touched(self) -> bool:
        """Whether a file was changed or taken away since it was checked and opened."""
        return any(segment.is_touched() for segment in self._segments)

    def close(self) -> None:
        for segment in self._segments:
            segment.reader.close()

    def _placed(self, number: int) -> tuple[int, int]:
        """The segment a document is in, and its number there."""
        index = int(np.searchsorted(self._starts, number, side="right")) - 1
        return index, number - int(self._starts[index])

    def _each_segment(self) -> Iterator[tuple[int, Segment]]:
        for start, segment in zip(self._starts, self._segments, strict=False):
            yield int(start), segment


def folded_equals(wanted: str) -> Callable[[str], bool]:
    """Accepts values that people would read as the same: case, accents and hyphens aside."""
    return lambda value: fold(value) == wanted


def _joined(arrays: Sequence[NDArray[Any]], kind: type[np.generic]) -> NDArray[Any]:
    return np.concatenate(arrays) if arrays else np.zeros(0, dtype=kind)

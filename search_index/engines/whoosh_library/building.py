"""Building a segment: postings gathered word by word, and written as whole blocks.

Whoosh's own writer makes one tuple of every posting, sorts them all and takes them apart again one at a time.
Here the postings of a word grow side by side as documents come in, so nothing is sorted but the words, and a
word's postings are written as one block. The files are Whoosh's, byte for byte in its own format.
"""

# Whoosh's own annotations are partial: what crosses this door is Any on its side and typed on ours.
# mypy: disallow-untyped-calls=False
# ruff: noqa: ANN401

from __future__ import annotations

import secrets
import struct
import zlib
from array import array
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from operator import sub
from pickle import dumps
from typing import Any, Final, NamedTuple

from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC, W3Codec, W3FieldWriter, W3TermInfo
from whoosh.index import FileIndex
from whoosh.writing import SegmentWriter

from search_index.engines.whoosh_library.reading import postings_of
from search_index.engines.whoosh_library.schema import POSITION_BITS, IndexedDocument

_FURTHEST: Final = (1 << POSITION_BITS) - 1

_WORTH_COMPRESSING: Final = 160
"""Bytes. From about here on compressing a block pays for the time it takes."""

_FAST: Final = 1
"""zlib's quickest level."""

_PICKLE: Final = 4
"""Whoosh writes 2, in which every bytes object is a call to a codec; from 4 on they are bytes. It reads any."""

_SIZE: Final = struct.Struct("!i")

_NO_PLACES: Final = array("I")


class _WordPostings(NamedTuple):
    """Where one word stands: documents ascending, how often in each, and its places in them, one document's after the
    other's; no places where the field keeps none.
    """

    documents: list[int]
    counts: list[float]
    places: array[int]


_Words = dict[str, _WordPostings]


class PostingTable:
    """All postings of the segment being written. To Whoosh it is the writer's pool."""

    def __init__(self) -> None:
        self._fields: dict[str, _Words] = {"key": {}, "surface": {}, "text": {}, "title": {}}

    def add_document(self, number: int, document: IndexedDocument) -> None:
        """The words of a document; its number is larger than that of any before it."""
        words = self._fields["text"]
        for word, places in document.text.items():
            known = words.get(word)
            if known is None:
                words[word] = _WordPostings([number], [len(places)], array("I", places))
            else:
                known.documents.append(number)
                known.counts.append(len(places))
                known.places.extend(places)
        _count(self._fields["title"], number, document.title)
        _count(self._fields["surface"], number, document.surface)
        _count(self._fields["key"], number, {document.key: 1})

    def add(self, posting: tuple[str, bytes, int, float, bytes]) -> None:
        """Whoosh wants this of a pool, for fields that it indexes itself; there are none."""
        raise NotImplementedError(f"{posting[0]} is not indexed by Whoosh")

    def add_word(
        self,
        field: str,
        word: str,
        found: tuple[Sequence[int], Sequence[float], Sequence[int]],
        renumbered: Mapping[int, int],
    ) -> None:
        """Documents, counts and places of a word in another segment; documents without a new number stay behind."""
        documents, counts, places = found
        kept = [place for place, number in enumerate(documents) if number in renumbered]
        if not kept:
            return
        known = self._fields[field].setdefault(word, _WordPostings([], [], array("I")))
        known.documents.extend(renumbered[documents[place]] for place in kept)
        known.counts.extend(counts[place] for place in kept)
        if len(kept) == len(documents):
            known.places.extend(places)
        elif places:
            starts = [0, *accumulate(map(int, counts))]
            for place in kept:
                known.places.extend(places[starts[place] : starts[place + 1]])

    def fields(self) -> Iterator[tuple[str, list[tuple[str, _WordPostings]]]]:
        """Fields by name, and their words in the order of their bytes, which is that of their code points."""
        for name, words in sorted(self._fields.items()):
            if words:
                yield name, sorted(words.items())

    def iter_postings(self) -> PostingTable:
        """Itself, for the field writer below; Whoosh asks for them by this name."""
        return self

    def cleanup(self) -> None:
        """There is nothing on disk to remove."""


class TableWriter(SegmentWriter):
    """Whoosh's writer with a posting table for its pool."""

    def __init__(self, index: FileIndex, **options: Any) -> None:
        super().__init__(index, codec=_TableCodec(), **options)
        self._table = PostingTable()
        self.pool: Any = self._table

    def add(self, document: IndexedDocument) -> None:
        number = self.docnum
        self.add_document(meta=document.meta, texts=document.texts)
        self._table.add_document(number, document)

    def add_postings_to_pool(self, reader: Any, startdoc: int, docmap: dict[int, int] | None) -> None:
        """What a segment that is merged says, in blocks instead of one posting at a time."""
        renumbered = docmap
        if renumbered is None:
            renumbered = {number: startdoc + number for number in range(reader.doc_count_all())}
        for field, word in reader.all_terms():
            self._table.add_word(field, word.decode(), postings_of(reader, field, word), renumbered)


class _TableCodec(W3Codec):
    """Names segments from the operating system's randomness, and writes posting tables.

    Whoosh asks `random`, whose sequence two forked processes share: the second would take the first one's name.
    """

    def new_segment(self, storage: Any, indexname: str) -> Any:
        segment = super().new_segment(storage, indexname)
        segment.segid = secrets.token_hex(10)
        return segment

    def field_writer(self, storage: Any, segment: Any) -> Any:
        return _TableFieldWriter(self, storage, segment)


class _TableFieldWriter(W3FieldWriter):
    def add_postings(self, schema: Any, lengths: Any, items: PostingTable) -> None:  # noqa: ARG002 - Whoosh's signature; no field of ours is scored by it
        place = self._postfile.tell()
        for name, words in items.fields():
            self.start_field(name, schema[name])
            beginning = struct.pack("!H", self._fieldid)
            for word, postings in words:
                block = _block(postings)
                self._postfile.write(block)
                self._tindex.add(beginning + word.encode(), _term_info(postings, place, len(block)))
                place += len(block)
            self.finish_field()


def _block(postings: _WordPostings) -> bytes:
    """All postings of a word as the one block that is also the last; the first one's value holds the places of all.

    One value is read many times faster than one a posting, and how often the word stands in each tells them apart.
    """
    documents, counts, places = postings
    values = (_packed(places), *[b""] * (len(documents) - 1)) if places else None
    data = dumps((_gaps(documents), _shortest(counts), values), _PICKLE)
    level = _FAST if len(data) >= _WORTH_COMPRESSING else 0
    if level:
        data = zlib.compress(data, level)
    about = dumps((len(documents), documents[-1], max(counts), level, 0, 0), _PICKLE)
    return b"".join((WHOOSH3_HEADER_MAGIC, _SIZE.pack(-len(about) - len(data)), about, data))


def _term_info(postings: _WordPostings, place: int, length: int) -> bytes:
    documents, counts, _ = postings
    info = W3TermInfo(
        weight=sum(counts), df=len(documents), maxweight=max(counts), minid=documents[0], maxid=documents[-1]
    )
    info.set_extent(place, length)
    return bytes(info.to_bytes())


def _count(words: _Words, number: int, counts: Mapping[str, int]) -> None:
    for word, count in counts.items():
        known = words.get(word)
        if known is None:
            words[word] = _WordPostings([number], [count], _NO_PLACES)
        else:
            known.documents.append(number)
            known.counts.append(count)


def _packed(places: array[int]) -> bytes:
    if max(places) > _FURTHEST:
        return struct.pack(f"<{len(places)}I", *(min(place, _FURTHEST) for place in places))
    return struct.pack(f"<{len(places)}I", *places)


def _gaps(documents: list[int]) -> tuple[int, ...]:
    """The first number, and by how much each is larger than the one before it."""
    return (documents[0], *map(sub, documents[1:], documents))


def _shortest(counts: Sequence[float]) -> tuple[float, ...] | float | None:
    """Nothing for once each, one number where all are alike, else all of them."""
    first = counts[0]
    if counts.count(first) < len(counts):
        return tuple(map(float, counts))
    return None if first == 1 else float(first)

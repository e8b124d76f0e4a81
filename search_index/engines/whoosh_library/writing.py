"""Writing: batches in one durable commit, and which segments are written anew with them."""

# Whoosh's own annotations are partial: what crosses this door is Any on its side and typed on ours.
# mypy: disallow-untyped-calls=False
# ruff: noqa: ANN401

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from whoosh.index import FileIndex
from whoosh.reading import SegmentReader

from search_index.engine import Watermark
from search_index.engines.whoosh_library.building import TableWriter
from search_index.engines.whoosh_library.schema import SCHEMA, IndexedDocument
from search_index.engines.whoosh_library.segments import open_segments, read_commit
from search_index.engines.whoosh_library.storage import VouchedStorage, damage_or_unavailable

SEGMENT_DOCUMENTS: Final = 1_250
"""No segment grows past this by merging: erasing one document never rewrites more than this many."""

STALE_SHARE: Final = 0.2
"""A segment with a larger share of replaced documents than this is rewritten at the next commit."""


def create_index(folder: Path, watermark: Watermark) -> None:
    """Make an empty index in an empty folder."""
    with damage_or_unavailable():
        folder.mkdir(parents=True)
        storage = VouchedStorage(folder, None)
        storage.watermark = watermark
        FileIndex.create(storage, SCHEMA)


def write_changes(
    folder: Path,
    *,
    documents: Iterable[IndexedDocument],
    removed: Iterable[str],
    watermark: Watermark,
    erase: bool = False,
) -> None:
    """Replace and remove documents by key, and store the watermark, in one durable commit.

    With `erase`, removed documents are out of sight at once; then segments holding them are rewritten, at most
    SEGMENT_DOCUMENTS documents a commit. The manifest says `erasing` until the last is done, so that an
    interruption is made up for.
    """
    commit = read_commit(folder)
    erase = erase or commit.erasing
    leftover = _write_once(folder, list(documents), list(removed), watermark, erase=False, pending=erase)
    while leftover:
        leftover = _write_once(folder, [], [], watermark, erase=True)


def _write_once(
    folder: Path,
    documents: list[IndexedDocument],
    removed: list[str],
    watermark: Watermark,
    *,
    erase: bool,
    pending: bool = False,
) -> bool:
    """One commit; answers whether removed documents are still in some file though they should not be."""
    storage = VouchedStorage(folder, read_commit(folder))
    storage.watermark = watermark
    rule = _MergeRule(len(documents), erase=erase)
    with damage_or_unavailable(), _writer(storage) as writer:
        for key in [*removed, *(document.key for document in documents)]:
            writer.delete_by_term("key", key)
        for document in documents:
            writer.add(document)
        held = _with_removals(writer.segments)
        storage.erasing = len(rule.chosen(writer.segments)) < held if erase else pending and held > 0
        writer.commit(mergetype=rule)
    return storage.erasing


def write_segment(folder: Path, documents: Iterable[IndexedDocument], watermark: Watermark) -> None:
    """Add documents known to be new as one segment of their own; for building an index from nothing."""
    storage = VouchedStorage(folder, read_commit(folder))
    storage.watermark = watermark
    with damage_or_unavailable(), _writer(storage) as writer:
        for document in documents:
            writer.add(document)
        writer.commit(merge=False)


def adopt_segments(folder: Path, part: Path, watermark: Watermark) -> None:
    """Take over the segments of another index, of documents known to be new; their files move."""
    _, opened = open_segments(part)
    adopted = [segment.reader.segment() for segment in opened]
    for segment in opened:
        segment.reader.close()
        segment.path.rename(folder / segment.path.name)
    storage = VouchedStorage(folder, read_commit(folder))
    storage.watermark = watermark
    with damage_or_unavailable(), _writer(storage) as writer:
        writer.commit(mergetype=lambda _writer, present: [*present, *adopted])


@contextmanager
def _writer(storage: VouchedStorage) -> Iterator[TableWriter]:
    writer = TableWriter(FileIndex(storage, schema=SCHEMA), timeout=5.0)
    try:
        with _no_collection():
            yield writer
    finally:
        if not writer.is_closed:
            writer.cancel()


@contextmanager
def _no_collection() -> Iterator[None]:
    """Python's search for cycles stands still: among a batch's postings there are none, and it takes half the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _MergeRule:
    """Which segments are written anew together with the batch.

    With `erase`, those that hold removed documents come first, up to a limit a commit; then those that grew stale; then
    small ones, as long as each is no larger than all before it together: that keeps their number near the
    logarithm of the documents, and the work for one note small.
    """

    def __init__(self, added: int, *, erase: bool) -> None:
        self._added = added
        self._erase = erase

    def __call__(self, writer: Any, segments: list[Any]) -> list[Any]:
        merged = self._all_chosen(segments)
        for segment in merged:
            reader = SegmentReader(writer.storage, writer.schema, segment)
            if segment.doc_count():
                writer.add_reader(reader)
            reader.close()
        return [segment for segment in segments if segment not in merged]

    def chosen(self, segments: list[Any]) -> list[Any]:
        """The segments with removals that this commit writes anew: at least one, if there is any."""
        found: list[Any] = []
        total = 0
        for segment in sorted(segments, key=lambda each: int(each.doc_count_all())):
            total += segment.doc_count_all()
            if segment.has_deletions() and (not found or total <= SEGMENT_DOCUMENTS):
                found.append(segment)
        return found

    def _all_chosen(self, segments: list[Any]) -> list[Any]:
        merged = self.chosen(segments) if self._erase else [each for each in segments if _is_stale(each)]
        small = self._added
        room = SEGMENT_DOCUMENTS - small - sum(segment.doc_count() for segment in merged)
        for segment in sorted(segments, key=lambda each: int(each.doc_count())):
            size = segment.doc_count()
            if segment not in merged and size <= min(small, room):
                merged.append(segment)
                small, room = small + size, room - size
        return merged


def _with_removals(segments: list[Any]) -> int:
    return sum(bool(segment.has_deletions()) for segment in segments)


def _is_stale(segment: Any) -> bool:
    return bool(segment.deleted_count() > STALE_SHARE * segment.doc_count_all())

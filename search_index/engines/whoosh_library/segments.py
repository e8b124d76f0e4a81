"""Reading: segments opened, and their postings as whole arrays."""

# Whoosh's own annotations are partial: what crosses this door is Any on its side and typed on ours.
# mypy: disallow-untyped-calls=False
# ruff: noqa: ANN401

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from whoosh.index import FileIndex
from whoosh.reading import SegmentReader

from search_index.engine import IndexDamaged, SearchUnavailable
from search_index.engines.manifest import Manifest, read_manifest
from search_index.engines.whoosh_library.reading import Block, blocks, places_in
from search_index.engines.whoosh_library.schema import POSITION_BITS, SCHEMA
from search_index.engines.whoosh_library.storage import (
    TOC,
    FileState,
    Superseded,
    VouchedStorage,
    damage_named,
    file_state,
)

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float32]

_ATTEMPTS: Final = 20


class Postings(NamedTuple):
    """Document numbers, ascending, and how often the word stands in each."""

    documents: IntArray
    weights: FloatArray


@dataclass(slots=True)
class Segment:
    """One segment opened for reading. It never changes but for the documents removed from it."""

    name: str
    size: int
    removed: IntArray
    path: Path
    state: FileState | None
    reader: SegmentReader = field(repr=False)

    def postings(self, field_name: str, word: str) -> Postings | None:
        """Where a word occurs, removed documents included; None where it does not occur."""
        found = [_posted(block) for block in blocks(self.reader, field_name, word.encode())]
        if len(found) < 2:  # noqa: PLR2004 - one block is nearly always all there is
            return found[0] if found else None
        documents, weights = zip(*found, strict=True)
        return Postings(np.concatenate(documents), np.concatenate(weights))

    def places(self, word: str) -> IntArray:
        """Every place of a word in `text` as document number << POSITION_BITS | place, ascending."""
        found = []
        for block in blocks(self.reader, "text", word.encode()):
            documents, weights = _posted(block)
            places = places_in(block).astype(np.int64)
            found.append(np.repeat(documents << POSITION_BITS, weights.astype(np.int64)) | places)
        return np.concatenate(found) if found else np.zeros(0, dtype=np.int64)

    def words_from(self, field_name: str, beginning: str) -> list[tuple[str, int]]:
        """Words with this beginning and in how many documents, removed ones included, each occurs."""
        start = beginning.encode()
        found = []
        for (name, word), info in self.reader.iter_from(field_name, start):
            if name != field_name or not word.startswith(start):
                break
            found.append((word.decode(), int(info.doc_frequency())))
        return found

    def meta(self) -> list[bytes]:
        """What add_documents was given as `meta`, by document number."""
        column = self.reader.column_reader("meta")
        return [bytes(column[number]) for number in range(self.size)]

    def texts(self, number: int) -> tuple[str, str, str]:
        title, quote, body = self.reader.stored_fields(number)["texts"]
        return str(title), str(quote), str(body)

    def is_touched(self) -> bool:
        """Whether the file is not the one that was checked and opened: changed in place, replaced, or gone."""
        return self.state != file_state(self.path)


def _posted(block: Block) -> Postings:
    documents = np.cumsum(np.array(block.gaps, dtype=np.int64))
    weights = np.empty(len(documents), dtype=np.float32)
    weights[:] = block.counts
    return Postings(documents, weights)


def latest_generation(folder: Path) -> int:
    """The number of the last commit in a folder, -1 if there is none: one listing of the folder, nothing opened."""
    try:
        matches = [TOC.match(path.name) for path in folder.iterdir()]
    except OSError:
        return -1
    return max((int(match.group(1)) for match in matches if match), default=-1)


def read_commit(folder: Path) -> Manifest:
    """The manifest of the last commit."""
    for _ in range(_ATTEMPTS):
        generation = latest_generation(folder)
        try:
            return read_manifest(folder, generation)
        except FileNotFoundError:
            if latest_generation(folder) == generation:
                break
    raise IndexDamaged("The index lacks the manifest of its last commit. Rebuild the index.")


def open_segments(folder: Path) -> tuple[int, list[Segment]]:
    """Open the last commit for reading: its number and its segments."""
    for _ in range(_ATTEMPTS):
        generation = latest_generation(folder)
        storage = VouchedStorage(folder, read_commit(folder))
        try:
            with _closed_on_failure(storage), damage_named():
                reader = FileIndex(storage, schema=SCHEMA).reader()
                return generation, [_opened(folder, leaf) for leaf, _ in reader.leaf_readers() if leaf.doc_count_all()]
        except Superseded as error:
            if latest_generation(folder) == generation:
                raise IndexDamaged(f"The index lacks {error}. Rebuild the index.") from error
    raise SearchUnavailable("The index changes too fast to be opened. Try again.")


@contextmanager
def _closed_on_failure(storage: VouchedStorage) -> Iterator[None]:
    try:
        yield
    except BaseException:
        storage.close_opened()
        raise


def _opened(folder: Path, reader: Any) -> Segment:
    name = reader.segment().segment_id()
    path = folder / f"{name}.seg"
    removed = np.array(sorted(reader.deleted_docs_set), dtype=np.int64)
    return Segment(name, reader.doc_count_all(), removed, path, file_state(path), reader)

"""Whoosh behind one door: the only module that imports it, and only with API that whoosh-reloaded has too.

Whoosh keeps the words: it writes segments, merges them and hands out postings. What is asked of those postings
is worked out in this project (see evaluation.py), on whole arrays instead of one document at a time.
"""

# Whoosh's own annotations are partial: what crosses this door is Any on its side and typed on ours.
# mypy: disallow-untyped-calls=False
# ruff: noqa: ANN401

from __future__ import annotations

import re
import secrets
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from whoosh import fields, formats
from whoosh.codec.whoosh3 import W3Codec, W3LeafMatcher
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex
from whoosh.lang.snowball.english import EnglishStemmer
from whoosh.matching.wrappers import FilterMatcher
from whoosh.reading import SegmentReader, TermNotFound

from search_index.engine import IndexDamaged, SearchUnavailable, Watermark
from search_index.engines.manifest import Manifest, fingerprint, read_manifest, sync, write_manifest

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float32]

SEGMENT_DOCUMENTS: Final = 2_500
"""No segment grows past this by merging: erasing one document never rewrites more than this many."""

POSITION_BITS: Final = 20
"""A place in a text is kept in this many bits: about a million words a document."""

STALE_SHARE: Final = 0.2
"""A segment with a larger share of replaced documents than this is rewritten at the next commit."""

_POSTING_BLOCK: Final = 4_096
_WRITER_MEGABYTES: Final = 1_024
_TOC: Final = re.compile(r"^_MAIN_(\d+)\.toc$")
_ATTEMPTS: Final = 20

_STEMMER: Final = EnglishStemmer()


def stem(word: str) -> str:
    """The Snowball stem of a folded English word; other scripts come back as they are."""
    return str(_STEMMER.stem(word))


_IndexItems = Generator[tuple[bytes, int, float, bytes], Any, None]
"""By word: the word, how often it occurs, its weight, and what is kept with it."""

_NO_ANALYZER: Final[Any] = None


class _WordsWithPlaces(fields.FieldType):
    """Takes a mapping of word to its places, already analysed, ascending."""

    def __init__(self) -> None:
        super().__init__(format=formats.Positions(), analyzer=_NO_ANALYZER, scorable=False)

    def index(self, value: Mapping[str, Sequence[int]], **_options: Any) -> _IndexItems:
        limit = (1 << POSITION_BITS) - 1
        for word, places in value.items():
            packed = np.minimum(np.array(places, dtype=np.int64), limit).astype("<u4").tobytes()
            yield word.encode(), len(places), float(len(places)), packed


class _Words(fields.FieldType):
    """Takes a mapping of word to how often it occurs."""

    def __init__(self) -> None:
        super().__init__(format=formats.Existence(), analyzer=_NO_ANALYZER, scorable=False)

    def index(self, value: Mapping[str, int], **_options: Any) -> _IndexItems:
        for word, count in value.items():
            yield word.encode(), count, float(count), b""


SCHEMA: Final = fields.Schema(
    key=fields.ID(),
    text=_WordsWithPlaces(),
    title=_Words(),
    surface=_Words(),
    meta=fields.COLUMN(),
    texts=fields.STORED(),
)


class IndexedDocument(NamedTuple):
    """A document ready for the index. `meta` is what is kept in memory, `texts` what snippets are cut from."""

    key: str
    text: Mapping[str, Sequence[int]]
    title: Mapping[str, int]
    surface: Mapping[str, int]
    meta: bytes
    texts: tuple[str, str, str]


class Postings(NamedTuple):
    """Document numbers, ascending, and how often the word stands in each."""

    documents: IntArray
    weights: FloatArray


FileState = tuple[int, int, int]
"""Inode, size in bytes, time of the last change in nanoseconds."""


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
        blocks = list(self._blocks(field_name, word))
        if not blocks:
            return None
        documents, weights, _ = zip(*blocks, strict=True)
        return Postings(np.concatenate(documents), np.concatenate(weights))

    def places(self, word: str) -> IntArray:
        """Every place of a word in `text` as document number << POSITION_BITS | place, ascending."""
        found: list[IntArray] = []
        for documents, weights, values in self._blocks("text", word):
            places = np.frombuffer(b"".join(values), dtype="<u4").astype(np.int64)
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
        return self.state != _file_state(self.path)

    def _blocks(self, field_name: str, word: str) -> Iterator[tuple[IntArray, FloatArray, Sequence[bytes]]]:
        try:
            matcher = self.reader.postings(field_name, word.encode())
        except TermNotFound:
            return
        if isinstance(matcher, FilterMatcher):
            matcher = matcher.child
            matcher.reset()
        if isinstance(matcher, W3LeafMatcher):
            yield from _whole_blocks(matcher)
        else:
            yield from _single_postings(matcher)


def _whole_blocks(matcher: Any) -> Iterator[tuple[IntArray, FloatArray, Sequence[bytes]]]:
    """Blocks as they lie on disk: gaps between document numbers, weights (or one for all), values."""
    while matcher.is_active():
        matcher._read_data()  # noqa: SLF001 - the one shortcut past Whoosh's loop in Python, 10 to 50 times faster
        gaps, weights, values = matcher._data  # noqa: SLF001 - see above
        documents = np.cumsum(np.array(gaps, dtype=np.int64))
        if weights is None or isinstance(weights, float):
            weights = np.full(len(documents), 1.0 if weights is None else weights)
        yield documents, np.asarray(weights, dtype=np.float32), values or ()
        matcher._next_block()  # noqa: SLF001 - see above


def _single_postings(matcher: Any) -> Iterator[tuple[IntArray, FloatArray, Sequence[bytes]]]:
    """Any other matcher, through Whoosh's public interface."""
    while matcher.is_active():
        yield (
            np.array([matcher.id()], dtype=np.int64),
            np.array([matcher.weight()], dtype=np.float32),
            (matcher.value(),),
        )
        matcher.next()


class _Superseded(Exception):
    """The commit being opened has just been replaced by another process: open again."""


class _VouchedStorage(FileStorage):
    """Files that are compared with their manifest before they are read, and commits that survive a power cut."""

    def __init__(self, folder: Path, manifest: Manifest | None) -> None:
        # Without mmap: Whoosh copies every posting file into memory otherwise.
        super().__init__(str(folder), supports_mmap=False)
        self.watermark = manifest.watermark if manifest else Watermark()
        self.erasing = False
        self._vouched = dict(manifest.files) if manifest else {}
        self._own: set[str] = set()

    def create_file(self, name: str, excl: bool = False, mode: str = "wb", **options: Any) -> Any:  # noqa: FBT001, FBT002 - Whoosh's
        self._own.add(name)
        return super().create_file(name, excl=excl, mode=mode, **options)

    def open_file(self, name: str, **options: Any) -> Any:
        if name not in self._own:
            self._check(name)
        try:
            return super().open_file(name, **options)
        except FileNotFoundError as error:
            raise _Superseded(name) from error

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:  # noqa: FBT001, FBT002 - Whoosh's
        """Renaming the table of contents is the commit: all it speaks of is on disk before, itself right after."""
        committed = _TOC.match(newname)
        folder = Path(self.folder)
        if committed:
            write_manifest(folder, int(committed.group(1)), self._manifest(folder, oldname, newname))
        super().rename_file(oldname, newname, safe=safe)
        self._own.add(newname)
        if committed:
            sync(folder)

    def _manifest(self, folder: Path, draft: str, toc: str) -> Manifest:
        vouched = {}
        for path in sorted(folder.glob("MAIN_*.*")):
            vouched[path.name] = self._vouched.get(path.name) or _synced_fingerprint(path)
        sync(folder / draft)
        vouched[toc] = fingerprint(folder / draft)
        return Manifest(self.watermark, vouched, self.erasing)

    def _check(self, name: str) -> None:
        if name not in self._vouched:
            raise _Superseded(name)
        try:
            found = _fingerprint_once(Path(self.folder) / name)
        except FileNotFoundError as error:
            raise _Superseded(name) from error
        if found != self._vouched[name]:
            raise IndexDamaged(f"{name} is not what was written. Rebuild the index.")


def _synced_fingerprint(path: Path) -> str:
    sync(path)
    return fingerprint(path)


_known_fingerprints: dict[Path, tuple[FileState, str]] = {}


def _fingerprint_once(path: Path) -> str:
    """The fingerprint of a file, worked out again only if the file has changed since."""
    state = _file_state(path)
    if state is None:
        raise FileNotFoundError(path)
    known = _known_fingerprints.get(path)
    if known is None or known[0] != state:
        known = _known_fingerprints[path] = (state, fingerprint(path))
    return known[1]


def create_index(folder: Path, watermark: Watermark) -> None:
    """Make an empty index in an empty folder."""
    folder.mkdir(parents=True)
    storage = _VouchedStorage(folder, None)
    storage.watermark = watermark
    FileIndex.create(storage, SCHEMA)


def latest_generation(folder: Path) -> int:
    """The number of the last commit in a folder, -1 if there is none: one listing of the folder, nothing opened."""
    try:
        matches = [_TOC.match(path.name) for path in folder.iterdir()]
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
        manifest = read_commit(folder)
        try:
            with damage_named():
                reader = FileIndex(_VouchedStorage(folder, manifest), schema=SCHEMA).reader()
                return generation, [_opened(folder, leaf) for leaf, _ in reader.leaf_readers() if leaf.doc_count_all()]
        except _Superseded as error:
            if latest_generation(folder) == generation:
                raise IndexDamaged(f"The index lacks {error}. Rebuild the index.") from error
    raise SearchUnavailable("The index changes too fast to be opened. Try again.")


def _opened(folder: Path, reader: Any) -> Segment:
    name = reader.segment().segment_id()
    path = folder / f"{name}.seg"
    removed = np.array(sorted(reader.deleted_docs_set), dtype=np.int64)
    return Segment(name, reader.doc_count_all(), removed, path, _file_state(path), reader)


def _file_state(path: Path) -> FileState | None:
    try:
        state = path.stat()
    except FileNotFoundError:
        return None
    return state.st_ino, state.st_size, state.st_mtime_ns


def write_changes(
    folder: Path,
    *,
    documents: Iterable[IndexedDocument],
    removed: Iterable[str],
    watermark: Watermark,
    erase: bool = False,
) -> None:
    """Replace and remove documents by key, and store the watermark, in one durable commit.

    With `erase`, segments holding removed documents are rewritten, at most SEGMENT_DOCUMENTS documents a
    commit; the manifest says `erasing` until the last is done, so that an interruption is made up for.
    """
    commit = read_commit(folder)
    erase = erase or commit.erasing
    leftover = _write_once(folder, list(documents), list(removed), watermark, erase=erase)
    while erase and leftover:
        leftover = _write_once(folder, [], [], watermark, erase=True)


def _write_once(
    folder: Path, documents: list[IndexedDocument], removed: list[str], watermark: Watermark, *, erase: bool
) -> bool:
    """One commit; answers whether removed documents are still in some file though they should not be."""
    storage = _VouchedStorage(folder, read_commit(folder))
    storage.watermark = watermark
    rule = _MergeRule(len(documents), erase=erase)
    with _damage_or_unavailable(), _writer(storage) as writer:
        for key in [*removed, *(document.key for document in documents)]:
            writer.delete_by_term("key", key)
        for document in documents:
            writer.add_document(**document._asdict())
        storage.erasing = erase and len(rule.chosen(writer.segments)) < _with_removals(writer.segments)
        writer.commit(mergetype=rule)
    return storage.erasing


def write_segment(folder: Path, documents: Iterable[IndexedDocument], watermark: Watermark) -> None:
    """Add documents known to be new as one segment of their own; for building an index from nothing."""
    storage = _VouchedStorage(folder, read_commit(folder))
    storage.watermark = watermark
    with _damage_or_unavailable(), _writer(storage) as writer:
        for document in documents:
            writer.add_document(**document._asdict())
        writer.commit(merge=False)


class _Codec(W3Codec):
    """Names segments from the operating system's randomness.

    Whoosh asks `random`, whose sequence two forked processes share: the second would take the first one's name.
    """

    def new_segment(self, storage: Any, indexname: str) -> Any:
        segment = super().new_segment(storage, indexname)
        segment.segid = secrets.token_hex(10)
        return segment


@contextmanager
def _writer(storage: _VouchedStorage) -> Iterator[Any]:
    codec = _Codec(blocklimit=_POSTING_BLOCK)
    writer: Any = FileIndex(storage, schema=SCHEMA).writer(limitmb=_WRITER_MEGABYTES, codec=codec, timeout=5.0)
    try:
        yield writer
    finally:
        if not writer.is_closed:
            writer.cancel()


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


@contextmanager
def damage_named() -> Iterator[None]:
    """Whatever goes wrong while reading files that were vouched for means they cannot be trusted."""
    try:
        yield
    except (SearchUnavailable, _Superseded):
        raise
    except Exception as error:
        raise IndexDamaged(f"The index cannot be read ({error!r}). Rebuild the index.") from error


@contextmanager
def _damage_or_unavailable() -> Iterator[None]:
    """While writing, an operating system error is the disk's fault, any other the index's."""
    try:
        yield
    except _Superseded as error:
        raise IndexDamaged(f"The index lacks {error}. Rebuild the index.") from error
    except (SearchUnavailable, OSError, MemoryError) as error:
        if isinstance(error, SearchUnavailable):
            raise
        raise SearchUnavailable(f"The index cannot be written: {error}. Nothing was changed.") from error
    except Exception as error:
        raise IndexDamaged(f"The index cannot be written ({error!r}). Rebuild the index.") from error

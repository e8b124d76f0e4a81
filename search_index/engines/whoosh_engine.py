"""The embedded engine: Whoosh keeps the words, arrays answer the questions, one process writes at a time."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Final, TypeVar

import numpy as np

from search_index.documents import STRENGTHS, SearchDocument
from search_index.engine import (
    FACET_VALUE_LIMIT,
    FEW_HITS,
    Changes,
    DocumentState,
    FacetCount,
    IndexDamaged,
    SearchHit,
    SearchRequest,
    SearchResults,
    SnippetPart,
    Watermark,
)
from search_index.engines.evaluation import MESSAGE_WIDENED, Evaluation, Found
from search_index.engines.index_folder import IndexFolder
from search_index.engines.rebuilding import fill
from search_index.engines.relatives import relatives
from search_index.engines.snapshot import NO_DATE, Mask, SegmentMemory, Snapshot, indexed
from search_index.engines.snippets import Marker, mark, snippet
from search_index.engines.spelling import suggest
from search_index.engines.whoosh_library import (
    IntArray,
    create_index,
    damage_named,
    latest_generation,
    open_segments,
    read_commit,
    write_changes,
)

SCHEMA: Final = "whoosh-3"
"""Raise the number when documents are analysed or laid out differently: every index is then rebuilt."""

TIME_LIMIT: Final = 1.0
"""Seconds after which a search stops looking for more words."""

_Answer = TypeVar("_Answer")


class WhooshEngine:
    """Keeps the promise of SearchEngine in a folder. Safe for many threads and, one writing, many processes.

    `rebuild_processes` is how many processes a rebuild uses; each takes about 250 MB while it lasts.
    """

    def __init__(self, path: Path, *, rebuild_processes: int = 1, clock: Callable[[], float] = time.monotonic) -> None:
        self._folder = IndexFolder(path)
        self._rebuild_processes = rebuild_processes
        self._clock = clock
        self._reading = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._opened: tuple[int, Path, int] | None = None
        self._memory = SegmentMemory()

    @classmethod
    def open_or_create(
        cls, path: Path, *, rebuild_processes: int = 1, clock: Callable[[], float] = time.monotonic
    ) -> WhooshEngine:
        """Open the index in a folder, making an empty one where there is none.

        A damaged index is opened too: its first use raises IndexDamaged, and `rebuild` mends it.
        """
        engine = cls(path, rebuild_processes=rebuild_processes, clock=clock)
        if not engine._folder.exists():
            with engine._folder.locked("writer.lock"):
                if not engine._folder.exists():
                    engine._start_empty()
        return engine

    @property
    def schema(self) -> str:
        return SCHEMA

    def search(self, request: SearchRequest) -> SearchResults:
        started = self._clock()
        with self._current() as snapshot:
            return _answer(snapshot, request, started, self._clock)

    def related(
        self, key: str, clearances: frozenset[str], *, limit: int = 5, without: frozenset[str] = frozenset()
    ) -> tuple[SearchHit, ...]:
        with self._current() as snapshot:
            numbers, scores = relatives(snapshot, snapshot.view(clearances), key)
            kept = (number for number in numbers.tolist() if snapshot.key(number) not in without)
            return tuple(
                SearchHit(
                    key=snapshot.key(number),
                    kind=snapshot.kind(number),
                    title=(title := snapshot.texts(number)[0]),
                    score=round(float(scores[number]), 4),
                    snippet=(),
                    title_parts=(SnippetPart(title),),
                    date=snapshot.day(number),
                )
                for number in islice(kept, limit)
            )

    def apply(self, changes: Changes, watermark: Watermark) -> None:
        latest = {document.key: document for document in changes.documents}
        with self._folder.locked("writer.lock"):
            self._folder.remove_superseded()
            write_changes(
                self._folder.current(),
                documents=[indexed(document) for key, document in latest.items() if key not in changes.deletes],
                removed=sorted(changes.deletes),
                watermark=watermark,
                erase=changes.erase or bool(changes.deletes),
            )

    def watermark(self) -> Watermark:
        return self._read(read_commit).watermark

    def keys(self) -> Mapping[str, DocumentState]:
        with self._current() as snapshot:
            return snapshot.states()

    def document_count(self) -> int:
        with self._current() as snapshot:
            return int(snapshot.live.sum())

    def rebuild(
        self,
        documents: Iterable[SearchDocument],
        watermark: Watermark,
        progress: Callable[[int], None] | None = None,
    ) -> None:
        """Build beside the live index, a segment at a time, and swap. The live one answers meanwhile.

        Batches applied while this runs go into the live index and are gone with it: go on from `watermark`
        afterwards. Should one key come twice, the first document stays.
        """
        with self._folder.locked("rebuild.lock"):
            folder = self._folder.new()
            try:
                create_index(folder, watermark)
                fill(
                    folder,
                    documents,
                    watermark,
                    progress=progress or (lambda _count: None),
                    processes=self._rebuild_processes,
                )
                with self._folder.locked("writer.lock"):
                    self._folder.switch_to(folder)
            except BaseException:
                self._folder.discard(folder)
                raise

    def close(self) -> None:
        with self._reading:
            self._forget()

    def _start_empty(self) -> None:
        folder = self._folder.new()
        create_index(folder, Watermark(schema=SCHEMA))
        self._folder.switch_to(folder)

    @contextmanager
    def _current(self) -> Iterator[Snapshot]:
        """The last commit, whichever process made it; one thread at a time, as the work holds the interpreter.

        A forked process opens its own files: with its parent's, the two would move each other's place in them.
        """
        with self._reading:
            folder = self._folder.current()
            snapshot = self._snapshot
            wanted = (os.getpid(), folder, latest_generation(folder))
            if snapshot is None or self._opened != wanted or snapshot.is_touched():
                snapshot = self._reopen()
            with damage_named():
                yield snapshot

    def _reopen(self) -> Snapshot:
        """Open the new commit, then close the old one."""

        def opened(folder: Path) -> Snapshot:
            generation, segments = open_segments(folder)
            try:
                with damage_named():
                    snapshot = Snapshot(segments, self._memory)
            except BaseException:
                for segment in segments:
                    segment.reader.close()
                raise
            self._forget()
            self._snapshot, self._opened = snapshot, (os.getpid(), folder, generation)
            return snapshot

        return self._read(opened)

    def _read(self, action: Callable[[Path], _Answer]) -> _Answer:
        """Do something with the live folder; should a rebuild take it away meanwhile, do it with the next one."""
        folder = self._folder.current()
        try:
            return action(folder)
        except IndexDamaged:
            successor = self._folder.current()
            if successor == folder:
                raise
        return action(successor)

    def _forget(self) -> None:
        if self._snapshot is not None:
            self._snapshot.close()
        self._snapshot = self._opened = None


def _answer(snapshot: Snapshot, request: SearchRequest, started: float, clock: Callable[[], float]) -> SearchResults:
    deadline = started + TIME_LIMIT
    view = snapshot.view(request.clearances)
    found = Evaluation(snapshot, view, deadline=deadline, clock=clock).find(request.query)
    selected = _selections(snapshot, request.filters)
    documents = _all_of(found.documents, selected.values())
    suggestion = None
    if int(found.documents.sum()) < FEW_HITS or MESSAGE_WIDENED in found.messages:
        suggestion = suggest(request.query, snapshot, view, deadline=deadline, clock=clock)
    numbers = _ordered(snapshot, found, np.flatnonzero(documents), request)
    offset = _start(snapshot, numbers, request)
    return SearchResults(
        total=len(numbers),
        hits=tuple(_hits(snapshot, found, numbers[offset : offset + request.limit], request)),
        facets=_facets(snapshot, found.documents, selected),
        messages=(*request.query.messages, *found.messages),
        took_ms=(clock() - started) * 1000,
        suggestion=suggestion,
        offset=offset,
    )


def _start(snapshot: Snapshot, numbers: IntArray, request: SearchRequest) -> int:
    if not (request.after or request.before):
        return request.offset
    return request.start([snapshot.key(number) for number in numbers.tolist()])


def _selections(snapshot: Snapshot, filters: Mapping[str, tuple[str, ...]]) -> dict[str, Mask]:
    """By facet with a selection, the documents it lets through."""
    masks = {}
    for name, values in filters.items():
        column = snapshot.facets.get(name)
        if values and column:
            masks[name] = column.matching(frozenset(values).__contains__, snapshot.size)
        elif values:
            masks[name] = np.zeros(snapshot.size, dtype=bool)
    return masks


def _all_of(documents: Mask, masks: Iterable[Mask]) -> Mask:
    for mask in masks:
        documents = documents & mask
    return documents


def _facets(snapshot: Snapshot, documents: Mask, selected: Mapping[str, Mask]) -> dict[str, tuple[FacetCount, ...]]:
    everything = _all_of(documents, selected.values())
    facets = {}
    for name, column in snapshot.facets.items():
        counted = everything
        if name in selected:
            counted = _all_of(documents, (mask for other, mask in selected.items() if other != name))
        counts = column.counts(counted)
        present = sorted((-int(counts[code]), column.values[code]) for code in np.flatnonzero(counts))
        if present:
            facets[name] = tuple(FacetCount(value, -count) for count, value in present[:FACET_VALUE_LIMIT])
    return facets


def _hits(snapshot: Snapshot, found: Found, page: IntArray, request: SearchRequest) -> Iterator[SearchHit]:
    marker = Marker(request.query)
    for number in page.tolist():
        title, quote, body = snapshot.texts(number)
        yield SearchHit(
            key=snapshot.key(number),
            kind=snapshot.kind(number),
            title=title,
            score=round(float(found.scores[number]), 4),
            snippet=snippet((quote, body), marker),
            title_parts=mark(title, marker),
            date=snapshot.day(number),
        )


def _ordered(snapshot: Snapshot, found: Found, numbers: IntArray, request: SearchRequest) -> IntArray:
    """Numbers in the order asked for; equals by newest, then as indexed. Undated ones come last by date.

    A query without words ranks nothing, so it is shown newest first.
    """
    dates = snapshot.dates[numbers]
    scores = found.scores[numbers]
    if request.sort == "oldest":
        order = np.lexsort((numbers, np.where(dates == NO_DATE, np.iinfo(np.int64).max, dates)))
    elif request.sort == "newest":
        order = np.lexsort((numbers, -dates))
    elif request.sort == "strength":
        order = np.lexsort((numbers, -dates, -scores, _weaknesses(snapshot)[numbers]))
    else:
        order = np.lexsort((numbers, -dates, -scores))
    return numbers[order]


def _weaknesses(snapshot: Snapshot) -> IntArray:
    """By document, the place of its strength in STRENGTHS; behind them all where it has none."""
    places = np.full(snapshot.size, len(STRENGTHS), dtype=np.int64)
    column = snapshot.facets.get("strength")
    if column is not None:
        known = {value: place for place, value in enumerate(STRENGTHS)}
        by_code = np.array([known.get(value, len(STRENGTHS)) for value in column.values], dtype=np.int64)
        places[column.documents] = by_code[column.codes]
    return places

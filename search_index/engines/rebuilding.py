"""Filling a new index, a segment at a time, in one process or several."""

from __future__ import annotations

import multiprocessing
import shutil
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from pathlib import Path

from search_index.documents import SearchDocument
from search_index.engine import Watermark
from search_index.engines.snapshot import indexed
from search_index.engines.whoosh_library import (
    SEGMENT_DOCUMENTS,
    adopt_segments,
    create_index,
    write_segment,
)

Progress = Callable[[int], None]


def fill(
    folder: Path, documents: Iterable[SearchDocument], watermark: Watermark, *, progress: Progress, processes: int
) -> None:
    """Write documents into an empty index, the first of each key.

    With several processes each builds segments in a folder of its own, which are then taken over one by one.
    Their memory is bounded: no more than one batch a process is under way, and one waiting.
    """
    batches = _batches(documents)
    if processes == 1:
        for read, batch in batches:
            write_segment(folder, map(indexed, batch), watermark)
            progress(read)
        return
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
        waiting: deque[tuple[int, Path, Future[None]]] = deque()
        for number, (read, batch) in enumerate(batches):
            part = folder / f"part-{number:06d}"
            waiting.append((read, part, pool.submit(_build_part, part, batch)))
            if len(waiting) > processes:
                progress(_take_over(folder, *waiting.popleft(), watermark))
        while waiting:
            progress(_take_over(folder, *waiting.popleft(), watermark))


def _batches(documents: Iterable[SearchDocument]) -> Iterator[tuple[int, list[SearchDocument]]]:
    """How many documents were read so far, and those of the batch whose keys are new."""
    known: set[str] = set()
    batch: list[SearchDocument] = []
    read = 0
    for read, document in enumerate(documents, 1):
        if document.key not in known:
            known.add(document.key)
            batch.append(document)
        if len(batch) >= SEGMENT_DOCUMENTS:
            yield read, batch
            batch = []
    if batch:
        yield read, batch


def _build_part(part: Path, batch: list[SearchDocument]) -> None:
    create_index(part, Watermark())
    write_segment(part, map(indexed, batch), Watermark())


def _take_over(folder: Path, read: int, part: Path, built: Future[None], watermark: Watermark) -> int:
    built.result()
    adopt_segments(folder, part, watermark)
    shutil.rmtree(part)
    return read

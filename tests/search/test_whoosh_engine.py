"""What only an engine with files has to keep to: durability, damage, rebuilds, many processes, erasure."""

from __future__ import annotations

import multiprocessing
import os
import random
import re
import signal
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from search.making import ask, fill, found, make_document

from search_index.documents import SearchDocument
from search_index.engine import Changes, IndexDamaged, SearchUnavailable, Watermark
from search_index.engines.whoosh_engine import WhooshEngine
from search_index.engines.whoosh_library import Segment, open_segments, reading, writing

SPAWN = multiprocessing.get_context("spawn")


def live_folder(engine: WhooshEngine) -> Path:
    return engine._folder.current()


def files_of(engine: WhooshEngine) -> list[Path]:
    return sorted(path for path in live_folder(engine).iterdir() if path.is_file())


def test_what_was_applied_is_there_after_closing_and_opening(tmp_path: Path) -> None:
    first = WhooshEngine.open_or_create(tmp_path)
    fill(first, make_document(body="parking"), sequence=8)
    first.close()

    second = WhooshEngine.open_or_create(tmp_path)

    assert found(second, "parking") == {"INS-1"}
    assert second.watermark().sequence == 8
    second.close()


def test_every_file_of_a_commit_is_synced_before_the_commit_shows(
    whoosh_engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    real = os.fsync

    def record(handle: int) -> None:
        synced.append(Path(f"/proc/self/fd/{handle}").readlink().name)
        real(handle)

    monkeypatch.setattr(os, "fsync", record)

    fill(whoosh_engine, make_document())

    folder = live_folder(whoosh_engine)
    segment = next(path.name for path in files_of(whoosh_engine) if path.suffix == ".seg")
    toc = next(name for name in synced if ".toc" in name)
    assert synced.index(segment) < synced.index(toc)
    assert synced[-1] == folder.name


@contextmanager
def segments_of(engine: WhooshEngine) -> Iterator[list[Segment]]:
    opened = open_segments(live_folder(engine))[1]
    yield opened
    for segment in opened:
        segment.reader.close()


def test_segments_never_share_a_name_even_where_randomness_repeats(whoosh_engine: WhooshEngine) -> None:
    """Forked processes draw the same numbers from `random`."""
    for number in range(4):
        random.seed(1)
        fill(whoosh_engine, make_document(f"INS-{number}", body="parking"))

    assert ask(whoosh_engine, "parking").total == 4


def test_opening_an_index_does_not_copy_its_files_into_memory(whoosh_engine: WhooshEngine) -> None:
    chance = random.Random(3)
    fill(
        whoosh_engine,
        *(
            make_document(f"INS-{number}", body=" ".join(str(chance.randrange(10**9)) for _ in range(700)))
            for number in range(60)
        ),
    )
    (segment,) = live_folder(whoosh_engine).glob("*.seg")
    ask(whoosh_engine, "123")
    whoosh_engine.close()

    tracemalloc.start()
    ask(whoosh_engine, "123")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert segment.stat().st_size > 2_000_000
    assert most < segment.stat().st_size / 3


def test_whoosh_is_imported_behind_one_door_only() -> None:
    root = Path(__file__).parents[2]
    importing = {
        path.parent.relative_to(root)
        for package in ("insights", "search_index", "research_hub")
        for path in (root / package).rglob("*.py")
        if re.search(r"^\s*(?:import|from) whoosh\b", path.read_text("utf-8"), re.MULTILINE)
    }

    assert importing == {Path("search_index/engines/whoosh_library")}


# --- many readers and writers -------------------------------------------------------------------------------


def _apply_one(folder: Path, number: int) -> None:
    engine = WhooshEngine.open_or_create(folder)
    fill(engine, make_document(f"INS-{number}", body="parking"), sequence=number)
    engine.close()


def test_a_commit_of_another_process_is_seen_at_the_next_search(whoosh_engine: WhooshEngine, tmp_path: Path) -> None:
    fill(whoosh_engine, make_document("INS-1", body="parking"))
    assert found(whoosh_engine, "parking") == {"INS-1"}

    other = SPAWN.Process(target=_apply_one, args=(tmp_path / "index", 2))
    other.start()
    other.join(60)

    assert found(whoosh_engine, "parking") == {"INS-1", "INS-2"}
    assert whoosh_engine.watermark().sequence == 2


def test_writers_in_several_processes_take_turns(whoosh_engine: WhooshEngine, tmp_path: Path) -> None:
    others = [SPAWN.Process(target=_apply_one, args=(tmp_path / "index", number)) for number in range(3)]
    for other in others:
        other.start()
    for other in others:
        other.join(60)

    assert [other.exitcode for other in others] == [0, 0, 0]
    assert found(whoosh_engine, "parking") == {"INS-0", "INS-1", "INS-2"}


def _search_many(engine: WhooshEngine, answers: Connection) -> None:
    answers.send([ask(engine, text).total for text in ["parking", "permit*", '"parking permit"'] * 40])


def test_a_forked_process_reads_with_files_of_its_own(whoosh_engine: WhooshEngine) -> None:
    """As under a server that opens the index first and forks its workers afterwards."""
    fill(whoosh_engine, *(make_document(f"INS-{number}", body=f"parking permit {number}") for number in range(200)))
    assert ask(whoosh_engine, "parking").total == 200
    here, there = multiprocessing.Pipe()
    child = multiprocessing.get_context("fork").Process(target=_search_many, args=(whoosh_engine, there))

    child.start()
    own = [ask(whoosh_engine, text).total for text in ["parking", "permit*", '"parking permit"'] * 40]
    child.join(60)

    assert own == here.recv() == [200] * 120


def test_searching_while_another_thread_writes_never_fails_nor_goes_back(whoosh_engine: WhooshEngine) -> None:
    failures: list[BaseException] = []
    counts: list[int] = []
    done = threading.Event()

    def read() -> None:
        try:
            while not done.is_set():
                counts.append(ask(whoosh_engine, "parking").total)
        except BaseException as error:  # noqa: BLE001 - reported below, by the test's own thread
            failures.append(error)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(25):
        fill(whoosh_engine, make_document(f"INS-{number}", body="parking"), sequence=number)
    done.set()
    for reader in readers:
        reader.join()

    assert failures == []
    assert ask(whoosh_engine, "parking").total == 25
    assert max(counts) <= 25


def test_commits_leave_no_file_open_and_few_files_behind(whoosh_engine: WhooshEngine) -> None:
    def round_of_changes(start: int) -> int:
        for number in range(start, start + 15):
            fill(whoosh_engine, make_document(f"INS-{number % 7}", body=f"parking {number}"), sequence=number)
            ask(whoosh_engine, "parking")
        return len(list(Path("/proc/self/fd").iterdir()))

    first = round_of_changes(0)
    second = round_of_changes(15)
    third = round_of_changes(30)

    assert max(second, third) <= first + 8
    assert len(files_of(whoosh_engine)) < 30


def _write_until_killed(folder: Path) -> None:
    engine = WhooshEngine.open_or_create(folder)
    for number in range(1, 100_000):
        fill(engine, make_document(f"INS-{number}", body="parking"), sequence=number)
        (folder / "acknowledged").write_text(str(number))


@pytest.mark.slow
def test_a_writer_killed_at_any_moment_loses_nothing_it_acknowledged(tmp_path: Path) -> None:
    for attempt in range(6):
        folder = tmp_path / str(attempt)
        folder.mkdir()
        writer = SPAWN.Process(target=_write_until_killed, args=(folder,))
        writer.start()
        while not (folder / "acknowledged").exists():
            time.sleep(0.01)
        time.sleep(0.05 + attempt * 0.037)
        os.kill(writer.pid or 0, signal.SIGKILL)
        writer.join()
        acknowledged = int((folder / "acknowledged").read_text() or "1")

        engine = WhooshEngine.open_or_create(folder)
        sequence = engine.watermark().sequence

        assert sequence >= acknowledged
        assert ask(engine, "parking").total == engine.document_count() == sequence
        fill(engine, make_document("INS-0", body="fishing"), sequence=sequence + 1)
        assert found(engine, "fishing") == {"INS-0"}
        engine.close()


# --- rebuilding ---------------------------------------------------------------------------------------------


def test_the_old_index_answers_while_the_new_one_is_built(whoosh_engine: WhooshEngine) -> None:
    fill(whoosh_engine, make_document("INS-1", body="parking"))
    seen: list[set[str]] = []

    def slow() -> Iterator[SearchDocument]:
        yield make_document("INS-2", body="parking")
        seen.append(found(whoosh_engine, "parking"))

    whoosh_engine.rebuild(slow(), Watermark(2))

    assert seen == [{"INS-1"}]
    assert found(whoosh_engine, "parking") == {"INS-2"}


def test_other_readers_notice_a_rebuild(whoosh_engine: WhooshEngine, tmp_path: Path) -> None:
    fill(whoosh_engine, make_document("INS-1", body="parking"))
    reader = WhooshEngine.open_or_create(tmp_path / "index")
    assert found(reader, "parking") == {"INS-1"}

    whoosh_engine.rebuild([make_document("INS-2", body="parking")], Watermark(2))
    whoosh_engine.apply(Changes(), Watermark(3))

    assert found(reader, "parking") == {"INS-2"}
    assert reader.watermark() == Watermark(3)
    reader.close()


def test_superseded_and_abandoned_indexes_are_removed_at_the_next_batch(
    whoosh_engine: WhooshEngine, tmp_path: Path
) -> None:
    whoosh_engine.rebuild([make_document("INS-2")], Watermark(2))
    (tmp_path / "index" / "index-000099").mkdir()

    whoosh_engine.apply(Changes(), Watermark(3))

    folders = [path for path in (tmp_path / "index").iterdir() if path.is_dir()]
    assert folders == [live_folder(whoosh_engine)]


def test_a_rebuild_spans_segments_and_takes_the_first_of_one_key(
    whoosh_engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search_index.engines.rebuilding.SEGMENT_DOCUMENTS", 3)
    keys = [f"INS-{number % 8}" for number in range(16)]
    told: list[int] = []

    whoosh_engine.rebuild(
        (make_document(key, title=f"Number {place}", body="parking") for place, key in enumerate(keys)),
        Watermark(1),
        told.append,
    )

    assert ask(whoosh_engine, "parking").total == whoosh_engine.document_count() == 8
    assert [hit.title for hit in ask(whoosh_engine, "INS-7").hits] == ["Number 7"]
    assert told == [3, 6, 16]


def test_a_rebuild_in_several_processes_gives_the_same_index(
    whoosh_engine: WhooshEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search_index.engines.rebuilding.SEGMENT_DOCUMENTS", 40)
    documents = [make_document(f"INS-{number % 150}", body=f"parking permit {number}") for number in range(170)]
    parallel = WhooshEngine.open_or_create(tmp_path / "parallel", rebuild_processes=2)
    told: list[int] = []

    whoosh_engine.rebuild(documents, Watermark(5))
    parallel.rebuild(documents, Watermark(5), told.append)

    one, other = ask(whoosh_engine, "permit", limit=200), ask(parallel, "permit", limit=200)
    assert (one.total, one.hits, one.facets) == (other.total, other.hits, other.facets)
    assert parallel.keys() == whoosh_engine.keys()
    assert parallel.watermark() == Watermark(5)
    assert told == [40, 80, 120, 170]
    assert not [path for path in live_folder(parallel).iterdir() if path.is_dir()]
    fill(parallel, make_document("INS-1", body="fishing"))
    assert found(parallel, "fishing") == {"INS-1"}
    parallel.close()


def test_a_rebuild_that_fails_leaves_no_folder_behind(whoosh_engine: WhooshEngine, tmp_path: Path) -> None:
    def broken() -> Iterator[SearchDocument]:
        yield make_document("INS-2", body="fishing")
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError):
        whoosh_engine.rebuild(broken(), Watermark(9))

    assert [path for path in (tmp_path / "index").iterdir() if path.is_dir()] == [live_folder(whoosh_engine)]


def test_a_disk_that_fails_right_after_the_swap_does_not_lose_the_index(
    whoosh_engine: WhooshEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.fsync

    def failing(handle: int) -> None:
        if Path(f"/proc/self/fd/{handle}").readlink() == tmp_path / "index":
            raise OSError(5, "Input/output error")
        real(handle)

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", failing)
        with pytest.raises(SearchUnavailable, match="Input/output error"):
            whoosh_engine.rebuild([make_document(body="parking")], Watermark(2))

    assert found(whoosh_engine, "parking") == {"INS-1"}


# --- damage -------------------------------------------------------------------------------------------------


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x10
    path.write_bytes(bytes(content))


def _delete(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize("moment", ["opened anew", "while open"])
@pytest.mark.parametrize("harm", [_truncate, _flip, _delete])
@pytest.mark.parametrize("kind", ["*.seg", "*.toc", "manifest-*.json"])
def test_a_damaged_index_says_so_and_a_rebuild_mends_it(
    tmp_path: Path, kind: str, harm: Callable[[Path], None], moment: str
) -> None:
    engine = WhooshEngine.open_or_create(tmp_path)
    for number in range(5):
        fill(engine, make_document(f"INS-{number}", body="parking " * 30))
    assert ask(engine, "parking").total == 5
    for path in live_folder(engine).glob(kind):
        harm(path)
    if moment == "opened anew":
        engine.close()
        engine = WhooshEngine.open_or_create(tmp_path)

    def use() -> None:
        assert ask(engine, "parking").total == 5
        engine.apply(Changes(), Watermark(9))
        engine.close()
        ask(engine, "parking")

    with pytest.raises(IndexDamaged, match="Rebuild the index"):
        use()
    engine.rebuild([make_document("INS-7", body="parking")], Watermark(3))
    assert found(engine, "parking") == {"INS-7"}
    engine.apply(Changes(), Watermark(4))
    assert engine.watermark() == Watermark(4)
    engine.close()


@pytest.mark.parametrize("content", [b"", b"index-999999\n", b"../../etc\n", b"\xff\xfe"])
def test_a_damaged_pointer_says_so_and_a_rebuild_mends_it(
    whoosh_engine: WhooshEngine, tmp_path: Path, content: bytes
) -> None:
    fill(whoosh_engine, make_document(body="parking"))
    (tmp_path / "index" / "current").write_bytes(content)

    with pytest.raises(IndexDamaged):
        ask(whoosh_engine, "parking")
    with pytest.raises(IndexDamaged):
        whoosh_engine.watermark()

    whoosh_engine.rebuild([make_document("INS-7", body="parking")], Watermark(3))
    assert found(whoosh_engine, "parking") == {"INS-7"}


def test_an_index_file_put_in_by_another_hand_is_never_loaded(whoosh_engine: WhooshEngine) -> None:
    """An index holds pickles, and loading one runs what is in it: nothing is read that was not vouched for."""
    fill(whoosh_engine, make_document(body="parking"))
    toc = max(live_folder(whoosh_engine).glob("*.toc"))
    generation = int(toc.stem.rsplit("_", 1)[1])
    toc.with_name(f"_MAIN_{generation + 1}.toc").write_bytes(toc.read_bytes())

    with pytest.raises(IndexDamaged):
        ask(whoosh_engine, "parking")


def test_a_full_disk_leaves_the_index_as_it_was(whoosh_engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(whoosh_engine, make_document("INS-1", body="parking"), sequence=1)

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(SearchUnavailable, match="No space left on device"):
            fill(whoosh_engine, make_document("INS-2", body="parking"), sequence=2)

    assert found(whoosh_engine, "parking") == {"INS-1"}
    assert whoosh_engine.watermark().sequence == 1
    fill(whoosh_engine, make_document("INS-2", body="parking"), sequence=2)
    assert found(whoosh_engine, "parking") == {"INS-1", "INS-2"}


# --- erasing ------------------------------------------------------------------------------------------------

CANARY = "zyxwvutsrq"


def places_holding(engine: WhooshEngine, word: str) -> list[str]:
    """Files in which a word stands, as it is or in what can be read from them."""
    files = [path for path in live_folder(engine).rglob("*") if path.is_file()]
    holding = [path.name for path in files if word.encode() in path.read_bytes()]
    with segments_of(engine) as opened:
        for segment in opened:
            words = [known for known, _ in segment.words_from("text", word[:5])]
            texts = [text for number in range(segment.size) for text in segment.texts(number)]
            metas = [meta.decode() for meta in segment.meta()]
            if any(word in each for each in [*words, *texts, *metas]):
                holding.append(segment.name)
    return holding


def test_a_canary_is_there_to_be_found_before_it_is_erased(whoosh_engine: WhooshEngine) -> None:
    fill(whoosh_engine, make_document(body=CANARY))

    assert places_holding(whoosh_engine, CANARY)


def test_a_removed_document_leaves_no_byte_behind(whoosh_engine: WhooshEngine, tmp_path: Path) -> None:
    others = [make_document(f"INS-{number}", body="parking") for number in range(20)]
    fill(
        whoosh_engine,
        *others,
        make_document("SES-1", title=CANARY, body=f"said {CANARY}", quote=CANARY, facets={"tag": (CANARY,)}),
    )

    whoosh_engine.apply(Changes(deletes=frozenset({"SES-1"})), Watermark(2))

    assert places_holding(whoosh_engine, CANARY) == []
    assert ask(whoosh_engine, "parking").total == 20


def test_words_taken_out_of_a_document_leave_no_byte_behind_when_erasing(whoosh_engine: WhooshEngine) -> None:
    fill(whoosh_engine, make_document("INS-1", body=f"parking {CANARY}"), make_document("INS-2", body="parking"))

    whoosh_engine.apply(Changes(documents=(make_document("INS-1", body="parking"),), erase=True), Watermark(2))

    assert places_holding(whoosh_engine, CANARY) == []
    assert found(whoosh_engine, "parking") == {"INS-1", "INS-2"}


def test_erasing_from_many_segments_rewrites_them_all(
    whoosh_engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search_index.engines.rebuilding.SEGMENT_DOCUMENTS", 4)
    monkeypatch.setattr(writing, "SEGMENT_DOCUMENTS", 4)
    whoosh_engine.rebuild(
        (make_document(f"INS-{number}", body=f"parking {CANARY}{number}") for number in range(20)), Watermark()
    )

    whoosh_engine.apply(Changes(deletes=frozenset(f"INS-{number}" for number in range(0, 20, 2))), Watermark(2))

    with segments_of(whoosh_engine) as opened:
        assert not any(segment.removed.size for segment in opened)
    assert ask(whoosh_engine, "parking").total == 10
    assert whoosh_engine.watermark() == Watermark(2)


def test_segments_stay_few_and_none_grows_past_its_limit(
    whoosh_engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "SEGMENT_DOCUMENTS", 16)
    for number in range(60):
        fill(whoosh_engine, make_document(f"INS-{number}", body="parking"), sequence=number)

    with segments_of(whoosh_engine) as opened:
        sizes = [segment.size for segment in opened]

    assert sum(sizes) == 60
    assert max(sizes) <= 16
    assert len(sizes) <= 10


def test_whoosh_reads_what_was_written_and_blocks_say_the_same(whoosh_engine: WhooshEngine) -> None:
    bodies = ["parking " * (number % 3) + f"permit{number}" for number in range(50)]
    fill(whoosh_engine, *(make_document(f"INS-{number}", body=body) for number, body in enumerate(bodies)))

    with segments_of(whoosh_engine) as (segment,):
        matcher = segment.reader.postings("text", b"park")
        singles = list(reading._one_by_one(matcher))
        (block,) = reading.blocks(segment.reader, "text", b"park")
        whole = segment.postings("text", "park")
        rare = segment.reader.term_info("text", b"permit7")

    numbers = [each.gaps[0] for each in singles]
    assert numbers == [number for number in range(50) if number % 3]
    assert whole is not None
    assert whole.documents.tolist() == numbers
    assert whole.weights.tolist() == [each.counts[0] for each in singles] == [number % 3 for number in numbers]
    assert sum(len(value) for value in block.values) == 4 * sum(number % 3 for number in numbers)
    assert (rare.doc_frequency(), rare.weight(), rare.min_id(), rare.max_id()) == (1, 1, 7, 7)


def test_merged_segments_hold_what_their_parts_held(whoosh_engine: WhooshEngine) -> None:
    fill(whoosh_engine, *(make_document(f"INS-{number}", body="a blue badge " * 3) for number in range(40)))
    whoosh_engine.apply(Changes(deletes=frozenset(f"INS-{number}" for number in range(0, 40, 2))), Watermark(2))
    for number in range(40, 44):
        fill(whoosh_engine, make_document(f"INS-{number}", body="badge blue"), sequence=number)

    with segments_of(whoosh_engine) as opened:
        together = [segment.postings("text", "badg") for segment in opened]
    assert sum(len(each.documents) for each in together if each) == 24
    assert sum(each.weights.sum() for each in together if each) == 20 * 3 + 4
    assert ask(whoosh_engine, '"blue badge"').total == 20
    assert ask(whoosh_engine, '"badge blue"').total == 4


def test_an_erasure_that_was_interrupted_is_finished_by_the_next_batch(
    whoosh_engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [make_document(f"INS-{number}", body="parking") for number in range(20)]
    fill(whoosh_engine, *others, make_document("SES-1", body=f"parking {CANARY}"))
    real = writing._write_once

    def interrupted(*arguments: object, **options: object) -> bool:
        if options["erase"]:
            raise SearchUnavailable("the power went off")
        return real(*arguments, **options)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(writing, "_write_once", interrupted)
        with pytest.raises(SearchUnavailable):
            whoosh_engine.apply(Changes(deletes=frozenset({"SES-1"})), Watermark(2))
    assert ask(whoosh_engine, "parking").total == 20

    whoosh_engine.apply(Changes(), Watermark(3))

    assert places_holding(whoosh_engine, CANARY) == []
    assert ask(whoosh_engine, "parking").total == 20

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from search.world import World, open_sessions
from sqlalchemy.orm import Session, sessionmaker

from insights.capture.operations import edit_study, set_session_deleted, set_study_access
from insights.coding.operations import set_highlight_dropped
from insights.core.clock import set_clock
from search_index.documents import SearchDocument
from search_index.engine import Changes, IndexDamaged, SearchRequest, SearchUnavailable, Watermark
from search_index.engines.memory_engine import MemoryEngine
from search_index.indexer import Indexer
from search_index.projection import clearances_of
from search_index.query import parse_query


class Crashed(Exception):
    pass


class FlakyEngine(MemoryEngine):
    """A memory engine that fails on demand, before anything is stored."""

    def __init__(self) -> None:
        super().__init__()
        self.commits_left = 1_000_000
        self.damaged = False

    def apply(self, changes: Changes, watermark: Watermark) -> None:
        if self.commits_left == 0:
            raise Crashed
        self.commits_left -= 1
        super().apply(changes, watermark)

    def watermark(self) -> Watermark:
        if self.damaged:
            raise IndexDamaged("A file is not as it was written.")
        return super().watermark()

    def rebuild(self, *details: object, **more: object) -> None:
        super().rebuild(*details, **more)  # type: ignore[arg-type]  # handed through as they came
        self.damaged = False


@pytest.fixture
def sessions(tmp_path: Path) -> sessionmaker[Session]:
    return open_sessions(f"sqlite:///{tmp_path}/records.sqlite3")


@pytest.fixture
def world(sessions: sessionmaker[Session]) -> Iterator[World]:
    with sessions() as session:
        yield World(session)


@pytest.fixture
def engine() -> FlakyEngine:
    return FlakyEngine()


@pytest.fixture
def indexer(engine: FlakyEngine, opened: Callable[[], Session]) -> Indexer:
    indexer = Indexer(engine, opened, "this database")
    indexer.ensure_usable()
    return indexer


@pytest.fixture
def opened(sessions: sessionmaker[Session], world: World) -> Callable[[], Session]:
    """New sessions whose clock is the world's."""

    def open_session() -> Session:
        session = sessions()
        set_clock(session, world.clock)
        return session

    return open_session


def found(engine: MemoryEngine, world: World, text: str) -> set[str]:
    clearances = clearances_of(world.session, world.researcher)
    return {hit.key for hit in engine.search(SearchRequest(parse_query(text), clearances)).hits}


def test_what_was_stored_is_found_after_draining(world: World, indexer: Indexer, engine: FlakyEngine) -> None:
    held = world.held(world.study(), "I gave up at the letterbox.")
    quote = world.quote(held, "letterbox")

    drained = indexer.drain()

    assert found(engine, world, "letterbox") == {held.ref, quote.ref}
    assert drained.updated == 3
    assert indexer.lag(world.session).entries == 0


def test_draining_again_changes_nothing(world: World, indexer: Indexer, engine: FlakyEngine) -> None:
    world.insight("People stop", world.quote(world.held(world.study(), "I gave up."), "gave up"))
    indexer.drain()
    before = dict(engine.keys())

    engine.apply(Changes(), Watermark(0, "this database", engine.watermark().schema))
    replayed = indexer.drain()

    assert (replayed.updated, replayed.removed, dict(engine.keys())) == (0, 0, before)
    assert replayed.entries > 0


def test_what_is_taken_away_is_no_longer_found(world: World, indexer: Indexer, engine: FlakyEngine) -> None:
    study = world.study()
    held = world.held(study, "I gave up at the letterbox.")
    quote = world.quote(held, "letterbox")
    indexer.drain()

    set_highlight_dropped(world.session, actor=world.researcher, highlight=quote, dropped=True)
    world.session.commit()
    dropped = indexer.drain()
    set_session_deleted(world.session, actor=world.researcher, research_session=held, study=study, deleted=True)
    world.session.commit()
    indexer.drain()

    assert dropped.removed == 1
    assert found(engine, world, "letterbox") == set()


def test_a_crash_between_commits_is_made_up_for(world: World, indexer: Indexer, engine: FlakyEngine) -> None:
    study = world.study()
    sessions = [world.held(study, f"Talk number{number}.") for number in range(3)]
    engine.commits_left = 0
    with pytest.raises(Crashed):
        indexer.drain()

    engine.commits_left = 100
    indexer.drain()

    assert found(engine, world, "talk") == {each.ref for each in sessions}


def test_an_index_of_another_database_is_built_anew(
    world: World, indexer: Indexer, engine: FlakyEngine, opened: Callable[[], Session]
) -> None:
    stale = SearchDocument(key="INS-99", kind="insight", title="From elsewhere")
    engine.apply(Changes(documents=(stale,)), engine.watermark())
    study = world.study()

    rebuilt = Indexer(engine, opened, "another database").ensure_usable()

    assert (rebuilt, set(engine.keys())) == (True, {study.ref})
    assert engine.watermark().database_id == "another database"


def test_an_index_ahead_of_a_restored_database_is_built_anew(
    world: World, indexer: Indexer, engine: FlakyEngine
) -> None:
    study = world.study()
    engine.apply(Changes(), Watermark(10_000, "this database", engine.watermark().schema))

    assert indexer.ensure_usable()
    assert found(engine, world, "register") == {study.ref}


def test_a_damaged_index_is_built_anew(world: World, indexer: Indexer, engine: FlakyEngine) -> None:
    study = world.study()
    engine.damaged = True

    assert indexer.ensure_usable()
    assert found(engine, world, "register") == {study.ref}


def test_a_sound_index_is_left_alone(indexer: Indexer, world: World) -> None:
    world.study()

    assert not indexer.ensure_usable()


def test_changes_made_while_the_index_is_rebuilt_are_drained_afterwards(
    world: World, indexer: Indexer, engine: FlakyEngine
) -> None:
    world.study("First study")
    late: list[str] = []

    def somebody_works_on(_count: int) -> None:
        if not late:
            late.append(world.study("Second study").ref)

    indexer.rebuild(somebody_works_on)
    indexer.drain()

    assert found(engine, world, "second") == set(late)


def test_the_check_finds_and_repairs_every_kind_of_drift(world: World, indexer: Indexer, engine: FlakyEngine) -> None:
    held = world.held(world.study(), "I gave up.")
    quote = world.quote(held, "gave up")
    indexer.drain()
    wrong = SearchDocument(key=held.ref, kind="session", title="Not what it says")
    extra = SearchDocument(key="INS-99", kind="insight", title="Nobody wrote this")
    engine.apply(Changes(frozenset({quote.ref}), (wrong, extra)), engine.watermark())

    drift = indexer.repair()

    assert (drift.missing, drift.extra, drift.differing) == ({quote.ref}, {"INS-99"}, {held.ref})
    assert drift.total == 3
    assert indexer.check().keys == set()


def test_a_change_that_waits_in_the_outbox_is_no_drift(world: World, indexer: Indexer) -> None:
    study = world.study()
    world.held(study, "I gave up.")

    assert indexer.check().keys == set()


def test_an_insight_that_grew_stale_is_refreshed_without_counting_as_a_fault(
    world: World, indexer: Indexer, engine: FlakyEngine
) -> None:
    insight = world.insight("People stop", world.quote(world.held(world.study(), "I gave up."), "gave up"))
    indexer.drain()

    world.later(days=900)
    drift = indexer.repair()

    assert (drift.aged, drift.total) == ({insight.ref}, 0)
    assert found(engine, world, "freshness:stale") == {insight.ref}


def test_lag_says_how_many_entries_wait_and_for_how_long(world: World, indexer: Indexer) -> None:
    indexer.drain()
    world.study()
    world.later(seconds=90)

    lag = indexer.lag(world.session)

    assert (lag.entries, lag.seconds) == (1, 90.0)


def test_a_study_that_is_closed_is_out_of_sight_before_the_index_hears_of_it(
    world: World, indexer: Indexer, engine: FlakyEngine
) -> None:
    study = world.study("Talks about divorce")
    reader = world.member()
    indexer.drain()

    set_study_access(world.session, actor=world.researcher, study=study, restricted=True, named=[])
    world.session.commit()
    results = engine.search(SearchRequest(parse_query("divorce"), clearances_of(world.session, reader)))

    assert (results.total, results.facets) == (0, {})


def test_more_records_than_fit_one_commit_all_arrive(
    world: World, indexer: Indexer, engine: FlakyEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = world.study()
    refs = {world.held(study, f"Letterbox {number}.").ref for number in range(7)}
    indexer.drain()
    monkeypatch.setattr("search_index.indexer.RECORDS_AT_ONCE", 2)

    edit_study(
        world.session,
        actor=world.researcher,
        study=study,
        title=study.title,
        question="",
        methods=[],
        service=world.service("Post"),
        starts_on=None,
        ends_on=None,
        status="completed",
    )
    world.session.commit()
    indexer.drain()

    assert found(engine, world, "service:post letterbox") == refs


def test_an_engine_that_cannot_be_written_leaves_the_watermark_where_it_was(
    world: World, indexer: Indexer, engine: FlakyEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = engine.watermark()
    world.study()

    def refuse(_engine: MemoryEngine, _changes: Changes, _watermark: Watermark) -> None:
        raise SearchUnavailable("Another process is writing the search index.")

    monkeypatch.setattr(FlakyEngine, "apply", refuse)
    with pytest.raises(SearchUnavailable):
        indexer.drain()

    assert engine.watermark() == before

"""Several processes on one PostgreSQL: nothing that was stored is lost, overwritten or passed by in search."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from factories import make_insight, make_member, make_session, make_study
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session, sessionmaker

from insights.capture.models import Study
from insights.core.activity import ActivityEntry
from insights.core.errors import StaleRecord
from insights.core.installation import database_id
from insights.people.models import Member
from insights.synthesis.models import Insight
from insights.synthesis.operations import edit_insight
from research_hub.config import Settings
from research_hub.db import db, reading, transaction
from research_hub.worker import make_indexer
from search_index.engine import SearchEngine, SearchRequest
from search_index.engines.memory_engine import MemoryEngine
from search_index.indexer import Indexer
from search_index.projection import clearances_of
from search_index.query import parse_query

TESTS = Path(__file__).parents[1]
PATIENCE = 60.0
"""Seconds after which something that ought to happen is taken not to."""

StartWriter = Callable[[int, int], "subprocess.Popen[str]"]


@pytest.fixture
def office(postgres_app: Flask) -> Flask:
    """The application with one member and one study, and an index of them."""
    with transaction() as session:
        make_study(session, actor=make_member(session))
    make_indexer(postgres_app).rebuild()
    return postgres_app


@pytest.fixture
def start_writer(postgres_settings: Settings, tmp_path: Path) -> Iterator[StartWriter]:
    """Starts another process that logs sessions; it has ended when the test has."""
    started: list[subprocess.Popen[str]] = []

    def start(threads: int, writes: int) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, TESTS / "postgres" / "writer.py", str(threads), str(writes)],
            env={
                **os.environ,
                "PYTHONPATH": f"{TESTS.parent}:{TESTS}",
                "DATABASE_URL": postgres_settings.database_url,
                "RESEARCH_HUB_DATA": str(tmp_path / f"writer-{len(started)}"),
            },
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_a_logged_session_is_found_once_the_worker_has_been_round(office: Flask) -> None:
    with transaction() as session:
        _log_session_about(session, "The nurse rang about an azimuth.")

    make_indexer(office).drain()

    assert _found(office, "azimuth") == {"SES-1"}


def test_a_second_writer_waits_until_the_first_has_stored_its_entry(office: Flask, start_writer: StartWriter) -> None:
    indexer = make_indexer(office)
    with transaction() as session:
        _log_session_about(session, "Written first, and stored late.")
        writer = start_writer(1, 1)
        _wait_until(lambda: _waiting_for_the_lock() == 1)
        indexer.drain()
        assert _watermark(indexer) < _newest(session)

    stored = _refs_of(writer)
    indexer.drain()

    assert stored == ["SES-2"]
    assert _found(office, "late") == {"SES-1"}
    assert _found(office, "nurse") == {"SES-2"}


@pytest.mark.slow
def test_no_entry_is_passed_by_while_processes_write_and_the_worker_drains(
    office: Flask, start_writer: StartWriter
) -> None:
    # An index in memory, which commits fast: the more often it is drained, the more chances to pass an entry by.
    engine, done = MemoryEngine(), threading.Event()
    with ThreadPoolExecutor(1) as pool:
        draining = pool.submit(_drain_until, office, engine, done)
        try:
            refs = [ref for writer in [start_writer(2, 75), start_writer(2, 75)] for ref in _refs_of(writer)]
        finally:
            done.set()
        rounds_with_news = draining.result()

    assert len(set(refs)) == 300
    assert rounds_with_news > 5, "the worker drained only once all was written, which proves nothing"
    assert set(refs) - engine.keys().keys() == set()
    assert engine.watermark().sequence == _newest(reading())


def test_of_two_who_edit_one_insight_the_second_is_told_and_nothing_is_lost(office: Flask) -> None:
    with transaction() as session:
        insight = make_insight(session, published=False)
    version, start = insight.row_version, threading.Barrier(2)

    def edit(claim: str) -> str:
        start.wait(PATIENCE)
        try:
            with office.app_context(), transaction() as unit:
                mine, actor = unit.get_one(Insight, insight.id), unit.scalars(select(Member)).first()
                assert actor is not None
                edit_insight(unit, actor=actor, insight=mine, row_version=version, **_as_it_is(mine, claim))
        except StaleRecord as told:
            return told.theirs["claim"]
        return ""

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(edit, ["People stop at the result.", "People read to the end."])

    assert sorted([first == "", second == ""]) == [False, True]
    with office.app_context():
        stored = reading().get_one(Insight, insight.id).claim
    assert stored == (first or second), "who came second is shown what the first one stored"


def _log_session_about(session: Session, notes: str) -> None:
    study, actor = session.scalars(select(Study)).one(), session.scalars(select(Member)).first()
    make_session(session, actor=actor, study=study, notes=notes)


def _as_it_is(insight: Insight, claim: str) -> dict[str, Any]:
    """The values of the form of an insight in which only the claim was changed."""
    return {"claim": claim, "body": insight.body, "type_": insight.type, "kind": insight.kind, "service": None}


def _refs_of(writer: subprocess.Popen[str]) -> list[str]:
    said, _ = writer.communicate(timeout=PATIENCE * 4)
    assert writer.returncode == 0
    return said.split()


def _drain_until(app: Flask, engine: SearchEngine, done: threading.Event) -> int:
    """Answers how many rounds found something. Goes one more round after all is done."""
    rounds = 0
    with app.app_context():
        indexer = Indexer(engine, sessionmaker(db.engine, expire_on_commit=False), database_id(reading()))
        while not done.is_set():
            rounds += bool(indexer.drain().entries)
            done.wait(0.005)
        indexer.drain()
    return rounds


def _found(app: Flask, words: str) -> set[str]:
    """The sessions that a researcher finds."""
    with app.app_context():
        member = reading().scalars(select(Member)).first()
        assert member is not None
        asked = SearchRequest(parse_query(words), clearances_of(reading(), member), limit=1000)
        return {hit.key for hit in app.extensions["search"].engine.search(asked).hits if hit.key.startswith("SES-")}


def _newest(session: Session) -> int:
    return session.scalars(select(ActivityEntry.id).order_by(ActivityEntry.id.desc())).first() or 0


def _watermark(indexer: Indexer) -> int:
    return indexer._engine.watermark().sequence


def _waiting_for_the_lock() -> int:
    with db.engine.connect() as connection:
        return int(
            connection.scalar(text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")) or 0
        )


def _wait_until(happened: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < until, "what was waited for did not happen"
        time.sleep(0.02)

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from search.world import World

from insights.coding.models import Highlight
from insights.core.clock import SystemClock, set_clock
from research_hub.config import Settings
from research_hub.search_service import SearchService
from research_hub.web.search.answers import Question, answer
from research_hub.worker import Worker, read_heartbeat, run_worker
from search_index.engine import SearchEngine, SearchUnavailable
from search_index.indexer import Drained, Indexer

WAIT = 60.0
"""Seconds after which a test gives up on something that takes far less."""


@pytest.fixture
def settings(app: Flask) -> Settings:
    settings: Settings = app.extensions["settings"]
    return settings


@pytest.fixture
def engine(app: Flask) -> SearchEngine:
    service: SearchService = app.extensions["search"]
    return service.engine


@contextmanager
def working(app: Flask) -> Iterator[threading.Event]:
    stop = threading.Event()
    thread = threading.Thread(target=run_worker, args=(app, stop))
    thread.start()
    yield stop
    stop.set()
    thread.join(WAIT)
    assert not thread.is_alive()


def wait_until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT
    while not happened():
        assert time.monotonic() < deadline, "It did not happen in time."
        time.sleep(0.02)


def found(world: World, engine: SearchEngine, text: str) -> set[str]:
    world.session.rollback()
    answered = answer(world.session, engine, world.researcher, Question(text))
    return {hit.record.ref for hit in answered.hits} if not answered.notice else set()


def test_what_is_stored_is_soon_found(app: Flask, world: World, engine: SearchEngine, settings: Settings) -> None:
    set_clock(world.session, SystemClock())

    with working(app):
        study = world.study("Letterboxes")
        wait_until(lambda: found(world, engine, "letterboxes") == {study.ref})

    heartbeat = read_heartbeat(settings)
    assert heartbeat is not None
    assert (heartbeat.state, heartbeat.pid) == ("stopped", os.getpid())


def test_a_second_worker_waits_until_the_first_has_gone(
    app: Flask, world: World, engine: SearchEngine, settings: Settings
) -> None:
    set_clock(world.session, SystemClock())

    with working(app) as first:
        wait_until(lambda: read_heartbeat(settings) is not None)
        with working(app):
            first.set()
            study = world.study("Letterboxes")
            wait_until(lambda: found(world, engine, "letterboxes") == {study.ref})


def test_a_waiting_worker_can_be_stopped(app: Flask, world: World, settings: Settings) -> None:
    with working(app):
        wait_until(lambda: read_heartbeat(settings) is not None)
        with working(app) as second:
            second.set()


def test_a_round_that_fails_is_told_and_the_next_ones_make_up_for_it(
    app: Flask, world: World, engine: SearchEngine, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_clock(world.session, SystemClock())
    states: list[str] = []
    drain = Indexer.drain

    def fail_twice(indexer: Indexer) -> Drained:
        heartbeat = read_heartbeat(settings)
        if len(states) < 2:
            states.append("" if heartbeat is None else heartbeat.state)
            raise SearchUnavailable("The disk is full.")
        states.append("" if heartbeat is None else f"{heartbeat.state}: {heartbeat.problem}")
        return drain(indexer)

    monkeypatch.setattr(Indexer, "drain", fail_twice)
    with working(app):
        study = world.study("Letterboxes")
        # The rebuild at the start may have found it already; the third round is what this is about.
        wait_until(lambda: len(states) > 2 and found(world, engine, "letterboxes") == {study.ref})

    assert states[2] == "failing: SearchUnavailable: The disk is full."


def test_by_night_stale_insights_are_refreshed_and_drift_is_mended_and_counted(
    app: Flask, world: World, engine: SearchEngine, settings: Settings
) -> None:
    quote = world.quote(world.held(world.study(), "It jammed."), "jammed")
    evening = datetime(2026, 11, 20, 22, tzinfo=UTC)
    moments = iter([evening] * 40 + [evening + timedelta(days=1)] * 400)
    worker = Worker(app, settings, clock=lambda: next(moments))
    worker.work_once()
    world.session.get_one(Highlight, quote.id).observation = "Written past the outbox"
    world.session.commit()

    while next(moments) == evening:
        pass
    worker.work_once()

    heartbeat = read_heartbeat(settings)
    assert heartbeat is not None
    assert heartbeat.drift_total == 1
    assert found(world, engine, "outbox") == {quote.ref}


def test_a_damaged_index_is_mended_while_the_worker_runs(
    app: Flask, world: World, engine: SearchEngine, settings: Settings
) -> None:
    set_clock(world.session, SystemClock())
    study = world.study("Letterboxes")
    Worker(app, settings).work_once()
    for path in settings.index_path.rglob("*"):
        if path.is_file() and path.stat().st_size:
            path.write_bytes(b"\0" * path.stat().st_size)

    with working(app):
        wait_until(lambda: found(world, engine, "letterboxes") == {study.ref})


def test_without_a_heartbeat_nothing_is_known(settings: Settings) -> None:
    (settings.data / "worker.json").write_text("{half")

    assert read_heartbeat(settings) is None


WORKER = """
import sys, threading
from pathlib import Path
from research_hub.app import create_app
from research_hub.config import Settings
from research_hub.worker import run_worker, stop_on_signals
stop = threading.Event()
stop_on_signals(stop)
run_worker(create_app(Settings(data=Path(sys.argv[1]))), stop)
"""


@pytest.mark.slow
def test_nothing_stored_is_lost_to_search_when_the_worker_is_killed_in_the_midst_of_it(
    world: World, engine: SearchEngine, settings: Settings, tmp_path: Path
) -> None:
    set_clock(world.session, SystemClock())
    study = world.study("Letterboxes")
    stored: set[str] = set()

    for round_number in range(3):
        process = start_worker(tmp_path)
        pid = process.pid
        wait_until(lambda pid=pid: is_beating(settings, pid))  # type: ignore[misc]  # bound at once
        for number in range(25):
            stored.add(world.held(study, f"The flap jammed in round{round_number}, visit{number}.").ref)
        process.kill()
        process.wait()

    process = start_worker(tmp_path)
    wait_until(lambda: all_found(world, engine, "flap") == stored)
    process.send_signal(signal.SIGTERM)

    assert process.wait(WAIT) == 0
    heartbeat = read_heartbeat(settings)
    assert heartbeat is not None
    assert heartbeat.state == "stopped"


def start_worker(data: Path) -> subprocess.Popen[bytes]:
    root = Path(__file__).parents[3]
    return subprocess.Popen([sys.executable, "-c", WORKER, str(data)], cwd=root, stderr=subprocess.DEVNULL)


def is_beating(settings: Settings, pid: int) -> bool:
    heartbeat = read_heartbeat(settings)
    return heartbeat is not None and heartbeat.pid == pid


def all_found(world: World, engine: SearchEngine, text: str) -> set[str]:
    world.session.rollback()
    question = Question(text, {"kind": ("session",)}, limit=500)
    answered = answer(world.session, engine, world.researcher, question)
    return {hit.record.ref for hit in answered.hits} if not answered.notice else set()

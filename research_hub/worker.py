"""The worker: drains the outbox into the search index, and looks after the index by night.

One works at a time on a data folder; a second one waits and takes over when the first is gone. It survives whatever
goes wrong in a round, waits longer after each failure in a row, and leaves a heartbeat that /readyz reads.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Protocol

import structlog
from flask import Flask
from prometheus_client import Counter, Gauge
from sqlalchemy.orm import sessionmaker

from insights.core.installation import database_id
from research_hub.config import Settings
from research_hub.db import db, reading
from research_hub.erasing import finish_erasures
from research_hub.nightly import work_by_night
from research_hub.read_only import read_only_mode
from research_hub.search_service import SearchService
from search_index.indexer import Indexer, Lag

HEARTBEAT_EVERY: Final = timedelta(seconds=5)
CHECK_HOUR: Final = 2
"""After this hour by the server's clock, once a day, index and database are compared."""

_LONGEST_WAIT: Final = 30.0
_PATIENCE: Final = 15.0
"""Seconds that the postman may take to end its round; a mail server has ten for an answer."""

INDEX_LAG_ENTRIES = Gauge("research_hub_index_lag_entries", "Changes that search does not know yet.")
INDEX_LAG_SECONDS = Gauge("research_hub_index_lag_seconds", "Age of the oldest change that search does not know yet.")
INDEX_DRIFT = Counter("research_hub_index_drift", "Documents in which index and database differed; all were repaired.")
INDEX_REBUILDS = Counter("research_hub_index_rebuilds", "How often the index was built anew.")
WORKER_FAILURES = Counter("research_hub_worker_failures", "Rounds of the worker that failed.")

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """What the worker last said of itself. `state` is working, rebuilding, paused, failing or stopped."""

    at: datetime
    state: str
    lag_entries: int = 0
    lag_seconds: float = 0.0
    drift_total: int = 0
    problem: str = ""
    pid: int = 0


class Rounds(Protocol):
    """Work that goes on until it is told to stop."""

    def run(self, stop: threading.Event) -> None: ...


def run_worker(app: Flask, stop: threading.Event) -> None:
    """Works until `stop` is set. Waits first while another worker holds the data folder."""
    settings: Settings = app.extensions["settings"]
    with _the_only_one(settings.data / "worker.lock", stop) as mine:
        if not mine:
            return
        with _beside(app.extensions["postman"], stop):
            Worker(app, settings).run(stop)


def stop_on_signals(stop: threading.Event) -> None:
    """Lets SIGTERM and SIGINT end the worker after the round at hand; for the main thread only."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())


def read_heartbeat(settings: Settings) -> Heartbeat | None:
    """The worker's last word, or None where none is known."""
    try:
        values = json.loads(_heartbeat_path(settings).read_text("utf-8"))
        return Heartbeat(**{**values, "at": datetime.fromisoformat(values["at"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def make_indexer(app: Flask) -> Indexer:
    """An indexer on the application's database and engine; within an application context."""
    service: SearchService = app.extensions["search"]
    open_session = sessionmaker(db.engine, expire_on_commit=False)
    with open_session() as session:
        identity = database_id(session)
    if not identity:
        raise RuntimeError("The database is not set up yet. Run: research-hub init")
    return Indexer(service.engine, open_session, identity)


class Worker:
    """The rounds, one after the other."""

    def __init__(self, app: Flask, settings: Settings, *, clock: Callable[[], datetime] | None = None) -> None:
        self._app = app
        self._settings = settings
        self._indexer: Indexer | None = None
        self._clock = clock or (lambda: datetime.now(UTC))
        self._heartbeat = Heartbeat(datetime.min.replace(tzinfo=UTC), "working", pid=os.getpid())
        self._checked_on = self._clock().astimezone().date()
        self._must_look = True

    def run(self, stop: threading.Event) -> None:
        failures = 0
        while not stop.is_set():
            try:
                self.work_once()
                failures = 0
            except Exception as error:  # noqa: BLE001 - whatever it was, the next round may do better
                failures += 1
                self._note_failure(error)
            stop.wait(min(_LONGEST_WAIT, self._settings.index_interval * 2**failures))
        self._say("stopped", force=True)

    def work_once(self) -> None:
        """One round: a usable index, everything drained, and once a night the comparison and the rest of its work.

        While nothing may be written it rests; what waits in the outbox waits on.
        """
        with self._app.app_context():
            if read_only_mode().why():
                self._say("paused")
                return
            indexer = self._indexer = self._indexer or make_indexer(self._app)
            if self._must_look or self._is_time_to_say():
                self._look_after_index(indexer)
            indexer.drain()
            self._check_by_night(indexer)
            finish_erasures(self._app, indexer)
            self._say("working", lag=indexer.lag(reading()) if self._is_time_to_say() else None)

    def _look_after_index(self, indexer: Indexer) -> None:
        if indexer.ensure_usable(lambda _count: self._say("rebuilding")):
            INDEX_REBUILDS.inc()
        self._must_look = False

    def _check_by_night(self, indexer: Indexer) -> None:
        moment = self._clock().astimezone()
        if moment.date() == self._checked_on or moment.hour < CHECK_HOUR:
            return
        drift = indexer.repair()
        self._checked_on = moment.date()
        INDEX_DRIFT.inc(drift.total)
        log.info("compared index and database", drift=drift.total, aged=len(drift.aged))
        work_by_night(self._settings)
        self._say("working", drift_total=drift.total, force=True)

    def _note_failure(self, error: Exception) -> None:
        WORKER_FAILURES.inc()
        self._must_look = True
        log.error("a round of the worker failed", exc_info=error)
        self._say("failing", problem=f"{type(error).__name__}: {error}", force=True)

    def _is_time_to_say(self) -> bool:
        # A clock that was put back must not keep it silent until it has caught up.
        return abs(self._clock() - self._heartbeat.at) >= HEARTBEAT_EVERY

    def _say(
        self, state: str, *, lag: Lag | None = None, problem: str = "", drift_total: int = 0, force: bool = False
    ) -> None:
        """Writes the heartbeat when the state changed or the last one is old; `drift_total` adds up."""
        if not (force or state != self._heartbeat.state or self._is_time_to_say()):
            return
        known = Lag(self._heartbeat.lag_entries, self._heartbeat.lag_seconds) if lag is None else lag
        self._heartbeat = Heartbeat(
            at=self._clock(),
            state=state,
            lag_entries=known.entries,
            lag_seconds=known.seconds,
            drift_total=self._heartbeat.drift_total + drift_total,
            problem=problem,
            pid=os.getpid(),
        )
        INDEX_LAG_ENTRIES.set(known.entries)
        INDEX_LAG_SECONDS.set(known.seconds)
        try:
            _write_heartbeat(_heartbeat_path(self._settings), self._heartbeat)
        except OSError as error:
            log.warning("the heartbeat could not be written", reason=str(error))


@contextmanager
def _beside(postman: Rounds, stop: threading.Event) -> Iterator[None]:
    """Lets the postman go its rounds in a thread of its own: a mail server that is slow holds up no search."""
    thread = threading.Thread(target=postman.run, args=(stop,), name="postman", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(_PATIENCE)


def _heartbeat_path(settings: Settings) -> Path:
    return settings.data / "worker.json"


def _write_heartbeat(path: Path, heartbeat: Heartbeat) -> None:
    """Replaces the file in one step, so that no reader meets half of it."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_text(json.dumps({**asdict(heartbeat), "at": heartbeat.at.isoformat()}), "utf-8")
    beside.replace(path)


@contextmanager
def _the_only_one(path: Path, stop: threading.Event) -> Iterator[bool]:
    """Waits for the lock; False where `stop` came first. The system lets go of it when the process dies."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        waiting_since = time.monotonic()
        while not stop.is_set():
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if stop.wait(0.5):
                    break
            else:
                log.info("worker started", waited=round(time.monotonic() - waiting_since, 1))
                yield True
                return
        yield False

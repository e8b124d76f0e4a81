"""Is it well? The same checks for load balancers, for monitoring and for `research-hub doctor`."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from flask import Blueprint, Response, current_app, g, jsonify, request
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from insights.core.access import Permission, may
from insights.core.errors import NotAllowed
from research_hub.config import Settings
from research_hub.db import db
from research_hub.migrations import newest_revision, stored_revision
from research_hub.read_only import read_only_mode
from research_hub.security import public
from research_hub.worker import read_heartbeat

HEARTBEAT_LIMIT: Final = timedelta(seconds=30)
LAG_LIMIT: Final = 60.0
"""Seconds that search may be behind."""
FREE_LIMIT: Final = 0.10
"""Share of the disk that must be free."""

_LOOPBACK: Final = frozenset({"127.0.0.1", "::1"})

bp = Blueprint("health", __name__)


@dataclass(frozen=True, slots=True)
class Check:
    """`message` says in one sentence what is, and where it is not well, what to do. It holds no data of people."""

    name: str
    ok: bool
    message: str


@bp.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """The process answers; nothing else is asked."""
    return jsonify(status="ok")


@bp.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """200 when this host can take requests, else 503; each check by its name.

    Where writing is off it still answers 200, with the status "read-only": reading goes on, and no load balancer should
    take the last host away.
    """
    checks = readiness(_settings())
    ready, writing = all(check.ok for check in checks), writing_check()
    body = {
        "status": ("ready" if writing.ok else "read-only") if ready else "not ready",
        "checks": {check.name: {"ok": check.ok, "message": check.message} for check in [*checks, writing]},
    }
    return jsonify(body), 200 if ready else 503


@bp.get("/metrics")
@public
def metrics() -> ResponseReturnValue:
    """For Prometheus on this machine, and for administrators who are signed in."""
    on_this_machine = request.remote_addr in _LOOPBACK and not request.headers.get("X-Forwarded-For")
    if not on_this_machine and (g.member is None or not may(g.member, Permission.ADMINISTER)):
        raise NotAllowed("Metrics are given to this machine alone, and to administrators who are signed in.")
    return Response(generate_latest(_measured(_settings())), content_type=CONTENT_TYPE_LATEST)


def readiness(settings: Settings) -> list[Check]:
    """What a host needs to serve; none of the checks opens the index or reads a record."""
    return [database_check(), migrations_check(), indexer_check(settings), disk_check(settings.data)]


def writing_check() -> Check:
    """Whether anything may be written; no part of readiness."""
    why = read_only_mode().why()
    if not why:
        return Check("writing", True, "Everything may be written.")
    return Check("writing", False, f"Read-only: {why} See docs/runbooks/the-disk-is-full.md.")


def database_check() -> Check:
    try:
        with db.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        return Check("database", False, f"The database does not answer ({type(error).__name__}). Check DATABASE_URL.")
    return Check("database", True, "The database answers.")


def migrations_check() -> Check:
    try:
        with db.engine.connect() as connection:
            stored = stored_revision(connection)
    except SQLAlchemyError:
        return Check("migrations", False, "The database does not answer.")
    newest = newest_revision()
    if stored == newest:
        return Check("migrations", True, f"The database is at {stored}, the newest.")
    return Check("migrations", False, f"The database is at {stored or 'nothing'}, not {newest}. Run: research-hub init")


def indexer_check(settings: Settings) -> Check:
    """By the worker's heartbeat: no older than half a minute, and search no more than a minute behind."""
    heartbeat = read_heartbeat(settings)
    if heartbeat is None:
        return Check("indexer", False, "The worker has not been heard of. Start it: research-hub serve")
    age = abs(datetime.now(UTC) - heartbeat.at)
    if age > HEARTBEAT_LIMIT or heartbeat.state == "stopped":
        return Check(
            "indexer", False, f"The worker was last heard of {_seconds(age)} ago. Start it: research-hub serve"
        )
    if heartbeat.state == "failing":
        return Check("indexer", False, "The worker fails; its log says why. Run: research-hub index check")
    if heartbeat.state == "paused":
        return Check("indexer", True, "The worker rests while nothing may be written.")
    if heartbeat.lag_seconds >= LAG_LIMIT:
        return Check("indexer", False, f"Search is {heartbeat.lag_seconds:.0f} seconds behind. Wait, or see its log.")
    return Check(
        "indexer", True, f"The worker is {heartbeat.state}; search is {heartbeat.lag_seconds:.0f} seconds behind."
    )


def disk_check(folder: Path) -> Check:
    free = _free_share(folder)
    words = f"{free:.0%} of the disk is free"
    if free > FREE_LIMIT:
        return Check("disk", True, f"{words}.")
    return Check("disk", False, f"{words}; make room until it is more than {FREE_LIMIT:.0%}.")


def _measured(settings: Settings) -> CollectorRegistry:
    """Read at every scrape from what all processes share, so that any process gives the same answer."""
    registry = CollectorRegistry()

    def gauge(name: str, words: str, value: float) -> None:
        Gauge(f"research_hub_{name}", words, registry=registry).set(value)

    for check in readiness(settings):
        gauge(f"ready_{check.name}", f"1 while the check of {check.name} passes.", float(check.ok))
    gauge("read_only", "1 while nothing may be written.", float(not writing_check().ok))
    heartbeat = read_heartbeat(settings)
    if heartbeat is not None:
        age = (datetime.now(UTC) - heartbeat.at).total_seconds()
        gauge("worker_heartbeat_age_seconds", "How long ago the worker was heard of.", age)
        gauge("index_lag_entries", "Changes that search does not know yet.", heartbeat.lag_entries)
        gauge("index_lag_seconds", "Age of the oldest change that search does not know yet.", heartbeat.lag_seconds)
        gauge(
            "index_drift_total", "Documents that differed from the database and were repaired.", heartbeat.drift_total
        )
    gauge("disk_free_ratio", "Share of the disk that is free.", _free_share(settings.data))
    for name, words, statement in _COUNTS:
        gauge(name, words, _count(statement))
    return registry


_COUNTS: Final[tuple[tuple[str, str, str], ...]] = (
    ("members", "Open accounts.", "SELECT count(*) FROM members WHERE is_active"),
    ("activity_total", "Changes recorded since the beginning.", "SELECT coalesce(max(id), 0) FROM activity"),
)


def _count(statement: str) -> float:
    try:
        with db.engine.connect() as connection:
            return float(connection.scalar(text(statement)) or 0)
    except SQLAlchemyError:
        return float("nan")


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def _free_share(folder: Path) -> float:
    usage = shutil.disk_usage(folder)
    return usage.free / usage.total


def _seconds(age: timedelta) -> str:
    return f"{age.total_seconds():.0f} seconds"

"""While nothing may be written: every change is refused with what was typed, and everything can be read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from factories import make_insight, make_member, make_session, make_study, source_of
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from insights.capture.models import ResearchSession
from insights.core.access import Role
from insights.core.base import Base
from insights.core.clock import now
from insights.people.models import BrowserSession
from research_hub.cli import main
from research_hub.config import Settings
from research_hub.db import db, reading, transaction
from research_hub.read_only import ReadOnly, ReadOnlyMode, Room
from research_hub.worker import Worker, make_indexer, read_heartbeat

GIGABYTE = 1_000_000_000
SignIn = Callable[..., FlaskClient]


class Disk:
    """A disk of 10 GB whose free room a test sets."""

    def __init__(self) -> None:
        self.free = 5 * GIGABYTE
        self.writable = True

    def __call__(self, _folder: Path) -> Room:
        return Room(self.free, 10 * GIGABYTE, self.writable)


@pytest.fixture
def disk(app: Flask, settings: Settings) -> Disk:
    made = Disk()
    limits = settings.model_copy(update={"read_only_below_percent": 5.0, "read_only_below_mb": 200})
    app.extensions["read_only"] = ReadOnlyMode(limits, made)
    return made


def rows() -> dict[str, int]:
    """By table."""
    with db.engine.connect() as connection:
        return {
            table.name: connection.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.tables.values()
        }


def files(settings: Settings) -> list[Path]:
    return sorted(path for path in settings.files_path.rglob("*") if path.is_file())


def test_by_default_a_disk_with_less_than_a_twentieth_or_200_megabytes_free_is_nearly_full(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("RESEARCH_HUB_READ_ONLY_BELOW_PERCENT")
    monkeypatch.delenv("RESEARCH_HUB_READ_ONLY_BELOW_MB")
    (tmp_path / "data").mkdir()

    def why(free: int, total: int) -> str:
        return ReadOnlyMode(Settings(data=tmp_path / "data"), lambda _folder: Room(free, total)).why()

    assert why(499_000_000, 10 * GIGABYTE) == "The disk of its server is nearly full."
    assert why(501_000_000, 10 * GIGABYTE) == ""
    assert why(199_000_000, GIGABYTE) == "The disk of its server is nearly full."
    assert why(201_000_000, GIGABYTE) == ""


def test_leaving_needs_half_as_much_room_again_so_that_it_does_not_flicker(disk: Disk, app: Flask) -> None:
    mode: ReadOnlyMode = app.extensions["read_only"]
    seen = []
    for free in (600, 490, 510, 740, 760, 510):
        disk.free = free * 1_000_000
        seen.append(bool(mode.why()))

    assert seen == [False, True, True, True, False, False]


def test_what_was_typed_comes_back_with_the_reason_and_nothing_is_stored(
    disk: Disk, client_for: SignIn, app: Flask
) -> None:
    client = client_for(Role.RESEARCHER)
    with transaction() as session:
        study = make_study(session)
    before, disk.free = rows(), 0

    answer = client.post(
        "/sessions", data={"study": study.ref, "held_on": "2026-10-14", "notes": "The azimuth was not in the letter."}
    )

    page = answer.get_data(as_text=True)
    assert answer.status_code == 503
    assert "The azimuth was not in the letter." in page
    assert "Nothing was saved: Research Hub is read-only just now. The disk of its server is nearly full." in page
    assert "What you typed is still on this page." in page
    assert rows() == before


def test_a_file_that_is_sent_leaves_nothing_behind(disk: Disk, client_for: SignIn, settings: Settings) -> None:
    client = client_for(Role.RESEARCHER)
    with transaction() as session:
        source = source_of(session, make_session(session))
    before, disk.free = (rows(), files(settings)), 0

    answer = client.post(
        f"/sources/{source.ref}/recordings", data={"file": (BytesIO(b"ID3" + bytes(200_000)), "talk.mp3")}
    )

    assert answer.status_code == 503
    assert (rows(), files(settings)) == before


def test_every_address_that_takes_a_change_answers_503_and_changes_nothing(
    disk: Disk, client_for: SignIn, app: Flask, settings: Settings
) -> None:
    client = client_for(Role.ADMINISTRATOR)
    before, disk.free, asked, reads = (rows(), files(settings)), 0, 0, 0
    other: list[str] = []
    for rule in app.url_map.iter_rules():
        if "POST" not in (rule.methods or ()):
            continue
        values = {
            name: 1 if "int" in type(rule._converters[name]).__name__.lower() else "X-1" for name in rule.arguments
        }
        with app.test_request_context():
            path = str(app.url_for(rule.endpoint, **values))  # type: ignore[arg-type]
        status = client.post(path).status_code if rule.endpoint != "account.leave" else 503
        asked += 1
        if getattr(app.view_functions[rule.endpoint], "only_reads", False):
            reads += 1
        elif status not in {503, 404, 403}:
            other.append(f"{path} answered {status}")

    assert other == []
    assert asked > 100
    assert reads < 10
    assert (rows(), files(settings)) == before


def test_reading_searching_and_exports_go_on_with_a_notice_on_every_page(
    disk: Disk, client_for: SignIn, app: Flask
) -> None:
    client = client_for(Role.RESEARCHER)
    with transaction() as session:
        insight = make_insight(session, claim="People stop at the azimuth.")
    make_indexer(app).rebuild()
    disk.free = 0

    for address in ("/", "/log", "/insights", f"/insights/{insight.ref}", "/evidence?q=azimuth", "/studies/new"):
        answer = client.get(address)
        assert (answer.status_code, answer.get_data(as_text=True).count("Read-only just now")) == (200, 1), address
    assert "People stop at the" in client.get("/evidence?q=azimuth").get_data(as_text=True)
    assert client.get("/insights.csv").status_code == 200
    app.extensions["search"].close()


def test_somebody_who_was_here_long_ago_still_sees_pages(disk: Disk, client_for: SignIn) -> None:
    client = client_for(Role.READER)
    with transaction() as session:
        session.execute(update(BrowserSession).values(last_seen_at=now(session) - timedelta(hours=1)))
    disk.free = 0

    assert client.get("/insights").status_code == 200
    disk.free = 5 * GIGABYTE
    assert client.get("/insights").status_code == 200
    assert now(reading()) - reading().scalars(select(BrowserSession.last_seen_at)).one() < timedelta(minutes=1)


def test_whoever_signs_out_is_signed_out_in_that_browser(disk: Disk, client_for: SignIn) -> None:
    client = client_for(Role.READER)
    disk.free = 0

    assert client.post("/sign-out").status_code == 503
    assert client.get("/insights").status_code == 303


def test_no_unit_of_work_begins_whoever_asks(disk: Disk, app: Flask) -> None:
    disk.free = 0

    with pytest.raises(ReadOnly, match="nearly full"), transaction() as session:
        make_member(session)


def test_the_worker_rests_and_goes_on_by_itself(disk: Disk, app: Flask, settings: Settings) -> None:
    with transaction() as session:
        make_session(session, notes="The azimuth was not in the letter.")
    worker = Worker(app, settings)
    disk.free = 0
    worker.work_once()
    resting = read_heartbeat(settings)

    disk.free = 5 * GIGABYTE
    worker.work_once()

    assert resting is not None
    assert resting.state == "paused"
    assert make_indexer(app).lag(reading()).entries == 0
    assert reading().scalar(select(func.count()).select_from(ResearchSession)) == 1
    app.extensions["search"].close()


def test_monitoring_is_told_and_the_host_stays_in_service(disk: Disk, app: Flask, settings: Settings) -> None:
    client: Any = app.test_client()
    before = client.get("/readyz").json["checks"]["writing"]
    disk.free = 0

    now_checks = client.get("/readyz").json["checks"]

    assert before == {"ok": True, "message": "Everything may be written."}
    assert now_checks["writing"]["ok"] is False
    assert "nearly full" in now_checks["writing"]["message"]
    assert "research_hub_read_only 1.0" in client.get("/metrics").get_data(as_text=True)


def test_a_folder_that_cannot_be_written_to_is_read_only(disk: Disk, client_for: SignIn) -> None:
    client = client_for(Role.RESEARCHER)
    disk.writable = False

    answer = client.post("/studies", data={"title": "Letters about results"})

    assert answer.status_code == 503
    assert "cannot be written to" in answer.get_data(as_text=True)
    assert "Letters about results" in answer.get_data(as_text=True)


def test_an_operator_switches_it_on_and_off_while_it_is_served(
    app: Flask, client_for: SignIn, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESEARCH_HUB_DATA", str(settings.data))
    client = client_for(Role.RESEARCHER)

    switched = CliRunner().invoke(main, ["read-only", "on", "--because", "We move to a new <b>server</b> until 18:00."])
    page = client.get("/insights").get_data(as_text=True)
    refused = client.post("/studies", data={"title": "Letters"})
    status = CliRunner().invoke(main, ["read-only", "status"])
    back = CliRunner().invoke(main, ["read-only", "off"])
    stored = client.post("/studies", data={"title": "Letters", "question": "Why?"})

    assert switched.exit_code == 0
    assert "We move to a new &lt;b&gt;server&lt;/b&gt; until 18:00." in page
    assert refused.status_code == 503
    assert "until 18:00" in status.output
    assert back.output == "Changes are taken.\n"
    assert stored.status_code != 503

"""What else can break beside a full disk and a damaged index: each is told in plain words, and made no worse."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from demonstration import close, sound
from factories import make_member, make_session, make_study, source_of
from flask import Flask
from flask.testing import FlaskClient
from hostile.faults import snapshot
from postgres.hub import opened
from sqlalchemy import select

from insights.capture.models import TextVersion
from insights.core.access import Role
from insights.core.clock import FixedClock, set_clock
from insights.core.installation import ensure_database_id
from research_hub.cli import main
from research_hub.config import Settings
from research_hub.db import db, reading, transaction
from research_hub.worker import Worker, make_indexer, read_heartbeat

TESTS = Path(__file__).parents[1]
SignIn = Callable[..., FlaskClient]


# --- a damaged database file --------------------------------------------------------------------------------


def _cut_in_half(database: Path) -> None:
    os.truncate(database, database.stat().st_size // 2)


def _pages_overwritten(database: Path) -> None:
    with database.open("r+b") as file:
        for page in range(2, 60):
            file.seek(page * 4096)
            file.write(random.Random(page).randbytes(4096))


def _no_database_at_all(database: Path) -> None:
    database.write_bytes(b"These are holiday photographs." * 1_000)


@pytest.fixture
def filled(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A data folder with records, which nobody serves."""
    monkeypatch.setenv("RESEARCH_HUB_DATA", str(settings.data))
    with opened(settings) as app, app.app_context():
        db.create_all()
        with transaction() as session:
            ensure_database_id(session)
            for _ in range(20):
                make_session(session)
        db.session.remove()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    settings.data.chmod(0o700)
    return settings


@pytest.mark.parametrize("harm", [_cut_in_half, _pages_overwritten, _no_database_at_all])
def test_the_doctor_says_that_the_database_is_damaged_and_what_to_do(
    harm: Callable[[Path], None], filled: Settings
) -> None:
    harm(filled.data / "research-hub.sqlite3")

    said = CliRunner().invoke(main, ["doctor"])

    assert said.exit_code == 1
    assert "FAIL  integrity: The database" in said.output
    assert "docs/runbooks/the-database-is-damaged.md" in said.output
    assert "Traceback" not in said.output


@pytest.mark.parametrize("harm", [_cut_in_half, _pages_overwritten, _no_database_at_all])
def test_pages_on_a_damaged_database_say_so_and_never_fail_without_a_word(
    harm: Callable[[Path], None], filled: Settings
) -> None:
    harm(filled.data / "research-hub.sqlite3")
    with opened(filled) as app:
        client = app.test_client()
        with client.session_transaction() as cookies:
            cookies["token"] = "somebody"

        answers = [client.get("/insights"), client.post("/sign-in", data={"email": "a@example.org", "password": "x"})]

    for answer in answers:
        page = answer.get_data(as_text=True)
        assert answer.status_code in {303, 422, 503}
        if answer.status_code == 503:
            assert "database is damaged" in page or "cannot be written" in page


# --- a file that is gone ------------------------------------------------------------------------------------


def test_a_stored_file_that_is_gone_is_told_and_its_record_stays(
    app: Flask, client_for: SignIn, settings: Settings
) -> None:
    with transaction() as session:
        actor = make_member(session)
        source = source_of(session, make_session(session, actor=actor))
    client = client_for(actor)
    sent = client.post(f"/sources/{source.ref}/recordings", data={"recording": (BytesIO(sound()), "kitchen.wav")})
    assert sent.status_code == 303
    for path in settings.files_path.rglob("*"):
        if path.is_file():
            path.unlink()

    page = client.get(f"/sources/{source.ref}", follow_redirects=True).get_data(as_text=True)
    address = re.search(r"/recordings/[A-Z]+-\d+/file", page)
    assert address is not None
    file = client.get(address.group())

    assert file.status_code == 404
    assert "The file itself is missing on the server." in file.get_data(as_text=True)
    assert "kitchen.wav" in page


# --- a clock that jumps -------------------------------------------------------------------------------------


def test_the_worker_goes_on_and_is_heard_of_when_the_clock_jumps_back_and_forth(app: Flask, settings: Settings) -> None:
    moment = datetime(2026, 11, 20, 12, tzinfo=UTC)
    worker = Worker(app, settings, clock=lambda: moment)
    heard, behind = [], []
    for jump in (timedelta(0), timedelta(days=-400), timedelta(days=900), timedelta(seconds=-7)):
        moment += jump
        set_clock(reading(), FixedClock(moment))
        with transaction() as session:
            make_session(session)
        # A day that changes brings the night’s work, whose own entries the next round takes in.
        worker.work_once()
        worker.work_once()
        heartbeat = read_heartbeat(settings)
        assert heartbeat is not None
        heard.append(heartbeat.at == moment)
        behind.append(make_indexer(app).lag(reading()).entries)

    assert heard == [True] * 4
    assert behind == [0] * 4
    app.extensions["search"].close()


def test_somebody_signed_in_sees_pages_when_the_clock_is_put_back(app: Flask, client_for: SignIn) -> None:
    client = client_for(Role.RESEARCHER)
    set_clock(reading(), FixedClock(datetime.now(UTC) - timedelta(days=3)))

    assert client.get("/insights").status_code in {200, 303}


# --- a log of writes that cannot grow -----------------------------------------------------------------------

_WRITER = """
import resource, signal, sys
from datetime import date
from postgres.hub import opened
from sqlalchemy import select
from insights.capture.models import Study
from insights.capture.operations import log_research_session
from insights.people.models import Member
from research_hub.config import Settings
from research_hub.db import db, transaction
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
most = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
with opened(Settings()) as app, app.app_context():
    for number in range(2_000):
        word = f"zq{number}x"
        with transaction() as session:
            actor, study = session.scalars(select(Member)).first(), session.scalars(select(Study)).first()
            notes = f"She said {word}. " * 50
            log_research_session(session, actor=actor, study=study, held_on=date(2026, 10, 1), notes=notes)
        print(word, flush=True)
"""


@pytest.mark.slow
@pytest.mark.parametrize("room", [40_000, 150_000, 600_000])
def test_a_log_of_writes_that_cannot_grow_loses_nothing_acknowledged(room: int, filled: Settings) -> None:
    """The system itself refuses to let any file grow past a size, in the midst of a write as it may come."""
    database = filled.data / "research-hub.sqlite3"
    writer = subprocess.run(
        [sys.executable, "-c", _WRITER, str(database.stat().st_size + room)],
        env={**os.environ, "PYTHONPATH": f"{TESTS.parent}:{TESTS}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    acknowledged = writer.stdout.split()

    with opened(filled) as app, app.app_context():
        texts = reading().scalars(select(TextVersion.text)).all()
        with transaction() as session:
            make_study(session)
        close(app)
    doctor = CliRunner().invoke(main, ["doctor"]).output

    assert writer.returncode != 0, "it was never refused"
    assert {word for word in acknowledged if not any(f"said {word}." in text for text in texts)} == set()
    assert sum("said zq" in text for text in texts) - len(acknowledged) in {0, 1}
    assert "ok    integrity" in doctor
    assert snapshot(database)

"""Running on PostgreSQL: setting up, examining, and what is said about backups."""

from __future__ import annotations

import shlex
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from postgres.hub import running
from postgres.server import Server
from sqlalchemy import func, select

from insights.core.base import Base
from research_hub.cli import main
from research_hub.config import Settings
from research_hub.db import db
from research_hub.health import migrations_check
from research_hub.worker import make_indexer, run_worker

ROOT = Path(__file__).parents[2]
Run = Callable[..., Result]


@pytest.fixture
def run(blank_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`run("doctor")` on a database without a table and a data folder that is not there yet."""
    monkeypatch.setenv("RESEARCH_HUB_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("DATABASE_URL", blank_url)

    def invoke(*arguments: str) -> Result:
        return CliRunner().invoke(main, arguments, prog_name="research-hub")

    return invoke


def test_setting_up_needs_an_address_and_nothing_else(run: Run, tmp_path: Path) -> None:
    first, again = run("init"), run("init")

    assert (first.exit_code, again.exit_code) == (0, 0), first.output
    assert not list((tmp_path / "data").glob("*.sqlite3"))


def test_the_doctor_finds_an_installation_well(run: Run) -> None:
    run("init")

    examined = run("doctor")

    assert examined.exit_code == 0, examined.output
    assert "FAIL" not in examined.output
    assert "database: The database answers." in examined.output


def test_the_doctor_says_what_a_blank_database_lacks(run: Run, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(mode=0o750)

    examined = run("doctor")

    assert examined.exit_code == 1
    assert "Run: research-hub init" in examined.output


def test_the_doctor_says_when_no_server_answers(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("init")
    monkeypatch.setenv("DATABASE_URL", f"postgresql://hub@/hub?host={tmp_path}")

    examined = run("doctor")

    assert examined.exit_code == 1
    assert "The database does not answer (OperationalError). Check DATABASE_URL." in examined.output


@pytest.mark.parametrize(
    ("arguments", "instead"), [(("backup", "all.zip"), "use pg_dump"), (("restore", __file__), "use pg_restore")]
)
def test_backups_are_left_to_the_server_with_the_command_to_use(
    arguments: tuple[str, ...], instead: str, run: Run
) -> None:
    run("init")

    refused = run(*arguments)

    assert refused.exit_code == 1
    assert instead in refused.output


def test_a_dump_brings_everything_back_as_documented(
    told_url: str, blank_url: str, told_app: Flask, server: Server, tmp_path: Path
) -> None:
    with told_app.app_context():
        before = _rows()

    for command in _documented_commands():
        words = [word.format(old=told_url, new=blank_url, dump=tmp_path / "hub.dump") for word in command]
        subprocess.run([server.programs / words[0], *words[1:]], check=True, stdin=subprocess.DEVNULL)

    with running(Settings(data=tmp_path / "restored", database_url=blank_url)) as restored:
        assert _rows() == before
        assert migrations_check().ok
        assert make_indexer(restored).rebuild() > 100
    assert before["insights"] > 20


def test_a_host_is_ready_once_its_worker_is_heard_of(postgres_app: Flask, postgres_settings: Settings) -> None:
    client = postgres_app.test_client()
    before = client.get("/readyz")

    stop = threading.Event()
    worker = threading.Thread(target=run_worker, args=(postgres_app, stop))
    worker.start()
    try:
        for _ in range(300):
            ready = client.get("/readyz")
            if ready.status_code == 200 or stop.wait(0.1):
                break
    finally:
        stop.set()
        worker.join()

    assert before.status_code == 503
    assert before.json is not None
    assert before.json["checks"]["database"]["ok"] is True
    assert before.json["checks"]["indexer"]["ok"] is False
    assert ready.status_code == 200, ready.json


def _rows() -> dict[str, int]:
    """By table."""
    with db.engine.connect() as connection:
        return {
            table.name: connection.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.tables.values()
        }


def _documented_commands() -> list[list[str]]:
    """Those of docs/postgresql.md that dump and restore, with places for addresses."""
    lines = (ROOT / "docs" / "postgresql.md").read_text().splitlines()
    commands = [shlex.split(line) for line in lines if line.startswith(("    pg_dump ", "    pg_restore "))]
    assert [command[0] for command in commands] == ["pg_dump", "pg_restore"]
    places = ("{old}", "{new}")
    return [
        [word.replace("$DATABASE_URL", place).replace("hub.dump", "{dump}") for word in command]
        for place, command in zip(places, commands, strict=True)
    ]

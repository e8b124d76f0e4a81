"""No acknowledged write is lost when the hub is killed on PostgreSQL, and each is found soon after (trust.md)."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from cli.killing import PASSWORD, ROUNDS, WRITES, kill_and_look
from click.testing import CliRunner, Result

from research_hub.cli import main


@pytest.fixture
def run(blank_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """An installation on PostgreSQL that is set up, with an administrator."""
    monkeypatch.setenv("RESEARCH_HUB_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("DATABASE_URL", blank_url)

    def invoke(*arguments: str, given: str | None = None) -> Result:
        return CliRunner().invoke(main, arguments, input=given, prog_name="research-hub")

    assert invoke("init").exit_code == 0
    who = ("ada@example.org", "--name", "Ada", "--role", "administrator", "--password-stdin")
    assert invoke("member", "add", *who, given=f"{PASSWORD}\n").exit_code == 0
    return invoke


@pytest.fixture
def start() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts `research-hub ...` as a process group of its own; whatever is left of it ends with the test."""
    started: list[subprocess.Popen[str]] = []

    def popen(*arguments: str, **environment: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "research_hub.cli", *arguments],
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), **environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield popen
    for process in started:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, 9)
        process.wait()


@pytest.mark.slow
def test_killed_while_a_client_writes_nothing_acknowledged_is_lost(
    run: Callable[..., Result], start: Callable[..., subprocess.Popen[str]], blank_url: str, tmp_path: Path
) -> None:
    def texts() -> list[str]:
        with psycopg.connect(blank_url) as connection:
            return [text for (text,) in connection.execute("SELECT text FROM text_versions")]

    assert kill_and_look(run, start, tmp_path, texts) >= ROUNDS * WRITES

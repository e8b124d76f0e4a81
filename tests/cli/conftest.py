from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from research_hub.cli import main

PASSWORD = "correct horse battery"
Run = Callable[..., Result]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder that is not there yet, in a working folder of its own."""
    folder = tmp_path / "data"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RESEARCH_HUB_DATA", str(folder))
    for name in ("DATABASE_URL", "HOST", "PORT", "RESEARCH_HUB_ENVIRONMENT", "RESEARCH_HUB_SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def run(data: Path) -> Run:
    """`run("member", "list")` in this process; `given` goes to standard input."""

    def invoke(*arguments: str, given: str | None = None) -> Result:
        return CliRunner().invoke(main, arguments, input=given, prog_name="research-hub")

    return invoke


@pytest.fixture
def installed(run: Run, data: Path) -> Path:
    """A data folder that is set up, with an administrator."""
    assert run("init").exit_code == 0
    added = run(
        *("member", "add", "ada@example.org", "--name", "Ada", "--role", "administrator", "--password-stdin"),
        given=PASSWORD + "\n",
    )
    assert added.exit_code == 0, added.output
    return data


@pytest.fixture
def start(data: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts `research-hub ...` as a process group of its own; whatever is left of it ends with the test."""
    started: list[subprocess.Popen[str]] = []

    def popen(*arguments: str, **environment: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "research_hub.cli", *arguments],
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
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
        if process.stdout is not None:
            process.stdout.close()

"""No acknowledged write is lost when everything is killed, and each is found soon after (trust.md)."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from cli.killing import ROUNDS, WRITES, Run, Start, kill_and_look


@pytest.mark.slow
def test_killed_while_a_client_writes_nothing_acknowledged_is_lost(
    run: Run, start: Start, installed: Path, tmp_path: Path
) -> None:
    def texts() -> list[str]:
        connection = sqlite3.connect(installed / "research-hub.sqlite3")
        try:
            return [text for (text,) in connection.execute("SELECT text FROM text_versions")]
        finally:
            connection.close()

    assert kill_and_look(run, start, tmp_path, texts) >= ROUNDS * WRITES

"""`research-hub audit`: from a database that was tampered with to a line that says where."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

from click.testing import Result

Run = Callable[..., Result]


def test_a_record_that_is_whole_is_said_to_be(run: Run, installed: Path) -> None:
    checked = run("audit", "check")

    assert installed.is_dir()
    assert checked.exit_code == 0
    assert "ok    Record of changes" in checked.output
    assert "ok    Log of looks" in checked.output
    assert "record: " in run("doctor").output


def test_an_entry_changed_in_the_database_is_located_and_the_doctor_says_so(run: Run, installed: Path) -> None:
    _in(installed, "UPDATE activity SET verb = 'read' WHERE position = 1")

    checked = run("audit", "check")

    assert checked.exit_code == 1
    assert "Entry 1 (read" in checked.output
    assert "FAIL  record: Record of changes: Entry 1" in run("doctor").output


def test_a_tail_that_was_cut_is_found_with_the_line_that_was_kept(run: Run, installed: Path, tmp_path: Path) -> None:
    line = run("audit", "anchor").output
    _in(installed, "DELETE FROM activity WHERE position = (SELECT max(position) FROM activity)")
    kept = tmp_path / "kept.txt"
    kept.write_text(f"Kept on paper.\n{line}", encoding="utf-8")

    assert run("audit", "check").exit_code == 0
    checked = run("audit", "check", "--anchors", str(kept))

    assert checked.exit_code == 1
    assert "cut off" in checked.output


def test_an_anchor_kept_in_the_data_folder_is_compared_by_itself(run: Run, installed: Path) -> None:
    run("audit", "anchor", "--keep")
    _in(installed, "DELETE FROM activity")

    assert "cut off" in run("audit", "check").output


def test_a_file_without_an_anchor_is_refused(run: Run, installed: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text("Nothing of the kind.", encoding="utf-8")

    refused = run("audit", "check", "--anchors", str(other))

    assert installed.is_dir()
    assert refused.exit_code == 2
    assert "holds no anchor" in refused.output


def _in(data: Path, statement: str) -> None:
    connection = sqlite3.connect(data / "research-hub.sqlite3")
    with connection:
        connection.execute(statement)
    connection.close()

"""`research-hub report issues` for a machine that waits for an exit code, and `report flow`."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from click.testing import Result

Run = Callable[..., Result]
DECISION = """---
status: accepted
date: 2024-02-03
---

# Keep what people have typed

## Context and Problem Statement

Why?

## Decision Outcome

So.
"""


def test_the_command_ends_well_while_nothing_is_broken(run: Run, installed: Path) -> None:
    result = run("report", "issues")

    assert result.exit_code == 0
    assert result.stderr == "0 errors, 0 warnings, 0 notes.\n"


def test_an_imported_decision_without_evidence_is_a_warning_and_ends_well(run: Run, installed: Path) -> None:
    folder = installed.parent / "adr"
    folder.mkdir()
    (folder / "0001-keep.md").write_text(DECISION, "utf-8")
    assert run("import", "decisions", str(folder)).exit_code == 0

    result = run("report", "issues", "--format", "csv")

    assert result.exit_code == 0
    assert result.stderr == "0 errors, 1 warnings, 0 notes.\n"
    assert '"DEC-1","Keep what people have typed"' in result.stdout


def test_a_ring_of_supersession_ends_with_one_and_is_named(run: Run, installed: Path) -> None:
    folder = installed.parent / "adr"
    folder.mkdir()
    for number in (1, 2):
        (folder / f"000{number}-keep.md").write_text(DECISION.replace("Why?", f"Why {number}?"), "utf-8")
    assert run("import", "decisions", str(folder)).exit_code == 0
    # No page and no import lets a ring in; a database that was mended by hand may hold one all the same.
    with closing(sqlite3.connect(installed / "research-hub.sqlite3")) as database:
        database.execute("UPDATE decisions SET status = 'superseded', superseded_by_id = 3 - id")
        database.commit()

    result = run("report", "issues", "--format", "csv")

    assert result.exit_code == 1
    assert "superseded by itself, by way of DEC-2" in result.stdout


def test_the_flow_of_a_period_is_json_of_a_documented_shape(run: Run, installed: Path) -> None:
    told = json.loads(run("report", "flow", "--from", "2026-01-01", "--to", "2026-06-30").stdout)

    assert set(told) == {"as_of", "from", "to", "insights", "decisions", "bands"}
    assert (told["from"], told["to"], told["bands"]) == ("2026-01-01", "2026-06-30", [])

"""A backup whose database and manifest were both written anew is still known by the chain of its audit record."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]


@pytest.fixture
def backup(run: Run, installed: Path, tmp_path: Path) -> Path:
    (tmp_path / "note.md").write_text("# Letters\n\nI stopped reading.\n", "utf-8")
    assert installed.is_dir()
    assert run("import", "research", str(tmp_path / "note.md"), "--study", "Letters").exit_code == 0
    assert run("backup", str(tmp_path / "backup.zip")).exit_code == 0
    return tmp_path / "backup.zip"


def test_an_entry_that_was_changed_in_a_backup_is_told_and_located(run: Run, backup: Path) -> None:
    changed = rewritten(backup, "UPDATE activity SET verb = 'read' WHERE position = 2")

    result = run("restore", "--replace", str(changed))

    assert result.exit_code == 1
    assert "Record of changes: Entry 2 (read " in result.stderr
    assert "do not rely on it" in result.stderr
    assert "Restored the backup of" in result.output


def test_an_end_that_was_cut_off_in_a_backup_is_found_by_the_anchor_in_its_manifest(run: Run, backup: Path) -> None:
    changed = rewritten(backup, "DELETE FROM activity WHERE position = (SELECT max(position) FROM activity)")

    result = run("restore", "--replace", str(changed))

    assert result.exit_code == 1
    assert "one entry was cut off at its end" in result.stderr


def test_an_end_that_was_cut_off_with_the_anchor_in_the_manifest_is_found_by_one_that_was_kept(
    run: Run, installed: Path, backup: Path
) -> None:
    assert run("audit", "anchor", "--keep").exit_code == 0
    assert run("backup", str(backup.with_name("later.zip"))).exit_code == 0
    assert (installed / "record-anchors.txt").exists()
    changed = rewritten(backup.with_name("later.zip"), "DELETE FROM activity WHERE position > 1", anchor_too=True)

    result = run("restore", "--replace", str(changed))

    assert result.exit_code == 1
    assert "It ends with entry 1, but on " in result.stderr


def test_a_backup_as_it_was_made_is_restored_without_a_word_of_it(run: Run, backup: Path) -> None:
    result = run("restore", "--replace", str(backup))

    assert result.exit_code == 0
    assert "rely on it" not in result.stderr


def test_a_backup_from_before_the_last_anchor_is_no_broken_record(run: Run, backup: Path, tmp_path: Path) -> None:
    (tmp_path / "more.md").write_text("# Calls\n\nNobody answered.\n", "utf-8")
    assert run("import", "research", str(tmp_path / "more.md"), "--study", "Calls").exit_code == 0
    assert run("audit", "anchor", "--keep").exit_code == 0

    assert run("restore", "--replace", str(backup)).exit_code == 0


def test_a_record_whose_key_was_lost_is_said_to_be_beyond_checking(run: Run, installed: Path, backup: Path) -> None:
    (installed / "keys.json").unlink()

    result = run("restore", "--replace", "--without-keys", str(backup))

    assert result.exit_code == 0
    assert "The audit record cannot be checked: the audit key with fingerprint " in result.output
    assert "Entry 1" not in result.output


def rewritten(backup: Path, statement: str, *, anchor_too: bool = False) -> Path:
    """A copy in which the database was changed and the manifest vouches for the change, as somebody skilled would."""
    with zipfile.ZipFile(backup) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    database = backup.with_name("inside.sqlite3")
    database.write_bytes(parts["database.sqlite3"])
    connection = sqlite3.connect(database)
    with connection:
        connection.execute(statement)
    entries, chain = connection.execute("SELECT max(position), chain FROM activity").fetchone()
    connection.close()
    parts["database.sqlite3"] = database.read_bytes()
    manifest = json.loads(parts.pop("manifest.json"))
    content = parts["database.sqlite3"]
    manifest["entries"]["database.sqlite3"] = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
    manifest["rows"]["activity"] = entries
    if anchor_too:
        said = manifest["notes"]["anchor"]
        manifest["notes"]["anchor"] = re.sub(r"activity \d+ \w+", f"activity {entries} {chain}", said)
    target = backup.with_name("changed.zip")
    with zipfile.ZipFile(target, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
        archive.writestr("manifest.json", json.dumps(manifest))
    return target

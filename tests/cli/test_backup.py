from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from research_hub.migrations import newest_revision
from research_hub.single_instance import hold

Run = Callable[..., Result]
Change = Callable[[dict[str, bytes], dict[str, Any]], None]
NOTE = "# Letters\n\n“I saw positive and I stopped reading the zeppelin letter.”\n"


@pytest.fixture
def backup(run: Run, installed: Path, tmp_path: Path) -> Path:
    """A backup of an installation with one imported note, whose original is in the files store."""
    (tmp_path / "note.md").write_text(NOTE, "utf-8")
    assert run("import", "research", str(tmp_path / "note.md"), "--study", "Letters").exit_code == 0
    result = run("backup", str(tmp_path / "backup.zip"))
    assert result.exit_code == 0, result.output
    return tmp_path / "backup.zip"


def test_a_backup_holds_database_and_files_and_vouches_for_each(backup: Path) -> None:
    with zipfile.ZipFile(backup) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        names = set(archive.namelist()) - {"manifest.json"}
        hashes = {name: hashlib.sha256(archive.read(name)).hexdigest() for name in names}

    assert {name: each["sha256"] for name, each in manifest["entries"].items()} == hashes
    assert "database.sqlite3" in names
    assert any(name.startswith("files/") for name in names)
    assert manifest["rows"]["members"] == 1
    assert manifest["revision"] == newest_revision()
    assert manifest["notes"]["anchor"].startswith("Research Hub record at ")


def test_a_backup_holds_neither_the_secret_nor_the_index_and_is_its_owners_alone(backup: Path, installed: Path) -> None:
    secret = (installed / "secret_key").read_bytes().strip()

    assert secret not in backup.read_bytes()
    with zipfile.ZipFile(backup) as archive:
        assert not any("index" in name or "secret" in name for name in archive.namelist())
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600


def test_a_backup_is_never_written_over_another_file(run: Run, backup: Path) -> None:
    before = backup.read_bytes()

    result = run("backup", str(backup))

    assert result.exit_code == 1
    assert "is there already" in result.stderr
    assert backup.read_bytes() == before


def test_what_is_taken_back_is_complete_and_searchable(
    run: Run, backup: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = data.parent / "new"
    monkeypatch.setenv("RESEARCH_HUB_DATA", str(new))
    new.mkdir(mode=0o700)
    shutil.copy2(data / "keys.json", new / "keys.json")

    result = run("restore", str(backup))

    assert result.exit_code == 0, result.output
    assert "ada@example.org" in run("member", "list").output
    assert json.loads(run("search", "zeppelin", "--json").output)["total"] == 1
    assert run("index", "check").exit_code == 0
    assert run("doctor").exit_code == 0
    assert {path.name for path in (new / "files").rglob("*") if path.is_file()} == {
        path.name for path in (data / "files").rglob("*") if path.is_file()
    }


def test_records_are_never_written_over_without_being_told_to(run: Run, backup: Path, installed: Path) -> None:
    before = (installed / "research-hub.sqlite3").read_bytes()

    result = run("restore", str(backup))

    assert result.exit_code == 1
    assert "--replace" in result.stderr
    assert (installed / "research-hub.sqlite3").read_bytes() == before


def test_what_was_there_is_kept_beside_when_it_is_replaced(run: Run, backup: Path, installed: Path) -> None:
    run("member", "add", "later@example.org", "--role", "reader", "--password-stdin", given="correct horse battery\n")
    secret = (installed / "secret_key").read_bytes()

    result = run("restore", "--replace", str(backup))

    assert result.exit_code == 0, result.output
    assert "later@example.org" not in run("member", "list").output
    (kept,) = installed.glob("before-restore-*")
    rows = sqlite3.connect(kept / "research-hub.sqlite3").execute("SELECT email FROM members").fetchall()
    assert ("later@example.org",) in rows
    assert (installed / "secret_key").read_bytes() == secret


def test_while_it_is_served_nothing_is_replaced(run: Run, backup: Path, installed: Path) -> None:
    with hold(installed / "serve.lock"):
        result = run("restore", "--replace", str(backup))

    assert result.exit_code == 1
    assert "Stop it" in result.stderr


def rewritten(backup: Path, change: Callable[[dict[str, bytes], dict[str, Any]], None]) -> Path:
    """A copy of the backup in which parts or manifest were changed."""
    with zipfile.ZipFile(backup) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(parts.pop("manifest.json"))
    change(parts, manifest)
    target = backup.with_name("changed.zip")
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
        archive.writestr("manifest.json", json.dumps(manifest))
    return target


def _climb(parts: dict[str, bytes], manifest: dict[str, Any]) -> None:
    parts["../outside.txt"] = b"x"
    manifest["entries"]["../outside.txt"] = {"sha256": hashlib.sha256(b"x").hexdigest(), "size": 1}


def _stranger(parts: dict[str, bytes], manifest: dict[str, Any]) -> None:
    parts["files/ab/notes.txt"] = b"x"


def _other_content(parts: dict[str, bytes], manifest: dict[str, Any]) -> None:
    name = next(name for name in parts if name.startswith("files/"))
    parts[name] += b"!"


def _fewer_parts(parts: dict[str, bytes], manifest: dict[str, Any]) -> None:
    del parts["database.sqlite3"]


def _other_version(parts: dict[str, bytes], manifest: dict[str, Any]) -> None:
    manifest["version"] = 99


def _other_revision(parts: dict[str, bytes], manifest: dict[str, Any]) -> None:
    manifest["revision"] = "9999"


def _other_counts(parts: dict[str, bytes], manifest: dict[str, Any]) -> None:
    manifest["rows"]["members"] = 7


def _other_kind(parts: dict[str, bytes], manifest: dict[str, Any]) -> None:
    manifest["format"] = "holiday photographs"


def _no_entries(parts: dict[str, bytes], manifest: dict[str, Any]) -> None:
    del manifest["entries"]


def _broken_database(parts: dict[str, bytes], manifest: dict[str, Any]) -> None:
    parts["database.sqlite3"] = b"SQLite format 3\x00" + b"\xff" * 4096
    digest = hashlib.sha256(parts["database.sqlite3"]).hexdigest()
    manifest["entries"]["database.sqlite3"] = {"sha256": digest, "size": len(parts["database.sqlite3"])}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_climb, "../outside.txt"),
        (_stranger, "files/ab/notes.txt"),
        (_other_content, "SHA-256 differs"),
        (_fewer_parts, "lacks “database.sqlite3”"),
        (_other_version, "version 99"),
        (_other_revision, "revision 9999"),
        (_other_counts, "members"),
        (_other_kind, "holiday photographs"),
        (_no_entries, "manifest.json lacks a part"),
        (_broken_database, "database"),
    ],
)
def test_what_is_not_as_it_should_be_is_named_and_nothing_is_touched(
    run: Run, backup: Path, installed: Path, change: Change, words: str
) -> None:
    before = records_in(installed)

    result = run("restore", "--replace", str(rewritten(backup, change)))

    assert result.exit_code == 1
    assert words in result.stderr
    assert records_in(installed) == before
    assert not (installed.parent / "outside.txt").exists()
    assert "ada@example.org" in run("member", "list").output


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 cut off"])
def test_a_file_that_is_no_backup_is_refused(run: Run, installed: Path, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "other.zip").write_bytes(content)

    result = run("restore", "--replace", str(tmp_path / "other.zip"))

    assert result.exit_code == 1
    assert len(result.stderr.strip().splitlines()) == 1
    assert (installed / "research-hub.sqlite3").exists()


def test_postgresql_is_backed_up_by_its_own_tool(
    run: Run, data: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://localhost/hub")

    result = run("backup", str(tmp_path / "backup.zip"))

    assert result.exit_code == 1
    assert "pg_dump" in result.stderr


def test_a_file_that_was_damaged_on_disk_is_told_and_kept_as_it_is(run: Run, backup: Path, installed: Path) -> None:
    stored = next(path for path in (installed / "files").rglob("*") if path.is_file())
    stored.write_bytes(b"damaged")

    result = run("backup", str(backup.with_name("second.zip")))

    assert result.exit_code == 1
    assert "was damaged on disk" in result.stderr
    assert backup.with_name("second.zip").exists()


def records_in(data: Path) -> list[Path]:
    """Everything in the data folder but locks."""
    return sorted(path.relative_to(data) for path in data.rglob("*") if path.suffix != ".lock")

"""The key file is kept apart from backups: who restores is told which one is needed, and the doctor looks after it."""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from research_hub.config import Settings
from research_hub.key_file import read_keys

Run = Callable[..., Result]


@pytest.fixture
def backup(run: Run, installed: Path, tmp_path: Path) -> Path:
    made = run("backup", str(tmp_path / "backup.zip"))
    assert made.exit_code == 0, made.output
    return tmp_path / "backup.zip"


@pytest.fixture
def elsewhere(backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of a new machine, which is not there yet."""
    monkeypatch.setenv("RESEARCH_HUB_DATA", str(tmp_path / "new"))
    return tmp_path / "new"


def manifest_of(backup: Path) -> dict[str, dict[str, str]]:
    with zipfile.ZipFile(backup) as archive:
        read: dict[str, dict[str, str]] = json.loads(archive.read("manifest.json"))
    return read


def test_a_backup_names_its_keys_and_holds_none(run: Run, backup: Path, installed: Path) -> None:
    keys = read_keys(installed / "keys.json")
    with zipfile.ZipFile(backup) as archive:
        unpacked = b"".join(archive.read(name) for name in archive.namelist())

    shown = run("keys", "show-fingerprint").output

    assert not any(secret in unpacked for secret in (keys.audit, keys.newest.secret))
    assert (installed / "keys.json").read_bytes() not in unpacked
    for name, fingerprint in manifest_of(backup)["keys"].items():
        assert f"{name}\t{fingerprint}" in shown or f"{name} key\t{fingerprint}" in shown
    assert keys.newest.id in shown
    assert keys.newest.secret.hex() not in shown


def test_without_the_key_file_a_restore_says_which_one_is_needed_and_touches_nothing(
    run: Run, backup: Path, elsewhere: Path
) -> None:
    refused = run("restore", str(backup))

    assert refused.exit_code == 1
    assert manifest_of(backup)["keys"]["audit"] in refused.stderr
    assert "--without-keys" in refused.stderr
    assert not (elsewhere / "research-hub.sqlite3").exists()
    assert not (elsewhere / "keys.json").exists()


def test_with_the_key_file_of_another_installation_too(run: Run, backup: Path, elsewhere: Path) -> None:
    read_keys(elsewhere / "keys.json")

    assert "is not the key file of this backup" in run("restore", str(backup)).stderr


def test_with_the_key_file_everything_comes_back(run: Run, backup: Path, elsewhere: Path, installed: Path) -> None:
    elsewhere.mkdir(mode=0o700)
    shutil.copy2(installed / "keys.json", elsewhere / "keys.json")

    restored = run("restore", str(backup))

    assert restored.exit_code == 0, restored.output
    assert read_keys(elsewhere / "keys.json") == read_keys(installed / "keys.json")
    assert "FAIL  keys" not in run("doctor").output


def test_where_the_key_file_is_lost_the_rest_can_be_had_by_saying_so(run: Run, backup: Path, elsewhere: Path) -> None:
    restored = run("restore", str(backup), "--without-keys")

    assert restored.exit_code == 0, restored.output
    assert "ada@example.org" in run("member", "list").output


def test_a_restore_leaves_the_keys_where_they_are(run: Run, backup: Path, installed: Path) -> None:
    before = (installed / "keys.json").read_bytes()

    assert run("restore", str(backup), "--replace").exit_code == 0
    assert (installed / "keys.json").read_bytes() == before


def test_the_doctor_says_when_others_can_read_the_keys(run: Run, installed: Path) -> None:
    (installed / "keys.json").chmod(0o640)

    said = run("doctor").output

    assert "FAIL  keys" in said
    assert f"chmod 600 {installed / 'keys.json'}" in said


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to another account")
def test_the_doctor_says_when_the_keys_belong_to_somebody_else(run: Run, installed: Path) -> None:
    os.chown(installed / "keys.json", 65534, -1)

    assert "belongs to another account (65534)" in run("doctor").output


def test_the_doctor_says_when_the_keys_are_gone_or_damaged_and_makes_no_new_ones(run: Run, installed: Path) -> None:
    (installed / "keys.json").rename(installed.parent / "keys.json")
    gone = run("doctor").output
    still_gone = not (installed / "keys.json").exists()
    (installed / "keys.json").write_text("{}")
    (installed / "keys.json").chmod(0o600)

    damaged = run("doctor").output

    assert "FAIL  keys: There is no key file" in gone
    assert still_gone
    assert "FAIL  keys: The key file" in damaged


def test_keys_may_lie_outside_the_data_folder(
    run: Run, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESEARCH_HUB_KEY_FILE", str(tmp_path / "apart" / "keys.json"))

    assert run("init").exit_code == 0
    assert not (data / "keys.json").exists()
    assert str(Settings().keys_path) in run("keys", "show-fingerprint").output

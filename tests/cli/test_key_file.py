"""The installation's keys are made once, kept privately, and never guessed anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from research_hub.app import create_app
from research_hub.config import Settings
from research_hub.key_file import UnreadableKeys, keys_as_text, keys_from_text, read_keys


def test_the_first_start_writes_keys_that_the_owner_alone_reads(tmp_path: Path) -> None:
    path = tmp_path / "apart" / "keys.json"
    create_app(Settings(data=tmp_path / "data", key_file=path))
    assert path.stat().st_mode & 0o777 == 0o600
    assert not (tmp_path / "data" / "keys.json").exists()


def test_the_same_keys_are_read_at_every_start(tmp_path: Path) -> None:
    first = read_keys(tmp_path / "keys.json")
    assert read_keys(tmp_path / "keys.json") == first
    assert keys_from_text(keys_as_text(first)) == first


@pytest.mark.parametrize("damaged", ["", "{}", '{"audit": "AAAA", "vault": []}', '{"audit": "!", "vault": [{}]}'])
def test_a_damaged_key_file_stops_the_start_and_says_what_to_do(tmp_path: Path, damaged: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(damaged, encoding="utf-8")
    with pytest.raises(UnreadableKeys, match=r"keys\.json cannot be read .* Put back the copy"):
        read_keys(path)
    assert path.read_text(encoding="utf-8") == damaged


def test_no_key_shows_where_keys_are_printed(tmp_path: Path) -> None:
    keys = read_keys(tmp_path / "keys.json")
    assert keys.newest.secret.hex() not in repr(keys)
    assert repr(keys.newest.secret) not in repr(keys)
    assert repr(keys.audit) not in repr(keys)

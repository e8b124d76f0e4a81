"""Names in the vault, looked for everywhere else: every route as every role, every file, feed, index and log.

Everybody of the demonstration is known by a name that stands nowhere else (tests/canaries.py). A copy of the database
and of the file store, without the key file, is looked through byte by byte.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from string import ascii_letters

import pytest
from canaries import ADDRESS, EMAIL, NAME, NEEDLES, VAULT, met_in
from demonstration import app_on_copy, browser_of, close
from flask import Flask
from sqlalchemy import func, select
from walking import Records, addresses, records_of, routes

from insights.core.access import Role
from insights.people.models import Identity, Participant
from insights.stewardship.queries import list_activity
from research_hub.app import create_app
from research_hub.config import Settings
from research_hub.db import reading
from research_hub.worker import make_indexer

ASKED = {"reason": "check"}
# Each letter is the one after it: as long as the name, and nobody's.
NOBODY = str.maketrans(ascii_letters, ascii_letters[1:] + "a")
WORDS = (*NEEDLES, "Zinna", NAME, EMAIL, "quorlbrigt")


@pytest.fixture(scope="module")
def walked(told: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with app_on_copy(told, tmp_path_factory.mktemp("canaries") / "data") as app:
        yield app


@pytest.fixture(scope="module")
def records(walked: Flask) -> Records:
    with walked.app_context():
        return records_of(reading())


def test_the_canaries_are_there_for_those_who_may_know(walked: Flask) -> None:
    with walked.app_context():
        people = reading().scalar(select(func.count(Participant.id)).where(Participant.removed_at.is_(None)))
        assert reading().scalar(select(func.count(Identity.id))) == people

    shown = browser_of(walked, Role.DATA_PROTECTION).post("/participants/PAR-1/identity", data=ASKED)

    assert set(met_in(shown.data)) >= {"zinnavere", "quorlbright", "brindlewickham"}


def test_the_search_for_canaries_finds_one_that_is_packed() -> None:
    assert met_in(f"Dear {NAME.upper()}".encode()) == ["zinnavere", "quorlbright"]
    assert met_in(b"P-7K2M said so") == []


@pytest.mark.parametrize("role", list(Role))
def test_no_address_shows_a_name_to_anybody(role: Role, walked: Flask, records: Records) -> None:
    client = browser_of(walked, role)
    met = []

    for route in routes(walked, "GET"):
        for address in addresses(route, records):
            with client.get(address) as answer:
                shown = f"{answer.headers}".encode() + answer.get_data()
            met += [f"{address}: {needle}" for needle in met_in(shown)]

    assert met == []


@pytest.mark.parametrize("role", list(Role))
def test_no_form_that_is_refused_shows_a_name(role: Role, told: Path, tmp_path: Path) -> None:
    """An empty form goes to each route: what is said about what is wrong names nobody."""
    with app_on_copy(told, tmp_path / "data") as app:
        with app.app_context():
            known = records_of(reading())
        client = browser_of(app, role)
        met = []

        for route in routes(app, "POST"):
            if route.rule.endpoint in {"account.leave", "account.end_session", *VAULT}:
                continue
            for address in addresses(route, known):
                with client.post(address) as answer:
                    met += [f"{address}: {needle}" for needle in met_in(answer.get_data())]

    assert met == []


@pytest.mark.parametrize("role", [Role.READER, Role.RESEARCHER, Role.DATA_PROTECTION, Role.ADMINISTRATOR])
def test_whoever_searches_for_a_name_is_told_nothing_of_it(role: Role, walked: Flask) -> None:
    """What was typed may stand in the answer, so it is compared with the answer about a name that nobody has."""
    client = browser_of(walked, role)

    for word in WORDS:
        other = word.translate(NOBODY)
        for address in ("/evidence?q={}", "/evidence/suggest?q={}", "/evidence.csv?q={}", "/insights?q={}"):
            asked, unknown = (client.get(address.format(each)) for each in (word, other))
            assert asked.status_code == unknown.status_code, address
            assert _count(asked.data, word) == _count(unknown.data, other), f"{address} knows {word}"
            assert len(asked.data) == len(unknown.data), f"{address} knows {word}"


def test_the_record_of_who_did_what_names_nobody(walked: Flask) -> None:
    officer = browser_of(walked, Role.DATA_PROTECTION)
    officer.post("/participants/PAR-2/identity", data=ASKED)
    officer.post("/identities", data={**ASKED, "sought": NAME})

    with officer.get("/activity") as page, officer.get("/activity.csv") as file:
        assert met_in(page.data + file.data) == []
    with walked.app_context():
        assert met_in(repr([(each.verb, each.detail) for each in list_activity(reading())]).encode()) == []


def test_no_byte_of_a_name_lies_in_the_data_folder(told: Path) -> None:
    """Database, its log, index, file store and staged files, as somebody meets them who took the disk."""
    met = [f"{path.relative_to(told)}: {needle}" for path in _files(told) for needle in met_in(path.read_bytes())]

    assert met == []


def test_without_the_key_file_nothing_opens_and_nothing_fails(told: Path, tmp_path: Path) -> None:
    with app_on_copy(told, tmp_path / "data") as app:
        (Path(app.extensions["settings"].keys_path)).unlink()
    app = create_app(Settings(data=tmp_path / "data"))
    app.config.update(WTF_CSRF_ENABLED=False)
    with app.app_context():
        answer = browser_of(app, Role.DATA_PROTECTION).post("/participants/PAR-1/identity", data=ASKED)
        close(app)

    assert answer.status_code == 409
    assert b"which the key file does not hold" in answer.data


def test_the_index_knows_no_name_after_it_is_built_anew(told: Path, tmp_path: Path) -> None:
    with app_on_copy(told, tmp_path / "data") as app, app.app_context():
        make_indexer(app).rebuild()
        index = app.extensions["settings"].data
        met = [f"{path.name}: {needle}" for path in _files(index) for needle in met_in(path.read_bytes())]

    assert met == []


def test_a_value_moved_to_another_person_column_or_table_is_refused(told: Path, tmp_path: Path) -> None:
    moves = (
        "UPDATE identities SET name = (SELECT name FROM identities WHERE id = 2) WHERE id = 1",
        "UPDATE identities SET email = name WHERE id = 1",
        "UPDATE identities SET note = (SELECT wrapped FROM vault_keys WHERE name = 'person/1') WHERE id = 1",
        "UPDATE vault_keys AS a SET wrapped = b.wrapped FROM vault_keys AS b WHERE a.id = 1 AND b.id = 3",
    )
    for number, move in enumerate(moves):
        with app_on_copy(told, tmp_path / str(number)) as app:
            with sqlite3.connect(tmp_path / str(number) / "research-hub.sqlite3") as raw:
                raw.execute(move)
            raw.close()

            answer = browser_of(app, Role.DATA_PROTECTION).post("/participants/PAR-1/identity", data=ASKED)

            assert answer.status_code == 409, move
            assert b"was changed outside Research Hub" in answer.data
            assert met_in(answer.data) == []


def test_a_page_title_and_an_address_never_carry_a_name(walked: Flask) -> None:
    client = browser_of(walked, Role.DATA_PROTECTION)

    shown = client.post("/participants/PAR-1/identity", data=ASKED)
    found = client.post("/identities", data={**ASKED, "sought": NAME})

    title = shown.get_data(as_text=True).partition("<title>")[2].partition("</title>")[0]
    assert "PAR-" not in title
    assert met_in(title.encode()) == []
    assert ADDRESS in shown.get_data(as_text=True)
    assert met_in(found.data) == []
    assert met_in(f"{found.request.url} {found.headers}".encode()) == []


def _files(folder: Path) -> Iterator[Path]:
    yield from (path for path in sorted(folder.rglob("*")) if path.is_file())


def _count(content: bytes, word: str) -> int:
    return content.lower().count(word.lower().encode())

"""What may be chosen as a password, and what a page asks for it with (docs/accounts.md, Passwords)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from factories import make_member
from flask import Flask
from signing_in import PASSWORD, enter, signed_in

from insights.core.access import Role
from insights.core.errors import InvalidInput
from insights.people.models import Member
from insights.people.passwords import CONTEXT_WORDS, hash_password, password_matches
from research_hub.app import create_app
from research_hub.config import Settings
from research_hub.db import transaction
from research_hub.known_passwords import CannotReadList, read_known_passwords

STOLEN = "Sunflower-1987-x"
DOCUMENT = Path(__file__).parents[3] / "docs" / "accounts.md"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    listed = tmp_path / "known.txt"
    listed.write_text(f"short\n{STOLEN}\n{'y' * 300}\n", "utf-8")
    return Settings(data=tmp_path / "data", known_passwords=listed)


@pytest.fixture
def ada(app: Flask) -> Member:
    with transaction() as unit:
        return make_member(unit, email="ada@example.org", name="Ada Lovelace", role=Role.READER, password=PASSWORD)


@pytest.mark.parametrize(
    "password",
    [
        *(
            "Zz 9-7" * 10,
            "x" * 4 + "élan vital",
            "           twelve",
            "密码密码很长的一个句子吧对吗是",
        ),
        *("🦊🐍🐢🦉🐋🦔🐝🦋🐌🐞🦂🐙", "' OR 1=1; -- <b>", "one two three four", "A" + "lovely winter day" * 3),
    ],
)
def test_a_password_of_any_signs_is_taken_and_good_as_it_was_typed_alone(password: str) -> None:
    stored = hash_password(password)

    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert password_matches(stored, password)
    assert not password_matches(stored, password.swapcase() if password.swapcase() != password else password[:-1])
    assert not password_matches(stored, f"{password} ")


def test_passwords_of_64_characters_and_of_200_are_taken_and_of_201_never_match() -> None:
    assert password_matches(hash_password("correct horse " * 5), "correct horse " * 5)
    longest = "correct horse battery" * 10

    stored = hash_password(longest[:200])

    assert password_matches(stored, longest[:200])
    assert not password_matches(stored, longest[:201]), "the end of a longer one was cut off"


@pytest.mark.parametrize(
    "password",
    [
        "aaaaaaaaaaaa",
        "abababababab",
        "0123456789012",
        "9876543210987",
        "abcdefghijklmn",
        "qwertyuiopas",
        "111122223333",
    ],
)
def test_what_repeats_or_runs_on_is_guessed_at_once(password: str) -> None:
    with pytest.raises(InvalidInput, match="guessed at once"):
        hash_password(password)


@pytest.mark.parametrize(
    "password", ["Research-Hub 2026", "welcome admin 12", "AdaLovelace1815", "lovelace@example", "Password1234!"]
)
def test_what_is_mostly_a_name_or_what_the_site_is_called_is_refused(password: str, app: Flask, ada: Member) -> None:
    browser = signed_in(app, ada)

    answer = browser.post("/account/password", data={"current": PASSWORD, "password": password, "again": password})

    assert answer.status_code == 422
    assert "Add words that nobody would expect" in answer.text
    assert enter(app.test_client(), ada) == "/"


def test_a_word_of_the_site_among_others_is_no_fault() -> None:
    assert password_matches(hash_password("research by bicycle and ferry"), "research by bicycle and ferry")


def test_every_word_that_is_looked_for_is_documented() -> None:
    section = DOCUMENT.read_text("utf-8").partition("## Passwords")[2].partition("\n## ")[0]

    assert [word for word in CONTEXT_WORDS if f"`{word}`" not in section] == []


def test_a_password_of_the_installations_list_is_refused_wherever_one_is_chosen(app: Flask, ada: Member) -> None:
    browser = signed_in(app, ada)

    chosen = browser.post("/account/password", data={"current": PASSWORD, "password": STOLEN, "again": STOLEN})
    with transaction() as unit:
        keeper = make_member(unit, role=Role.ADMINISTRATOR, password=PASSWORD)
    given = signed_in(app, keeper).post(f"/members/{ada.ref}/password", data={"password": STOLEN.upper()})

    assert (chosen.status_code, given.status_code) == (422, 422)
    assert "known to others" in chosen.text
    assert "known to others" in given.text
    assert enter(app.test_client(), ada) == "/"


def test_a_list_that_cannot_be_read_stops_the_start_and_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CannotReadList, match="RESEARCH_HUB_KNOWN_PASSWORDS"):
        create_app(Settings(data=tmp_path / "data", known_passwords=tmp_path / "nowhere.txt"))
    assert read_known_passwords(None) == frozenset()


def test_no_password_grows_too_old(app: Flask, ada: Member) -> None:
    with transaction() as unit:
        unit.get_one(Member, ada.id).created_at = ada.created_at.replace(year=2020)

    assert enter(app.test_client(), ada) == "/"


@pytest.mark.parametrize("address", ["/sign-in", "/account", "/members/{ref}", "/members/new"])
def test_fields_of_passwords_hide_what_is_typed_and_let_password_managers_fill_them_in(
    address: str, app: Flask, ada: Member
) -> None:
    with transaction() as unit:
        keeper = make_member(unit, role=Role.ADMINISTRATOR, password=PASSWORD)
    browser = app.test_client() if address == "/sign-in" else signed_in(app, keeper)

    fields = re.findall(
        r"<input[^>]*name=\"(?:password|current|again)\"[^>]*>", browser.get(address.format(ref=ada.ref)).text
    )

    assert fields
    for field in fields:
        assert 'type="password"' in field
        assert re.search(r'autocomplete="(current|new)-password"', field)
        assert "onpaste" not in field
        assert "maxlength" not in field

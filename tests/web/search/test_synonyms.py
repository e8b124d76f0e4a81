from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from search.world import World
from sqlalchemy import text

from insights.coding.synonyms import add_synonym_group, list_synonym_groups
from insights.core.access import Role
from insights.people.models import Member
from research_hub.db import db
from search_index.synonym_list import current_synonyms

SignIn = Callable[[Member], FlaskClient]
Drain = Callable[[], None]


@pytest.fixture
def client(app: Flask, signed_in: SignIn, world: World) -> FlaskClient:
    app.config["WTF_CSRF_ENABLED"] = False
    return signed_in(world.researcher)


def page(client: FlaskClient, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response.get_data(as_text=True)
    return response.get_data(as_text=True)


def groups(world: World) -> list[list[str]]:
    world.session.rollback()
    return [group.expressions for group in list_synonym_groups(world.session)]


@pytest.fixture
def notes(world: World, drained: Drain) -> None:
    world.held(world.study("Accounts"), "She could not log in to her account.")
    drained()


def test_a_group_is_used_by_the_next_search_and_the_page_says_so(client: FlaskClient, notes: None) -> None:
    assert "Nothing found" in page(client, "/evidence?q=signing+in")

    client.post("/search/synonyms", data={"expressions": "sign in = log in, login"})

    html = page(client, "/evidence?q=signing+in")
    assert "<mark>log</mark> in to her account" in html
    assert "Also searched: log in, login." in html
    exactly = page(client, "/evidence?q=signing+in&exactly=1")
    assert "Nothing found" in exactly
    assert "Only the words typed were searched" in exactly


def test_the_link_to_search_without_is_on_the_page(client: FlaskClient, notes: None) -> None:
    client.post("/search/synonyms", data={"expressions": "sign in = log in"})

    assert 'href="/evidence?q=sign+in&amp;exactly=1"' in page(client, "/evidence?q=sign+in")


def test_the_plain_search_uses_the_list_as_well(client: FlaskClient, world: World) -> None:
    held = world.held(world.study("Accounts"), "She could not log in to her account.")
    world.quote(held, "could not log in")
    client.post("/search/synonyms", data={"expressions": "sign in = log in"})

    # Nothing has filled the index yet, so that the database answers.
    html = page(client, "/evidence?q=sign+in")

    assert "The search index is being rebuilt" in html
    assert "could not <mark>log</mark> in" in html


def test_a_deleted_group_comes_back_with_undo(client: FlaskClient, world: World, notes: None) -> None:
    client.post("/search/synonyms", data={"expressions": "sign in = log in"})

    deleted = client.post("/search/synonyms/SYN-1/delete", follow_redirects=True).get_data(as_text=True)

    assert 'action="/search/synonyms/SYN-1/restore"' in deleted
    assert groups(world) == []
    assert "Nothing found" in page(client, "/evidence?q=sign+in")
    client.post("/search/synonyms/SYN-1/restore")
    assert groups(world) == [["sign in", "log in"]]
    assert "Also searched: log in." in page(client, "/evidence?q=sign+in")


def test_what_is_no_group_is_refused_with_what_was_typed(client: FlaskClient, world: World) -> None:
    answer = client.post("/search/synonyms", data={"expressions": "sign in"})

    assert answer.status_code == 422
    assert "at least two words or phrases" in answer.get_data(as_text=True)
    assert ">\r\nsign in</textarea>" in answer.get_data(as_text=True)
    assert groups(world) == []


def test_the_same_group_is_not_taken_twice(client: FlaskClient, world: World) -> None:
    client.post("/search/synonyms", data={"expressions": "sign in = log in"})

    answer = client.post("/search/synonyms", data={"expressions": "Log in = Sign in"})

    assert "in the list already, as SYN-1" in answer.get_data(as_text=True)
    assert len(groups(world)) == 1


def test_a_group_is_edited_unless_someone_else_was_quicker(client: FlaskClient, world: World) -> None:
    client.post("/search/synonyms", data={"expressions": "sign in = log in"})
    assert "sign in = log in</textarea>" in page(client, "/search/synonyms/SYN-1")

    client.post("/search/synonyms/SYN-1", data={"expressions": "sign in = log in = login", "row_version": "1"})
    late = client.post("/search/synonyms/SYN-1", data={"expressions": "sign in = sign on", "row_version": "1"})

    assert late.status_code == 409
    assert groups(world) == [["sign in", "log in", "login"]]


def test_a_file_given_away_can_be_brought_back(client: FlaskClient, world: World) -> None:
    client.post("/search/synonyms/start")
    given = client.get("/search/synonyms.csv").data
    before = groups(world)
    for group in list_synonym_groups(world.session):
        client.post(f"/search/synonyms/{group.ref}/delete")

    told = client.post(
        "/search/synonyms/import",
        data={"file": (io.BytesIO(given), "synonyms.csv")},
        follow_redirects=True,
    ).get_data(as_text=True)

    assert f"{len(before)} groups came in." in told
    assert groups(world) == before
    assert ["sign in", "log in", "login"] in before


def test_a_row_that_cannot_be_read_is_named_and_nothing_is_stored(client: FlaskClient, world: World) -> None:
    file = "Words that mean the same\r\nsign in = log in\r\nalone\r\n"

    answer = client.post("/search/synonyms/import", data={"file": (io.BytesIO(file.encode()), "synonyms.csv")})

    assert "Row 3: Write at least two words or phrases" in answer.get_data(as_text=True)
    assert groups(world) == []


def test_readers_see_the_list_and_may_not_change_it(app: Flask, signed_in: SignIn, world: World) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    add_synonym_group(world.session, actor=world.researcher, expressions="sign in = log in")
    world.session.commit()
    reader = signed_in(world.member(Role.READER))

    html = page(reader, "/search/synonyms")

    assert "sign in = log in" in html
    assert "Add a group" not in html
    assert reader.post("/search/synonyms", data={"expressions": "a = b"}).status_code == 403


def test_another_process_hears_of_a_change_without_reading_the_list_each_time(app: Flask, world: World) -> None:
    add_synonym_group(world.session, actor=world.researcher, expressions="sign in = log in")
    world.session.commit()
    with app.app_context():
        first = current_synonyms(db.session())
        assert current_synonyms(db.session()) is first
        db.session.rollback()
        # What another process does, seen from here only in the database.
        with db.engine.begin() as other:
            other.execute(text('update synonym_groups set expressions = \'["x", "y"]\', row_version = row_version + 1'))

        assert [*current_synonyms(db.session()).groups.values()] == [("x", "y"), ("x", "y")]

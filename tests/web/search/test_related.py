from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from search.world import World

from insights.capture.operations import set_study_access
from insights.core.access import Role
from insights.people.models import Member
from research_hub.db import db
from research_hub.web.search.related import related_to
from search_index.engine import IndexDamaged, SearchHit
from search_index.engines.memory_engine import MemoryEngine

SignIn = Callable[[Member], FlaskClient]
Drain = Callable[[], None]


@pytest.fixture
def letters(world: World, drained: Drain) -> World:
    """INS-1 with its quote, INS-2 like it from a second study, INS-3 about something else."""
    first = world.held(world.study("Round one"), "The result letter has no next step. I rang.")
    second = world.held(world.study("Round two"), "No next step in the result letter either.")
    parking = world.held(world.study("Parking"), "There was nowhere to park the car.")
    world.insight("Result letters lack a next step", world.quote(first, "result letter has no next step"))
    world.insight("The next step is missing in the letter", world.quote(second, "No next step in the result letter"))
    world.insight("Car parks are full", world.quote(parking, "nowhere to park"))
    drained()
    return world


def test_a_record_page_leads_to_what_is_related_without_waiting_for_it(letters: World, signed_in: SignIn) -> None:
    html = signed_in(letters.researcher).get("/insights/INS-1").get_data(as_text=True)

    assert 'data-related-url="/related/INS-1?fragment=1"' in html
    assert '<a href="/related/INS-1">What is related to INS-1</a>' in html
    assert "The next step is missing in the letter" not in html


def test_what_is_about_the_same_is_listed_without_what_the_page_shows_already(
    letters: World, signed_in: SignIn
) -> None:
    html = signed_in(letters.researcher).get("/related/INS-1?fragment=1").get_data(as_text=True)

    assert 'href="/insights/INS-2"' in html
    assert 'href="/highlights/HL-2"' in html
    assert not any(f'href="{address}"' in html for address in ("/highlights/HL-1", "/sessions/SES-1", "/studies/STU-1"))
    assert "Car parks are full" not in html


def test_a_study_that_becomes_restricted_vanishes_from_what_is_related_at_once(
    letters: World, signed_in: SignIn
) -> None:
    reader = signed_in(letters.member(Role.READER))
    assert "INS-2" in reader.get("/related/INS-1").get_data(as_text=True)

    second = letters.session.get_one(type(letters.study("Another")), 2)
    set_study_access(letters.session, actor=letters.researcher, study=second, restricted=True, named=[])
    letters.session.commit()

    html = reader.get("/related/INS-1").get_data(as_text=True)
    assert "INS-2" not in html
    assert "HL-2" not in html
    assert reader.get("/related/INS-2").status_code == 404


@pytest.mark.parametrize("ref", ["INS-99", "XYZ-1", "nothing", "MEM-1"])
def test_what_is_no_record_is_not_found(letters: World, signed_in: SignIn, ref: str) -> None:
    assert signed_in(letters.researcher).get(f"/related/{ref}").status_code == 404


class Broken(MemoryEngine):
    def related(
        self, key: str, clearances: frozenset[str], *, limit: int = 5, without: frozenset[str] = frozenset()
    ) -> tuple[SearchHit, ...]:
        raise IndexDamaged("a file is gone")


def test_a_broken_index_is_said_and_nothing_else_fails(app: Flask, letters: World) -> None:
    with app.app_context():
        found = related_to(db.session(), Broken(), letters.researcher, "INS-1")

    assert (found.record.ref, found.rows, found.unavailable) == ("INS-1", (), True)

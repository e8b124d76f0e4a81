"""Searches of one person come one after the other; whoever asks too fast waits, and nobody else notices."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from search.world import World

from insights.core.access import Role
from insights.people.models import Member
from research_hub.turns import AskedTooFast, Turns

SignIn = Callable[[Member], FlaskClient]


def test_a_third_search_of_one_person_is_turned_away_at_once_and_a_colleagues_is_answered(
    app: Flask, signed_in: SignIn, world: World
) -> None:
    hasty, colleague = signed_in(world.researcher), signed_in(world.member(Role.READER))
    turns: Turns = app.extensions["turns"]
    with turns.turn(world.researcher.id):
        waiting = threading.Thread(target=lambda: hasty.get("/evidence?q=parking").close())
        waiting.start()
        _until_two_are_there(turns, world.researcher.id)

        with signed_in(world.researcher).get("/evidence?q=parking") as refused:
            assert refused.status_code == 429
            assert refused.headers["Retry-After"] == "1"
            assert "Your last searches are still being answered" in refused.get_data(as_text=True)
        with colleague.get("/evidence?q=parking") as answered:
            assert answered.status_code == 200
        with signed_in(world.researcher).get("/insights") as other_page:
            assert other_page.status_code == 200
    waiting.join()

    with hasty.get("/evidence?q=parking") as afterwards:
        assert afterwards.status_code == 200


def test_whoever_waits_too_long_is_turned_away_and_leaves_the_queue_in_order() -> None:
    turns = Turns(patience=0.01)

    with turns.turn(1):
        with pytest.raises(AskedTooFast), turns.turn(1):
            pass
        with turns.turn(2):
            pass

    with turns.turn(1):
        pass
    assert not turns._queues


def test_a_search_that_fails_gives_its_turn_back() -> None:
    turns = Turns(patience=0.01)

    with pytest.raises(ZeroDivisionError), turns.turn(1):
        raise ZeroDivisionError

    with turns.turn(1):
        pass


def test_a_question_of_ten_thousand_words_does_not_travel_in_every_link(signed_in: SignIn, world: World) -> None:
    with signed_in(world.researcher).get("/evidence", query_string={"q": "parking " * 5_000}) as answer:
        assert answer.status_code == 200
        assert len(answer.data) < 100_000


def _until_two_are_there(turns: Turns, member_id: int) -> None:
    while turns._queues[member_id].here < 2:
        threading.Event().wait(0.005)

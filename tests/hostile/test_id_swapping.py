"""An id of a closed study's record answers as an id that was never given: on every route, in addresses, forms, queries.

By default for two roles; with PROVE=full for all of them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from demonstration import app_on_copy, browser_of
from flask import Flask
from hostile.swapping import Closed, Swap, by_address, by_child, by_field, close_everything

from insights.core.access import Role
from research_hub.db import transaction
from research_hub.worker import make_indexer

FULL = os.environ.get("PROVE") == "full"
ROLES = list(Role) if FULL else [Role.RESEARCHER, Role.ADMINISTRATOR]
# Those who watch over data protection read which studies are restricted (by number) on /access; asking for access to
# one of them is what that is for.
ASKED_BY_NUMBER = {"/access/for-a-time"}


@pytest.fixture(scope="module")
def app(told: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with app_on_copy(told, tmp_path_factory.mktemp("swapped") / "data") as made:
        yield made


@pytest.fixture(scope="module")
def closed(app: Flask) -> Closed:
    with app.app_context():
        with transaction() as session:
            found = close_everything(session)
        make_indexer(app).drain()
    return found


@pytest.mark.parametrize("role", ROLES)
def test_an_address_that_names_what_is_closed_answers_as_one_that_names_nothing(
    role: Role, app: Flask, closed: Closed
) -> None:
    swaps = list(by_address(app, closed))

    assert len(swaps) > 150
    assert _told_apart(app, role, swaps) == []


@pytest.mark.parametrize("role", ROLES)
def test_what_belongs_to_another_study_answers_as_what_is_not_there(role: Role, app: Flask, closed: Closed) -> None:
    swaps = list(by_child(app, closed))

    assert len(swaps) > 5
    assert _told_apart(app, role, swaps) == []


@pytest.mark.parametrize("role", ROLES)
def test_a_form_or_query_that_names_what_is_closed_answers_as_one_that_names_nothing(
    role: Role, app: Flask, closed: Closed
) -> None:
    swaps = [swap for swap in by_field(app, closed) if swap.closed not in ASKED_BY_NUMBER]
    chosen = swaps if FULL else swaps[::23]

    assert len(chosen) > 100
    assert _told_apart(app, role, chosen) == []


def _told_apart(app: Flask, role: Role, swaps: list[Swap]) -> list[str]:
    client = browser_of(app, role)
    found = []
    for swap in swaps:
        mine, nobodys = swap.answers(client)
        if mine != nobodys:
            found.append(
                f"{swap.method} {swap.closed} {dict(swap.fields)}: {mine[0]} {mine[1]}, {nobodys[0]} {nobodys[1]}"
            )
        assert mine[0] != 500, f"{swap.method} {swap.closed}"
    return found

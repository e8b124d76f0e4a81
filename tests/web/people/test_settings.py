"""The page from which everybody reaches what they may look after."""

from __future__ import annotations

import re

import pytest
from conftest import SignIn

from insights.core.access import Role


@pytest.mark.parametrize("role", list(Role))
def test_every_place_it_names_opens_for_that_role(role: Role, client_for: SignIn) -> None:
    client = client_for(role)
    doors = re.findall(r'<li><a href="([^"]+)">[^<]+</a><p>', client.get("/settings").text)

    assert {place: client.get(place).status_code for place in doors} == dict.fromkeys(doors, 200)
    assert "/account" in doors


def test_data_protection_finds_the_people_they_are_asked_about(client_for: SignIn) -> None:
    shown = client_for(Role.DATA_PROTECTION).get("/settings").text

    for place in (
        "/identities",
        "/withdrawals",
        "/subject-access",
        "/retention",
        "/access",
        "/access/review",
        "/looks",
    ):
        assert f'href="{place}"' in shown


def test_nobody_is_shown_a_place_that_is_closed_to_them(client_for: SignIn) -> None:
    shown = client_for(Role.READER).get("/settings").text

    for place in ("/identities", "/withdrawals", "/members", "/looks", "/mail"):
        assert f'href="{place}"' not in shown

from __future__ import annotations

import csv
import io

import pytest
from conftest import SignIn

from insights.core.access import PERMISSIONS, ROLE_LABELS, Permission, Role
from research_hub.web.people.permissions import PERMISSION_LABELS, permission_rows


@pytest.mark.parametrize("role", list(Role))
def test_the_page_says_of_each_role_exactly_what_the_rule_says(client_for: SignIn, role: Role) -> None:
    text = client_for(Role.READER).get("/permissions.csv").get_data(as_text=True).removeprefix("\ufeff")

    rows = list(csv.DictReader(io.StringIO(text)))

    granted = {row["Permission"] for row in rows if row[ROLE_LABELS[role]] == "yes"}
    assert granted == {permission.value for permission in PERMISSIONS[role]}


def test_every_permission_is_said_in_words() -> None:
    assert set(PERMISSION_LABELS) == set(Permission)
    assert len(permission_rows()) == len(Permission)


def test_everybody_may_read_who_may_do_what(client_for: SignIn) -> None:
    page = client_for(Role.READER).get("/permissions").text

    assert "Log and edit research sessions" in page
    assert "administrators included" in page

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from datetime import time
from typing import TypeAlias

import pytest
from factories import make_accepted_decision, make_insight
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from insights.core.access import Role
from insights.people.models import Member
from research_hub.db import transaction

SignIn: TypeAlias = Callable[[Member | Role], FlaskClient]

FORM = {"from": "2026-01-01", "to": "2026-12-31", "note": "For the board"}


@pytest.fixture
def decided(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        make_accepted_decision(session, insight=make_insight(session, claim="People give up at the result."))


@pytest.mark.usefixtures("decided")
def test_a_report_is_frozen_read_and_taken_away(client_for: SignIn) -> None:
    client = client_for(Role.APPROVER)

    made = client.post("/reports/frozen", data=FORM)
    page = client.get(made.headers["Location"]).text
    data = client.get("/reports/frozen/FRZ-1.json").data

    assert made.status_code == 303
    assert "For the board" in page
    assert "unchanged since" in page
    assert hashlib.sha256(data).hexdigest() in page
    assert "FRZ-1" in client.get("/reports/frozen").text
    assert "People give up" in client.get("/reports/frozen/FRZ-1/rows/T4").text
    for extension in ("csv", "xlsx", "html", "pdf"):
        answer = client.get(f"/reports/frozen/FRZ-1.{extension}")
        assert answer.status_code == 200
        assert "attachment" in answer.headers["Content-Disposition"]


@pytest.mark.usefixtures("decided")
def test_a_frozen_workbook_is_the_same_bytes_and_was_made_on_the_day_of_the_freezing(client_for: SignIn) -> None:
    client = client_for(Role.APPROVER)
    client.post("/reports/frozen", data=FORM)

    one, other = (client.get("/reports/frozen/FRZ-1.xlsx").data for _ in range(2))
    made = load_workbook(io.BytesIO(one)).properties.created

    assert one == other
    assert made is not None
    assert made.time() == time()
    assert f"Frozen on {made.date().isoformat()}" in client.get("/reports/frozen/FRZ-1.html").text


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"from": ""}, "Enter the first and the last day"),
        ({"to": "2025-01-01"}, "before it begins"),
        ({"service": "77"}, "no such service"),
    ],
)
def test_a_form_that_cannot_be_frozen_comes_back_as_it_was_typed(
    client_for: SignIn, changed: dict[str, str], words: str
) -> None:
    answer = client_for(Role.APPROVER).post("/reports/frozen", data=FORM | changed)

    assert answer.status_code == 422
    assert words in answer.text
    assert 'value="For the board"' in answer.text


def test_a_reader_reads_and_does_not_freeze(client_for: SignIn) -> None:
    client = client_for(Role.READER)

    assert client.post("/reports/frozen", data=FORM).status_code == 403
    assert "Freeze these figures" not in client.get("/reports/frozen").text
    assert client.get("/reports/frozen/FRZ-1").status_code == 404

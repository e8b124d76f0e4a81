"""The leader's landing: whether the organisation decides on evidence, and what waits for whoever reads it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TypeAlias

import pytest
from bs4 import BeautifulSoup
from factories import make_accepted_decision, make_insight, make_member
from flask import Flask
from flask.testing import FlaskClient

from insights.core.access import Role
from insights.people.models import Member
from insights.reports.metrics import CODES
from insights.synthesis.answers import issue_recommendation, respond_to_recommendation
from research_hub.db import transaction

SignIn: TypeAlias = Callable[[Member | Role], FlaskClient]

OVERDUE = "Send a reminder after seven days."
DECLINED = "Ask for the number at the start."


@pytest.fixture
def leader(app: Flask) -> Member:
    """One recommendation waits for them, long overdue; another they declined."""
    with app.app_context(), transaction() as session:
        leader = make_member(session, role=Role.APPROVER, name="Lea Leader")
        insight = make_insight(session)
        make_accepted_decision(session, insight=insight)
        waiting = make_insight(session)
        overdue = issue_recommendation(session, actor=leader, text=OVERDUE, insights=[waiting], addressee=leader)
        overdue.issued_on = date.today() - timedelta(days=50)
        declined = issue_recommendation(session, actor=leader, text=DECLINED, insights=[waiting], addressee=leader)
        declined.issued_on = date.today() - timedelta(days=40)
        respond_to_recommendation(
            session, actor=leader, recommendation=declined, status="declined", reason="The law forbids it."
        )
        return leader


def test_what_waits_for_the_reader_stands_first_and_is_not_repeated(client_for: SignIn, leader: Member) -> None:
    mine = client_for(leader).get("/reports").text
    others = client_for(Role.READER).get("/reports").text

    assert "Waiting for your answer" in mine
    assert mine.count(OVERDUE) == 1
    assert "Waiting for your answer" not in others
    assert "What leadership has not answered" in others
    assert others.count(OVERDUE) == 1


@pytest.mark.usefixtures("leader")
def test_every_figure_has_its_count_or_says_that_nothing_is_counted(client_for: SignIn) -> None:
    page = BeautifulSoup(client_for(Role.READER).get("/reports").text, "html.parser")
    rows = page.select(".figures-table tbody tr")

    assert len(rows) == len(CODES) == 12
    for row in rows:
        cells = [cell.get_text(" ", strip=True) for cell in row.find_all("td")]
        assert (cells[0] == "n/a") == (cells[1] == "nothing to count")


@pytest.mark.usefixtures("leader")
def test_the_figure_of_answers_lists_what_was_declined_and_why(client_for: SignIn) -> None:
    page = client_for(Role.READER).get("/reports/metric/T6").text

    assert DECLINED in page
    assert "The law forbids it." in page
    assert "addressed to: Approver" in page


@pytest.mark.usefixtures("leader")
@pytest.mark.parametrize(
    ("asked", "shown", "hidden"), [("state=overdue", OVERDUE, DECLINED), ("state=declined", DECLINED, OVERDUE)]
)
def test_the_register_shows_the_state_that_is_asked_for(
    client_for: SignIn, asked: str, shown: str, hidden: str
) -> None:
    client = client_for(Role.READER)

    page, file = client.get(f"/reports/responses?{asked}").text, client.get(f"/reports/responses.csv?{asked}").text

    assert (shown in page, shown in file) == (True, True)
    assert (hidden in page, hidden in file) == (False, False)


def test_an_empty_installation_says_what_to_do(client_for: SignIn) -> None:
    client = client_for(Role.READER)

    assert "nothing to wait for" in client.get("/reports").text
    assert "No recommendation yet" in client.get("/reports/responses").text
    assert "Nothing is frozen yet" in client.get("/reports/frozen").text
    assert "Nobody is reminded of anything" in client.get("/reports/reminders").text
    assert "Nothing in this period can be counted" in client.get("/reports/metric/T12").text


def test_a_period_that_ends_before_it_begins_is_refused_in_words(client_for: SignIn) -> None:
    answer = client_for(Role.READER).get("/reports?from=2026-02-01&to=2026-01-01")

    assert answer.status_code == 422
    assert "before it begins" in answer.text

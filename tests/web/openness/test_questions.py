from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from factories import make_member
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from insights.core.clock import FixedClock, set_clock
from insights.openness.models import AskedQuestion, QuestionTrace
from insights.openness.questions import note_search, report_missing
from insights.people.models import Member
from insights.synthesis.models import Insight
from research_hub.db import reading, transaction


@pytest.fixture
def yesterday(app: Flask) -> Callable[[str], None]:
    """Somebody searched for these words a day ago, and found nothing."""

    def search(words: str) -> None:
        with transaction() as unit:
            set_clock(unit, FixedClock(datetime.now(UTC) - timedelta(days=1)))
            note_search(unit, words=words, found=False, secret=app.config["SECRET_KEY"])
            unit.info.pop("clock")

    return search


def visit(browser: FlaskClient, address: str, *, came_from: str = "") -> str:
    """As a server does, closes the answer once it has gone out: only then is a search counted."""
    headers = {"Referer": came_from} if came_from else {}
    with browser.get(address, headers=headers) as answer:
        shown = answer.text
    # What was written beside this test's own session is read anew.
    reading().rollback()
    return shown


def test_a_search_without_hits_becomes_a_question_on_its_second_day(
    browser: FlaskClient, outsider: FlaskClient, indexed: Callable[[], None], yesterday: Callable[[str], None]
) -> None:
    indexed()
    yesterday("parking at clinics")

    visit(outsider, "/evidence?q=parking at clinics")
    visit(outsider, "/evidence?q=first time asked")

    page = browser.get("/questions").text
    assert "parking at clinics" in page
    assert "first time asked" not in page
    assert "nothing was found" in page


def test_opening_a_hit_answers_the_search(
    browser: FlaskClient,
    open_insight: Insight,
    indexed: Callable[[], None],
    yesterday: Callable[[str], None],
) -> None:
    indexed()
    with transaction() as unit:
        set_clock(unit, FixedClock(datetime.now(UTC) - timedelta(days=1)))
        note_search(unit, words="letters people", found=True, secret=browser.application.config["SECRET_KEY"])
        unit.info.pop("clock")
    visit(browser, "/evidence?q=letters people")
    assert "nothing that was found was opened" in browser.get("/questions").text

    visit(browser, f"/insights/{open_insight.ref}", came_from="http://elsewhere.example/evidence?q=letters+people")
    assert reading().scalars(select(AskedQuestion.opened)).one() == 0
    visit(browser, f"/insights/{open_insight.ref}", came_from="http://localhost/evidence?q=letters+people")
    assert reading().scalars(select(AskedQuestion.opened)).one() == 1
    assert "letters people" not in browser.get("/questions").text


@pytest.mark.parametrize(
    "query",
    ["q=anna.berg@example.org", "q=020 7946 0018", "q=INS-1", "q=letters&kind=insight", "q=letters&offset=20", "q="],
)
def test_personal_data_references_filters_and_pages_leave_no_trace(
    browser: FlaskClient, indexed: Callable[[], None], query: str
) -> None:
    indexed()

    visit(browser, f"/evidence?{query}")

    assert reading().scalars(select(QuestionTrace)).all() == []


def test_a_question_becomes_a_request_with_one_click_and_says_so(
    browser: FlaskClient, indexed: Callable[[], None]
) -> None:
    indexed()
    with transaction() as unit:
        report_missing(unit, words="Reminders in Polish")
    assert 'href="/requests/new?question=1"' in browser.get("/questions").text

    form = browser.get("/requests/new?question=1").text
    browser.post("/requests", data={"title": "Who needs reminders in Polish?", "question": "1"})

    assert 'value="Reminders in Polish"' in form
    assert 'href="/requests/REQ-1"' in browser.get("/questions").text


def test_what_is_known_today_is_counted_within_ones_own_sight(
    browser: FlaskClient,
    open_insight: Insight,
    hidden_insight: Insight,
    indexed: Callable[[], None],
    client_for: Callable[..., FlaskClient],
) -> None:
    indexed()
    with transaction() as unit:
        report_missing(unit, words="Quillfeather")

    other = client_for(_another_researcher())
    assert "perhaps: 1 insight" in browser.get("/questions").text
    shown = other.get("/questions").text
    assert "perhaps" not in shown
    rows = other.get("/questions.csv").text.splitlines()
    assert rows[1].split(",")[8:10] == ["0", "0"]


def test_readers_do_not_see_what_others_search_for(outsider: FlaskClient) -> None:
    assert outsider.get("/questions").status_code == 403
    assert outsider.get("/questions.csv").status_code == 403


def _another_researcher() -> Member:
    with transaction() as unit:
        return make_member(unit)

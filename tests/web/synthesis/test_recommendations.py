from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from factories import make_insight, make_member
from flask import Flask
from flask.testing import FlaskClient

from insights.core.access import Role
from insights.people.models import Member
from insights.synthesis.answers import issue_recommendation
from insights.synthesis.models import Insight, Recommendation
from research_hub.db import transaction

ClientFor = Callable[[Member | Role], FlaskClient]
LATE = date.today() - timedelta(days=3)


@pytest.fixture
def told(app: Flask) -> tuple[Member, Insight, Recommendation]:
    with transaction() as session:
        tom = make_member(session, role=Role.READER)
        insight = make_insight(session)
        author = make_member(session)
        recommendation = issue_recommendation(
            session, actor=author, text="Put the next step first.", insights=[insight], addressee=tom, due_on=LATE
        )
    return tom, insight, recommendation


def test_one_is_issued_on_several_insights_with_a_priority(client_for: ClientFor, app: Flask) -> None:
    with transaction() as session:
        first, second = make_insight(session), make_insight(session)
    browser = client_for(Role.RESEARCHER)

    browser.post(
        f"/insights/{first.ref}/recommend", data={"text": "Say it first.", "priority": "high", "others": second.ref}
    )

    page = browser.get("/recommendations/REC-1").get_data(as_text=True)
    assert "high priority" in page
    assert f"/insights/{second.ref}" in page
    assert "Say it first." in browser.get(f"/insights/{second.ref}").get_data(as_text=True)


def test_home_and_the_list_show_what_waits_for_me(
    client_for: ClientFor, told: tuple[Member, Insight, Recommendation]
) -> None:
    tom, _insight, recommendation = told
    browser = client_for(tom)

    assert recommendation.text in browser.get("/").get_data(as_text=True)
    page = browser.get("/recommendations?mine=1&overdue=1").get_data(as_text=True)
    assert recommendation.text in page
    assert "overdue" in page
    assert recommendation.text not in client_for(Role.READER).get("/recommendations?mine=1").get_data(as_text=True)
    lines = browser.get("/recommendations.csv?mine=1").get_data(as_text=True).splitlines()
    assert len(lines) == 2


def test_its_addressee_answers_and_says_how_far_it_is(
    client_for: ClientFor, told: tuple[Member, Insight, Recommendation]
) -> None:
    tom, _insight, recommendation = told
    browser = client_for(tom)

    browser.post(f"/recommendations/{recommendation.ref}", data={"status": "accepted"})
    browser.post(f"/recommendations/{recommendation.ref}/progress", data={"status": "done"})

    assert "done" in browser.get(f"/recommendations/{recommendation.ref}").get_data(as_text=True)
    somebody = client_for(Role.RESEARCHER)
    refused = somebody.post(f"/recommendations/{recommendation.ref}/progress", data={"status": "abandoned"})
    assert refused.status_code == 403


def test_one_is_edited_withdrawn_and_brought_back(
    client_for: ClientFor, told: tuple[Member, Insight, Recommendation]
) -> None:
    _tom, _insight, recommendation = told
    browser, address = client_for(Role.RESEARCHER), f"/recommendations/{recommendation.ref}"

    browser.post(f"{address}/edit", data={"text": "Say the next step first.", "row_version": "1"})
    browser.post(f"{address}/withdraw")
    page = browser.get(address).get_data(as_text=True)
    browser.post(f"{address}/reissue")

    assert "Say the next step first." in page
    assert "withdrawn" in page
    assert "waits for an answer" in browser.get(address).get_data(as_text=True)

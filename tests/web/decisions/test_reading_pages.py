from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from insights.decisions.models import Decision
from insights.synthesis.models import Insight


@pytest.mark.parametrize(
    "page",
    [
        "",
        "/edit",
        "/link",
        "/accept",
        "/review",
        "/changes/new",
        "/measures/new",
        "/checks/new",
        "/impact/new",
        "/delivery",
    ],
)
def test_every_page_of_a_decision_names_it(browser: FlaskClient, draft: Decision, page: str) -> None:
    answer = browser.get(f"/decisions/{draft.ref}{page}")

    assert answer.status_code == 200
    assert draft.ref in answer.text


def test_an_empty_list_says_how_to_begin(browser: FlaskClient) -> None:
    answer = browser.get("/decisions")

    assert "No decision yet" in answer.text
    assert 'href="/decisions/new"' in answer.text


def test_the_list_says_where_each_decision_stands_and_whose_words_it_rests_on(
    browser: FlaskClient, accepted: Decision
) -> None:
    answer = browser.get("/decisions")

    assert "Say what happens next" in answer.text
    assert "rests on" in answer.text


def test_the_page_shows_the_quote_the_type_of_link_and_the_sentence(
    browser: FlaskClient, accepted: Decision, insight: Insight
) -> None:
    answer = browser.get(f"/decisions/{accepted.ref}")

    assert "I saw positive and I stopped reading." in answer.text
    assert "changed this decision" in answer.text
    assert "Six of eight stopped there." in answer.text
    assert f'href="/insights/{insight.ref}"' in answer.text

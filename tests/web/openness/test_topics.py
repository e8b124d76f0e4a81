"""'What we know about …': every figure with its rows, and nothing that the reader may not see."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from html import unescape

import pytest
from factories import (
    make_accepted_decision,
    make_highlight,
    make_insight,
    make_session,
    make_study,
)
from flask import Flask
from flask.testing import FlaskClient

from insights.capture.models import Study
from insights.capture.operations import set_study_access
from insights.people.models import Member
from insights.synthesis.contradictions import declare_contradiction
from research_hub.db import transaction
from research_hub.worker import make_indexer


@pytest.fixture
def letters(app: Flask, researcher: Member) -> Iterator[Study]:
    """Two insights on letters that contradict one another, a decision on one of them, and a study that hears Riders."""
    with transaction() as unit:
        study = make_study(unit, actor=researcher, title="Results letters")
        held = make_session(
            unit,
            actor=researcher,
            study=study,
            title="Talk in the kitchen",
            participants=["P1"],
            held_on=date(2026, 10, 14),
        )
        quote = make_highlight(unit, actor=researcher, research_session=held)
        strong = make_insight(unit, actor=researcher, highlight=quote, claim="Letters stop people at one word.")
        weak = make_insight(unit, actor=researcher, highlight=quote, claim="Letters are read to the end.")
        make_accepted_decision(unit, actor=researcher, insight=strong, title="Put the next step first")
        declare_contradiction(unit, actor=researcher, insight=strong, other=weak, cause="They read on.")
    make_indexer(app).rebuild()
    yield study
    app.extensions["search"].close()


def test_a_topic_shows_insights_contradictions_decisions_and_sessions_with_their_refs(
    outsider: FlaskClient, letters: Study
) -> None:
    page = unescape(outsider.get("/topics?q=letters").text)

    assert "What we know about" in page
    assert "Letters stop people at one word." in page
    assert "is contradicted by" in page
    assert page.count("They read on.") == 1
    assert "Put the next step first" in page
    assert "Talk in the kitchen" in page
    assert "http://localhost/topics?q=letters" in page


def test_the_workbook_and_the_csv_hold_the_rows_of_the_page(outsider: FlaskClient, letters: Study) -> None:
    rows = outsider.get("/topics.csv?q=letters").text.splitlines()

    assert [line.split(",")[0].strip('"') for line in rows[1:]] == ["INS-2", "INS-1"]
    assert outsider.get("/topics.xlsx?q=letters").data.startswith(b"PK")


def test_a_topic_of_which_nothing_is_known_leads_to_a_request(outsider: FlaskClient, letters: Study) -> None:
    page = outsider.get("/topics?q=zeppelin").text

    assert "Nothing is known about this yet" in page
    assert 'href="/requests/new?title=zeppelin"' in page
    assert "Name a topic" in outsider.get("/topics").text


def test_the_page_of_results_leads_to_the_topic(outsider: FlaskClient, letters: Study) -> None:
    assert 'href="/topics?q=letters"' in outsider.get("/evidence?q=letters").text


def test_without_an_index_the_page_says_so(app: Flask, outsider: FlaskClient) -> None:
    assert "cannot be put together just now" in outsider.get("/topics?q=letters").text
    app.extensions["search"].close()


def test_a_study_restricted_later_vanishes_with_its_insights_sessions_and_groups(
    app: Flask, outsider: FlaskClient, letters: Study, researcher: Member, client_for: Callable[[Member], FlaskClient]
) -> None:
    assert "Results letters" in outsider.get("/topics?q=letters").text

    with transaction() as unit:
        set_study_access(unit, actor=researcher, study=unit.get_one(Study, letters.id), restricted=True, named=[])

    # Before the index has heard of it, and after.
    for _ in range(2):
        shown = unescape(outsider.get("/topics?q=letters").text) + outsider.get("/topics.csv?q=letters").text
        for hidden in (
            "stop people",
            "read to the end",
            "They read on",
            "Talk in the kitchen",
            "INS-1",
            "Results letters",
        ):
            assert hidden not in shown
        make_indexer(app).rebuild()
    assert "stop people" in client_for(researcher).get("/topics?q=letters").text

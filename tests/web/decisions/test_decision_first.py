"""The form of a decision offers its evidence, links what is ticked, and keeps the question where nothing fits."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape

import pytest
from factories import make_highlight, make_insight, make_member, make_session, make_study
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from insights.decisions.models import Decision
from insights.openness.models import AskedQuestion
from insights.synthesis.contradictions import declare_contradiction
from insights.synthesis.models import Insight
from research_hub.db import reading, transaction
from research_hub.worker import make_indexer

TITLE = "Do not put the word positive first"


@pytest.fixture
def hidden(app: Flask, insight: Insight) -> Iterator[Insight]:
    """An insight of a study that the browser's member is not named in, which contradicts the open one; indexed."""
    with transaction() as unit:
        other = make_member(unit)
        study = make_study(unit, actor=other, restricted=True)
        held = make_session(unit, actor=other, study=study)
        quote = make_highlight(unit, actor=other, research_session=held)
        claim = "The word positive frightens the Quillfeather family"
        made = make_insight(unit, actor=other, highlight=quote, claim=claim)
        known = unit.get_one(Insight, insight.id)
        declare_contradiction(unit, actor=other, insight=known, other=made, cause="Quillfeather says otherwise.")
    make_indexer(app).rebuild()
    yield made
    app.extensions["search"].close()


def test_what_one_may_not_see_is_neither_offered_nor_counted_nor_said_to_contradict(
    browser: FlaskClient, insight: Insight, hidden: Insight
) -> None:
    shown = unescape(browser.get(f"/decisions/evidence?q={TITLE}&chosen={hidden.ref}").text)

    assert insight.claim in shown
    assert 'data-count="1 insight found."' in shown
    for secret in ("Quillfeather", hidden.ref, "Against it"):
        assert secret not in shown


def test_the_button_shows_the_list_and_saves_nothing(browser: FlaskClient, insight: Insight, hidden: Insight) -> None:
    page = browser.post("/decisions/new/evidence", data={"title": TITLE, "context": "Kept words"}).text

    assert insight.claim in page
    assert "Kept words" in page
    assert f'value="{TITLE}"' in page
    assert reading().scalars(select(Decision)).all() == []


def test_a_tick_and_a_sentence_link_with_the_decision(browser: FlaskClient, insight: Insight) -> None:
    sent = {
        "title": TITLE,
        "status": "proposed",
        f"evidence-{insight.ref}": "yes",
        f"relation-{insight.ref}": "informed",
        f"because-{insight.ref}": "Six of eight stopped there.",
        "none_relevant": "yes",
    }

    answer = browser.post("/decisions", data=sent)

    assert answer.location == "/decisions/DEC-1#insights"
    page = browser.get("/decisions/DEC-1").text
    assert "informed this decision" in page
    assert "Six of eight stopped there." in page
    assert reading().scalars(select(AskedQuestion)).all() == []


def test_a_tick_without_its_sentence_saves_nothing_and_loses_nothing(browser: FlaskClient, insight: Insight) -> None:
    sent = {
        "title": TITLE,
        "status": "proposed",
        f"evidence-{insight.ref}": "yes",
        f"relation-{insight.ref}": "informed",
    }

    answer = browser.post("/decisions", data=sent)

    assert answer.status_code == 422
    assert f"Say in one sentence why {insight.ref} matters here" in answer.text
    assert f'name="evidence-{insight.ref}" value="yes" checked' in answer.text
    assert '<option value="informed" selected>' in answer.text
    assert reading().scalars(select(Decision)).all() == []


def test_an_insight_out_of_sight_cannot_be_ticked_by_hand(browser: FlaskClient, hidden: Insight) -> None:
    sent = {"title": TITLE, "status": "proposed", f"evidence-{hidden.ref}": "yes", f"because-{hidden.ref}": "Guessed."}

    assert browser.post("/decisions", data=sent).status_code == 404
    assert reading().scalars(select(Decision)).all() == []


def test_where_nothing_fits_the_question_is_kept_and_research_offered(browser: FlaskClient) -> None:
    answer = browser.post("/decisions", data={"title": TITLE, "status": "proposed", "none_relevant": "yes"})

    assert answer.location == "/requests/new?decision=DEC-1&question=1"
    assert reading().scalars(select(AskedQuestion.words)).all() == [TITLE]
    assert "rests on no evidence yet" in browser.get(answer.location).text


def test_a_title_that_may_name_somebody_is_saved_and_not_kept_as_a_question(browser: FlaskClient) -> None:
    sent = {"title": "Ring Mrs Okafor before the letter", "status": "proposed", "none_relevant": "yes"}
    sent |= {"may_stand": "The name of the letter, and of nobody we heard"}

    page = browser.post("/decisions", data=sent, follow_redirects=True).text

    assert "DEC-1 is saved." in page
    assert "may name somebody" in page
    assert reading().scalars(select(AskedQuestion)).all() == []


def test_a_decision_that_is_there_offers_the_same_way_out(browser: FlaskClient, draft: Decision) -> None:
    assert "No relevant evidence found" in browser.get(f"/decisions/{draft.ref}/link").text

    answer = browser.post(f"/decisions/{draft.ref}/no-evidence")

    assert answer.location == f"/requests/new?decision={draft.ref}&question=1"
    assert reading().scalars(select(AskedQuestion.missed)).one() == 1

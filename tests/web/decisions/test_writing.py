from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from insights.core.access import Role
from insights.decisions.models import Decision
from insights.synthesis.models import Insight

FORM = {
    "title": "Put the next step before the result",
    "context": "People **stop** reading.",
    "options-0-title": "Keep the order",
    "options-0-body": "Good: cheap",
    "options-2-title": "Call everyone",
    "decision_makers": "Ruth Adeyemi\nTomos Price",
    "status": "proposed",
}


def test_what_was_written_stands_on_the_page_and_the_next_step_is_its_evidence(browser: FlaskClient) -> None:
    answer = browser.post("/decisions", data=FORM)

    page = browser.get("/decisions/DEC-1").text
    assert (answer.status_code, answer.location) == (303, "/decisions/DEC-1/link")
    assert "Put the next step before the result" in page
    assert "People <strong>stop</strong> reading." in page
    assert page.index("Keep the order") < page.index("Call everyone")
    assert "Ruth Adeyemi, Tomos Price" in page


def test_the_insight_one_came_from_is_chosen_already_in_the_next_step(browser: FlaskClient, insight: Insight) -> None:
    form = browser.get(f"/decisions/new?insight={insight.ref}").text

    answer = browser.post("/decisions", data={**FORM, "insight": insight.ref}, follow_redirects=True)

    assert insight.claim in form
    assert f'value="{insight.ref}" checked' in answer.text


def test_an_insight_that_is_not_there_is_not_carried_along(browser: FlaskClient) -> None:
    assert browser.get("/decisions/new?insight=INS-999").status_code == 404


def test_without_a_title_nothing_is_saved_and_nothing_is_lost(browser: FlaskClient) -> None:
    answer = browser.post("/decisions", data={**FORM, "title": " "})

    assert answer.status_code == 422
    assert "Enter a title." in answer.text
    assert "People **stop** reading." in answer.text
    assert "Call everyone" in answer.text
    assert browser.get("/decisions/DEC-1").status_code == 404


def test_an_option_without_a_title_is_named(browser: FlaskClient) -> None:
    answer = browser.post("/decisions", data={**FORM, "options-0-title": ""})

    assert answer.status_code == 422
    assert "Enter a title for each option." in answer.text
    assert "Good: cheap" in answer.text


def test_more_options_keep_what_was_typed_and_save_nothing(browser: FlaskClient) -> None:
    answer = browser.post("/decisions/new/options", data=FORM)

    assert answer.status_code == 200
    assert 'name="options-5-title"' in answer.text
    assert "People **stop** reading." in answer.text
    assert browser.get("/decisions/DEC-1").status_code == 404


def test_what_was_typed_and_not_saved_is_back_until_it_is_saved(browser: FlaskClient) -> None:
    browser.post("/drafts/new-decision", json={"fields": FORM | {"csrf_token": "old", "insight": "INS-999"}})
    back = browser.get("/decisions/new").text
    browser.post("/decisions", data=FORM)

    assert "Your draft from" in back
    assert "People **stop** reading." in back
    assert 'value="Call everyone"' in back
    assert "Your draft from" not in browser.get("/decisions/new").text


def test_a_draft_is_edited_with_all_that_it_held(browser: FlaskClient) -> None:
    browser.post("/decisions", data=FORM)

    form = browser.get("/decisions/DEC-1/edit").text
    saved = browser.post("/decisions/DEC-1", data={**FORM, "title": "Anew", "row_version": "1"})

    assert 'value="Keep the order"' in form
    assert "Tomos Price" in form
    assert saved.location == "/decisions/DEC-1"
    assert "Anew" in browser.get("/decisions/DEC-1").text


def test_whoever_saves_second_sees_both_texts(browser: FlaskClient) -> None:
    browser.post("/decisions", data=FORM)
    browser.post("/decisions/DEC-1", data={**FORM, "context": "Their words", "row_version": "1"})

    answer = browser.post("/decisions/DEC-1", data={**FORM, "context": "My words", "row_version": "1"})

    assert answer.status_code == 409
    assert "Their words" in answer.text
    assert "My words" in answer.text
    assert "Their words" in browser.get("/decisions/DEC-1").text


def test_the_text_of_an_accepted_decision_is_refused_with_the_way_on(browser: FlaskClient, accepted: Decision) -> None:
    answer = browser.post(f"/decisions/{accepted.ref}", data=FORM)

    assert answer.status_code == 409
    assert "Write a new decision that supersedes it" in answer.text


@pytest.mark.parametrize("path", ["", "/link", "/accept", "/reject", "/deprecate", "/supersede", "/changes"])
def test_a_reader_changes_nothing(client_for: Callable[[Role], FlaskClient], accepted: Decision, path: str) -> None:
    reader = client_for(Role.READER)

    answer = reader.post(f"/decisions/{accepted.ref}{path}", data={"title": "Mine"})

    assert answer.status_code == 403
    assert "Say what happens next" in reader.get(f"/decisions/{accepted.ref}").text


def test_a_reader_is_offered_no_act(client_for: Callable[[Role], FlaskClient], accepted: Decision) -> None:
    page = client_for(Role.READER).get(f"/decisions/{accepted.ref}").text

    assert "take away" not in page
    assert "Record what changed" not in page
    assert "Review the decision" not in page


@pytest.mark.parametrize("path", ["", "/edit", "/link", "/accept", "/review", "/delivery", ".md"])
def test_a_decision_that_is_not_there_is_not_found(browser: FlaskClient, path: str) -> None:
    assert browser.get(f"/decisions/DEC-404{path}").status_code == 404

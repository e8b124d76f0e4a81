from __future__ import annotations

from collections.abc import Callable
from html import unescape

from factories import make_study
from flask.testing import FlaskClient
from sqlalchemy import select

from insights.capture.models import Study
from insights.capture.operations import set_study_access
from insights.openness.models import ResearchRequest
from insights.people.models import Member
from insights.synthesis.models import Insight
from research_hub.db import reading, transaction

ASKED = {"title": "Why do people ring after a reminder?", "why": "To cut calls."}


def test_a_reader_asks_and_another_backs_it_once_with_a_way_back(outsider: FlaskClient, browser: FlaskClient) -> None:
    answer = outsider.post("/requests", data=ASKED)
    assert (answer.status_code, answer.location) == (303, "/requests/REQ-1")

    for _ in range(2):
        browser.post("/requests/REQ-1/back")
    assert '<span class="big">2</span> people back this' in browser.get("/requests/REQ-1").text
    browser.post("/requests/REQ-1/back-no-more")
    assert '<span class="big">1</span> person backs this' in browser.get("/requests/REQ-1").text


def test_without_a_question_nothing_is_stored_and_nothing_lost(outsider: FlaskClient) -> None:
    answer = outsider.post("/requests", data={"title": " ", "why": "To cut calls."})

    assert answer.status_code == 422
    assert "Enter the question that research is to answer." in answer.text
    assert "To cut calls." in answer.text
    assert reading().scalars(select(ResearchRequest)).all() == []


def test_what_was_asked_already_is_shown_before_it_is_asked_again(outsider: FlaskClient) -> None:
    outsider.post("/requests", data=ASKED)

    page = outsider.get("/requests/new?title=ring reminder").text

    assert "Asked already" in page
    assert "/requests/REQ-1" in page


def test_a_researcher_says_what_became_of_it_and_takes_it_back(
    browser: FlaskClient, outsider: FlaskClient, researcher: Member, open_insight: Insight
) -> None:
    outsider.post("/requests", data=ASKED)
    with transaction() as unit:
        study = make_study(unit, actor=researcher, title="Calls after reminders")

    browser.post("/requests/REQ-1/answer", data={"status": "planned", "study": study.ref.lower()})
    assert f"planned in {study.ref}" in outsider.get("/requests").text
    assert "Why do people ring after a reminder?" in browser.get(f"/studies/{study.ref}").text
    shown = browser.post(
        "/requests/REQ-1/answer", data={"status": "answered", "insight": open_insight.ref}, follow_redirects=True
    ).text
    assert f"answered by {open_insight.ref}" in shown
    undo = shown.split("/requests/REQ-1/answers/")[1].split("/undo")[0]
    browser.post(f"/requests/REQ-1/answers/{undo}/undo")
    assert f"planned in {study.ref}" in outsider.get("/requests/REQ-1").text


def test_a_study_that_is_not_there_is_asked_for_in_the_form(browser: FlaskClient, outsider: FlaskClient) -> None:
    outsider.post("/requests", data=ASKED)

    refused = browser.post("/requests/REQ-1/answer", data={"status": "planned", "study": "STU-999"})

    assert refused.status_code == 422
    assert "Name the study that it is planned in" in refused.text
    assert 'value="STU-999"' in refused.text
    assert outsider.post("/requests/REQ-1/answer", data={"status": "open"}).status_code == 403


def test_a_request_that_was_taken_away_is_gone_for_others_and_can_be_brought_back(
    browser: FlaskClient, outsider: FlaskClient, reader: Member
) -> None:
    browser.post("/requests", data=ASKED)
    assert outsider.post("/requests/REQ-1/remove").status_code == 403
    browser.post("/requests/REQ-1/remove")

    assert outsider.get("/requests/REQ-1").status_code == 404
    assert "Nobody has asked yet" in outsider.get("/requests").text
    browser.post("/requests/REQ-1/restore")
    assert outsider.get("/requests/REQ-1").status_code == 200


def test_filters_and_files_hold_the_same_rows(outsider: FlaskClient, browser: FlaskClient) -> None:
    outsider.post("/requests", data=ASKED)
    browser.post("/requests", data={"title": "What is read first?"})
    browser.post("/requests/REQ-2/answer", data={"status": "declined", "reason": "It is known."})

    assert "REQ-2" not in outsider.get("/requests?status=open").text
    rows = outsider.get("/requests.csv?status=declined").text.splitlines()
    assert len(rows) == 2
    assert "It is known." in rows[1]
    assert outsider.get("/requests.xlsx").status_code == 200


def test_a_study_restricted_later_vanishes_from_requests_for_those_it_does_not_name(
    browser: FlaskClient, outsider: FlaskClient, researcher: Member, client_for: Callable[[Member], FlaskClient]
) -> None:
    outsider.post("/requests", data=ASKED)
    with transaction() as unit:
        study = make_study(unit, actor=researcher, title="The Quillfeather family rings")
    browser.post("/requests/REQ-1/answer", data={"status": "planned", "study": study.ref})
    assert "Quillfeather" in outsider.get("/requests/REQ-1").text

    with transaction() as unit:
        set_study_access(unit, actor=researcher, study=unit.get_one(Study, study.id), restricted=True, named=[])

    for address in ("/requests", "/requests/REQ-1", "/requests.csv"):
        shown = unescape(outsider.get(address).text)
        assert "planned" in shown
        assert "Quillfeather" not in shown
        assert study.ref not in shown
    assert "Quillfeather" in browser.get("/requests/REQ-1").text


def test_an_answer_that_one_may_not_see_is_not_told(
    browser: FlaskClient, outsider: FlaskClient, hidden_insight: Insight
) -> None:
    outsider.post("/requests", data=ASKED)
    browser.post("/requests/REQ-1/answer", data={"status": "answered", "insight": hidden_insight.ref})

    assert "Quillfeather" in browser.get("/requests/REQ-1").text
    shown = outsider.get("/requests/REQ-1").text + outsider.get("/requests").text
    assert "Quillfeather" not in shown
    assert hidden_insight.ref not in shown

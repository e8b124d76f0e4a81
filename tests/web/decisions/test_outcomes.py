from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient

from insights.decisions.models import Decision
from insights.people.models import Member
from insights.synthesis.models import Insight

MEASURE = {
    "name": "calls within 24 h",
    "unit": "%",
    "direction": "down_is_better",
    "baseline": "31",
    "target": "20",
    "check_on": "2026-02-18",
}


@pytest.fixture
def measured(browser: FlaskClient, accepted: Decision) -> Decision:
    browser.post(f"/decisions/{accepted.ref}/measures", data=MEASURE)
    return accepted


def test_before_and_after_stand_side_by_side_with_their_difference(browser: FlaskClient, accepted: Decision) -> None:
    browser.post(
        f"/decisions/{accepted.ref}/changes",
        data={"before": "Your result is positive.", "after": "Your result is positive, which is common.", "url": ""},
    )

    page = browser.get(f"/decisions/{accepted.ref}").text
    assert "<ins>" in page
    assert "which is common." in page


def test_a_change_that_says_nothing_is_refused(browser: FlaskClient, accepted: Decision) -> None:
    answer = browser.post(f"/decisions/{accepted.ref}/changes", data={"before": " ", "after": "", "url": ""})

    assert answer.status_code == 422
    assert "Enter what was before, what is after" in answer.text


def test_a_change_is_put_right(browser: FlaskClient, accepted: Decision) -> None:
    browser.post(f"/decisions/{accepted.ref}/changes", data={"before": "Ols words", "after": "New words"})

    form = browser.get(f"/decisions/{accepted.ref}/changes/1").text
    browser.post(f"/decisions/{accepted.ref}/changes/1", data={"before": "Old words", "after": "New words"})

    assert "Ols words" in form
    assert "Ols" not in browser.get(f"/decisions/{accepted.ref}").text


def test_the_measure_its_baseline_and_the_overdue_check_are_said_in_words(
    browser: FlaskClient, measured: Decision
) -> None:
    page = browser.get(f"/decisions/{measured.ref}").text

    assert "31 %" in page
    assert "20 %" in page
    assert "check overdue since 18 Feb 2026" in page


@pytest.mark.parametrize("baseline", ["a lot", "1,5,2", "nan", "inf"])
def test_a_figure_that_is_no_number_keeps_the_rest_of_the_form(
    browser: FlaskClient, accepted: Decision, baseline: str
) -> None:
    answer = browser.post(f"/decisions/{accepted.ref}/measures", data={**MEASURE, "baseline": baseline})

    assert answer.status_code == 422
    assert "calls within 24 h" in answer.text


def test_an_outcome_is_recorded_and_ends_the_thread(browser: FlaskClient, measured: Decision) -> None:
    form = browser.get(f"/decisions/{measured.ref}/checks/1").text
    browser.post(
        f"/decisions/{measured.ref}/checks/1/verdict",
        data={"verdict": "improved", "value": "19.5", "note": "Half as many calls."},
    )

    page = browser.get(f"/decisions/{measured.ref}").text
    assert "baseline 31 %" in form
    assert "It improved" in page
    assert "19.5 %" in page
    assert "Half as many calls." in page
    assert "overdue" not in page


def test_a_verdict_that_refutes_sends_people_back_to_the_decision(
    browser: FlaskClient, measured: Decision, insight: Insight
) -> None:
    page = browser.post(
        f"/decisions/{measured.ref}/checks/1/verdict",
        data={"verdict": "worsened", "value": "40"},
        follow_redirects=True,
    ).text

    assert "It got worse" in page
    assert "1 link: contradicted" in page
    assert "Look whether the decision still stands" in page
    assert "challenged" in browser.get(f"/insights/{insight.ref}").text


def test_an_outcome_without_a_verdict_names_the_choices(browser: FlaskClient, measured: Decision) -> None:
    answer = browser.post(f"/decisions/{measured.ref}/checks/1/verdict", data={"note": "Looked."})

    assert answer.status_code == 422
    assert "Choose a verdict" in answer.text
    assert "Looked." in answer.text


def test_the_queue_names_who_looks_and_how_long_it_waits(browser: FlaskClient, measured: Decision) -> None:
    page = browser.get("/checks").text

    assert measured.ref in page
    assert "overdue for" in page
    assert "Maya Osei" in page
    assert b"calls within 24 h" in browser.get("/checks.csv").data


def test_a_check_is_planned_moved_and_then_waits_for_later(browser: FlaskClient, accepted: Decision) -> None:
    later = (date.today() + timedelta(days=300)).isoformat()
    browser.post(f"/decisions/{accepted.ref}/checks", data={"due_on": "2026-01-05", "measure_id": ""})
    due = browser.get("/checks").text

    browser.post(f"/decisions/{accepted.ref}/checks/1/day", data={"due_on": later})

    assert accepted.ref in due
    assert "Nothing to look at" in browser.get("/checks").text
    assert accepted.ref in browser.get("/checks?all=1").text


def test_readings_stand_in_a_table(browser: FlaskClient, measured: Decision) -> None:
    browser.post(f"/decisions/{measured.ref}/measures/1/readings", data={"value": "24", "on": "2026-01-10"})
    refused = browser.post(f"/decisions/{measured.ref}/measures/1/readings", data={"value": "", "on": "2026-01-11"})

    page = browser.get(f"/decisions/{measured.ref}").text
    assert "24 %" in page
    assert "10 Jan 2026" in page
    assert "Enter the value as a number." in refused.text


def test_the_ledger_shows_a_correction_beside_what_it_corrects(
    leader: Member, client_for: Callable[[Member], FlaskClient], accepted: Decision
) -> None:
    browser = client_for(leader)
    browser.post(f"/decisions/{accepted.ref}/impact", data={"what": "Calls halved.", "contribution": "sole_reason"})
    form = browser.get(f"/decisions/{accepted.ref}/impact/new?corrects=1").text
    browser.post(
        f"/decisions/{accepted.ref}/impact",
        data={"what": "Calls fell by a third.", "contribution": "main_reason", "corrects": "1"},
    )

    page = browser.get(f"/decisions/{accepted.ref}").text
    assert "Calls halved." in form
    assert "<s>Calls halved.</s>" in page
    assert "Calls fell by a third." in page


def test_delivery_and_why_it_cannot_be_measured_are_told(browser: FlaskClient, accepted: Decision) -> None:
    browser.post(f"/decisions/{accepted.ref}/delivery", data={"state": "live", "live_on": "2026-04-01", "url": ""})
    browser.post(f"/decisions/{accepted.ref}/not-measurable", data={"reason": "Ten people a year."})

    page = browser.get(f"/decisions/{accepted.ref}").text
    assert "Live since 1 April 2026" in page
    assert "Not measurable: Ten people a year." in page


@pytest.mark.parametrize("path", ["/changes/1", "/checks/1", "/measures/1/readings/new", "/impact/new?corrects=1"])
def test_parts_of_another_decision_are_not_found(
    browser: FlaskClient, measured: Decision, draft: Decision, path: str
) -> None:
    assert browser.get(f"/decisions/{draft.ref}{path}").status_code == 404

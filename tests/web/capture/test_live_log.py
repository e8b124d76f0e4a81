"""The live log over HTTP: the plain form, the batches of the script, and who is let in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest
from conftest import SignIn
from factories import make_member, make_study, make_team
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from insights.capture.models import Study
from insights.core.access import Role
from insights.people.models import Member
from research_hub.db import db, transaction

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def observer() -> Member:
    with transaction() as session:
        return make_member(session, name="Maya Osei")


@pytest.fixture
def study(observer: Member) -> Study:
    with transaction() as session:
        return make_study(session, actor=observer, title="Results letters")


@pytest.fixture
def client(client_for: SignIn, observer: Member) -> FlaskClient:
    return client_for(observer)


@pytest.fixture
def address(client: FlaskClient, study: Study) -> str:
    """Of the page of a log that has just begun."""
    answer = client.post("/live-logs", data={"study": study.ref, "participants": "P3, P-7K3Q"})
    assert answer.status_code == 303
    return str(answer.location)


def a_line(text: str, **values: Any) -> dict[str, Any]:
    return {"key": f"key-{abs(hash(text)):020}", "revision": 1, "at": 0, "text": text, "deleted": False} | values


def send(client: FlaskClient, address: str, *lines: Mapping[str, Any]) -> list[dict[str, Any]]:
    answer = client.post(f"{address}/lines", json={"lines": list(lines)}, headers={"Accept": "application/json"})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    outcomes: list[dict[str, Any]] = answer.get_json()["outcomes"]
    return outcomes


def words_of(answer: TestResponse) -> str:
    page = re.sub(r'data-[a-z-]+="[^"]*"', "", answer.get_data(as_text=True))
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_a_log_begins_with_a_study_and_codes_and_shows_where_to_type(client: FlaskClient, address: str) -> None:
    words = words_of(client.get(address))

    assert "Nothing typed yet" in words
    assert "with P-7K3Q, P3" in words
    assert "running" in words


def test_without_a_study_the_form_says_what_to_do(client: FlaskClient) -> None:
    answer = client.post("/live-logs", data={"study": "", "participants": "P3"})

    assert answer.status_code == 422
    assert "Choose the study" in words_of(answer)
    assert 'value="P3"' in answer.get_data(as_text=True)


def test_a_running_log_is_offered_on_the_log_its_study_and_its_session(
    client: FlaskClient, address: str, study: Study
) -> None:
    ref = address.split("/")[2]

    for page in ("/log", f"/studies/{study.ref}"):
        assert f'href="{address}"' in client.get(page).get_data(as_text=True)
    assert client.get(f"/sessions/{ref}").location == address


def test_without_a_script_a_form_posts_one_line_and_shows_it_with_what_was_read(
    client: FlaskClient, address: str
) -> None:
    key = re.search(r'name="key" value="([^"]+)"', client.get(address).get_data(as_text=True))
    assert key is not None
    for _ in range(2):
        # The form is sent twice, as by an impatient hand.
        sent = client.post(address, data={"key": key[1], "line": "@P3 cannot find the date #letters !! -"})
        assert sent.status_code == 303

    words = words_of(client.get(address))
    assert words.count("cannot find the date") == 1
    assert "P3 letters serious a problem Maya Osei" in words


def test_a_line_that_is_too_long_is_shown_again_with_the_reason(client: FlaskClient, address: str) -> None:
    answer = client.post(address, data={"key": "a-long-enough-key", "line": "x" * 2_001})

    assert answer.status_code == 422
    assert "this one has 2,001" in words_of(answer)
    assert "x" * 2_001 in answer.get_data(as_text=True)


def test_a_line_can_be_deleted_and_brought_back_without_a_script(client: FlaskClient, address: str) -> None:
    send(client, address, a_line("said in confidence", key="the-same-key"))

    deleted = words_of(client.post(f"{address}/lines/the-same-key/delete", follow_redirects=True))
    back = words_of(client.post(f"{address}/lines/the-same-key/restore", follow_redirects=True))

    assert "was deleted. Undo" in deleted
    assert "said in confidence" not in deleted
    assert "said in confidence" in back


def test_a_batch_that_is_sent_again_is_stored_once(client: FlaskClient, address: str) -> None:
    batch = [a_line(f"line {number}") for number in range(60)]

    first, again = send(client, address, *batch), send(client, address, *batch)

    assert {each["state"] for each in first} == {"stored"}
    assert {each["state"] for each in again} == {"known"}
    told = client.get(f"{address}/lines?since=0").get_json()
    assert [line["text"] for line in told["lines"]] == [line["text"] for line in batch]


def test_a_second_observer_types_into_the_same_log_and_each_sees_both(
    client: FlaskClient, client_for: SignIn, address: str
) -> None:
    with transaction() as session:
        colleague = make_member(session, name="Priya Raman")
    second = client_for(colleague)
    send(client, address, a_line("from Maya"))
    cursor = client.get(f"{address}/lines?since=0").get_json()["cursor"]
    send(second, address, a_line("from Priya"))

    told = client.get(f"{address}/lines?since={cursor}").get_json()

    assert [(line["observer"], line["text"]) for line in told["lines"]] == [("Priya Raman", "from Priya")]
    assert "from Maya" in words_of(second.get(address))


@pytest.mark.parametrize(
    "sent", [None, [], {"lines": "no"}, {"lines": ["no"]}, {"lines": [a_line(str(number)) for number in range(201)]}]
)
def test_a_batch_that_cannot_be_read_is_refused_with_a_reason(client: FlaskClient, address: str, sent: Any) -> None:
    answer = client.post(f"{address}/lines", json=sent, headers={"Accept": "application/json"})

    assert answer.status_code == 422
    assert "at most 200 lines" in answer.get_json()["detail"]


def test_values_of_a_line_that_make_no_sense_are_refused_or_mended_and_never_a_fault(
    client: FlaskClient, address: str
) -> None:
    outcomes = send(
        client,
        address,
        a_line("no key", key=None),
        a_line("a key of another kind", key=7),
        a_line("revision", revision="x"),
        a_line("revision", revision=True),
        a_line("text") | {"text": ["x"]},
        a_line("no time", at=None),
        a_line("a time beyond", at=10**30),
        a_line("a time between", at=1.5),
        {},
    )

    assert [each["state"] for each in outcomes] == ["refused"] * 5 + ["stored"] * 3 + ["refused"]


def test_pausing_stops_the_time_for_everyone(client: FlaskClient, address: str) -> None:
    paused = client.post(f"{address}/pause", headers={"Accept": "application/json"}).get_json()
    still = client.get(f"{address}/lines").get_json()
    page = words_of(client.get(address))
    client.post(f"{address}/resume")

    assert (paused["paused"], still["paused"], still["elapsed_ms"]) == (True, True, paused["elapsed_ms"])
    assert "paused" in page
    assert client.get(f"{address}/lines").get_json()["paused"] is False


def test_ending_gives_the_session_its_notes_and_highlights_and_can_be_undone(client: FlaskClient, address: str) -> None:
    send(client, address, a_line("@P3 cannot find the date #letters !!"), a_line("goes on"))

    ended = client.post(f"{address}/end", follow_redirects=True)
    reopened = client.post(f"{address}/reopen", follow_redirects=True)

    words = words_of(ended)
    assert "2 lines became the notes, 1 highlight among them. Undo" in words
    assert "cannot find the date" in words
    assert "The log runs on" in words_of(reopened)
    assert reopened.request.path == address


def test_ending_twice_leads_both_to_the_same_notes(client: FlaskClient, address: str) -> None:
    send(client, address, a_line("a line"))
    client.post(f"{address}/end")

    again = client.post(f"{address}/end", follow_redirects=True)

    assert "Somebody else had ended the log already" in words_of(again)


def test_an_empty_log_is_not_ended_and_can_be_thrown_away(client: FlaskClient, address: str, study: Study) -> None:
    refused = client.post(f"{address}/end")
    thrown = client.post(f"{address}/discard")

    assert refused.status_code == 409
    assert "Nothing was typed yet" in words_of(refused)
    assert thrown.location == f"/studies/{study.ref}"


def test_a_late_line_is_told_on_the_session_and_added_to_the_notes(client: FlaskClient, address: str) -> None:
    send(client, address, a_line("in time"))
    client.post(f"{address}/end")
    ref = address.split("/")[2]
    send(client, address, a_line("from the tunnel #late"), a_line("and another"))

    waiting = words_of(client.get(f"/sessions/{ref}"))
    added = words_of(client.post(f"{address}/late", follow_redirects=True))

    assert "2 lines came in after the live log had ended. Read them Add to the notes" in waiting
    assert "2 lines added below the notes" in added
    assert "from the tunnel" in added
    assert "came in after" not in words_of(client.get(f"/sessions/{ref}"))


def test_a_session_that_was_not_logged_live_leads_to_its_notes(client: FlaskClient, study: Study) -> None:
    logged = client.post("/sessions", data={"study": study.ref, "held_on": "2026-10-01", "notes": "Notes."}).location

    assert client.get(f"{logged}/live").location == logged
    assert client.get(f"{logged}/live/lines").status_code == 409
    assert client.post(f"{logged}/live/end").status_code in {303, 409}


@pytest.mark.parametrize("path", ["", "/lines"])
def test_a_log_of_a_restricted_study_is_not_there_for_others(
    client: FlaskClient, client_for: SignIn, address: str, study: Study, path: str
) -> None:
    client.post(f"/studies/{study.ref}/access", data={"restricted": "y"})
    other = client_for(Role.RESEARCHER)

    assert client.get(address + path).status_code == 200
    assert other.get(address + path).status_code == 404
    assert other.post(f"{address}/lines", json={"lines": [a_line("a guess")]}).status_code == 404
    assert address not in other.get("/log").get_data(as_text=True)


def test_a_reader_and_another_area_cannot_type(client_for: SignIn, address: str) -> None:
    with transaction() as session:
        elsewhere = make_member(session, team=make_team(session))

    assert client_for(Role.READER).get(address).status_code == 403
    assert client_for(elsewhere).post(f"{address}/lines", json={"lines": [a_line("x")]}).status_code == 403


def test_signed_out_a_batch_leads_to_sign_in_and_without_its_token_it_is_refused(
    app: Flask, client: FlaskClient, address: str
) -> None:
    batch = {"lines": [a_line("kept in the browser")]}
    signed_out = app.test_client().post(f"{address}/lines", json=batch)
    app.config["WTF_CSRF_ENABLED"] = True
    without = client.post(f"{address}/lines", json=batch)
    token = client.get(f"{address}/lines").get_json()["csrf"]
    with_token = client.post(f"{address}/lines", json=batch, headers={"X-CSRFToken": token})

    assert (signed_out.status_code, signed_out.location) == (303, "/sign-in")
    assert (without.status_code, with_token.status_code) == (400, 200)


def test_a_log_of_a_thousand_lines_is_read_with_as_few_questions_as_an_empty_one(
    client: FlaskClient, address: str
) -> None:
    client.get(address)
    few = _statements(client, address)
    for first in range(0, 1_000, 200):
        send(client, address, *[a_line(f"line {number} #tag @P3") for number in range(first, first + 200)])

    many = _statements(client, address)

    assert many == few <= 12
    assert _statements(client, f"{address}/lines?since=0") <= 12


def test_a_page_of_changes_says_that_there_are_more(client: FlaskClient, address: str) -> None:
    for first in range(0, 1_200, 200):
        send(client, address, *[a_line(f"line {number}") for number in range(first, first + 200)])

    first_page = client.get(f"{address}/lines?since=0").get_json()
    second_page = client.get(f"{address}/lines?since={first_page['cursor']}").get_json()

    assert (len(first_page["lines"]), first_page["more"]) == (1_000, True)
    assert (len(second_page["lines"]), second_page["more"]) == (200, False)


def _statements(client: FlaskClient, address: str) -> int:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "ROLLBACK", "COMMIT", "PRAGMA")):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert client.get(address).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)

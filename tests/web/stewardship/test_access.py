"""Who can see what, access for a time, who saw what, and whether the record is whole: the pages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from factories import make_highlight, make_insight, make_member, make_session, make_study, source_of
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from insights.capture.models import Study
from insights.core.access import Role
from insights.core.activity import ActivityEntry
from insights.core.clock import now
from insights.people.models import Member
from insights.stewardship.audit.checking import check_looks
from insights.stewardship.audit.looks import list_looks
from research_hub.anchors import FILE, anchor_of_month, kept_anchors
from research_hub.db import reading, transaction
from research_hub.nightly import work_by_night

SignIn = Callable[[Role | Member], FlaskClient]
SECRET = "Zephyrquillan"
REASON = "A participant asks what is held about them."


@pytest.fixture
def lead(app: Flask) -> Member:
    with transaction() as session:
        return make_member(session, name="Maya Osei")


@pytest.fixture
def study(lead: Member) -> Study:
    with transaction() as session:
        return make_study(session, actor=lead, title=SECRET, restricted=True)


@pytest.fixture
def officer(app: Flask) -> Member:
    with transaction() as session:
        return make_member(session, role=Role.DATA_PROTECTION, name="Helen Byrne")


def test_the_page_tells_who_sees_a_restricted_study_without_its_title(
    client_for: SignIn, officer: Member, study: Study
) -> None:
    by_study = client_for(officer).get("/access").get_data(as_text=True)
    by_person = client_for(officer).get("/access?by=person").get_data(as_text=True)
    file = client_for(officer).get("/access.csv").get_data(as_text=True)

    for told in (by_study, by_person, file):
        assert "Maya Osei" in told
        assert study.ref in told
        assert SECRET not in told


def test_only_who_watches_over_data_protection_reads_it(client_for: SignIn) -> None:
    for page in ("/access", "/access.csv", "/looks", "/looks.csv", "/record"):
        assert client_for(Role.RESEARCHER).get(page).status_code == 403


def test_an_officer_asks_the_lead_lets_them_in_and_ends_it(
    client_for: SignIn, officer: Member, lead: Member, study: Study
) -> None:
    watcher, leader = client_for(officer), client_for(lead)
    assert watcher.get(f"/studies/{study.ref}").status_code == 404

    asked = watcher.post("/access/for-a-time", data={"study": study.ref, "reason": REASON, "hours": "8"})
    assert asked.status_code == 303
    assert watcher.get(f"/studies/{study.ref}").status_code == 404
    waiting = leader.get("/access/for-a-time").get_data(as_text=True)
    assert "Helen Byrne asks to see Zephyrquillan" in waiting
    assert REASON in waiting

    leader.post("/access/for-a-time/BRK-1/decision", data={"decision": "approve"})
    assert SECRET in watcher.get(f"/studies/{study.ref}").get_data(as_text=True)
    told = leader.get(f"/studies/{study.ref}").get_data(as_text=True)
    assert "Helen Byrne" in told
    assert REASON in told

    leader.post("/access/for-a-time/BRK-1/end")
    assert watcher.get(f"/studies/{study.ref}").status_code == 404


def test_nobody_answers_their_own_request(client_for: SignIn, officer: Member, study: Study) -> None:
    watcher = client_for(officer)
    watcher.post("/access/for-a-time", data={"study": study.ref, "reason": REASON, "hours": "8"})

    refused = watcher.post("/access/for-a-time/BRK-1/decision", data={"decision": "approve"})

    assert refused.status_code == 403
    assert "Nobody lets themselves in" in refused.get_data(as_text=True)
    assert watcher.get(f"/studies/{study.ref}").status_code == 404


def test_a_request_that_is_refused_shows_what_was_typed(client_for: SignIn, officer: Member) -> None:
    answer = client_for(officer).post("/access/for-a-time", data={"study": "STU-999", "reason": REASON, "hours": "8"})

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert REASON in page
    assert "number of a restricted study that you cannot see" in page


def test_somebody_else_sees_no_request_and_cannot_tell_that_it_exists(
    client_for: SignIn, officer: Member, study: Study
) -> None:
    client_for(officer).post("/access/for-a-time", data={"study": study.ref, "reason": REASON, "hours": "8"})
    stranger = client_for(Role.RESEARCHER)

    assert "Nobody has asked" in stranger.get("/access/for-a-time").get_data(as_text=True)
    for act in ("decision", "end"):
        found, missing = (stranger.post(f"/access/for-a-time/{ref}/{act}") for ref in ("BRK-1", "BRK-9"))
        assert (found.status_code, missing.status_code) == (404, 404)


def test_looks_at_what_is_guarded_are_logged_once_an_hour(
    client_for: SignIn, lead: Member, officer: Member, study: Study
) -> None:
    with transaction() as session:
        held = make_session(session, actor=lead, study=session.get_one(Study, study.id))
    reader = client_for(lead)

    for _ in range(2):
        for page in (f"/studies/{study.ref}", f"/studies/{study.ref}/participants", f"/sessions/{held.ref}"):
            assert reader.get(page).status_code == 200
    reader.get("/sessions.csv")

    rows = [(row.kind.value, row.ref, row.study_ref, row.restricted) for row in list_looks(reading())]
    assert sorted(rows) == sorted(
        [
            ("page", study.ref, study.ref, True),
            ("text", held.ref, study.ref, True),
            ("file", "", "", False),
        ]
    )
    assert check_looks(reading()).is_whole
    page = client_for(officer).get("/looks").get_data(as_text=True)
    assert "Maya Osei" in page
    assert SECRET not in page


def test_texts_of_open_studies_are_logged_and_open_insights_are_not(client_for: SignIn, lead: Member) -> None:
    with transaction() as session:
        held = make_session(session, actor=session.merge(lead))
        insight = make_insight(session, highlight=make_highlight(session, research_session=held))
        source = source_of(session, held)
    reader = client_for(Role.RESEARCHER)

    for page in (f"/sources/{source.ref}", f"/insights/{insight.ref}", "/insights", f"/studies/STU-{held.study_id}"):
        assert reader.get(page, follow_redirects=True).status_code == 200

    assert {row.ref for row in list_looks(reading())} <= {source.ref, held.ref}
    assert list_looks(reading())


def test_an_insight_that_rests_on_a_restricted_study_is_logged(client_for: SignIn, lead: Member, study: Study) -> None:
    with transaction() as session:
        held = make_session(session, actor=lead, study=session.get_one(Study, study.id))
        quote = make_highlight(session, actor=lead, research_session=held)
        insight = make_insight(session, actor=lead, highlight=quote)

    client_for(lead).get(f"/insights/{insight.ref}")

    assert [(row.ref, row.study_ref) for row in list_looks(reading())] == [(insight.ref, study.ref)]


def test_what_was_not_shown_is_not_logged(client_for: SignIn, study: Study) -> None:
    assert client_for(Role.ADMINISTRATOR).get(f"/studies/{study.ref}").status_code == 404

    assert list_looks(reading()) == []


def test_taking_the_log_away_is_logged(client_for: SignIn, officer: Member) -> None:
    client_for(officer).get("/looks.csv?from=2026-01-01&who=1")

    assert [(row.kind.value, row.what) for row in list_looks(reading())] == [("file", "/looks.csv")]


def test_the_log_is_read_between_two_dates_by_person_record_and_kind(
    client_for: SignIn, lead: Member, officer: Member, study: Study
) -> None:
    client_for(lead).get(f"/studies/{study.ref}")
    watcher, day = client_for(officer), now(reading()).date().isoformat()

    assert "opened" in watcher.get(f"/looks?from={day}&to={day}&who={lead.id}&ref={study.ref}").get_data(as_text=True)
    for nothing in ("to=2020-01-01", f"who={officer.id}", "ref=STU-99", "kind=recording"):
        assert "No look fits" in watcher.get(f"/looks?{nothing}").get_data(as_text=True)


def test_the_record_is_checked_on_its_page_and_tampering_is_located(
    client_for: SignIn, officer: Member, study: Study
) -> None:
    watcher = client_for(officer)
    whole = watcher.get("/record?check=1").get_data(as_text=True)
    assert whole.count(">whole<") == 2

    with transaction() as session:
        session.execute(update(ActivityEntry).where(ActivityEntry.position == 2).values(verb="read"))

    broken = watcher.get("/record?check=1").get_data(as_text=True)
    assert "not as it was written" in broken
    assert "Entry 2 (read" in broken


def test_the_night_writes_one_anchor_a_month(app: Flask, study: Study) -> None:
    settings = app.extensions["settings"]

    for _ in range(2):
        work_by_night(settings)

    assert len(kept_anchors(settings.data)) == 1
    assert (Path(settings.data) / FILE).stat().st_mode & 0o077 == 0
    with transaction() as session:
        assert anchor_of_month(session, settings.data) == ""


def test_what_changes_who_may_do_what_is_shown_by_itself(client_for: SignIn, officer: Member, study: Study) -> None:
    watcher = client_for(officer)
    watcher.post("/access/for-a-time", data={"study": study.ref, "reason": REASON, "hours": "8"})

    page = watcher.get("/activity?what=access").get_data(as_text=True)

    assert "asked for access to" in page
    assert "<td>added</td>" in page
    assert "<td>created</td>" not in page

"""Participants in the browser: entering, describing, consent with its paper, who is heard, and who may see it."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape
from io import BytesIO
from typing import TypeAlias

import pytest
from factories import make_highlight, make_insight, make_member, make_session, make_study, make_team
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from insights.capture.models import Study
from insights.core.access import Role
from insights.core.activity import ActivityEntry
from insights.people.models import Consent, Member, Participant
from research_hub.db import reading, transaction

SignIn: TypeAlias = Callable[[Member | Role], FlaskClient]


@pytest.fixture
def member(app: Flask) -> Member:
    with transaction() as unit:
        return make_member(unit, name="Maya Osei")


@pytest.fixture
def browser(member: Member, client_for: SignIn) -> FlaskClient:
    return client_for(member)


@pytest.fixture
def study(member: Member) -> Study:
    with transaction() as unit:
        made = make_study(unit, actor=member, title="Results letters")
        make_session(unit, actor=member, study=made, participants=["P1", "P2"])
        return made


def page(answer: TestResponse) -> str:
    return " ".join(unescape(answer.get_data(as_text=True)).split())


def test_many_are_entered_at_once_and_listed_with_what_is_known(browser: FlaskClient, study: Study) -> None:
    answer = browser.post(
        f"/studies/{study.ref}/participants",
        data={"codes": "P3, P4\nP1", "draw": "1", "group": "Parent", "table": "code;access need\nP9;vision"},
    )

    assert answer.status_code == 303
    shown = page(browser.get(answer.location))
    assert "4 participants added: P3, P4, P-" in shown
    assert "P1 was there already." in shown
    assert "0 of 6 have agreed to be quoted; 6 have no consent recorded." in shown
    listed = browser.get(f"/studies/{study.ref}/participants.csv").get_data(as_text=True)
    assert '"P9","","vision",' in listed


def test_a_name_is_asked_about_and_stored_only_after_a_tick(browser: FlaskClient, study: Study) -> None:
    refused = browser.post(f"/studies/{study.ref}/participants", data={"codes": "Anna Kowalska"})

    shown = page(refused)
    assert refused.status_code == 422
    assert "“Anna Kowalska” looks like a full name." in shown
    assert "What looks like a name or a contact is none" in shown
    answer = browser.post(f"/studies/{study.ref}/participants", data={"codes": "Anna Kowalska", "confirmed": "y"})
    assert answer.status_code == 303


def test_attributes_are_edited_and_a_wrong_code_leaves_them_as_they_are(browser: FlaskClient, study: Study) -> None:
    browser.post("/participants/PAR-1", data={"group": "Parent", "access_need": "Vision"})
    refused = browser.post("/participants/PAR-1/code", data={"code": "P2"})

    assert refused.status_code == 422
    assert "P2 is or was somebody else" in page(refused)
    answer = browser.post("/participants/PAR-1/code", data={"code": "P-77"})
    shown = page(browser.get(answer.location))
    assert "P1 is now P-77. Notes and transcripts still call them what was written there" in shown
    assert "vision" in shown
    assert "Parent" in shown


def test_one_person_with_two_codes_is_merged_after_a_tick_and_the_old_address_leads_on(
    browser: FlaskClient, study: Study
) -> None:
    unsure = browser.post("/participants/PAR-2/merge", data={"into": "PAR-1"})
    assert "Tick that you are sure" in page(unsure)

    browser.post("/participants/PAR-2/merge", data={"into": "PAR-1", "sure": "y"})

    answer = browser.get("/participants/PAR-2")
    assert (answer.status_code, answer.location) == (303, "/participants/PAR-1")


def test_removing_can_be_undone_from_where_it_is_said(browser: FlaskClient, study: Study) -> None:
    browser.post(f"/studies/{study.ref}/participants", data={"codes": "P3"})

    answer = browser.post("/participants/PAR-3/remove")

    assert 'action="/participants/PAR-3/restore"' in page(browser.get(answer.location))
    browser.post("/participants/PAR-3/restore")
    assert "P3" in page(browser.get(f"/studies/{study.ref}/participants"))
    assert "stay" in page(browser.post("/participants/PAR-1/remove"))


def test_consent_is_recorded_with_its_paper_and_shown_wherever_the_person_is(
    browser: FlaskClient, study: Study
) -> None:
    answer = browser.post(
        "/participants/PAR-1/consents",
        data={
            "given_on": "2026-01-05",
            "scopes": ["take_part", "quote_anonymously"],
            "form_version": "2.1",
            "evidence": (BytesIO(b"signed"), "form.pdf"),
        },
    )

    assert answer.status_code == 303
    assert "agreed to take part and to be quoted" in page(browser.get("/participants/PAR-1"))
    assert "agreed to take part and to be quoted" in page(browser.get("/sessions/SES-1/attendance"))
    assert "1 of 2 has agreed to be quoted; 1 has no consent recorded." in page(browser.get(f"/studies/{study.ref}"))


def test_every_look_at_a_paper_is_on_the_record_and_readers_have_none(
    browser: FlaskClient, study: Study, client_for: SignIn
) -> None:
    browser.post(
        "/participants/PAR-1/consents",
        data={"given_on": "2026-01-05", "scopes": ["take_part"], "evidence": (BytesIO(b"signed"), "form.pdf")},
    )

    answer = browser.post("/participants/PAR-1/identity/papers/1", data={"reason": "check"})

    assert answer.data == b"signed"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="CST-1.bin"'
    last = reading().scalars(select(ActivityEntry).order_by(ActivityEntry.id.desc())).first()
    assert last is not None
    assert (last.verb, last.subject_ref) == ("opened the consent paper of", "PAR-1")
    assert client_for(Role.READER).post("/participants/PAR-1/identity/papers/1").status_code == 403


def test_a_scope_is_taken_back_and_the_page_says_until_when_it_held(browser: FlaskClient, study: Study) -> None:
    browser.post("/participants/PAR-1/consents", data={"given_on": "2026-01-05", "scopes": ["take_part", "publish"]})

    browser.post("/participants/PAR-1/consents/1/withdraw", data={"withdrawn_on": "2026-02-01", "scopes": ["publish"]})

    shown = page(browser.get("/participants/PAR-1"))
    assert "until 1 Feb 2026" in shown
    assert reading().scalars(select(Consent)).one().scopes == ["take_part", "publish"]


def test_a_consent_of_somebody_else_is_not_reached_through_this_person(browser: FlaskClient, study: Study) -> None:
    browser.post("/participants/PAR-1/consents", data={"given_on": "2026-01-05", "scopes": ["take_part"]})

    assert browser.get("/participants/PAR-2/consents/1/withdraw").status_code == 404
    assert browser.post("/participants/PAR-2/consents/1/withdraw").status_code == 404


def test_targets_stand_against_who_was_heard_and_the_missing_are_named(browser: FlaskClient, study: Study) -> None:
    browser.post("/participants/PAR-1", data={"access_need": "vision"})

    browser.post(f"/studies/{study.ref}/targets", data={"attribute": "access_need", "value": "hearing", "target": "2"})

    shown = page(browser.get(f"/studies/{study.ref}/inclusion"))
    assert "2 people heard in sessions so far." in shown
    assert "2 to go" in shown
    assert "hearing: 0 of 2" in shown
    table = browser.get(f"/studies/{study.ref}/inclusion.csv").get_data(as_text=True)
    assert '"Access need","hearing",0,2' in table
    removed = browser.post(f"/studies/{study.ref}/targets/1/remove")
    assert f'action="/studies/{study.ref}/targets/1/restore"' in page(browser.get(removed.location))


def test_outside_the_study_nobody_is_singled_out(browser: FlaskClient, member: Member, study: Study) -> None:
    with transaction() as unit:
        held = make_session(unit, actor=member, study=study, participants=[f"P{number}" for number in range(3, 10)])
        for person in unit.scalars(select(Participant)):
            person.attributes = {"access_need": "vision" if person.code == "P3" else "none"}
        insight = make_insight(unit, actor=member, highlight=make_highlight(unit, actor=member, research_session=held))

    for address in ("/reports/inclusion?from=2020-01-01", f"/insights/{insight.ref}/inclusion"):
        shown = page(browser.get(address))
        assert "fewer than 3" in shown, address
        assert "not shown" in shown, address
    exported = browser.get("/reports/inclusion.csv?from=2020-01-01").get_data(as_text=True)
    assert '"Access need","vision","fewer than 3"' in exported


@pytest.mark.parametrize(
    "address",
    [
        "/studies/{study}/participants",
        "/studies/{study}/participants.csv",
        "/studies/{study}/inclusion",
        "/studies/{study}/plan",
        "/studies/{study}/prior-work",
        "/studies/{study}/attendance",
        "/participants/PAR-1",
        "/sessions/SES-1/attendance",
    ],
)
def test_a_restricted_study_has_none_of_this_for_others(
    address: str, member: Member, study: Study, client_for: SignIn
) -> None:
    with transaction() as unit:
        unit.get_one(Study, study.id).restricted = True

    assert client_for(Role.ADMINISTRATOR).get(address.format(study=study.ref)).status_code == 404


def test_somebody_of_another_area_is_told_whose_it_is_where_they_typed(study: Study, client_for: SignIn) -> None:
    with transaction() as unit:
        stranger = make_member(unit, team=make_team(unit, name="Elsewhere"))

    answer = client_for(stranger).post(f"/studies/{study.ref}/participants", data={"codes": "P7"})

    assert answer.status_code == 403
    assert "This belongs to Team" in page(answer)
    assert "P7</textarea>" in page(answer)


def test_a_reader_sees_participants_and_changes_nothing(study: Study, client_for: SignIn) -> None:
    reader = client_for(Role.READER)

    assert "Add participants" not in page(reader.get(f"/studies/{study.ref}/participants"))
    assert reader.post("/participants/PAR-1", data={"group": "x"}).status_code == 403

"""Inviting, reminding, thanking: the cap over every code of one person, consent to be asked again, and incentives."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import TypeAlias

import pytest
from factories import make_member, make_session, make_study, make_team
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from insights.capture.consents import ConsentDetails, record_consent, withdraw_consent
from insights.capture.models import Study
from insights.core.access import Role
from insights.core.activity import ActivityEntry
from insights.core.clock import now, today
from insights.people.models import Consent, Member, Participant
from insights.people.vault import Who, keep_identity
from research_hub.db import reading, transaction

SignIn: TypeAlias = Callable[[Member | Role], FlaskClient]


@pytest.fixture
def maya(app: Flask) -> Member:
    with transaction() as unit:
        return make_member(unit, name="Maya Osei")


@pytest.fixture
def browser(maya: Member, client_for: SignIn) -> FlaskClient:
    return client_for(maya)


@pytest.fixture
def studies(maya: Member) -> tuple[Study, Study]:
    """P1 of the first study and P9 of the second are one person; P2 is somebody else of the same name."""
    with transaction() as unit:
        first, second = (make_study(unit, actor=maya, title=title) for title in ("Results letters", "Reminders"))
        make_session(unit, actor=maya, study=first, participants=["P1", "P2"])
        make_session(unit, actor=maya, study=second, participants=["P9"])
        for number, who in (
            (1, Who(name="Ann Lark", email="ann@lark.example")),
            (2, Who(name="Ann Lark", email="other@lark.example")),
            (3, Who(name="A. Lark", email="ANN@lark.example ")),
        ):
            keep_identity(unit, actor=maya, participant=unit.get_one(Participant, number), who=who)
        return first, second


def page(answer: TestResponse) -> str:
    return " ".join(unescape(answer.get_data(as_text=True)).split())


def day(before: int) -> str:
    return (today(reading()) - timedelta(days=before)).isoformat()


def invite(browser: FlaskClient, ref: str, *, before: int = 0, **values: str) -> TestResponse:
    data = {"kind": "invited", "channel": "email", "on": day(before), **values}
    return browser.post(f"/participants/{ref}/contacts", data=data)


def test_an_invitation_is_recorded_listed_and_taken_back(browser: FlaskClient, studies: tuple[Study, Study]) -> None:
    answer = invite(browser, "PAR-1", before=2, channel="telephone")

    assert answer.status_code == 303
    shown = page(browser.get(answer.location))
    assert "Recorded that P1 was invited." in shown
    assert "Invited 1 time in the last 180 days" in shown
    listed = browser.get(f"/studies/{studies[0].ref}/contacts.csv").get_data(as_text=True)
    assert '"P1","PAR-1","invited","Telephone","STU-1","Maya Osei"' in listed
    assert browser.post("/participants/PAR-2/contacts/1/take-back").status_code == 404
    assert browser.post("/participants/PAR-1/contacts/1/take-back").status_code == 303
    assert "Invited 0 times" in page(browser.get("/participants/PAR-1/contacts"))


def test_the_cap_counts_every_code_of_one_person_and_nobody_of_the_same_name(
    browser: FlaskClient, studies: tuple[Study, Study]
) -> None:
    assert [invite(browser, ref, before=30).status_code for ref in ("PAR-1", "PAR-3", "PAR-3")] == [303, 303, 303]

    refused = invite(browser, "PAR-1")

    assert refused.status_code == 422
    assert "This person was invited 3 times in the 180 days before, under this code or another." in page(refused)
    assert "asked as often as we allow" in page(browser.get("/participants/PAR-1/contacts"))
    assert "Invited 0 times" in page(browser.get("/participants/PAR-2/contacts"))
    assert invite(browser, "PAR-2").status_code == 303
    assert invite(browser, "PAR-1", despite="y").status_code == 303
    last = reading().scalars(select(ActivityEntry).order_by(ActivityEntry.id.desc())).first()
    assert last is not None
    assert last.detail["beyond_cap"] is True


def test_what_lies_longer_back_and_what_is_no_invitation_does_not_count(
    browser: FlaskClient, studies: tuple[Study, Study]
) -> None:
    for before in (180, 181, 400):
        assert invite(browser, "PAR-1", before=before).status_code == 303
    assert invite(browser, "PAR-1", kind="thanked").status_code == 303

    assert "Invited 0 times" in page(browser.get("/participants/PAR-1/contacts"))
    assert [invite(browser, "PAR-1").status_code for _ in range(4)] == [303, 303, 303, 422]


def test_a_team_sets_its_own_cap(browser: FlaskClient, client_for: SignIn, studies: tuple[Study, Study]) -> None:
    administrator = client_for(Role.ADMINISTRATOR)

    wrong = administrator.post("/teams/TEAM-1/contact-cap", data={"invitations": "0", "days": "x"})
    saved = administrator.post("/teams/TEAM-1/contact-cap", data={"invitations": "1", "days": "30"})

    assert wrong.status_code == 422
    assert saved.status_code == 303
    assert browser.get("/teams/TEAM-1/contact-cap").status_code == 403
    assert invite(browser, "PAR-1").status_code == 303
    assert "invited once in the 30 days before" in page(invite(browser, "PAR-1"))
    administrator.post("/teams/TEAM-1", data={"review_required": "y"})
    assert "limit is 1 invitation in 30 days" in page(browser.get("/participants/PAR-1/contacts"))


def test_nobody_is_asked_for_another_study_without_consent_to_be_contacted_again(
    maya: Member, browser: FlaskClient, studies: tuple[Study, Study]
) -> None:
    first, second = studies
    refused = invite(browser, "PAR-1", study=second.ref)
    with transaction() as unit:
        details = ConsentDetails(given_on=today(unit), scopes=["take_part", "recontact"])
        person = unit.get_one(Participant, 1)
        record_consent(unit, actor=maya, participant=person, study=unit.get_one(Study, first.id), details=details)
    agreed = invite(browser, "PAR-1", study=second.ref)
    with transaction() as unit:
        consent, study = unit.scalars(select(Consent)).one(), unit.get_one(Study, first.id)
        withdraw_consent(unit, actor=maya, consent=consent, study=study, on=today(unit), scopes=["recontact"])
    again = invite(browser, "PAR-1", study=second.ref)

    assert (refused.status_code, agreed.status_code, again.status_code) == (409, 303, 409)
    assert "“Be contacted again” is missing (no consent recorded)." in page(refused)
    assert "“Be contacted again” is missing (agreed to take part)." in page(again)
    assert "Invited 1 time in" in page(browser.get("/participants/PAR-1/contacts"))


def test_whoever_withdrew_is_left_alone_but_may_be_thanked(browser: FlaskClient, studies: tuple[Study, Study]) -> None:
    with transaction() as unit:
        unit.get_one(Participant, 2).withdrawn_at = now(unit)

    assert invite(browser, "PAR-2").status_code == 409
    assert invite(browser, "PAR-2", kind="reminded").status_code == 409
    assert invite(browser, "PAR-2", kind="thanked").status_code == 303


@pytest.mark.parametrize("on", ["", "2300-01-01", "1900-01-01", "soon"])
def test_a_contact_has_a_day_that_is_over(on: str, browser: FlaskClient, studies: tuple[Study, Study]) -> None:
    assert invite(browser, "PAR-1", on=on).status_code == 422


def test_an_incentive_has_an_amount_a_way_and_a_day(browser: FlaskClient, studies: tuple[Study, Study]) -> None:
    data = {"amount": "40,5", "currency": "gbp", "method": "Gift card", "given_on": day(1)}

    assert browser.post("/participants/PAR-1/incentives", data=data).status_code == 303

    assert "40.50 GBP" in page(browser.get("/participants/PAR-1/contacts"))
    listed = browser.get(f"/studies/{studies[0].ref}/incentives.csv").get_data(as_text=True)
    assert '"P1","PAR-1",40.5,"GBP","Gift card","Maya Osei"' in listed


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("amount", ""),
        ("amount", "0"),
        ("amount", "-3"),
        ("amount", "1e3"),
        ("amount", "NaN"),
        ("amount", "123456"),
        ("currency", "£"),
        ("method", ""),
        ("method", "to ann@lark.example"),
        ("given_on", "2300-01-01"),
    ],
)
def test_what_is_no_incentive_is_refused_at_its_field(
    field: str, value: str, browser: FlaskClient, studies: tuple[Study, Study]
) -> None:
    data = {"amount": "40", "currency": "GBP", "method": "Gift card", "given_on": day(1), field: value}

    answer = browser.post("/participants/PAR-1/incentives", data=data)

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.get_data(as_text=True)


def test_those_who_may_not_log_sessions_read_and_do_not_record(
    client_for: SignIn, studies: tuple[Study, Study]
) -> None:
    reader = client_for(Role.READER)
    with transaction() as unit:
        elsewhere = make_member(unit, team=make_team(unit, name="Elsewhere"))

    assert reader.get(f"/studies/{studies[0].ref}/contacts").status_code == 200
    assert invite(reader, "PAR-1").status_code == 403
    assert invite(client_for(elsewhere), "PAR-1").status_code == 403


def test_the_lists_name_nobody(browser: FlaskClient, studies: tuple[Study, Study]) -> None:
    invite(browser, "PAR-1")

    for address in ("/studies/STU-1/contacts", "/studies/STU-1/contacts.csv", "/participants/PAR-1/contacts"):
        assert "Lark" not in page(browser.get(address))

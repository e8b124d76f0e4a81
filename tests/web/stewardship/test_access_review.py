"""The pages of an access review: begun, answered, closed, taken away as files, and told of on the home page."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from factories import make_member, make_study, make_team
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from insights.core.access import Role
from insights.people.models import Member, Team
from insights.stewardship.access_review import begin_review
from insights.stewardship.models import AccessReviewRow
from research_hub.db import reading, transaction

SignIn = Callable[[Role | Member], FlaskClient]


@pytest.fixture
def officer(app: Flask) -> Member:
    with transaction() as session:
        return make_member(session, role=Role.DATA_PROTECTION, name="Helen Byrne")


@pytest.fixture
def admin(app: Flask) -> Member:
    with transaction() as session:
        return make_member(session, role=Role.ADMINISTRATOR, name="Sam Lindqvist")


@pytest.fixture
def maya(app: Flask) -> Member:
    with transaction() as session:
        return make_member(session, name="=Maya Osei")


def test_a_review_is_begun_answered_and_closed(
    client_for: SignIn, officer: Member, admin: Member, maya: Member
) -> None:
    client, other = client_for(officer), client_for(admin)
    begun = client.post("/access/review", data={"area": "all"})
    assert (begun.status_code, begun.location) == (303, "/access/review/ARV-1")
    assert "0 of 3 answered" in _page(client)

    assert _answer(client, maya, answer="take_away", take=["account"], note="Left in May.").status_code == 303
    assert _answer(client, admin, answer="keep").status_code == 303
    assert _answer(other, officer, answer="keep").status_code == 303
    page = _page(client)
    assert "3 of 3 answered" in page
    assert "not done yet" in page
    with transaction() as session:
        session.execute(update(Member).where(Member.id == maya.id).values(is_active=False))
    assert "not done yet" not in _page(client)

    refused = client.post("/access/review/ARV-1/close", data={"confirm": "yes"})
    assert refused.status_code == 422
    assert "a closed review cannot be opened again" in refused.get_data(as_text=True)
    assert client.post("/access/review/ARV-1/close", data={"confirm": "arv-1"}).status_code == 303

    page = _page(client)
    assert "Closed by Helen Byrne" in page
    assert "unchanged since it was closed" in page
    assert "Keep all" not in page
    assert _answer(client, admin, answer="keep").status_code == 409
    assert "The whole organisation" in client.get("/access/review").get_data(as_text=True)


def test_an_answer_is_undone_from_where_it_is_told(client_for: SignIn, officer: Member, maya: Member) -> None:
    client = client_for(officer)
    client.post("/access/review", data={"area": "all"})
    answered = _answer(client, maya, answer="keep", show="waiting")
    assert answered.location.endswith(f"show=waiting#person-{_row(maya)}")

    undo = re.search(r'action="(/access/review/ARV-1/people/\d+/undo[^"]*)"', _page(client))
    assert undo is not None
    client.post(undo[1].replace("&amp;", "&"))

    assert "0 of 2 answered" in _page(client)


def test_what_was_typed_comes_back_with_what_is_wrong(client_for: SignIn, officer: Member, maya: Member) -> None:
    client = client_for(officer)
    client.post("/access/review", data={"area": "all"})

    refused = _answer(client, maya, answer="take_away", note="She moved to another department.")

    page = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert "Choose what =Maya Osei is to have no longer." in page
    assert "She moved to another department.</textarea>" in page
    assert client.post("/access/review", data={"area": ""}).status_code == 422
    assert client.post("/access/review", data={"area": "TEAM-999"}).status_code == 404


def test_who_looks_after_an_area_answers_for_it_and_sees_nothing_else(client_for: SignIn, officer: Member) -> None:
    with transaction() as session:
        letters, calls = make_team(session, name="Letters"), make_team(session, name="Calls")
        lin = make_member(session, role=Role.CONTRIBUTOR, team=letters, administers_area=True, name="Lin")
        rui = make_member(session, team=letters, name="Rui")
        zoe = make_member(session, team=calls, name="Zoe")
        secret = make_study(session, actor=rui, restricted=True, title="Zephyrquillan")
    client = client_for(lin)
    client_for(officer).post("/access/review", data={"area": "all"})

    page = _page(client)
    assert "Rui" in page
    assert "1 closed to you" in page
    for hidden in ("Zoe", secret.ref, "Zephyrquillan", "Helen Byrne <"):
        assert hidden not in page
    assert _answer(client, rui, answer="keep").status_code == 303
    assert _answer(client, zoe, answer="keep").status_code == 404
    assert client.post("/access/review/ARV-1/close", data={"confirm": "ARV-1"}).status_code == 403
    file = client.get("/access/review/ARV-1/people.csv").get_data(as_text=True)
    assert "Rui" in file
    assert "Zoe" not in file
    assert secret.ref not in file
    home = client.get("/").get_data(as_text=True)
    assert "1 person waits for an answer" in home


def test_who_reviews_nobody_is_refused(client_for: SignIn, officer: Member, maya: Member) -> None:
    client_for(officer).post("/access/review", data={"area": "all"})

    for address in ("/access/review", "/access/review.csv", "/access/review/ARV-1", "/access/review/ARV-1/people.csv"):
        assert client_for(maya).get(address).status_code == 403
    assert client_for(maya).post("/access/review", data={"area": "all"}).status_code == 403
    assert "Access review" not in client_for(maya).get("/").get_data(as_text=True)


def test_the_files_hold_everybody_and_no_formula(client_for: SignIn, officer: Member, maya: Member) -> None:
    client = client_for(officer)
    client.post("/access/review", data={"area": "all"})
    _answer(client, maya, answer="ask", note="=HYPERLINK(1)")

    csv = client.get("/access/review/ARV-1/people.csv").get_data(as_text=True)
    book = CalamineWorkbook.from_filelike(BytesIO(client.get("/access/review/ARV-1/people.xlsx").data))
    reviews = client.get("/access/review.csv").get_data(as_text=True)

    assert "'=Maya Osei" in csv
    assert "'=HYPERLINK(1)" in csv
    assert ["What", "Which"] in book.get_sheet_by_index(1).to_python()
    assert "The whole organisation" in reviews


def test_people_are_narrowed_down_to_who_waits(client_for: SignIn, officer: Member, maya: Member) -> None:
    client = client_for(officer)
    client.post("/access/review", data={"area": "all"})
    _answer(client, maya, answer="keep")

    waiting = client.get("/access/review/ARV-1?show=waiting").get_data(as_text=True)

    assert "Helen Byrne</h2>" not in waiting
    assert "Not answered (1)" in waiting
    assert "=Maya Osei <span" not in waiting


def test_many_people_come_in_pages(client_for: SignIn, officer: Member) -> None:
    with transaction() as session:
        for number in range(60):
            make_member(session, name=f"Person {number:02}")
    client = client_for(officer)
    client.post("/access/review", data={"area": "all"})

    first, second = _page(client), client.get("/access/review/ARV-1?page=2").get_data(as_text=True)

    assert "0 of 61 answered" in first
    assert "Person 59" not in first
    assert "Person 59" in second
    assert client.get("/access/review/ARV-1?page=999").status_code == 200


def test_a_review_of_the_area_is_offered_to_who_looks_after_it(client_for: SignIn) -> None:
    with transaction() as session:
        letters = make_team(session, name="Letters")
        lin = make_member(session, team=letters, administers_area=True)
        other = make_team(session, name="Calls")
    client = client_for(lin)

    page = client.get("/access/review").get_data(as_text=True)
    assert "Letters</option>" in page
    assert "The whole organisation" not in page
    assert client.post("/access/review", data={"area": other.ref}).status_code == 403
    assert client.post("/access/review", data={"area": letters.ref}).location == "/access/review/ARV-1"


def test_a_changed_row_of_a_closed_review_is_told_of(client_for: SignIn, officer: Member, admin: Member) -> None:
    client = client_for(officer)
    client.post("/access/review", data={"area": "all"})
    _answer(client, admin, answer="keep")
    _answer(client_for(admin), officer, answer="keep")
    client.post("/access/review/ARV-1/close", data={"confirm": "ARV-1"})

    with transaction() as session:
        session.execute(update(AccessReviewRow).values(note="I agreed to this."))

    assert "This is not the review that was closed" in _page(client)


def test_another_reviews_people_are_not_answered_for_through_this_one(client_for: SignIn, officer: Member) -> None:
    with transaction() as session:
        first = _review_of_a_team(session, officer)
        _review_of_a_team(session, officer)
    row = reading().scalar(select(AccessReviewRow.id).order_by(AccessReviewRow.id.desc()))

    answered = client_for(officer).post(f"/access/review/{first}/people/{row}", data={"answer": "keep"})

    assert answered.status_code == 404


def _review_of_a_team(session: Session, officer: Member) -> str:
    team: Team = make_team(session)
    make_member(session, team=team)
    return begin_review(session, actor=officer, team=team, dormant_days=90).ref


def _answer(client: FlaskClient, person: Member, **form: object):  # type: ignore[no-untyped-def]  # noqa: ANN202 - Flask's answer of a test
    return client.post(f"/access/review/ARV-1/people/{_row(person)}", data=form)


def _row(person: Member) -> int:
    found = reading().scalar(select(AccessReviewRow.id).where(AccessReviewRow.member_id == person.id))
    assert found is not None
    return found


def _page(client: FlaskClient) -> str:
    return client.get("/access/review/ARV-1").get_data(as_text=True)

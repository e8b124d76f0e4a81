"""An area looks after itself: members, teams and their settings (features.md L7)."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from conftest import SignIn
from factories import make_member, make_team
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from insights.core.access import Role
from insights.core.activity import ActivityEntry
from insights.people.models import Member, Team
from research_hub.db import reading, transaction

PASSWORD = "correct horse battery"


@dataclass(frozen=True, slots=True)
class Areas:
    """`own` has somebody who looks after it, whose role says nothing of it, and a colleague; `other` has neither."""

    own: Team
    other: Team
    keeper: Member
    colleague: Member
    stranger: Member


@pytest.fixture
def areas(app: Flask) -> Areas:
    with transaction() as session:
        own, other = make_team(session, name="Benefits"), make_team(session, name="Pensions")
        return Areas(
            own,
            other,
            make_member(session, team=own, role=Role.CONTRIBUTOR, administers_area=True),
            make_member(session, team=own, name="Colleague"),
            make_member(session, team=other, name="Stranger"),
        )


@pytest.fixture
def keeper(areas: Areas, client_for: SignIn) -> FlaskClient:
    return client_for(areas.keeper)


def new_member(team: Team, **more: str) -> dict[str, str]:
    return {
        "email": "new@example.org",
        "name": "New Person",
        "role": "researcher",
        "team_id": str(team.id),
        "password": PASSWORD,
        **more,
    }


def member_called(name: str) -> Member | None:
    reading().rollback()
    return reading().scalar(select(Member).where(Member.name == name))


def test_whoever_looks_after_an_area_sees_its_people_and_no_others(keeper: FlaskClient) -> None:
    page = keeper.get("/members").text

    assert "Colleague" in page
    assert "Stranger" not in page


def test_an_export_of_members_has_the_same_people_as_the_page(keeper: FlaskClient) -> None:
    text = keeper.get("/members.csv").text

    assert "Colleague" in text
    assert "Stranger" not in text


@pytest.mark.parametrize("path", ["/members", "/members.csv", "/members.xlsx", "/members/new", "/teams", "/teams.csv"])
def test_whoever_looks_after_nothing_sees_no_list_of_people(client_for: SignIn, areas: Areas, path: str) -> None:
    assert client_for(areas.colleague).get(path).status_code == 403


@pytest.mark.parametrize(
    "path", ["", "/role", "/password", "/close", "/reopen"], ids=["page", "role", "password", "close", "reopen"]
)
def test_somebody_of_another_area_is_answered_like_nobody(keeper: FlaskClient, areas: Areas, path: str) -> None:
    method = keeper.post if path else keeper.get
    values = {"role": "reader", "password": PASSWORD} if path else None

    known = method(f"/members/{areas.stranger.ref}{path}", data=values)
    unknown = method(f"/members/MEM-99999{path}", data=values)

    assert known.status_code == unknown.status_code == 404
    assert known.text.replace(areas.stranger.ref, "") == unknown.text.replace("MEM-99999", "")


def test_a_new_member_of_ones_own_area_can_sign_in(keeper: FlaskClient, areas: Areas, app: Flask) -> None:
    answer = keeper.post("/members", data=new_member(areas.own))

    assert answer.status_code == 303
    entered = app.test_client().post("/sign-in", data={"email": "new@example.org", "password": PASSWORD})
    assert entered.location == "/"


def test_nobody_is_added_to_an_area_that_one_does_not_look_after(keeper: FlaskClient, areas: Areas) -> None:
    answer = keeper.post("/members", data=new_member(areas.other))

    assert answer.status_code == 403
    assert member_called("New Person") is None


@pytest.mark.parametrize("role", ["administrator", "data_protection"])
def test_only_an_administrator_gives_the_powerful_roles(keeper: FlaskClient, areas: Areas, role: str) -> None:
    added = keeper.post("/members", data=new_member(areas.own, role=role))
    raised = keeper.post(f"/members/{areas.colleague.ref}/role", data={"role": role})

    assert (added.status_code, raised.status_code) == (403, 403)
    assert "Only an administrator can give or change that role" in raised.text
    colleague = member_called("Colleague")
    assert colleague is not None
    assert colleague.role is Role.RESEARCHER


def test_nobody_changes_their_own_role_or_closes_their_own_account(keeper: FlaskClient, areas: Areas) -> None:
    role = keeper.post(f"/members/{areas.keeper.ref}/role", data={"role": "reader"})
    closed = keeper.post(f"/members/{areas.keeper.ref}/close")

    assert (role.status_code, closed.status_code) == (403, 403)
    assert keeper.get("/account").status_code == 200


def test_an_administrators_password_is_not_for_an_area_to_give(keeper: FlaskClient, areas: Areas) -> None:
    with transaction() as session:
        chief = make_member(session, team=areas.own, role=Role.ADMINISTRATOR, password=PASSWORD)

    answer = keeper.post(f"/members/{chief.ref}/password", data={"password": "taken over by me"})

    assert answer.status_code == 403


def test_closing_an_account_signs_it_out_at_once_and_can_be_undone(
    keeper: FlaskClient, areas: Areas, client_for: SignIn
) -> None:
    colleague = client_for(areas.colleague)

    answer = keeper.post(f"/members/{areas.colleague.ref}/close", follow_redirects=True)

    assert f"/members/{areas.colleague.ref}/reopen" in answer.text
    assert colleague.get("/account").location == "/sign-in"
    keeper.post(f"/members/{areas.colleague.ref}/reopen")
    assert client_for(areas.colleague).get("/account").status_code == 200


def test_what_cannot_be_taken_is_shown_on_its_field_with_the_rest_kept(keeper: FlaskClient, areas: Areas) -> None:
    answer = keeper.post("/members", data=new_member(areas.own, password="short"))

    assert answer.status_code == 422
    assert "Choose a password of 12 to 200 characters" in answer.text
    assert 'value="New Person"' in answer.text


def test_an_area_says_whether_a_second_person_reviews_and_how_fast_claims_age(
    keeper: FlaskClient, areas: Areas
) -> None:
    answer = keeper.post(f"/teams/{areas.own.ref}", data={"review_required": "y", "usability": "9"})

    assert answer.status_code == 303
    reading().rollback()
    team = reading().get(Team, areas.own.id)
    assert team is not None
    assert team.review_required
    assert team.settings["half_life_months"] == {"usability": 9.0}
    assert 'value="9.0"' in keeper.get(f"/teams/{areas.own.ref}").text


@pytest.mark.parametrize("months", ["0", "-3", "601", "soon", "nan"])
def test_a_half_life_that_makes_no_sense_is_refused(keeper: FlaskClient, areas: Areas, months: str) -> None:
    answer = keeper.post(f"/teams/{areas.own.ref}", data={"behaviour": months})

    assert answer.status_code == 422


def test_the_settings_of_another_area_are_out_of_sight(keeper: FlaskClient, areas: Areas) -> None:
    assert keeper.get(f"/teams/{areas.other.ref}").status_code == 404
    assert keeper.post(f"/teams/{areas.other.ref}", data={"review_required": "y"}).status_code == 404


def test_only_an_administrator_makes_a_team(keeper: FlaskClient, client_for: SignIn) -> None:
    assert keeper.post("/teams", data={"name": "Mine"}).status_code == 403
    assert client_for(Role.ADMINISTRATOR).post("/teams", data={"name": "Transport"}).status_code == 303


def test_settings_show_each_what_they_may_do(keeper: FlaskClient, client_for: SignIn) -> None:
    assert "/members" in keeper.get("/settings").text
    assert "/members" not in client_for(Role.RESEARCHER).get("/settings").text


def test_the_care_of_an_area_is_given_and_taken_and_told(areas: Areas, keeper: FlaskClient) -> None:
    address = f"/members/{areas.colleague.ref}"

    keeper.post(f"{address}/area", data={"duty": "give"})
    assert "gives and closes its accounts" in keeper.get(address).get_data(as_text=True)
    keeper.post(f"{address}/area", data={"duty": "take"})

    assert "gives and closes its accounts" not in keeper.get(address).get_data(as_text=True)
    told = select(ActivityEntry.verb).where(ActivityEntry.subject_ref == areas.colleague.ref).order_by(ActivityEntry.id)
    assert reading().scalars(told).all()[-2:] == ["gave the care of the area to", "took the care of the area from"]


def test_nobody_gives_the_care_of_another_area_or_takes_their_own(areas: Areas, keeper: FlaskClient) -> None:
    own = keeper.post(f"/members/{areas.keeper.ref}/area", data={"duty": "take"})
    other = keeper.post(f"/members/{areas.stranger.ref}/area", data={"duty": "give"})

    assert own.status_code == 403
    assert "Someone else has to say" in own.get_data(as_text=True)
    assert other.status_code == 404

from __future__ import annotations

import re

import pytest
from conftest import SignIn
from factories import make_member, make_team
from flask import Flask
from flask.testing import FlaskClient
from mailing import ADDRESS, Post, mail_server, mail_settings
from signing_in import PASSWORD, enter, is_in, later, signed_in
from sqlalchemy import select

from insights.core.access import Role
from insights.people.accounts.factors import Demand
from insights.people.models import Invitation, Mail, Member
from insights.people.operations import set_active
from research_hub.db import reading, transaction

NEW = {"name": "Nina Simon", "password": PASSWORD, "again": PASSWORD}


@pytest.fixture
def boss(client_for: SignIn) -> FlaskClient:
    return client_for(Role.ADMINISTRATOR)


def invite(browser: FlaskClient, role: str = "researcher", email: str = "nina@example.org", **more: str) -> str:
    """The path of the link that is shown to hand over."""
    with browser.application.app_context():
        team = first_team()
    answer = browser.post("/invitations", data={"email": email, "role": role, "team_id": team, **more})
    assert answer.status_code == 200, answer.text
    return link_on(answer.text)


def link_on(page: str) -> str:
    found = re.search(r"http://localhost:8000(/invitation/[\w-]+)", page)
    assert found is not None, page
    return found.group(1)


def first_team() -> str:
    return str(reading().scalars(select(Member.team_id).order_by(Member.id)).first())


def test_an_invitation_makes_an_account_with_the_role_that_was_given(app: Flask, boss: FlaskClient) -> None:
    path, nina = invite(boss), app.test_client()
    assert "researcher" in nina.get(path).text

    answer = nina.post(path, data=NEW)

    assert (answer.status_code, answer.location) == (303, "/")
    assert "Nina Simon" in nina.get("/account").text
    assert reading().scalars(select(Member).where(Member.email == "nina@example.org")).one().role is Role.RESEARCHER


def test_a_role_that_is_sent_along_is_not_taken(app: Flask, boss: FlaskClient) -> None:
    path = invite(boss, role="reader")

    app.test_client().post(path, data={**NEW, "role": "administrator", "email": "eve@example.org", "team_id": "99"})

    member = reading().scalars(select(Member).where(Member.name == "Nina Simon")).one()
    assert (member.role, member.email) == (Role.READER, "nina@example.org")


def test_the_link_is_good_once(app: Flask, boss: FlaskClient) -> None:
    path = invite(boss)
    app.test_client().post(path, data=NEW)
    eve = app.test_client()

    assert eve.get(path).status_code == 404
    assert eve.post(path, data={**NEW, "name": "Eve"}).status_code == 404
    assert not is_in(eve)


def test_the_link_is_good_for_seven_days(app: Flask, boss: FlaskClient) -> None:
    path = invite(boss)

    with later(days=6, hours=23):
        assert app.test_client().get(path).status_code == 200
    with later(days=7, minutes=1):
        assert app.test_client().get(path).status_code == 404
        assert app.test_client().post(path, data=NEW).status_code == 404


def test_the_database_holds_no_link(app: Flask, boss: FlaskClient) -> None:
    path = invite(boss)

    row = reading().scalars(select(Invitation)).one()

    token = path.rpartition("/")[2]
    assert token not in {row.salt, row.token_hash}
    assert app.test_client().get(f"/invitation/{row.token_hash}").status_code == 404
    assert app.test_client().get(f"/invitation/{row.salt}").status_code == 404


def test_a_link_that_is_sent_again_makes_the_first_one_void(app: Flask, boss: FlaskClient) -> None:
    first = invite(boss)
    row = reading().scalars(select(Invitation)).one()

    second = link_on(boss.post(f"/invitations/{row.ref}/again").text)

    assert app.test_client().get(first).status_code == 404
    assert app.test_client().get(second).status_code == 200


def test_a_withdrawn_invitation_opens_nothing(app: Flask, boss: FlaskClient) -> None:
    path = invite(boss)
    row = reading().scalars(select(Invitation)).one()

    boss.post(f"/invitations/{row.ref}/withdraw")

    assert app.test_client().get(path).status_code == 404
    assert "withdrawn" in boss.get("/invitations").text


def test_the_invitations_of_whoever_had_to_leave_are_void(app: Flask, boss: FlaskClient) -> None:
    path = invite(boss, role="administrator")
    with transaction() as unit:
        left = unit.scalars(select(Member).where(Member.role == Role.ADMINISTRATOR)).one()
        set_active(unit, actor=make_member(unit, role=Role.ADMINISTRATOR), member=left, active=False)

    assert app.test_client().get(path).status_code == 404


def test_the_link_names_the_site_by_its_setting_and_never_by_the_request(app: Flask, boss: FlaskClient) -> None:
    app.extensions["settings"].base_url = "https://hub.example.gov"
    data = {"email": "nina@example.org", "role": "reader", "team_id": first_team()}

    page = boss.post("/invitations", data=data, headers={"X-Forwarded-Host": "evil.example"})

    assert "https://hub.example.gov/invitation/" in page.text
    assert "evil.example" not in page.text
    assert "http://localhost" not in page.text


def test_whoever_looks_after_an_area_invites_into_it_and_to_no_powerful_role(app: Flask, client_for: SignIn) -> None:
    with transaction() as unit:
        team, other = make_team(unit), make_team(unit)
        head = make_member(unit, role=Role.READER, team=team, administers_area=True)
    browser = client_for(head)
    data = {"email": "nina@example.org", "role": "reader", "team_id": str(team.id)}

    assert browser.post("/invitations", data={**data, "team_id": str(other.id)}).status_code == 422
    assert browser.post("/invitations", data={**data, "role": "administrator"}).status_code == 403
    assert browser.post("/invitations", data={**data, "role": "data_protection"}).status_code == 403
    assert browser.post("/invitations", data=data).status_code == 200


def test_an_invitation_into_another_area_is_out_of_sight(app: Flask, boss: FlaskClient, client_for: SignIn) -> None:
    invite(boss)
    row = reading().scalars(select(Invitation)).one()
    with transaction() as unit:
        head = make_member(unit, role=Role.READER, team=make_team(unit), administers_area=True)
    browser = client_for(head)

    assert "nina@example.org" not in browser.get("/invitations").text
    assert "nina@example.org" not in browser.get("/invitations.csv").text
    assert browser.post(f"/invitations/{row.ref}/withdraw").status_code == 404
    assert browser.post(f"/invitations/{row.ref}/again").status_code == 404


def test_whoever_looks_after_nothing_sees_no_invitations(client_for: SignIn) -> None:
    assert client_for(Role.RESEARCHER).get("/invitations").status_code == 403


def test_nobody_is_invited_twice_at_once_nor_once_they_are_here(app: Flask, boss: FlaskClient) -> None:
    path = invite(boss)
    data = {"email": "Nina@example.org", "role": "reader", "team_id": first_team()}

    assert "is invited already" in boss.post("/invitations", data=data).text
    app.test_client().post(path, data=NEW)
    assert "There is already a member" in boss.post("/invitations", data=data).text


def test_what_cannot_be_taken_leaves_the_invitation_good(app: Flask, boss: FlaskClient) -> None:
    path, nina = invite(boss), app.test_client()

    assert nina.post(path, data={**NEW, "password": "short", "again": "short"}).status_code == 422
    assert nina.post(path, data={**NEW, "again": "something else here"}).status_code == 422
    assert nina.post(path, data={**NEW, "name": " "}).status_code == 422
    assert nina.post(path, data=NEW).status_code == 303


def test_where_a_second_factor_is_asked_for_the_invited_is_led_to_it_first(app: Flask, boss: FlaskClient) -> None:
    path, nina = invite(boss), app.test_client()
    app.extensions["settings"].require_second_factor = Demand.EVERYBODY

    nina.post(path, data=NEW)

    assert nina.get("/log").location == "/account/second-factor"


def test_where_mail_is_set_up_the_link_comes_by_mail_and_stands_on_no_page(app: Flask, boss: FlaskClient) -> None:
    with mail_server() as box:
        for name, value in mail_settings(box.port).items():
            setattr(app.extensions["settings"], name, value)
        data = {"email": "nina@example.org", "role": "reader", "team_id": first_team()}
        answer = boss.post("/invitations", data=data)
        assert answer.status_code == 303
        assert "/invitation/" not in boss.get("/invitations").text

        Post(app).work()

    assert box.recipients == ["nina@example.org"]
    text = box.taken[0].get_body(("plain",))
    assert text is not None
    link = re.search(rf"{re.escape(ADDRESS)}(/invitation/[\w-]+)", text.get_content())
    assert link is not None
    assert app.test_client().post(link.group(1), data=NEW).status_code == 303
    assert link.group(1).rpartition("/")[2] not in "".join(str(row.__dict__) for row in reading().scalars(select(Mail)))


def test_a_mail_that_waited_until_its_invitation_was_withdrawn_is_not_sent(app: Flask, boss: FlaskClient) -> None:
    with mail_server() as box:
        for name, value in mail_settings(box.port).items():
            setattr(app.extensions["settings"], name, value)
        boss.post("/invitations", data={"email": "nina@example.org", "role": "reader", "team_id": first_team()})
        row = reading().scalars(select(Invitation)).one()
        boss.post(f"/invitations/{row.ref}/withdraw")

        Post(app).work()

    assert box.recipients == []


def test_a_fresh_installation_has_no_account_at_all(app: Flask) -> None:
    assert reading().scalars(select(Member)).all() == []
    for email, password in (("admin", "admin"), ("admin@example.org", "password"), ("root@localhost", "changeme")):
        answer = app.test_client().post("/sign-in", data={"email": email, "password": password})
        assert answer.status_code == 422


def test_an_invited_member_signs_in_again_later(app: Flask, boss: FlaskClient) -> None:
    app.test_client().post(invite(boss), data=NEW)
    member = reading().scalars(select(Member).where(Member.email == "nina@example.org")).one()

    assert enter(app.test_client(), member) == "/"
    assert is_in(signed_in(app, member))

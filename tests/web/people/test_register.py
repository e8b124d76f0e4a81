"""The register of services and components (features.md G11)."""

from __future__ import annotations

import pytest
from conftest import SignIn
from factories import make_insight, make_member, make_service, make_study, make_team
from flask import Flask
from sqlalchemy import event

from insights.core.access import Role
from insights.people.models import Component, Service
from insights.people.operations import create_component
from research_hub.db import db, reading, transaction


def stored(kind: type[Service | Component], number: int) -> Service | Component:
    reading().rollback()
    found = reading().get(kind, number)
    assert found is not None
    return found


def test_a_service_is_added_shown_and_listed(client_for: SignIn) -> None:
    browser = client_for(Role.RESEARCHER)
    team = str(reading().scalars(db.select(Service.team_id)).first() or 1)

    answer = browser.post("/services", data={"name": "Book a screening", "phase": "beta", "team_id": team})

    assert "Book a screening" in browser.get(answer.location).text
    assert "Book a screening" in browser.get("/services").text
    assert "Book a screening" in browser.get("/services.csv").text


def test_what_is_learnt_about_a_component_shows_on_every_service_that_uses_it(app: Flask, client_for: SignIn) -> None:
    with transaction() as session:
        one, two, third = make_service(session), make_service(session), make_service(session)
        component = create_component(session, actor=None, name="Address lookup", kind="pattern", services=[one, two])
        insight = make_insight(session, components=[component])
    browser = client_for(Role.READER)

    assert insight.claim in browser.get(f"/services/{one.ref}").text
    assert insight.claim in browser.get(f"/services/{two.ref}").text
    assert insight.claim in browser.get(f"/components/{component.ref}").text
    assert insight.claim not in browser.get(f"/services/{third.ref}").text


def test_a_service_shows_no_study_that_the_member_may_not_see(app: Flask, client_for: SignIn) -> None:
    with transaction() as session:
        service = make_service(session)
        open_one = make_study(session, service=service, title="Open to all")
        make_study(session, service=service, title="Named people only", restricted=True)

    page = client_for(Role.ADMINISTRATOR).get(f"/services/{service.ref}").text

    assert open_one.title in page
    assert "Named people only" not in page


def test_two_people_who_edit_one_service_both_keep_their_words(app: Flask, client_for: SignIn) -> None:
    with transaction() as session:
        service = make_service(session, name="Pay")
        editor = make_member(session)
    browser = client_for(editor)
    sent = {"name": "Pay a fine", "phase": "live", "row_version": "1"}
    browser.post(f"/services/{service.ref}", data=sent)

    answer = browser.post(f"/services/{service.ref}", data={**sent, "name": "Pay a penalty"})

    assert answer.status_code == 409
    assert "Pay a fine" in answer.text
    assert "Pay a penalty" in answer.text
    assert stored(Service, service.id).name == "Pay a fine"


def test_a_service_of_another_area_is_theirs_to_change(app: Flask, client_for: SignIn) -> None:
    with transaction() as session:
        service = make_service(session, name="Pay", team=make_team(session))
        outsider = make_member(session)

    answer = client_for(outsider).post(f"/services/{service.ref}", data={"name": "Mine", "phase": "live"})

    assert answer.status_code == 403
    assert stored(Service, service.id).name == "Pay"


def test_a_change_of_a_component_is_dated_so_that_findings_about_it_age(app: Flask, client_for: SignIn) -> None:
    with transaction() as session:
        component = create_component(session, actor=None, name="Header", kind="pattern", version="1")

    client_for(Role.RESEARCHER).post(f"/components/{component.ref}/changed", data={"version": "2"})

    found = stored(Component, component.id)
    assert isinstance(found, Component)
    assert found.version == "2"
    assert found.changed_on is not None


def test_the_services_that_use_a_component_can_be_chosen_anew(app: Flask, client_for: SignIn) -> None:
    with transaction() as session:
        one, two = make_service(session, name="One"), make_service(session, name="Two")
        component = create_component(session, actor=None, name="Header", kind="pattern", services=[one])
    browser = client_for(Role.RESEARCHER)

    browser.post(
        f"/components/{component.ref}",
        data={"name": "Header", "kind": "pattern", "services": [str(two.id)], "row_version": "1"},
    )

    page = browser.get(f"/components/{component.ref}").text
    assert f"/services/{two.ref}" in page
    assert f"/services/{one.ref}" not in page


def test_an_address_that_could_run_a_script_is_refused(client_for: SignIn) -> None:
    answer = client_for(Role.RESEARCHER).post(
        "/components", data={"name": "Header", "kind": "pattern", "url": "javascript:alert(1)"}
    )

    assert answer.status_code == 422
    assert "begins with https://" in answer.text


@pytest.mark.parametrize("path", ["/services/new", "/components/new"])
def test_a_reader_looks_and_does_not_touch(client_for: SignIn, path: str) -> None:
    browser = client_for(Role.READER)

    assert browser.get(path).status_code == 403
    assert browser.get("/services").status_code == 200


@pytest.mark.parametrize("path", ["/services/SVC-999", "/services/x", "/components/CMP-999", "/components/SVC-1"])
def test_what_is_not_there_is_answered_with_404(client_for: SignIn, path: str) -> None:
    assert client_for(Role.ADMINISTRATOR).get(path).status_code == 404


@pytest.mark.parametrize("rows", [1, 12])
def test_a_service_page_asks_no_more_of_the_database_as_it_fills(app: Flask, client_for: SignIn, rows: int) -> None:
    with transaction() as session:
        actor = make_member(session)
        service = make_service(session)
        for number in range(rows):
            component = create_component(session, actor=None, name=f"Part {number}", kind="page", services=[service])
            make_insight(session, actor=actor, components=[component])
            make_study(session, actor=actor, service=service)
    browser = client_for(Role.READER)
    statements: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))

    browser.get(f"/services/{service.ref}")

    assert len([each for each in statements if not each.startswith(("BEGIN", "PRAGMA"))]) <= 12

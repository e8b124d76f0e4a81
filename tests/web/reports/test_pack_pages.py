"""Readiness for an assessment on the page, links made and undone there, and the pack as a file."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from conftest import SignIn
from factories import make_accepted_decision, make_insight, make_member, make_service
from flask import Flask

from insights.core.access import Role
from insights.decisions.models import Decision
from insights.people.models import Member, Service
from research_hub.db import transaction


@pytest.fixture
def told(app: Flask) -> tuple[Member, Service, Decision]:
    with transaction() as session:
        writer, service = make_member(session), make_service(session, name="Results by letter")
        insight = make_insight(session, actor=writer)
        decision = make_accepted_decision(
            session, insight=insight, actor=writer, title="=Simple letters", service=service
        )
    return writer, service, decision


def test_a_service_is_chosen_first(client_for: SignIn, told: tuple[Member, Service, Decision]) -> None:
    client = client_for(told[0])

    assert "Choose a service" in client.get("/reports/pack").get_data(as_text=True)
    assert client.get("/reports/pack/file/zip").location == "/reports/pack"
    assert client.get("/reports/pack.csv").location == "/reports/pack"
    assert client.get(f"/reports/pack/file/pdf?service={told[1].id}").status_code == 404


def test_a_decision_is_linked_and_taken_away_and_back(
    client_for: SignIn, told: tuple[Member, Service, Decision]
) -> None:
    writer, service, decision = told
    client, address = client_for(writer), f"/reports/pack?service={service.id}&standard=govuk&phase=beta"
    form = {"service": service.id, "standard": "govuk", "phase": "beta", "point": "12", "ref": decision.ref.lower()}

    done = client.post("/reports/pack/link", data=form, follow_redirects=True).get_data(as_text=True)
    undo = re.findall(r'action="(/reports/pack/links/[^"]+)"', done)[0].replace("&amp;", "&")
    gone = client.post(undo, follow_redirects=True).get_data(as_text=True)
    back = re.findall(r'action="(/reports/pack/links/\d+/restore[^"]*)"', gone)[0].replace("&amp;", "&")
    client.post(back)

    assert "1 of 14" in done
    assert "0 of 14" in gone
    assert "1 of 14" in client.get(address).get_data(as_text=True)


@pytest.mark.parametrize(("ref", "status"), [("DEC-999", 422), ("", 422), ("STU-1", 422)])
def test_a_reference_that_leads_nowhere_is_refused_in_words(
    ref: str, status: int, client_for: SignIn, told: tuple[Member, Service, Decision]
) -> None:
    form = {"service": told[1].id, "standard": "govuk", "point": "1", "ref": ref}

    answer = client_for(told[0]).post("/reports/pack/link", data=form)

    assert answer.status_code == status
    assert "Name a decision or an insight" in answer.get_data(as_text=True)


def test_a_pack_is_three_kinds_of_file(client_for: SignIn, told: tuple[Member, Service, Decision]) -> None:
    writer, service, decision = told
    client, address = client_for(writer), f"service={service.id}&standard=govuk&phase=beta"

    for kind in ("docx", "html", "zip"):
        answer = client.get(f"/reports/pack/file/{kind}?{address}")
        assert answer.status_code == 200
        assert f".{kind}" in answer.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(client.get(f"/reports/pack/file/zip?{address}").get_data())) as archive:
        names = archive.namelist()
        table = archive.read("decisions.csv").decode("utf-8-sig")
    assert {"pack.docx", "pack.html", "manifest.json", "gaps.csv"} <= set(names)
    assert '"\'=Simple letters"' in table
    assert decision.ref in table


def test_readers_see_readiness_and_link_nothing(client_for: SignIn, told: tuple[Member, Service, Decision]) -> None:
    client, service = client_for(Role.READER), told[1]

    page = client.get(f"/reports/pack?service={service.id}")

    assert page.status_code == 200
    assert "Link it" not in page.get_data(as_text=True)
    assert client.post("/reports/pack/link", data={"point": "1"}).status_code == 403

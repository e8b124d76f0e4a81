"""What somebody may not see stands in no report, file, reminder or frozen page of theirs."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TypeAlias

import pytest
from factories import make_accepted_decision, make_highlight, make_insight, make_member, make_session, make_study
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import select

from insights.capture.operations import set_study_access
from insights.core.access import Role
from insights.people.models import Member
from insights.reports.metrics import CODES
from insights.synthesis.answers import issue_recommendation
from research_hub.db import transaction

CANARY = "Zebrafinch"
PAGES = (
    *("/reports", "/reports/shelf", "/reports/responses", "/reports/reminders", "/reports/frozen", "/reports/use"),
    *(f"/reports/metric/{code}" for code in CODES),
)

SignIn: TypeAlias = Callable[[Member | Role], FlaskClient]
FILES = (
    *("/reports", "/reports/shelf", "/reports/responses", "/reports/matrix", "/reports/gaps", "/reports/flow"),
    *("/reports/issues", "/reports/use", "/impact", "/decisions/needs-not-met"),
)


@pytest.fixture
def hidden(app: Flask) -> None:
    """An insight, a decision resting on it and a recommendation from it; its study was restricted afterwards."""
    with app.app_context(), transaction() as session:
        insider = make_member(session, name="Ina Insider")
        study = make_study(session, actor=insider)
        held = make_session(session, actor=insider, study=study)
        quote = make_highlight(session, actor=insider, research_session=held)
        insight = make_insight(session, actor=insider, highlight=quote, claim=f"{CANARY} gives up.")
        waiting = make_insight(session, actor=insider, highlight=quote, claim=f"{CANARY} waits.")
        make_accepted_decision(session, actor=insider, insight=insight)
        issue_recommendation(session, actor=insider, text=f"Help {CANARY}.", insights=[waiting])
        set_study_access(session, actor=insider, study=study, restricted=True, named=[insider])


@pytest.mark.usefixtures("hidden")
def test_no_page_of_the_reports_shows_it(client_for: SignIn) -> None:
    client = client_for(Role.ADMINISTRATOR)

    shown = {address: client.get(address) for address in PAGES}

    assert {answer.status_code for answer in shown.values()} == {200}
    assert [address for address, answer in shown.items() if CANARY in answer.text] == []


@pytest.mark.usefixtures("hidden")
@pytest.mark.parametrize("address", FILES)
def test_no_file_of_the_reports_holds_it(client_for: SignIn, address: str) -> None:
    client = client_for(Role.ADMINISTRATOR)

    book = load_workbook(io.BytesIO(client.get(f"{address}.xlsx").data))
    printed = PdfReader(io.BytesIO(client.get(f"{address}.pdf").data))
    words = [str(cell.value) for sheet in book for row in sheet.rows for cell in row]
    words += [page.extract_text() for page in printed.pages]
    words += [client.get(f"{address}.{extension}").text for extension in ("csv", "html")]

    assert [each for each in words if CANARY in each] == []


@pytest.mark.usefixtures("hidden")
def test_those_who_are_named_in_the_study_do_see_it(app: Flask, client_for: SignIn) -> None:
    with app.app_context(), transaction() as session:
        insider = session.scalars(select(Member).where(Member.name == "Ina Insider")).one()

    page = client_for(insider).get("/reports/responses").text

    assert f"Help {CANARY}." in page

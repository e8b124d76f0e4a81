"""No file holds words whose speaker did not agree; each says how many it leaves out and which scope is missing."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date

import pytest
from factories import a_team, make_highlight, make_member, make_session, make_study
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from insights.capture.consents import ConsentDetails, record_consent
from insights.core.access import Role
from insights.people.models import ConsentScope, Member, Participant
from insights.stewardship.tray import Entry, create_collection, put_in_tray
from insights.synthesis.boards import create_board, put_quotes
from research_hub.db import transaction

WORDS = "I saw positive and I stopped reading."
OTHERS = "It should say what happens now, first."
LINE = "1 quote left out: “Be quoted” missing of P-4821"
FILES = (
    "/highlights.csv",
    "/highlights.xlsx",
    "/tray.csv",
    "/tray.xlsx",
    "/collections/COL-1/items.csv",
    "/collections/COL-1/markdown",
    "/tray/citations/txt",
    "/tray/citations/md",
    "/tray/citations/bib",
    "/tray/citations/json",
    "/cite/HL-1/txt",
    "/boards/BRD-1/cards.csv",
)


@pytest.fixture
def member(app: Flask) -> Member:
    """Who has gathered two quotes, of which one must not leave."""
    assert app.name
    with transaction() as unit:
        team = a_team(unit)
        actor = make_member(unit, team=team, role=Role.RESEARCHER)
        study = make_study(unit, actor=actor)
        first = make_session(unit, actor=actor, study=study, participants=["P-4821"])
        second = make_session(unit, actor=actor, study=study, participants=["P-7"])
        quotes = [
            make_highlight(unit, actor=actor, research_session=first, words=WORDS),
            make_highlight(unit, actor=actor, research_session=second, words=OTHERS),
        ]
        for person in unit.scalars(select(Participant).order_by(Participant.id)).all():
            scopes = [each.value for each in ConsentScope]
            if person.code == "P-4821":
                scopes.remove(ConsentScope.QUOTE_ANONYMOUSLY.value)
            details = ConsentDetails(given_on=date(2026, 10, 1), scopes=scopes)
            record_consent(unit, actor=actor, participant=person, study=study, details=details)
        for quote in quotes:
            put_in_tray(unit, actor=actor, ref=quote.ref)
        entries = [Entry(quote.ref, "") for quote in quotes]
        create_collection(unit, actor=actor, title="Both", introduction="", entries=entries)
        board = create_board(unit, actor=actor, title="Both", study=study)
        put_quotes(unit, actor=actor, board=board, highlight_ids=[quote.id for quote in quotes])
        return actor


@pytest.mark.parametrize("address", FILES)
def test_a_file_leaves_out_the_words_and_says_so(
    client_for: Callable[[Role | Member], FlaskClient], member: Member, address: str
) -> None:
    answer = client_for(member).get(address)

    told = _text(answer.data, address)
    assert answer.status_code == 200
    assert WORDS not in told
    assert LINE in told
    assert (OTHERS in told) is not address.startswith("/cite/")


def test_the_page_of_citations_says_it_too(client_for: Callable[[Role | Member], FlaskClient], member: Member) -> None:
    told = client_for(member).get("/tray/citations").get_data(as_text=True)

    assert LINE in told
    assert WORDS not in told


def _text(data: bytes, address: str) -> str:
    if not address.endswith("xlsx"):
        return data.decode("utf-8-sig")
    sheet = load_workbook(io.BytesIO(data)).active
    return "\n".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None)

"""Every address of the application, opened from outside a study: what waits or is not shared is on none of them.

Two sessions are told into the demonstration. Nobody has looked the first through; in the second somebody took sharing
back. Each has a word of its own, which stands in its text, in a quote, and nowhere else.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from demonstration import browser_of
from factories import make_highlight, make_member, make_session, make_team, source_of
from flask import Flask
from sqlalchemy import select
from walking import Records, addresses, records_of, routes

from insights.capture.consents import ConsentDetails, record_consent
from insights.capture.models import Study
from insights.core.access import Role
from insights.people.models import Member, Participant
from research_hub.db import reading, transaction
from research_hub.worker import make_indexer

WAITS = "Quillfeather rang the council. “The letter frightened Quillfeather most of all.”"
KEPT_BACK = "Ormsbyloch rang the council. “The letter frightened Ormsbyloch most of all.”"
STRANGER = "researcher-of-another-team@example.org"
WORDS = ("quillfeather", "ormsbyloch")


def told(app: Flask) -> list[Records]:
    """The records of the walk, once with the session that waits and once with the one that is not shared."""
    with transaction() as unit:
        maya = unit.scalars(select(Member).where(Member.role == Role.RESEARCHER).order_by(Member.id)).first()
        study = unit.scalars(select(Study).where(~Study.restricted).order_by(Study.id)).first()
        assert maya is not None
        assert study is not None
        make_member(unit, team=make_team(unit), email=STRANGER)
        held = [
            make_session(unit, actor=maya, study=study, notes=WAITS, reviewed=False),
            make_session(unit, actor=maya, study=study, notes=KEPT_BACK, participants=["P-0077"]),
        ]
        person = unit.scalars(select(Participant).where(Participant.code == "P-0077")).one()
        details = ConsentDetails(given_on=date(2026, 10, 1), scopes=["take_part", "quote_anonymously"])
        record_consent(unit, actor=maya, participant=person, study=study, details=details)
        found = []
        for each in held:
            word = "Quillfeather" if each is held[0] else "Ormsbyloch"
            words = f"The letter frightened {word} most of all."
            quote = make_highlight(unit, actor=maya, research_session=each, words=words, tags=["frightened"])
            found.append((each.ref, source_of(unit, each).ref, quote.ref))
    make_indexer(app).rebuild()
    known = records_of(reading())
    return [
        replace(
            known,
            refs={**known.refs, "sessions": ses, "passage": ses, "related": ses, "sources": src, "highlights": hl},
        )
        for ses, src, hl in found
    ]


@pytest.mark.parametrize("who", [Role.READER, STRANGER])
def test_no_address_shows_a_word_of_it(demo_app: Flask, who: Role | str) -> None:
    with demo_app.app_context():
        walks = told(demo_app)
    browser = browser_of(demo_app, who)
    asked = 0

    for records in walks:
        for route in routes(demo_app, "GET"):
            for address in addresses(route, records):
                with browser.get(address) as answer:
                    body = answer.get_data().decode("utf-8", errors="replace").casefold()
                asked += 1
                assert [word for word in WORDS if word in body] == [], address
    for word in WORDS:
        for address in (
            f"/evidence?q={word}",
            f"/evidence.csv?q={word}",
            f"/evidence?q={word[:-1]}x",
            f"/highlights?q={word}",
        ):
            body = browser.get(address).get_data(as_text=True).casefold()
            # What was typed stands in the box and in links; a hit, a snippet or an offer would say more.
            assert f"frightened {word}" not in body, address
            assert f"{word} rang" not in body, address
    assert asked > 300

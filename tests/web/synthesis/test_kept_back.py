"""A quote that is kept back is not left out in silence: the page says how many, and that they count."""

from __future__ import annotations

from datetime import date

from conftest import SignIn
from flask import Flask
from withdrawing import ALONE, OTHER, TOGETHER, World, make_world

from insights.capture.consents import ConsentDetails, record_consent, withdraw_consent
from insights.core.access import Role
from insights.people.models import ConsentScope
from insights.stewardship.withdrawal import stop_use
from insights.synthesis.models import Insight
from insights.synthesis.queries import evidence_of, kept_back_of
from insights.synthesis.strength import strengths
from research_hub.db import reading, transaction


def test_the_page_says_how_many_quotes_are_kept_back_and_neither_words_nor_code(app: Flask, client_for: SignIn) -> None:
    del app
    world = _world_without_consent()
    outside = client_for(Role.READER).get(f"/insights/{world.broad.ref}").text
    assert "1 of 2 quotes is kept back: its speaker took consent back" in outside
    assert TOGETHER not in outside
    assert OTHER in outside
    inside = client_for(world.actor).get(f"/insights/{world.broad.ref}").text
    assert "kept back" not in inside
    assert TOGETHER in inside


def test_where_all_are_kept_back_it_does_not_say_that_there_is_no_evidence(app: Flask, client_for: SignIn) -> None:
    del app
    world = _world_without_consent()
    page = client_for(Role.READER).get(f"/insights/{world.lonely.ref}").text
    assert "1 of 1 quote is kept back" in page
    assert "No evidence yet" not in page
    assert ALONE not in page


def test_what_is_kept_back_counts_alike_for_everybody(app: Flask) -> None:
    del app
    with transaction() as session:
        world = make_world(session)
        stop_use(session, actor=world.actor, participant=world.person, study=world.study, asked_on=date(2026, 11, 2))
    session = reading()
    insight = session.get_one(Insight, world.broad.id)
    strength = strengths(session, [insight.id])[insight.id]
    found = kept_back_of(strength, evidence_of(session, session.merge(world.actor), insight))
    assert (strength.quotes, found.quotes, found.of) == (2, 1, 2)


def _world_without_consent() -> World:
    """One of two speakers agreed to be shared in the organisation, and took it back."""
    with transaction() as session:
        world = make_world(session)
        scopes = [ConsentScope.TAKE_PART.value, ConsentScope.SHARE_IN_ORGANISATION.value]
        scopes.append(ConsentScope.QUOTE_ANONYMOUSLY.value)
        details = ConsentDetails(date(2026, 10, 1), scopes)
        for quote, person in ((world.shared_quote, world.person), (world.other_quote, world.other)):
            quote.participant_id = person.id
            record_consent(session, actor=world.actor, participant=person, study=world.study, details=details)
        consent = record_consent(
            session, actor=world.actor, participant=world.person, study=world.study, details=details
        )
        withdraw_consent(
            session, actor=world.actor, consent=consent, study=world.study, on=date(2026, 11, 2), scopes=scopes[1:]
        )
        return world

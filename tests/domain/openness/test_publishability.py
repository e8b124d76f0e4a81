"""A decision's page says whether the words under it may be public, and whom to ask where they may not."""

from __future__ import annotations

from datetime import date

from domain.openness.records_for_entries import a_decision_on_a_quote
from factories import make_decision, make_member
from sqlalchemy.orm import Session

from insights.capture.consents import withdraw_consent
from insights.openness.publishability import publishability
from insights.people.models import ConsentScope


def test_words_that_somebody_agreed_to_publish_are_free(session: Session) -> None:
    told = a_decision_on_a_quote(session)

    found = publishability(session, told.writer, told.decision)

    assert (found.quotes, found.free, found.in_the_way) == (1, 1, ())


def test_what_is_missing_is_named_with_the_participant_by_code(session: Session) -> None:
    told = a_decision_on_a_quote(session, (ConsentScope.QUOTE_ANONYMOUSLY,))

    found = publishability(session, told.writer, told.decision)

    assert found.held_back == 1
    [reason] = found.in_the_way
    assert (reason.code, reason.participant_ref) == (told.participant.code, told.participant.ref)
    assert "“Publish” is missing" in reason.why
    assert reason.by_consent


def test_a_consent_that_is_taken_back_holds_the_words_back_at_once(session: Session) -> None:
    told = a_decision_on_a_quote(session)
    assert told.consent is not None

    on = date(2026, 6, 1)
    withdraw_consent(session, actor=told.writer, consent=told.consent, study=told.study, on=on)

    assert publishability(session, told.writer, told.decision).free == 0


def test_words_of_a_study_that_somebody_may_not_see_are_not_counted_for_them(session: Session) -> None:
    told = a_decision_on_a_quote(session)
    told.study.restricted = True
    session.flush()

    assert publishability(session, make_member(session), told.decision).quotes == 0


def test_a_decision_on_no_quotes_holds_nothing_back(session: Session) -> None:
    told = a_decision_on_a_quote(session)
    other = make_decision(session, actor=told.writer)

    found = publishability(session, told.writer, other)

    assert (found.quotes, found.held_back) == (0, 0)

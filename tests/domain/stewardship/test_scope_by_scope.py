"""A consent taken back scope by scope ends the uses that rest on that scope, at once, and no other."""

from __future__ import annotations

from datetime import date

import pytest
from places_of_words import keep
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.consents import withdraw_consent
from insights.coding.models import Highlight
from insights.coding.quote_consent import quote_consents
from insights.core.clock import today
from insights.openness.entries import public_page
from insights.people.models import Consent, ConsentScope
from insights.people.participants.gate import Use

ENDS = {
    ConsentScope.RECORD: {Use.PLAY},
    ConsentScope.QUOTE_ANONYMOUSLY: {Use.TAKE_AWAY, Use.QUOTE, Use.SHARE, Use.PUBLISH},
    ConsentScope.SHARE_IN_ORGANISATION: {Use.READ},
    ConsentScope.SHARE_ACROSS_PUBLIC_SECTOR: set(),
    ConsentScope.PUBLISH: {Use.PUBLISH},
    ConsentScope.RECONTACT: {Use.RECONTACT},
}
"""Who agreed to be published agreed to be shared across the public sector too."""


@pytest.mark.parametrize("scope", ENDS, ids=str)
def test_a_scope_taken_back_ends_what_rests_on_it_and_nothing_else(scope: ConsentScope, session: Session) -> None:
    kept = keep(session)
    consent = session.scalars(select(Consent).where(Consent.participant_id == kept.world.person.id)).one()
    assert _refused(session, kept.world.quote) == set(), "all was agreed to"
    withdraw_consent(
        session,
        actor=kept.world.actor,
        consent=consent,
        study=kept.world.study,
        on=today(session),
        scopes=[scope.value],
    )
    assert _refused(session, kept.world.quote) == ENDS[scope]
    shown, _ = public_page(session, kept.world.decision.ref)
    assert bool(shown.quotes) == (Use.PUBLISH not in ENDS[scope])
    assert shown.hidden_quotes == (Use.PUBLISH in ENDS[scope])


def test_each_scope_after_the_other_leaves_nothing_to_be_used(session: Session) -> None:
    kept = keep(session)
    consent = session.scalars(select(Consent).where(Consent.participant_id == kept.world.person.id)).one()
    refused: set[Use] = set()
    for scope in ConsentScope:
        withdraw_consent(
            session,
            actor=kept.world.actor,
            consent=consent,
            study=kept.world.study,
            on=date(2026, 11, 2),
            scopes=[scope.value],
        )
        assert refused <= _refused(session, kept.world.quote), "what ended stays ended"
        refused = _refused(session, kept.world.quote)
    assert refused == set(Use)


def _refused(session: Session, quote: Highlight) -> set[Use]:
    chosen = select(Highlight.id).where(Highlight.id == quote.id)
    return {use for use in Use if quote_consents(session, chosen, use)[quote.id].hindrances}

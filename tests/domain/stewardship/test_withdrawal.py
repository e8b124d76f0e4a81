from __future__ import annotations

from datetime import date

import pytest
from factories import make_member, text_of
from sqlalchemy import select
from sqlalchemy.orm import Session
from withdrawing import ALONE, ASKED, OTHER, TOGETHER, make_world

from insights.capture.models import Utterance
from insights.coding.models import Highlight, HighlightStatus
from insights.coding.queries import highlights_by_ids
from insights.core.access import Role
from insights.core.errors import InvalidInput, NotAllowed, RuleBroken
from insights.decisions.models import DecisionReview
from insights.stewardship.models import WithdrawnEvidence
from insights.stewardship.withdrawal import MARKED, WHOLE, resume_use, stop_use, withdraw_participant
from insights.synthesis.models import EvidenceLink, InsightStatus
from insights.synthesis.strength import strengths

TODAY = date(2026, 11, 20)


def test_what_somebody_said_goes_and_what_others_said_stays_where_it_was(session: Session) -> None:
    world = make_world(session)
    withdraw_participant(session, actor=world.actor, participant=world.person, study=world.study, asked_on=TODAY)
    left = text_of(session, world.transcript)
    assert ASKED in left
    assert OTHER in left
    assert TOGETHER not in left
    assert "P1" not in left
    assert world.other_quote.exact == OTHER
    assert left[world.other_quote.start : world.other_quote.end] == OTHER
    assert world.alone.deleted_at is not None
    assert [each.status for each in (world.quote, world.shared_quote)] == [HighlightStatus.WITHDRAWN] * 2
    assert ALONE not in {each.exact for each in session.scalars(select(Highlight))}


def test_an_insight_left_with_nothing_is_challenged_and_its_decision_asked_about(session: Session) -> None:
    world = make_world(session)
    done = withdraw_participant(session, actor=world.actor, participant=world.person, study=world.study, asked_on=TODAY)
    assert world.lonely.status is InsightStatus.CHALLENGED
    assert world.broad.status is InsightStatus.PUBLISHED
    found = strengths(session, [world.lonely.id, world.broad.id])
    assert (found[world.lonely.id].quotes, found[world.broad.id].quotes) == (0, 1)
    lost = session.scalars(select(WithdrawnEvidence).order_by(WithdrawnEvidence.insight_id)).all()
    assert [(each.insight_id, each.quotes, each.sources) for each in lost] == [
        (world.lonely.id, 1, 1),
        (world.broad.id, 1, 1),
    ]
    asked = session.scalars(select(DecisionReview).where(DecisionReview.decision_id == world.decision.id)).one()
    assert asked.origin_ref == done.ref
    assert session.scalars(select(EvidenceLink.highlight_id)).all() == [world.other_quote.id]


def test_where_the_text_does_not_tell_who_spoke_somebody_has_to_choose(session: Session) -> None:
    world = make_world(session)
    for turn in _turns_of(session, world.transcript.current_version_id):
        session.delete(turn)
    session.flush()
    with pytest.raises(InvalidInput, match="does not tell who spoke"):
        withdraw_participant(session, actor=world.actor, participant=world.person, study=world.study, asked_on=TODAY)
    assert TOGETHER in text_of(session, world.transcript)
    choices = {world.transcript.uuid: WHOLE}
    withdraw_participant(
        session, actor=world.actor, participant=world.person, study=world.study, asked_on=TODAY, choices=choices
    )
    assert text_of(session, world.transcript) == ""


def test_only_the_quotes_marked_as_theirs_can_be_taken_out(session: Session) -> None:
    world = make_world(session)
    for turn in _turns_of(session, world.transcript.current_version_id):
        session.delete(turn)
    world.shared_quote.participant_id = world.person.id
    session.flush()
    choices = {world.transcript.uuid: MARKED}
    withdraw_participant(
        session, actor=world.actor, participant=world.person, study=world.study, asked_on=TODAY, choices=choices
    )
    left = text_of(session, world.transcript)
    assert TOGETHER not in left
    assert OTHER in left


def test_stopping_the_use_hides_and_can_be_taken_back(session: Session) -> None:
    world = make_world(session)
    stop_use(session, actor=world.actor, participant=world.person, study=world.study, asked_on=TODAY)
    assert world.alone.deleted_at is not None
    assert not [each.exact for each in highlights_by_ids(session, world.actor, [world.quote.id])]
    resume_use(session, actor=world.actor, participant=world.person, study=world.study)
    assert world.alone.deleted_at is None
    assert [each.exact for each in highlights_by_ids(session, world.actor, [world.quote.id])] == [ALONE]
    assert text_of(session, world.transcript).count(TOGETHER) == 1


def test_nobody_withdraws_twice(session: Session) -> None:
    world = make_world(session)
    withdraw_participant(session, actor=world.actor, participant=world.person, study=world.study, asked_on=TODAY)
    with pytest.raises(RuleBroken, match="withdrew already"):
        withdraw_participant(session, actor=world.actor, participant=world.person, study=world.study, asked_on=TODAY)


def test_data_protection_may_withdraw_and_a_reader_may_not(session: Session) -> None:
    world = make_world(session)
    reader, officer = make_member(session, role=Role.READER), make_member(session, role=Role.DATA_PROTECTION)
    with pytest.raises(NotAllowed):
        withdraw_participant(session, actor=reader, participant=world.person, study=world.study, asked_on=TODAY)
    done = withdraw_participant(session, actor=officer, participant=world.person, study=world.study, asked_on=TODAY)
    assert done.removed["evidence"] == 2


def _turns_of(session: Session, version_id: int | None) -> list[Utterance]:
    return list(session.scalars(select(Utterance).where(Utterance.text_version_id == version_id)))

"""One question before every use: by scope, at the minute, with the legacy rule, and by name of what is missing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from factories import make_highlight, make_member, make_session, make_study
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.consents import ConsentDetails, record_consent
from insights.capture.inside import SHARED
from insights.capture.models import ResearchSession, Study
from insights.coding.uses import allowed, hindrances, in_short, sift_quotes
from insights.core.clock import FixedClock, set_clock
from insights.exchange.qda.exporting import project_of_study
from insights.people.models import Consent, ConsentScope, Member, Participant
from insights.people.participants.consents import ConsentFact, standing_of
from insights.people.participants.gate import INSIDE, Use
from insights.people.participants.lacking import people_agreeing, people_lacking

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
ALL = [scope.value for scope in ConsentScope]
TAKEN = {
    Use.READ: ConsentScope.SHARE_IN_ORGANISATION,
    Use.WORK: ConsentScope.TAKE_PART,
    Use.PLAY: ConsentScope.RECORD,
    Use.TAKE_AWAY: ConsentScope.QUOTE_ANONYMOUSLY,
    Use.RECONTACT: ConsentScope.RECONTACT,
}


@pytest.fixture(autouse=True)
def _clock(session: Session) -> None:
    set_clock(session, FixedClock(NOW))


def heard(session: Session, code: str = "P-4821", scopes: list[str] | None = None, until: date | None = None):  # type: ignore[no-untyped-def]  # noqa: ANN201 - a tuple of records
    actor = make_member(session)
    study = make_study(session, actor=actor)
    held = make_session(session, actor=actor, study=study, participants=[code], held_on=date(2026, 5, 1))
    person = session.scalars(select(Participant).where(Participant.study_id == study.id)).one()
    if scopes is not None:
        agree(session, actor, study, person, scopes, until)
    return actor, study, held, person, make_highlight(session, actor=actor, research_session=held)


def agree(  # noqa: PLR0917 - who, whose, what, until when
    session: Session, actor: Member, study: Study, person: Participant, scopes: list[str], until: date | None = None
) -> None:
    details = ConsentDetails(given_on=date(2026, 5, 1), scopes=scopes, expires_on=until)
    record_consent(session, actor=actor, participant=person, study=study, details=details)


@pytest.mark.parametrize("use", TAKEN)
def test_each_use_asks_for_its_own_scope_and_names_it(session: Session, use: Use) -> None:
    without = [scope for scope in ALL if scope != TAKEN[use].value]
    _actor, _study, held, person, quote = heard(session, scopes=without)

    for artefact in (held, person, quote):
        assert not allowed(session, artefact, use)
        assert TAKEN[use] in hindrances(session, artefact, use)[0].missing
    assert in_short(hindrances(session, quote, Use.TAKE_AWAY)) in {"", "“Be quoted” missing of P-4821"}


@pytest.mark.parametrize("use", list(Use))
def test_where_no_consent_was_ever_recorded_old_records_stay_inside_and_go_nowhere_else(
    session: Session, use: Use
) -> None:
    _actor, _study, held, _person, quote = heard(session)

    assert allowed(session, quote, use) is (use in INSIDE)
    assert allowed(session, held, use) is (use in INSIDE)


def test_a_consent_holds_until_the_last_minute_of_its_last_day(session: Session) -> None:
    _actor, _study, _held, _person, quote = heard(session, scopes=ALL, until=date(2026, 5, 4))
    midnight = datetime(2026, 5, 5, tzinfo=UTC) - (NOW.astimezone().utcoffset() or timedelta())

    assert allowed(session, quote, Use.TAKE_AWAY, midnight - timedelta(minutes=1))
    assert not allowed(session, quote, Use.TAKE_AWAY, midnight)


def test_what_is_left_out_is_told_by_number_and_missing_scope(session: Session) -> None:
    actor, _study, held, _person, first = heard(session, scopes=[ConsentScope.TAKE_PART.value])
    second = make_highlight(session, actor=actor, research_session=held, words="I rang my sister")
    *_rest, kept = heard(session, "P-7", scopes=ALL)

    found = sift_quotes(session, [first.id, second.id, kept.id], Use.TAKE_AWAY)

    assert found.kept == {kept.id}
    assert found.lines == ("2 quotes left out: “Be quoted” missing of P-4821",)


def test_a_project_for_other_programs_leaves_out_whoever_takes_part_no_more_and_says_so(session: Session) -> None:
    actor, study, held, person, _quote = heard(session, scopes=[])
    agree(session, actor, study, person, [])
    make_session(session, actor=actor, study=study, notes="Nobody is named here.")

    outgoing = project_of_study(session, actor=actor, study=study, origin="test", with_names=False)

    assert [text for _name, text in outgoing.texts] == ["Nobody is named here."]
    assert "1 text left out: “Take part” missing of P-4821" in outgoing.remarks
    assert "1 text left out: “Take part” missing of P-4821" in outgoing.project.description
    assert isinstance(held, ResearchSession)


def test_the_database_and_the_rule_agree_on_who_holds_a_scope(session: Session) -> None:
    """Every mix of scope, expiry and latest consent, asked in both ways on three days."""
    actor = make_member(session)
    study = make_study(session, actor=actor)
    held = make_session(session, actor=actor, study=study, participants=[f"P-{number}" for number in range(12)])
    people = session.scalars(select(Participant).where(Participant.study_id == study.id).order_by(Participant.id)).all()
    for number, person in enumerate(people):
        if number % 4:
            agree(session, actor, study, person, ALL if number % 3 else ALL[:3], date(2026, 5, 4 + number % 2))
        if number % 5 == 1:
            agree(session, actor, study, person, ALL[: number % 7])
    assert held.id

    for day in (date(2026, 5, 4), date(2026, 5, 5), date(2026, 5, 6)):
        lacking = set(session.scalars(people_lacking(SHARED, day)))
        agreeing = set(session.scalars(people_agreeing(SHARED, day)))
        for person in people:
            facts = _facts(session, person)
            holds = standing_of(facts, day).holds(SHARED[0])
            assert (person.id in agreeing) is holds
            assert (person.id in lacking) is (bool(facts) and not holds)


def _facts(session: Session, person: Participant) -> list[ConsentFact]:
    return [
        ConsentFact.of(each) for each in session.scalars(select(Consent).where(Consent.participant_id == person.id))
    ]

"""Entering, describing, renaming, merging and removing the participants of a study."""

from __future__ import annotations

import re
from datetime import date

import pytest
from factories import make_highlight, make_member, make_session, make_study, make_team
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.consents import ConsentDetails, record_consent, withdraw_consent
from insights.capture.models import session_participants
from insights.capture.participant_table import read_people
from insights.capture.participants import (
    Person,
    add_participants,
    describe_participant,
    rename_participant,
    set_participant_removed,
)
from insights.coding.participants import get_participant, list_participants, merge_participants
from insights.core.activity import ActivityEntry
from insights.core.errors import InvalidInput, NotAllowed, NotFound, RuleBroken, StaleRecord
from insights.people.models import Consent, Participant
from insights.people.operations import find_or_add_participant
from insights.people.operations.participants import draw_code


def person_of(session: Session, code: str) -> Participant:
    return session.scalars(select(Participant).where(Participant.code == code)).one()


def test_codes_are_entered_once_and_drawn_where_none_is_given(session: Session) -> None:
    actor = make_member(session)
    study = make_study(session, actor=actor)

    entered = add_participants(session, actor=actor, study=study, people=[Person("p1"), Person("P1"), Person()])

    first, drawn = entered.new
    assert first.code == "P1"
    assert drawn.code.startswith("P-")
    assert len(session.scalars(select(Participant)).all()) == 2


def test_somebody_who_is_there_already_is_only_told_more_of(session: Session) -> None:
    actor = make_member(session)
    study = make_study(session, actor=actor)
    add_participants(session, actor=actor, study=study, people=[Person("P1", "Parent")])

    entered = add_participants(
        session, actor=actor, study=study, people=[Person("P1", "Nurse", {"digital_confidence": "low"})]
    )

    (known,) = entered.known
    assert (known.group, known.attributes) == ("Parent", {"digital_confidence": "low"})


@pytest.mark.parametrize("person", [Person("Anna Kowalska"), Person("P1", "", {"region": "anna@example.org"})])
def test_what_looks_like_a_person_is_asked_about_before_anything_is_stored(session: Session, person: Person) -> None:
    actor = make_member(session)
    study = make_study(session, actor=actor)

    with pytest.raises(InvalidInput, match="tick that it is no personal data"):
        add_participants(session, actor=actor, study=study, people=[Person("P9"), person])

    assert session.scalars(select(Participant)).all() == []
    assert add_participants(session, actor=actor, study=study, people=[person], confirmed=True).new


def test_a_description_replaces_the_one_before_and_two_at_once_lose_nothing(session: Session) -> None:
    actor = make_member(session)
    study = make_study(session, actor=actor)
    make_session(session, actor=actor, study=study, participants=["P1"])
    person = person_of(session, "P1")

    describe_participant(
        session,
        actor=actor,
        participant=person,
        study=study,
        group="Parent",
        attributes={"access_need": "vision"},
        row_version=1,
    )

    assert (person.group, person.attributes) == ("Parent", {"access_need": "vision"})
    last = session.scalars(select(ActivityEntry).order_by(ActivityEntry.id.desc())).first()
    assert last is not None
    assert last.touches == ["SES-1"]
    with pytest.raises(StaleRecord):
        describe_participant(
            session, actor=actor, participant=person, study=study, group="Nurse", attributes={}, row_version=1
        )


def test_drawn_codes_tell_neither_the_order_nor_the_study(session: Session) -> None:
    drawn = [draw_code(session, study_id) for study_id in (1, 2) for _ in range(300)]

    assert all(re.fullmatch(r"P-[2-9A-HJKMNP-TV-Z]{4}", code) for code in drawn)
    assert len(set(drawn)) > 590
    assert drawn != sorted(drawn)
    # No letter leads a study's codes: two studies cannot be told apart, nor who came first.
    assert all(len({code[2] for code in part}) > 20 for part in (drawn[:300], drawn[300:]))


def test_a_new_code_leaves_the_texts_alone_and_may_not_be_anothers(session: Session) -> None:
    actor = make_member(session)
    study = make_study(session, actor=actor)
    make_session(session, actor=actor, study=study, participants=["P1", "P2"])
    person = person_of(session, "P1")

    rename_participant(session, actor=actor, participant=person, study=study, code="p-77")

    assert person.code == "P-77"
    with pytest.raises(InvalidInput, match="P2 is or was somebody else"):
        rename_participant(session, actor=actor, participant=person, study=study, code="P2")


def test_two_codes_of_one_person_become_one_with_everything_that_was_theirs(session: Session) -> None:
    actor = make_member(session)
    study = make_study(session, actor=actor)
    both = make_session(session, actor=actor, study=study, participants=["P1", "P2"])
    make_session(session, actor=actor, study=study, participants=["P2"])
    one, two = person_of(session, "P1"), person_of(session, "P2")
    quote = make_highlight(session, actor=actor, research_session=both, participant=two)
    one.attributes, two.attributes = {"region": "London"}, {"region": "Leeds", "language": "Urdu"}
    details = ConsentDetails(date(2026, 1, 5), ["take_part"])
    record_consent(session, actor=actor, participant=two, study=study, details=details)

    merge_participants(session, actor=actor, participant=two, into=one, study=study)
    session.expire_all()

    (row,) = list_participants(session, study)
    assert (row.code, row.sessions, row.consent.state) == ("P1", 2, "given")
    assert row.attributes == {"region": "London", "language": "Urdu"}
    assert quote.participant_id == one.id
    assert set(session.scalars(select(session_participants.c.participant_id))) == {one.id}
    assert find_or_add_participant(session, actor=actor, study_id=study.id, code="P2") is one


def test_people_of_two_studies_are_never_brought_together(session: Session) -> None:
    actor = make_member(session)
    here, there = make_study(session, actor=actor), make_study(session, actor=actor)
    make_session(session, actor=actor, study=here, participants=["P1"])
    make_session(session, actor=actor, study=there, participants=["P2"])

    with pytest.raises(InvalidInput, match="never brought together"):
        merge_participants(
            session, actor=actor, participant=person_of(session, "P1"), into=person_of(session, "P2"), study=here
        )


def test_only_somebody_who_was_not_heard_is_removed_and_can_come_back(session: Session) -> None:
    actor = make_member(session)
    study = make_study(session, actor=actor)
    make_session(session, actor=actor, study=study, participants=["P1"])
    (mistake,) = add_participants(session, actor=actor, study=study, people=[Person("P2")]).new

    set_participant_removed(session, actor=actor, participant=mistake, study=study, removed=True)

    assert [row.code for row in list_participants(session, study)] == ["P1"]
    set_participant_removed(session, actor=actor, participant=mistake, study=study, removed=False)
    assert [row.code for row in list_participants(session, study)] == ["P1", "P2"]
    with pytest.raises(RuleBroken, match="P1 takes part in 1 session"):
        set_participant_removed(session, actor=actor, participant=person_of(session, "P1"), study=study, removed=True)


def test_quotes_are_those_marked_as_theirs_and_those_said_alone(session: Session) -> None:
    actor = make_member(session)
    study = make_study(session, actor=actor)
    alone = make_session(session, actor=actor, study=study, participants=["P1"])
    group = make_session(session, actor=actor, study=study, participants=["P1", "P2"])
    make_highlight(session, actor=actor, research_session=alone)
    make_highlight(session, actor=actor, research_session=group)
    make_highlight(session, actor=actor, research_session=group, participant=person_of(session, "P2"))

    assert {row.code: row.quotes for row in list_participants(session, study)} == {"P1": 1, "P2": 1}


def test_a_participant_of_a_restricted_study_is_not_there_for_others(session: Session) -> None:
    actor = make_member(session)
    study = make_study(session, actor=actor, restricted=True)
    make_session(session, actor=actor, study=study, participants=["P1"])

    with pytest.raises(NotFound):
        get_participant(session, make_member(session), "PAR-1")


def test_another_area_may_not_change_who_took_part(session: Session) -> None:
    study = make_study(session)
    stranger = make_member(session, team=make_team(session))

    with pytest.raises(NotAllowed):
        add_participants(session, actor=stranger, study=study, people=[Person("P1")])


def test_taking_back_keeps_what_was_agreed_and_until_when(session: Session) -> None:
    actor = make_member(session)
    study = make_study(session, actor=actor)
    make_session(session, actor=actor, study=study, participants=["P1"])
    details = ConsentDetails(date(2026, 1, 5), ["publish", "take_part"], form_version="2")
    consent = record_consent(session, actor=actor, participant=person_of(session, "P1"), study=study, details=details)

    withdraw_consent(session, actor=actor, consent=consent, study=study, on=date(2026, 2, 1), scopes=["publish"])

    assert consent.scopes == ["take_part", "publish"]
    assert consent.withdrawn_scopes == {"publish": "2026-02-01"}
    assert consent.withdrawn_on is None
    withdraw_consent(session, actor=actor, consent=consent, study=study, on=date(2026, 3, 1))
    assert consent.withdrawn_on == date(2026, 3, 1)
    assert consent.withdrawn_scopes == {"publish": "2026-02-01", "take_part": "2026-03-01"}
    with pytest.raises(RuleBroken, match="taken back already"):
        withdraw_consent(session, actor=actor, consent=consent, study=study, on=date(2026, 3, 2))


@pytest.mark.parametrize(
    ("details", "field"),
    [
        (ConsentDetails(None, []), "given_on"),
        (ConsentDetails(date(2999, 1, 1), []), "given_on"),
        (ConsentDetails(date(2026, 1, 5), ["sell"]), "scopes"),
        (ConsentDetails(date(2026, 1, 5), [], expires_on=date(2025, 1, 1)), "expires_on"),
    ],
)
def test_a_consent_that_cannot_be_is_refused_on_its_field(
    session: Session, details: ConsentDetails, field: str
) -> None:
    actor = make_member(session)
    study = make_study(session, actor=actor)
    make_session(session, actor=actor, study=study, participants=["P1"])

    with pytest.raises(InvalidInput) as refusal:
        record_consent(session, actor=actor, participant=person_of(session, "P1"), study=study, details=details)

    assert list(refusal.value.fields) == [field]
    assert session.scalars(select(Consent)).all() == []


# Pasted tables


def test_a_table_from_a_spreadsheet_becomes_people() -> None:
    people = read_people("Code\tGroup\tAccess need\tSessions\nP1\tParent\tvision\t3\n\nP2\t\t\t\n")

    assert people == [Person("P1", "Parent", {"access_need": "vision"}), Person("P2", "", {"access_need": ""})]


def test_our_own_list_comes_back_as_it_was() -> None:
    exported = '\ufeff"Ref","Code","Group","Access need","Consent"\r\n"PAR-6","P9","Parent","vision","none"\r\n'

    assert read_people(exported) == [Person("P9", "Parent", {"access_need": "vision"})]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("name;group\nAnna;Parent", "“name” in the first line is not a column"),
        ("group\nParent", "no column “code”"),
        ("code,code\nP1,P2", "stands twice"),
        ("code,group\nP1,Parent,low", "Line 2 has 3 cells and the first line 2"),
        ('code,group\nP1,"Parent\nP2,Nurse', "a quotation mark is not closed"),
        ("code\n" + "P\n" * 201, "200 is the most at once"),
    ],
)
def test_a_table_that_cannot_be_read_says_where_and_why(table: str, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        read_people(table)

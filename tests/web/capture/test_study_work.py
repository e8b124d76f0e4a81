"""The work of a study: who took part, what they agreed to, who is heard, the plan, and who was there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from factories import make_highlight, make_insight, make_member, make_session, make_study, make_team
from flask.testing import FlaskClient
from sqlalchemy import select

from insights.capture.models import Attendance, Study, StudyStatus
from insights.core.access import Role
from insights.people.models import Consent, Member, Participant
from research_hub.db import reading, transaction

SignIn = Callable[[Role | Member], FlaskClient]

PROTECTION = {"lawful_basis": "public task", "sensitivity": "ordinary", "sharing_agreement": "none"}


@pytest.fixture
def ana(client_for: SignIn) -> Member:
    with transaction() as session:
        return make_member(session, name="Ana Lee")


@pytest.fixture
def study(ana: Member) -> Study:
    with transaction() as session:
        return make_study(session, actor=ana, title="Results letters", question="What stops people at the letter?")


def _person(code: str) -> Participant:
    return reading().scalars(select(Participant).where(Participant.code == code)).one()


def test_participants_are_entered_by_code_and_described_without_a_name(
    client_for: SignIn, ana: Member, study: Study
) -> None:
    client = client_for(ana)

    client.post(f"/studies/{study.ref}/participants", data={"codes": "P1, P2", "draw": "1", "group": "Parents"})
    person = _person("P1")
    client.post(
        f"/participants/{person.ref}",
        data={"group": "Parents", "access_need": "vision", "digital_confidence": "low", "row_version": 1},
    )
    named = client.post(f"/participants/{person.ref}", data={"group": "mary.jones@example.org", "row_version": 2})
    page = client.get(f"/studies/{study.ref}/participants").get_data(as_text=True)

    assert len(reading().scalars(select(Participant)).all()) == 3
    assert "P1" in page
    assert "vision" in page
    assert named.status_code == 422
    assert "looks like an e-mail address" in named.get_data(as_text=True)
    assert reading().get_one(Participant, person.id).group == "Parents"


def test_what_somebody_agreed_to_and_took_back_is_told_in_words(client_for: SignIn, ana: Member, study: Study) -> None:
    client = client_for(ana)
    client.post(f"/studies/{study.ref}/participants", data={"codes": "P1"})
    person = _person("P1")

    client.post(
        f"/participants/{person.ref}/consents",
        data={"given_on": "2026-03-01", "scopes": ["take_part", "quote_anonymously"], "form_version": "2.1"},
    )
    given = client.get(f"/participants/{person.ref}").get_data(as_text=True)
    consent = reading().scalars(select(Consent)).one()
    client.post(
        f"/participants/{person.ref}/consents/{consent.id}/withdraw",
        data={"withdrawn_on": "2026-04-01", "scopes": ["quote_anonymously"]},
    )
    taken_back = client.get(f"/participants/{person.ref}").get_data(as_text=True)

    assert "2.1" in given
    assert "1 April 2026" in taken_back or "1 Apr 2026" in taken_back
    assert given != taken_back


def test_who_is_not_heard_is_told_beside_the_target(client_for: SignIn, ana: Member, study: Study) -> None:
    client = client_for(ana)
    client.post(f"/studies/{study.ref}/targets", data={"attribute": "access_need", "value": "vision", "target": "3"})

    page = client.get(f"/studies/{study.ref}/inclusion").get_data(as_text=True)
    file = client.get(f"/studies/{study.ref}/inclusion.csv").get_data(as_text=True)

    assert "vision" in page
    assert "0 of 3" in page
    assert "vision" in file


def test_a_plan_is_written_and_taken_away_and_two_writers_both_keep_their_words(
    client_for: SignIn, ana: Member, study: Study
) -> None:
    client = client_for(ana)
    version = reading().get_one(Study, study.id).row_version

    client.post(
        f"/studies/{study.ref}/plan",
        data={"question": study.question, "plan": "## Schedule\n\nTwo weeks.", "row_version": version},
    )
    stale = client.post(
        f"/studies/{study.ref}/plan", data={"question": study.question, "plan": "Another.", "row_version": version}
    )
    file = client.get(f"/studies/{study.ref}/plan.md").get_data(as_text=True)

    assert "Two weeks." in client.get(f"/studies/{study.ref}/plan").get_data(as_text=True)
    assert stale.status_code == 409
    assert "Another." in stale.get_data(as_text=True)
    assert "## Schedule" in file


def test_a_study_is_planned_only_after_somebody_looked_at_what_is_known(client_for: SignIn, ana: Member) -> None:
    with transaction() as session:
        proposed = make_study(session, actor=ana, question="Why do letters fail?", status=StudyStatus.PROPOSED)
    client = client_for(ana)

    early = client.post(f"/studies/{proposed.ref}/state", data={"to": "planned"})
    client.post(f"/studies/{proposed.ref}/prior-work", data={"note": "Nothing on letters since 2023."})
    late = client.post(f"/studies/{proposed.ref}/state", data={"to": "planned"})

    assert early.status_code in {409, 422}
    assert late.status_code == 303
    assert reading().get_one(Study, proposed.id).status is StudyStatus.PLANNED


def test_a_study_goes_into_the_field_with_an_assessment_or_the_reason_for_none(client_for: SignIn, ana: Member) -> None:
    with transaction() as session:
        planned = make_study(session, actor=ana, status=StudyStatus.PLANNED)
    client = client_for(ana)
    client.post(f"/studies/{planned.ref}/prior-work", data={"note": "Nothing is held on it."})

    without = client.post(f"/studies/{planned.ref}/state", data={"to": "in_field"})
    client.post(
        f"/studies/{planned.ref}/state",
        data={"to": "in_field", "no_dpia_reason": "No personal data at all.", **PROTECTION},
    )

    assert without.status_code in {409, 422}
    assert reading().get_one(Study, planned.id).status is StudyStatus.IN_FIELD


def test_a_study_is_completed_with_an_insight_or_the_reason_for_none(client_for: SignIn, ana: Member) -> None:
    with transaction() as session:
        with_insight, without = (make_study(session, actor=ana, status=StudyStatus.SYNTHESIS) for _ in range(2))
        quote = make_highlight(
            session, actor=ana, research_session=make_session(session, actor=ana, study=with_insight)
        )
        make_insight(session, actor=ana, highlight=quote)
    client = client_for(ana)

    client.post(f"/studies/{with_insight.ref}/state", data={"to": "completed"})
    refused = client.post(f"/studies/{without.ref}/state", data={"to": "completed"})
    client.post(f"/studies/{without.ref}/state", data={"to": "completed", "no_insight_reason": "Nobody came."})

    assert reading().get_one(Study, with_insight.id).status is StudyStatus.COMPLETED
    assert refused.status_code in {409, 422}
    assert reading().get_one(Study, without.id).status is StudyStatus.COMPLETED


def test_whoever_watched_says_so_with_one_press_and_the_hours_are_reported(
    client_for: SignIn, ana: Member, study: Study
) -> None:
    with transaction() as session:
        held = make_session(session, actor=ana, study=study)
    client = client_for(ana)

    client.post(f"/sessions/{held.ref}/watched")
    seen = reading().execute(select(Attendance.member_id, Attendance.minutes)).one()
    page = client.get("/reports/observing").get_data(as_text=True)
    client.post(f"/sessions/{held.ref}/not-watched")

    assert seen.member_id == ana.id
    assert seen.minutes > 0
    assert "Ana Lee" in page
    assert "2 hours" in page
    assert reading().scalars(select(Attendance)).all() == []


def test_a_team_copies_a_template_and_changes_it_and_old_versions_stay(client_for: SignIn, ana: Member) -> None:
    client = client_for(ana)
    client.post("/templates", data={"title": "Our plan", "kind": "study_plan", "body": "## Questions"})
    client.post(
        "/templates/TPL-1", data={"title": "Our plan", "kind": "study_plan", "body": "## Aims", "row_version": 1}
    )

    page = client.get("/templates/TPL-1").get_data(as_text=True)
    listed = client.get("/templates").get_data(as_text=True)

    assert "Aims" in page
    assert "Questions" in page
    assert "Our plan" in listed


def test_participants_of_other_areas_and_hidden_studies_are_left_alone(
    client_for: SignIn, ana: Member, study: Study
) -> None:
    client_for(ana).post(f"/studies/{study.ref}/participants", data={"codes": "P1"})
    person = _person("P1")
    with transaction() as session:
        stranger = make_member(session, team=make_team(session))
        hidden_from = make_member(session)

    refused = client_for(stranger).post(f"/participants/{person.ref}", data={"group": "Nurses", "row_version": 1})
    with transaction() as session:
        session.get_one(Study, study.id).restricted = True

    assert refused.status_code == 403
    for address in (f"/participants/{person.ref}", f"/studies/{study.ref}/participants", f"/studies/{study.ref}/plan"):
        assert client_for(hidden_from).get(address).status_code == 404

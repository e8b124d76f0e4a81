"""Forms in versions: written, given to one or several people, followed, printed; and consents that run out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from factories import make_member, make_session, make_study
from flask.testing import FlaskClient
from sqlalchemy import select

from insights.capture.consents import ConsentDetails, record_consent
from insights.capture.models import Study
from insights.core.access import Role
from insights.core.clock import today
from insights.people.models import Consent, ConsentFormVersion, Member, Participant
from research_hub.db import db, transaction

SignIn = Callable[[Role | Member], FlaskClient]
SAID = {"name": "Interviews with parents", "text": "## What this is about\n\nLetters.", "months": "12"}


def study_with_people() -> str:
    with transaction() as unit:
        lead = make_member(unit, name="Ada Lead")
        study = make_study(unit, actor=lead)
        study.lead_id = lead.id
        make_session(unit, actor=lead, study=study, participants=["P-1", "P-2", "P-3"])
        return study.ref


def made(browser: FlaskClient, study: str, **more: object) -> None:
    data = {**SAID, "scopes": ["take_part", "quote_anonymously"], **more}
    answer = browser.post(f"/studies/{study}/consent-forms", data=data)
    assert answer.status_code == 303


def test_a_new_version_never_changes_what_somebody_was_given(client_for: SignIn) -> None:
    study, browser = study_with_people(), client_for(Role.RESEARCHER)
    made(browser, study)
    browser.post("/participants/PAR-1/consents", data={"given_on": "2026-10-01", "scopes": ["take_part"], "form": "1"})

    browser.post("/consent-forms/CFM-1", data={**SAID, "text": "Other words.", "scopes": ["take_part"], "number": "1"})

    db.session.rollback()
    consent = db.session.scalars(select(Consent)).one()
    given = db.session.get(ConsentFormVersion, consent.form_version_id)
    assert given is not None
    assert given.text == SAID["text"]
    assert consent.form_version == "Interviews with parents, version 1"
    assert str(consent.expires_on) == "2027-10-01"
    earlier = browser.get("/consent-forms/CFM-1?version=1").get_data(as_text=True)
    assert "Letters." in earlier
    assert "People were given this until version 2" in earlier
    assert "Other words." in browser.get("/consent-forms/CFM-1").get_data(as_text=True)


def test_nobody_agrees_to_what_the_form_does_not_ask_for(client_for: SignIn) -> None:
    study, browser = study_with_people(), client_for(Role.RESEARCHER)
    made(browser, study)

    refused = browser.post(
        "/participants/PAR-1/consents", data={"given_on": "2026-10-01", "scopes": ["publish"], "form": "1"}
    )

    assert refused.status_code == 422
    assert "Interviews with parents, version 1, does not ask for “Publish”." in refused.get_data(as_text=True)


def test_two_who_write_a_version_at_once_are_both_told(client_for: SignIn) -> None:
    study, browser = study_with_people(), client_for(Role.RESEARCHER)
    made(browser, study)
    data = {**SAID, "scopes": ["take_part"], "number": "1"}
    browser.post("/consent-forms/CFM-1", data={**data, "text": "One."})

    late = browser.post("/consent-forms/CFM-1", data={**data, "text": "Two."})

    assert late.status_code == 409
    db.session.rollback()
    texts = db.session.scalars(select(ConsentFormVersion.text).order_by(ConsentFormVersion.number)).all()
    assert texts == [SAID["text"], "One."]


def test_the_printed_page_asks_in_plain_words_for_what_the_version_asks(client_for: SignIn) -> None:
    study, browser = study_with_people(), client_for(Role.RESEARCHER)
    made(browser, study)

    page = browser.get("/consent-forms/CFM-1/print").get_data(as_text=True)

    assert "You may use my words, without my name." in page
    assert "You may publish my words" not in page
    assert "This holds for 12 months" in page


def test_a_form_of_the_team_is_offered_in_its_other_studies_and_a_form_of_a_study_is_not(client_for: SignIn) -> None:
    study, other, browser = study_with_people(), study_with_people(), client_for(Role.RESEARCHER)
    made(browser, study, name="Of the team", for_team="y")
    made(browser, study, name="Of the study")

    page = browser.get(f"/studies/{other}/consent-forms").get_data(as_text=True)
    refused = browser.post(
        "/participants/PAR-4/consents", data={"given_on": "2026-10-01", "scopes": ["take_part"], "form": "2"}
    )

    assert "Of the team" in page
    assert "Of the study" not in page
    assert refused.status_code == 422


def test_what_several_people_agreed_to_is_recorded_at_once_or_not_at_all(client_for: SignIn) -> None:
    study, browser = study_with_people(), client_for(Role.RESEARCHER)
    data = {"given_on": "2026-10-01", "scopes": ["take_part", "publish"], "channel": "paper form"}

    nobody = browser.post(f"/studies/{study}/consents", data=data)
    browser.post(f"/studies/{study}/consents", data={**data, "participants": ["PAR-1", "PAR-3", "PAR-999"]})

    assert nobody.status_code == 422
    db.session.rollback()
    assert db.session.scalars(select(Consent.participant_id).order_by(Consent.participant_id)).all() == [1, 3]


def test_a_consent_that_runs_out_is_listed_with_its_owner_until_it_is_renewed(client_for: SignIn) -> None:
    study, browser = study_with_people(), client_for(Role.RESEARCHER)
    with transaction() as unit:
        actor, person = make_member(unit), unit.get_one(Participant, 1)
        on = today(unit)
        details = ConsentDetails(given_on=on, scopes=["take_part"], expires_on=on + timedelta(days=10))
        study_row = unit.get_one(Study, int(study.removeprefix("STU-")))
        record_consent(unit, actor=actor, participant=person, study=study_row, details=details)

    listed = browser.get("/consents").get_data(as_text=True)
    assert "Ada Lead" in listed
    assert "10 days left" in listed
    browser.post("/participants/PAR-1/consents", data={"given_on": on.isoformat(), "scopes": ["take_part"]})

    assert "Nothing runs out" in browser.get("/consents").get_data(as_text=True)
    assert "days left" not in browser.get("/consents.csv").get_data(as_text=True)

"""Plan, prior work and states of a study in the browser."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape

import pytest
from factories import make_highlight, make_insight, make_member, make_session, make_study
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from insights.capture.models import Study, StudyStatus
from insights.people.models import Member
from research_hub.db import reading, transaction
from research_hub.worker import make_indexer

PROTECTION = {"lawful_basis": "public task", "sensitivity": "ordinary", "sharing_agreement": "none"}


@pytest.fixture
def member(app: Flask) -> Member:
    with transaction() as unit:
        return make_member(unit, name="Maya Osei")


@pytest.fixture
def browser(member: Member, client_for: Callable[[Member], FlaskClient]) -> FlaskClient:
    return client_for(member)


@pytest.fixture
def study(member: Member) -> Study:
    with transaction() as unit:
        return make_study(unit, actor=member, title="Kits", question="Why do letters stop people?", status="proposed")


def page(answer: TestResponse) -> str:
    return " ".join(unescape(answer.get_data(as_text=True)).split())


def status_of(study: Study) -> StudyStatus:
    reading().rollback()
    return reading().get_one(Study, study.id).status


def test_a_plan_is_written_read_and_taken_away(browser: FlaskClient, study: Study) -> None:
    browser.post(
        f"/studies/{study.ref}/plan",
        data={"question": "Why?", "goals": "See it\nName it", "plan": "## Methods\n\nTen *interviews*."},
    )
    browser.post(f"/studies/{study.ref}/hypotheses", data={"statement": "They stop at positive."})
    browser.post(
        f"/studies/{study.ref}/hypotheses/1",
        data={"statement": "They stop at positive.", "verdict": "likely_true", "rationale": "Six of eight."},
    )

    shown = page(browser.get(f"/studies/{study.ref}/plan"))
    assert "Ten <em>interviews</em>." in shown
    assert "likely true" in shown
    text = browser.get(f"/studies/{study.ref}/plan.md").get_data(as_text=True)
    assert "## Goals\n\n- See it\n- Name it\n\n## Methods\n\nTen *interviews*." in text
    assert "- They stop at positive. **likely true**: Six of eight." in text


def test_a_plan_that_somebody_else_saved_meanwhile_is_shown_beside_mine(browser: FlaskClient, study: Study) -> None:
    browser.post(f"/studies/{study.ref}/plan", data={"plan": "Hers", "row_version": "1"})

    answer = browser.post(f"/studies/{study.ref}/plan", data={"plan": "His", "row_version": "1"})

    assert answer.status_code == 409
    assert "Hers" in page(answer)
    assert "His" in page(answer)


def test_what_is_known_elsewhere_is_found_ticked_and_kept(
    app: Flask, browser: FlaskClient, member: Member, study: Study
) -> None:
    with transaction() as unit:
        elsewhere = make_study(unit, actor=member, title="Letters that people stop reading")
        held = make_session(unit, actor=member, study=elsewhere)
        quote = make_highlight(unit, actor=member, research_session=held)
        insight = make_insight(unit, actor=member, highlight=quote, claim="Letters stop people at one word.")
    make_indexer(app).rebuild()

    shown = page(browser.get(f"/studies/{study.ref}/prior-work"))
    assert "Letters stop people at one word." in shown
    assert "Letters that people stop reading" in shown
    sent = {f"verdict-{insight.ref}": "needs_retest", "note": ""}
    refused = browser.post(f"/studies/{study.ref}/prior-work", data=sent)
    assert refused.status_code == 422
    assert '<option value="needs_retest" selected>' in page(refused)

    browser.post(f"/studies/{study.ref}/prior-work", data={**sent, "note": "One asks nearly the same."})

    kept = page(browser.get(f"/studies/{study.ref}/prior-work"))
    assert "Maya Osei. One asks nearly the same." in kept
    assert f'Needs re-test: <a href="/insights/{insight.ref}">{insight.ref}</a>' in kept
    app.extensions["search"].close()


def test_while_a_study_is_created_what_is_known_is_shown(app: Flask, browser: FlaskClient, study: Study) -> None:
    with transaction() as unit:
        other = make_member(unit)
        make_study(unit, actor=other, title="Letters to a hidden family", restricted=True)
        insight = make_insight(unit, actor=other, claim="Letters stop people at one word.")
    make_indexer(app).rebuild()

    shown = page(browser.get("/studies/near?q=letters"))

    assert 'data-suggest-url="/studies/near"' in page(browser.get("/studies/new"))
    assert f"/insights/{insight.ref}" in shown
    assert study.title in shown
    assert "hidden family" not in shown
    assert "panel" not in page(browser.get("/studies/near?q="))
    app.extensions["search"].close()


def test_without_an_index_the_look_can_still_be_recorded(app: Flask, browser: FlaskClient, study: Study) -> None:
    answer = browser.get(f"/studies/{study.ref}/prior-work?q=letters")

    assert answer.status_code == 200
    assert browser.post(f"/studies/{study.ref}/prior-work", data={"note": "Nothing held."}).status_code == 303
    app.extensions["search"].close()


def test_prior_work_in_a_restricted_study_is_not_offered_to_others(
    app: Flask, browser: FlaskClient, study: Study
) -> None:
    with transaction() as unit:
        other = make_member(unit)
        hidden = make_study(unit, actor=other, title="Letters to a hidden family", restricted=True)
        make_highlight(unit, actor=other, research_session=make_session(unit, actor=other, study=hidden))
    make_indexer(app).rebuild()

    shown = page(browser.get(f"/studies/{study.ref}/prior-work?q=letters"))

    assert "hidden family" not in shown
    assert "I saw positive" not in shown
    app.extensions["search"].close()


def test_the_study_says_what_its_next_step_needs_and_goes_there_once_it_has_it(
    browser: FlaskClient, study: Study
) -> None:
    assert "To be planned it needs a look at what is already known" in page(browser.get(f"/studies/{study.ref}"))
    refused = browser.post(f"/studies/{study.ref}/state", data={"to": "planned"})
    assert refused.status_code == 409

    browser.post(f"/studies/{study.ref}/prior-work", data={"note": "Nothing held."})
    browser.post(f"/studies/{study.ref}/state", data={"to": "planned"})
    assert status_of(study) is StudyStatus.PLANNED
    browser.post(
        f"/studies/{study.ref}/state",
        data={"to": "in_field", "no_dpia_reason": "Published figures only.", **PROTECTION},
    )

    assert status_of(study) is StudyStatus.IN_FIELD


def test_a_step_that_is_refused_keeps_what_was_said_with_it(browser: FlaskClient, study: Study) -> None:
    answer = browser.post(f"/studies/{study.ref}/state", data={"to": "planned", "dpia_reference": "DPIA-7"})

    assert answer.status_code == 409
    assert "DPIA-7" in page(answer)
    assert "DPIA-7" in page(browser.get(f"/studies/{study.ref}"))


def test_a_new_study_needs_its_title_alone_and_hears_nobody_before_its_data_protection_is_told(
    browser: FlaskClient,
) -> None:
    answer = browser.post("/studies", data={"title": "A round of letters"})
    ref = answer.location.split("/")[2]

    shown = page(browser.get(answer.location))
    assert "created, as a proposal" in shown
    assert "it needs a data protection impact assessment, or the reason why none is needed; its lawful basis" in shown
    refused = browser.post("/sessions", data={"study": ref, "held_on": "2026-03-04", "notes": "She opened the letter."})
    assert refused.status_code == 422
    assert "nobody is heard in it yet" in page(refused)
    assert "She opened the letter." in page(refused)
    assert browser.post("/live-logs", data={"study": ref}).status_code == 422


def test_a_study_that_tells_all_is_in_field_and_the_next_one_begins_with_the_same(browser: FlaskClient) -> None:
    answer = browser.post("/studies", data={"title": "A round of letters", **PROTECTION, "dpia_reference": "DPIA-7"})

    assert "People are being heard." in page(browser.get(answer.location))
    ref = answer.location.rpartition("/")[2]
    logged = browser.post("/sessions", data={"study": ref, "held_on": "2026-03-04", "notes": "She opened the letter."})
    assert logged.status_code == 303
    offered = page(browser.get("/studies/new"))
    assert f"As in {ref}; change what differs." in offered
    assert 'value="DPIA-7"' in offered
    assert 'value="public task"' in offered


def test_editing_a_study_does_not_move_it(browser: FlaskClient, study: Study) -> None:
    browser.post(f"/studies/{study.ref}", data={"title": "Kits, round 2", "status": "completed"})

    assert status_of(study) is StudyStatus.PROPOSED

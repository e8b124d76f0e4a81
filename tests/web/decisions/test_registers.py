"""Lists over all decisions, and what a person does from them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO

import pytest
from factories import make_insight, make_member
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select

from insights.core.clock import now
from insights.decisions.models import Decision, DecisionLink, OutcomeCheck
from insights.people.models import Member, Team
from insights.people.operations import create_component, create_service
from insights.synthesis.models import Insight
from insights.synthesis.operations import edit_insight
from research_hub.db import db, transaction

LATER = (date.today() + timedelta(days=90)).isoformat()


def test_a_need_set_aside_stands_in_the_register_until_it_is_asked_again(
    browser: FlaskClient, accepted: Decision
) -> None:
    with transaction() as unit:
        other = make_insight(unit, claim="People want the result by telephone")
    browser.post(
        f"/decisions/{accepted.ref}/link",
        data={"insight": other.ref, "type": "considered_not_followed", "rationale": "No staff.", "revisit_on": LATER},
    )

    page = browser.get("/decisions/needs-not-met").text
    assert "People want the result by telephone" in page
    assert "No staff." in page
    assert b"No staff." in browser.get("/decisions/needs-not-met.csv").data
    assert "Nothing fits" in browser.get("/decisions/needs-not-met?due=1").text


def test_a_decision_is_put_off_with_a_reason_and_a_day(browser: FlaskClient, draft: Decision, insight: Insight) -> None:
    browser.post(
        f"/decisions/{draft.ref}/link", data={"insight": insight.ref, "type": "changed", "rationale": "It fits."}
    )
    refused = browser.post(f"/decisions/{draft.ref}/defer", data={"reason": "", "revisit_on": LATER})
    browser.post(f"/decisions/{draft.ref}/defer", data={"reason": "After the move.", "revisit_on": LATER})

    assert refused.status_code == 422
    assert "put off until" in browser.get(f"/decisions/{draft.ref}").text
    assert "After the move." in browser.get("/decisions/needs-not-met?way=put_off").text


def test_evidence_that_changed_waits_under_to_review_and_is_re_affirmed_there(
    browser: FlaskClient, designer: Member, accepted: Decision, insight: Insight
) -> None:
    with transaction() as unit:
        edit_insight(
            unit,
            actor=designer,
            insight=unit.get_one(Insight, insight.id),
            claim="The word positive ends the reading for most",
            body="",
            type_=insight.type,
            kind=insight.kind,
            service=None,
        )
    before = browser.get("/decisions/to-review").text
    link_id = db.session.scalars(select(DecisionLink.id)).one()

    browser.post(f"/decisions/{accepted.ref}/links/{link_id}/re-affirm", data={"sentence": "Most is enough."})

    assert "for most" in before
    assert accepted.ref.encode() in browser.get("/decisions/to-review.xlsx").data or "Re-affirm" in before
    assert "Nothing to review" in browser.get("/decisions/to-review").text


def test_typing_alone_is_said_by_a_second_person(
    browser: FlaskClient,
    designer: Member,
    insight: Insight,
    accepted: Decision,
    client_for: Callable[[Member], FlaskClient],
) -> None:
    with transaction() as unit:
        edit_insight(
            unit,
            actor=designer,
            insight=unit.get_one(Insight, insight.id),
            claim="The word positive ends the reading.",
            body="",
            type_=insight.type,
            kind=insight.kind,
            service=None,
        )
        second = make_member(unit)
    own = browser.post(f"/insights/{insight.ref}/typing-alone")
    client_for(second).post(f"/insights/{insight.ref}/typing-alone")

    assert own.status_code == 403
    assert "evidence changed since" not in browser.get(f"/decisions/{accepted.ref}").text


def test_a_refuting_verdict_leads_to_a_review_that_is_answered_and_can_be_undone(
    browser: FlaskClient, accepted: Decision, insight: Insight
) -> None:
    browser.post(f"/decisions/{accepted.ref}/checks", data={"due_on": "2026-01-05", "measure_id": ""})
    check_id = db.session.scalars(select(OutcomeCheck.id)).one()
    said = browser.post(
        f"/decisions/{accepted.ref}/checks/{check_id}/verdict",
        data={"verdict": "no_change", "note": "As many calls."},
        follow_redirects=True,
    ).text
    listed = browser.get("/decisions/to-review").text
    browser.post(f"/decisions/{accepted.ref}/review/stands", data={"note": "The law asks for it."})
    answered = browser.get(f"/decisions/{accepted.ref}").text

    browser.post(f"/decisions/{accepted.ref}/checks/{check_id}/take-back")

    assert "Undo" in said
    assert "Does it still stand?" in said
    assert "Its outcome was “no change”" in listed
    assert "The law asks for it." in answered
    assert "No change" not in browser.get(f"/decisions/{accepted.ref}").text
    assert "challenged" not in browser.get(f"/insights/{insight.ref}").text


def test_going_live_beyond_the_evidence_asks_for_the_sentence_in_the_form(
    browser: FlaskClient, designer: Member, accepted: Decision, insight: Insight
) -> None:
    with transaction() as unit:
        other = make_insight(unit, actor=designer)
    browser.post(f"/insights/{insight.ref}/contradictions", data={"other": other.ref, "cause": "They read on."})

    form = browser.get(f"/decisions/{accepted.ref}/delivery").text
    refused = browser.post(f"/decisions/{accepted.ref}/delivery", data={"state": "live", "url": ""})
    browser.post(
        f"/decisions/{accepted.ref}/delivery",
        data={"state": "live", "url": "", "beyond_evidence_reason": "The law leaves no choice."},
    )

    page = browser.get(f"/decisions/{accepted.ref}").text
    assert "Why it goes live all the same" in form
    assert refused.status_code == 422
    assert "taken against or beyond the evidence" in page
    assert "The law leaves no choice." in page


def test_the_ledger_lists_entries_of_all_decisions_and_a_turned_period_is_refused(
    leader: Member, client_for: Callable[[Member], FlaskClient], accepted: Decision
) -> None:
    browser = client_for(leader)
    browser.post(
        f"/decisions/{accepted.ref}/impact",
        data={"what": "=Calls fell by a third.", "kind": "better_for_users", "contribution": "one_of_several"},
    )

    page = browser.get("/impact").text
    turned = browser.get("/impact?from=2026-05-01&to=2026-04-01").text
    assert "Calls fell by a third." in page
    assert "one of several reasons" in page
    assert "Ines Duarte" in page
    assert b"'=Calls fell" in browser.get("/impact.csv").data
    assert "before it begins" in turned
    assert browser.get("/impact.csv?from=2026-05-01&to=2026-04-01").status_code == 422
    assert "No entry fits" in browser.get("/impact?to=1999-01-01").text


@pytest.fixture
def measured(browser: FlaskClient, accepted: Decision) -> str:
    browser.post(
        f"/decisions/{accepted.ref}/measures", data={"name": "calls", "unit": "%", "direction": "up_is_better"}
    )
    return f"/decisions/{accepted.ref}/measures/1/readings/table"


def test_a_table_of_readings_is_looked_at_first_and_stored_whole(
    browser: FlaskClient, measured: str, accepted: Decision
) -> None:
    table = "date,value,note\n2026-10-01,27.5,new letter\n2026-11-01,24,\n"
    tried = browser.post(measured, data={"file": (BytesIO(table.encode()), "readings.csv")})
    nothing = browser.get(f"/decisions/{accepted.ref}").text
    stored = browser.post(measured, data={"table": table, "store": "yes"}, follow_redirects=True).text
    again = browser.post(measured, data={"table": table, "store": "yes"}, follow_redirects=True).text

    assert "2 readings understood. Nothing is stored yet." in tried.text
    assert "27.5 %" not in nothing
    assert "Stored 2 readings." in stored
    assert "27.5 %" in stored
    assert "Stored 0 readings. 2 were there already." in again


def test_a_table_with_a_wrong_row_names_its_line_and_stores_nothing(
    browser: FlaskClient, measured: str, accepted: Decision
) -> None:
    answer = browser.post(measured, data={"table": "date,value\n2026-10-01,3\n2026-10-02,many\n", "store": "yes"})
    binary = browser.post(measured, data={"file": (BytesIO(b"\x81\x8d\x8f\x90"), "readings.xls")})

    assert answer.status_code == 422
    assert "Line 3: “many” is no number." in answer.text
    assert "2026-10-02,many" in answer.text
    assert "3 %" not in browser.get(f"/decisions/{accepted.ref}").text
    assert "The file is no text" in binary.text


def test_work_is_linked_told_taken_away_and_brought_back(browser: FlaskClient, accepted: Decision) -> None:
    path = f"/decisions/{accepted.ref}/work"
    browser.post(path, data={"url": "https://github.com/org/repo/pull/3", "title": "New letter", "state": "to_do"})
    twice = browser.post(path, data={"url": "https://github.com/org/repo/pull/3", "title": "", "state": "to_do"})
    browser.post(f"{path}/1/state", data={"state": "done"})
    page = browser.get(f"/decisions/{accepted.ref}").text
    browser.post(f"{path}/1/delete")
    gone = browser.get(f"/decisions/{accepted.ref}").text
    browser.post(f"{path}/1/restore")

    assert "GitHub: New letter" in page
    assert "done, as of" in page
    assert twice.status_code == 422
    assert "New letter" not in gone
    assert "New letter" in browser.get(f"/decisions/{accepted.ref}").text


def test_a_decision_with_five_thousand_links_is_read_a_page_at_a_time(
    app: Flask, browser: FlaskClient, designer: Member, accepted: Decision, insight: Insight
) -> None:
    with app.app_context(), transaction() as unit:
        kept = {column.key: getattr(insight, column.key) for column in Insight.__table__.columns if column.key != "id"}
        first = insight.id
        copies = [{**kept, "uuid": f"copy-{n}", "claim": f"Claim {n}"} for n in range(5_000)]
        unit.execute(insert(Insight), copies)
        moment = now(unit)
        link = {
            "decision_id": accepted.id,
            "type": "informed",
            "rationale": "It fits.",
            "insight_version": 1,
            "fingerprint": insight.fingerprint,
            "affirmed_at": moment,
            "created_at": moment,
            "updated_at": moment,
        }
        ids = unit.scalars(select(Insight.id).where(Insight.id > first))
        unit.execute(insert(DecisionLink), [{**link, "insight_id": each, "uuid": f"link-{each}"} for each in ids])

    top = browser.get(f"/decisions/{accepted.ref}")
    further = browser.get(f"/decisions/{accepted.ref}?after=4980").text
    end = browser.get(f"/decisions/{accepted.ref}?after=999999999").text

    assert "5,001 links in all" in top.text
    assert top.text.count('class="linked gap"') == 20
    assert len(top.data) < 200_000
    assert "Previous page" in further
    assert further.count('class="linked gap"') == 20
    assert "stands on the pages before" in end
    assert browser.get(f"/decisions/{accepted.ref}/accept").status_code == 200
    assert browser.get(f"/decisions/{accepted.ref}/review").status_code == 200


def test_what_is_known_about_a_component_is_evidence_on_every_service_that_uses_it(
    browser: FlaskClient, designer: Member
) -> None:
    with transaction() as unit:
        team = unit.get_one(Member, designer.id).team_id
        services = [
            create_service(unit, actor=None, name=name, team=unit.get_one(Team, team))
            for name in ("Screening", "Vaccination")
        ]
        letter = create_component(unit, actor=designer, name="Invitation letter", kind="letter", services=services)
        make_insight(unit, actor=designer, claim="People read the first line only", components=[letter])

    pages = [browser.get(f"/services/{service.ref}").text for service in services]
    page = browser.get(f"/components/{letter.ref}").text
    browser.post(f"/components/{letter.ref}/changed", data={"on": "2026-11-01", "version": "2", "what": "New order"})
    refused = browser.post(f"/components/{letter.ref}/changed", data={"on": "2999-01-01", "version": "3", "what": ""})
    asked = browser.post(f"/components/{letter.ref}/look-again", follow_redirects=True).text

    for each in pages:
        assert "People read the first line only" in each
        assert "through Invitation letter" in each
    assert "Screening, Vaccination" in page
    assert refused.status_code == 422
    assert "New order" in asked
    assert "1 November 2026" in asked
    assert "Asked about 1 insight" in asked

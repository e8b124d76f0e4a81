from __future__ import annotations

from factories import make_accepted_decision
from flask.testing import FlaskClient

from insights.decisions.models import Decision
from insights.people.models import Member
from insights.synthesis.models import Insight
from research_hub.db import transaction


def test_the_page_of_acceptance_says_what_is_missing(browser: FlaskClient, draft: Decision) -> None:
    page = browser.get(f"/decisions/{draft.ref}/accept").text

    refused = browser.post(f"/decisions/{draft.ref}/accept", data={})

    assert "No evidence is linked." in page
    assert refused.status_code == 409
    assert "accepted on evidence or on a declared basis" in refused.text


def test_a_decision_is_accepted_on_a_declared_basis_with_its_reason(browser: FlaskClient, draft: Decision) -> None:
    without = browser.post(f"/decisions/{draft.ref}/accept", data={"basis": "law_or_policy"})
    browser.post(
        f"/decisions/{draft.ref}/accept",
        data={"basis": "law_or_policy", "basis_reason": "The act says so.", "decided_on": "2026-03-27"},
    )

    page = browser.get(f"/decisions/{draft.ref}").text
    assert without.status_code == 422
    assert "Enter why this basis applies" in without.text
    assert "accepted 27 Mar 2026" in page
    assert "law or policy" in page
    assert "The act says so." in page


def test_a_day_that_is_none_is_said_on_its_field(browser: FlaskClient, draft: Decision) -> None:
    answer = browser.post(f"/decisions/{draft.ref}/accept", data={"basis": "cost", "decided_on": "31 February 2026"})

    assert answer.status_code == 422
    assert "Enter a real date" in answer.text
    assert "31 February 2026" in answer.text


def test_accepting_a_decision_replaces_the_older_one_at_once(
    browser: FlaskClient, draft: Decision, accepted: Decision
) -> None:
    offered = browser.get(f"/decisions/{draft.ref}/accept").text
    browser.post(
        f"/decisions/{draft.ref}/accept",
        data={"basis": "cost", "basis_reason": "Cheaper.", "supersedes": accepted.ref},
    )

    old, new = (browser.get(f"/decisions/{each.ref}").text for each in (accepted, draft))
    assert accepted.ref in offered
    assert f"superseded by {draft.ref}" in old
    assert "No longer in force" in old
    assert f"replaced by {draft.ref}" in new


def test_a_rejected_decision_stays_on_record(browser: FlaskClient, draft: Decision) -> None:
    browser.post(f"/decisions/{draft.ref}/reject")

    page = browser.get(f"/decisions/{draft.ref}").text
    assert "rejected" in page
    assert "Accept or reject" not in page
    assert draft.ref in browser.get("/decisions?status=rejected").text


def test_a_ring_is_refused_in_words_and_changes_nothing(
    browser: FlaskClient, designer: Member, insight: Insight, accepted: Decision
) -> None:
    with transaction() as unit:
        row = unit.get(Insight, insight.id)
        assert row is not None
        second = make_accepted_decision(unit, actor=designer, insight=row)
    browser.post(f"/decisions/{accepted.ref}/supersede", data={"by": second.ref})

    ring = browser.post(f"/decisions/{second.ref}/supersede", data={"by": accepted.ref})
    itself = browser.post(f"/decisions/{second.ref}/supersede", data={"by": second.ref})

    assert (ring.status_code, itself.status_code) == (422, 422)
    assert "that would be a ring" in ring.text
    assert "cannot supersede itself" in itself.text
    assert "No longer in force" not in browser.get(f"/decisions/{second.ref}").text


def test_a_deprecated_decision_is_no_longer_in_force(browser: FlaskClient, accepted: Decision) -> None:
    browser.post(f"/decisions/{accepted.ref}/deprecate")

    assert "deprecated" in browser.get(f"/decisions/{accepted.ref}").text
    assert "No decision fits" in browser.get("/decisions?in_force=1").text

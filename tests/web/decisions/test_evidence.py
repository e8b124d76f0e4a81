from __future__ import annotations

from factories import make_highlight, make_insight, make_member, make_session, make_study
from flask import Flask
from flask.testing import FlaskClient

from insights.decisions.models import Decision
from insights.people.models import Member
from insights.synthesis.contradictions import declare_contradiction
from insights.synthesis.models import Insight
from insights.synthesis.operations import edit_insight
from research_hub.db import db, transaction


def claim_anew(actor: Member, insight: Insight) -> None:
    with transaction() as unit:
        row = unit.get(Insight, insight.id)
        assert row is not None
        edit_insight(
            unit,
            actor=actor,
            insight=row,
            claim="People read twice",
            body="",
            type_=row.type,
            kind=row.kind,
            service=None,
        )


def link(browser: FlaskClient, decision: Decision, insight: str, rationale: str = "They stop there.") -> str:
    data = {"insight": insight, "type": "changed", "rationale": rationale}
    return browser.post(f"/decisions/{decision.ref}/link", data=data, follow_redirects=True).text


def test_two_choices_and_a_sentence_make_a_link(browser: FlaskClient, draft: Decision, insight: Insight) -> None:
    offered = browser.get(f"/decisions/{draft.ref}/link").text

    page = link(browser, draft, insight.ref)

    assert f'value="{insight.ref}"' in offered
    assert "rests on" in offered
    assert "I saw positive and I stopped reading." in page
    assert "They stop there." in page
    assert "Read at version" in page


def test_a_link_without_its_sentence_keeps_the_choices(browser: FlaskClient, draft: Decision, insight: Insight) -> None:
    page = link(browser, draft, insight.ref, rationale=" ")

    assert "Enter why, in one sentence" in page
    assert f'value="{insight.ref}" checked' in page


def test_a_link_to_an_unpublished_insight_is_refused_in_words(
    browser: FlaskClient, designer: Member, draft: Decision
) -> None:
    with transaction() as unit:
        unpublished = make_insight(unit, actor=designer, published=False)

    page = link(browser, draft, unpublished.ref)

    assert "only a published insight can carry a decision" in page
    assert "Nothing yet. A decision is accepted on evidence" in browser.get(f"/decisions/{draft.ref}").text


def test_a_link_to_nothing_is_refused(browser: FlaskClient, draft: Decision, insight: Insight) -> None:
    assert "Choose the insight." in link(browser, draft, "")
    assert (
        browser.post(
            f"/decisions/{draft.ref}/link", data={"insight": "INS-999", "type": "changed", "rationale": "x"}
        ).status_code
        == 404
    )


def test_a_link_is_taken_away_and_brought_back(browser: FlaskClient, draft: Decision, insight: Insight) -> None:
    link(browser, draft, insight.ref)

    without = browser.post(f"/decisions/{draft.ref}/links/1/unlink", follow_redirects=True).text
    undo = without.partition('action="/decisions/DEC-1/links/taken-away/')[2].partition('"')[0]
    again = browser.post(f"/decisions/DEC-1/links/taken-away/{undo}", follow_redirects=True).text

    assert "They stop there." not in without
    assert "Undo" in without
    assert "They stop there." in again


def test_a_link_of_another_decision_is_not_touched(browser: FlaskClient, draft: Decision, accepted: Decision) -> None:
    assert browser.post(f"/decisions/{draft.ref}/links/1/unlink").status_code == 404
    assert browser.post(f"/decisions/{draft.ref}/links/1/re-affirm", data={"sentence": "x"}).status_code == 404


def test_an_edited_claim_says_so_everywhere_until_somebody_re_affirms_it(
    browser: FlaskClient, designer: Member, accepted: Decision, insight: Insight
) -> None:
    claim_anew(designer, insight)
    marked = [browser.get(path).text for path in (f"/decisions/{accepted.ref}", "/decisions")]

    refused = browser.post(f"/decisions/{accepted.ref}/links/1/re-affirm", data={"sentence": ""})
    page = browser.post(
        f"/decisions/{accepted.ref}/links/1/re-affirm", data={"sentence": "They still stop."}, follow_redirects=True
    ).text

    assert all("1 link: evidence changed since" in each for each in marked)
    assert refused.status_code == 422
    assert "Enter why the decision still stands" in refused.text
    assert "evidence changed since" not in page
    assert "They still stop." in page
    assert "No decision fits" in browser.get("/decisions?links=outdated").text


def test_a_contradiction_is_told_on_the_page_and_asks_for_a_sentence(
    app: Flask, browser: FlaskClient, designer: Member, draft: Decision, insight: Insight
) -> None:
    link(browser, draft, insight.ref)
    with transaction() as unit:
        other = make_insight(unit, actor=designer, claim="People read to the end")
        declare_contradiction(
            unit, actor=designer, insight=unit.merge(insight), other=other, cause="Round 2 heard the opposite."
        )
    db.session.expire_all()

    page = browser.get(f"/decisions/{draft.ref}").text
    refused = browser.post(f"/decisions/{draft.ref}/accept", data={})
    browser.post(f"/decisions/{draft.ref}/accept", data={"beyond_evidence_reason": "It is easy to undo."})

    assert "1 link: contradicted" in page
    assert "People read to the end" in page
    assert "Round 2 heard the opposite." in page
    assert refused.status_code == 422
    assert "Why you decide all the same" in refused.text
    after = browser.get(f"/decisions/{draft.ref}").text
    assert "Taken against or beyond the evidence." in after
    assert "It is easy to undo." in after


def test_what_a_restricted_study_heard_is_on_no_page_of_a_stranger(
    app: Flask, browser: FlaskClient, designer: Member, draft: Decision
) -> None:
    with transaction() as unit:
        named = make_member(unit)
        held = make_session(unit, actor=named, study=make_study(unit, actor=named, restricted=True))
        quote = make_highlight(unit, actor=named, research_session=held)
        hidden = make_insight(unit, actor=named, highlight=quote, claim="What nobody else may know")

    assert hidden.claim not in browser.get(f"/decisions/{draft.ref}/link").text
    assert browser.get(f"/decisions/{draft.ref}/link?insight={hidden.ref}").status_code == 404
    assert (
        browser.post(
            f"/decisions/{draft.ref}/link", data={"insight": hidden.ref, "type": "changed", "rationale": "x"}
        ).status_code
        == 404
    )

"""What is found in a form is said beside its field, what was typed stays, and a reason lets it through."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape

import pytest
from factories import make_decision, make_highlight, make_insight, make_member
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from insights.coding.models import Highlight
from insights.core.access import Role
from insights.people.models import Member
from insights.synthesis.models import Insight
from research_hub.db import transaction

SignIn = Callable[[Member | Role], FlaskClient]
NUMBER = "020 7946 0018"
WORDS = f"They ring {NUMBER} at once."
WHY = "the service’s own helpline"
MASKED = "They ring [telephone number removed] at once."


@pytest.fixture
def maya(app: Flask) -> Member:
    with transaction() as session:
        return make_member(session)


@pytest.fixture
def quote(maya: Member) -> Highlight:
    with transaction() as session:
        return make_highlight(session, actor=maya)


def page(answer: TestResponse) -> str:
    return " ".join(unescape(answer.get_data(as_text=True)).split())


def asks(answer: TestResponse) -> bool:
    """Whether the field for the reason is there and shown."""
    return "<div data-may-stand>" in page(answer)


def test_publishing_from_the_form_asks_and_then_goes_on(client_for: SignIn, maya: Member, quote: Highlight) -> None:
    browser = client_for(maya)
    sent = {
        "claim": WORDS,
        "type": "actionable",
        "kind": "usability",
        "quotes": quote.ref,
        "confidence": "high",
        "then": "publish",
        "similar_seen": "1",
        "body": "More of it.",
    }

    refused = browser.post("/insights", data=sent)
    done = browser.post("/insights", data=sent | {"may_stand": WHY})

    assert refused.status_code == 422
    assert MASKED in page(refused)
    assert asks(refused)
    assert f'value="{WORDS}"' in page(refused)
    assert "More of it." in page(refused)
    assert done.status_code == 303


def test_publishing_from_the_page_asks_in_its_place(client_for: SignIn, maya: Member, quote: Highlight) -> None:
    with transaction() as session:
        insight: Insight = make_insight(session, actor=maya, highlight=quote, published=False, claim=WORDS)
    browser = client_for(maya)

    refused = browser.post(f"/insights/{insight.ref}/publish")
    done = browser.post(f"/insights/{insight.ref}/publish", data={"may_stand": WHY})

    assert refused.status_code == 422
    assert MASKED in page(refused)
    assert 'name="may_stand"' in page(refused)
    assert done.status_code == 303
    assert 'name="may_stand"' not in page(browser.get(f"/insights/{insight.ref}"))


def test_a_memo_and_an_observation_ask_and_keep_what_was_typed(
    client_for: SignIn, maya: Member, quote: Highlight
) -> None:
    browser = client_for(maya)
    noted = {"tags": "", "observation": WORDS, "polarity": "", "severity": ""}

    for address, sent in (
        ("/memos", {"about": quote.ref, "text": WORDS}),
        (f"/highlights/{quote.ref}", noted),
    ):
        refused = browser.post(address, data=sent)
        assert refused.status_code == 422
        assert MASKED in page(refused)
        assert f"{WORDS}</textarea>" in page(refused)
        assert asks(refused)
        assert browser.post(address, data=sent | {"may_stand": WHY}).status_code == 303


def test_nobody_is_asked_where_nothing_is_found(client_for: SignIn, maya: Member, quote: Highlight) -> None:
    browser = client_for(maya)

    assert not asks(browser.get(f"/memos/new?about={quote.ref}"))
    assert browser.post("/memos", data={"about": quote.ref, "text": "P3 went quiet."}).status_code == 303


def test_a_recommendation_asks(client_for: SignIn, maya: Member, quote: Highlight) -> None:
    with transaction() as session:
        insight = make_insight(session, actor=maya, highlight=quote)
    browser = client_for(maya)

    refused = browser.post(f"/insights/{insight.ref}/recommend", data={"text": WORDS})
    done = browser.post(f"/insights/{insight.ref}/recommend", data={"text": WORDS, "may_stand": WHY})

    assert MASKED in page(refused)
    assert asks(refused)
    assert done.status_code == 303
    assert browser.get("/recommendations/REC-2").status_code == 404


def test_a_draft_of_a_decision_is_saved_and_a_proposal_asks(client_for: SignIn, maya: Member) -> None:
    browser = client_for(maya)
    sent = {"title": "Put it first", "context": WORDS, "status": "draft"}

    assert browser.post("/decisions", data=sent).status_code == 303
    refused = browser.post("/decisions/DEC-1", data=sent | {"status": "proposed"})
    assert MASKED in page(refused)
    assert asks(refused)
    assert browser.post("/decisions/DEC-1", data=sent | {"status": "proposed", "may_stand": WHY}).status_code == 303


def test_accepting_a_decision_asks_once(client_for: SignIn, maya: Member) -> None:
    with transaction() as session:
        decision = make_decision(session, actor=maya)
        decision.outcome = WORDS
    browser = client_for(Role.ADMINISTRATOR)
    sent = {"basis": "law_or_policy", "basis_reason": "The Act says so."}

    refused = browser.post(f"/decisions/{decision.ref}/accept", data=sent)
    done = browser.post(f"/decisions/{decision.ref}/accept", data=sent | {"may_stand": WHY})

    assert refused.status_code == 422
    assert MASKED in page(refused)
    assert "The Act says so." in page(refused)
    assert done.status_code == 303

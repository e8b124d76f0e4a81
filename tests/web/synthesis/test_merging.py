from __future__ import annotations

from collections.abc import Callable

import pytest
from demonstration import browser_of
from factories import make_highlight, make_insight, make_member
from flask import Flask
from flask.testing import FlaskClient

from insights.coding.models import Highlight
from insights.core.access import Role
from insights.people.models import Member
from insights.synthesis.models import Insight
from research_hub.db import transaction

ClientFor = Callable[[Member | Role], FlaskClient]
CLAIM = "An invitation with no name and no reason makes people doubt that it is meant for them."
SAME = "People doubt an invitation that carries no name is meant for them"


@pytest.fixture
def pair(app: Flask) -> tuple[Insight, Insight]:
    with transaction() as session:
        maya = make_member(session)
        return make_insight(session, actor=maya, claim=SAME), make_insight(session, actor=maya, claim=CLAIM)


def test_what_says_the_same_is_offered_while_one_types(demo_app: Flask) -> None:
    browser = browser_of(demo_app, Role.RESEARCHER)

    fragment = browser.get("/insights/similar", query_string={"claim": SAME}).get_data(as_text=True)
    told = browser.get("/insights/similar", query_string={"claim": SAME}, headers={"Accept": "application/json"})

    assert "1 insight says something like this" in fragment
    assert "add my evidence to it instead" in fragment
    assert told.get_json()["insights"][0]["claim"] == CLAIM
    assert browser.get("/insights/similar?claim=Landlords+ask+for+certificates").get_data(as_text=True).strip() == ""


def test_what_says_the_same_is_found_without_the_index(client_for: ClientFor, pair: tuple[Insight, Insight]) -> None:
    _duplicate, survivor = pair

    told = client_for(Role.READER).get(
        "/insights/similar", query_string={"claim": CLAIM}, headers={"Accept": "application/json"}
    )

    assert survivor.ref in [each["ref"] for each in told.get_json()["insights"]]


def test_publishing_asks_once_where_no_script_has_offered_what_says_the_same(demo_app: Flask) -> None:
    browser = browser_of(demo_app, Role.RESEARCHER)
    sent = {
        "claim": SAME,
        "type": "actionable",
        "kind": "usability",
        "quotes": "HL-13",
        "confidence": "high",
        "then": "publish",
    }

    first = browser.post("/insights", data=sent)
    again = browser.post("/insights", data={**sent, "similar_seen": "1"})

    page = first.get_data(as_text=True)
    assert first.status_code == 409
    assert "We know something like this already" in page
    assert CLAIM in page
    assert f'value="{SAME}"' in page
    assert "something like this already" not in again.get_data(as_text=True)


def test_a_saved_draft_shows_what_says_the_same_and_the_way_to_merge(demo_app: Flask) -> None:
    browser = browser_of(demo_app, Role.RESEARCHER)

    made = browser.post("/insights", data={"claim": SAME, "type": "actionable", "kind": "usability", "quotes": "HL-13"})
    page = browser.get(made.location).get_data(as_text=True)

    assert "1 insight says something like this" in page
    assert f"{made.location}/merge?into=INS-2" in page


def test_evidence_meant_for_a_new_insight_goes_to_the_one_there_is(
    client_for: ClientFor, pair: tuple[Insight, Insight]
) -> None:
    _duplicate, survivor = pair
    with transaction() as session:
        quote = make_highlight(session)
    browser = client_for(Role.RESEARCHER)

    answer = browser.post(f"/insights/{survivor.ref}/take-evidence", data={"quotes": quote.ref, "claim": "Any"})

    assert "1 quote added" in browser.get(answer.location).get_data(as_text=True)
    assert "2 pieces" in browser.get(f"/insights/{survivor.ref}").get_data(as_text=True)


def test_a_merge_is_shown_first_then_done_and_its_address_leads_on(
    client_for: ClientFor, pair: tuple[Insight, Insight]
) -> None:
    duplicate, survivor = pair
    browser = client_for(Role.RESEARCHER)

    preview = browser.get(f"/insights/{duplicate.ref}/merge?into={survivor.ref}").get_data(as_text=True)
    browser.post(f"/insights/{duplicate.ref}/merge", data={"into": survivor.ref})

    assert f"1 piece of evidence is added to {survivor.ref}" in " ".join(preview.split())
    led = browser.get(f"/insights/{duplicate.ref}")
    assert (led.status_code, led.location) == (303, f"/insights/{survivor.ref}")
    page = browser.get(led.location).get_data(as_text=True)
    assert f"{duplicate.ref} was merged into {survivor.ref}" in page
    assert "2 pieces" in page


def test_a_citation_of_a_merged_insight_still_opens_what_it_cites(
    client_for: ClientFor, pair: tuple[Insight, Insight]
) -> None:
    duplicate, survivor = pair
    browser = client_for(Role.RESEARCHER)
    browser.post(f"/insights/{duplicate.ref}/merge", data={"into": survivor.ref})

    cited = browser.get(f"/insights/{duplicate.ref}@1")
    page = browser.get(cited.location).get_data(as_text=True)

    assert cited.location == f"/insights/{duplicate.ref}/versions#v1"
    assert SAME in page
    assert "Merged into" in page


def test_a_merge_is_taken_apart_again(client_for: ClientFor, pair: tuple[Insight, Insight]) -> None:
    duplicate, survivor = pair
    browser = client_for(Role.RESEARCHER)
    browser.post(f"/insights/{duplicate.ref}/merge", data={"into": survivor.ref})

    browser.post(f"/insights/{duplicate.ref}/unmerge")

    assert browser.get(f"/insights/{duplicate.ref}").status_code == 200
    assert "1 piece" in browser.get(f"/insights/{survivor.ref}").get_data(as_text=True)


def test_a_merge_that_cannot_be_done_says_why(client_for: ClientFor, pair: tuple[Insight, Insight]) -> None:
    duplicate, _survivor = pair
    browser = client_for(Role.RESEARCHER)

    into_itself = browser.post(f"/insights/{duplicate.ref}/merge", data={"into": duplicate.ref})
    into_nothing = browser.post(f"/insights/{duplicate.ref}/merge", data={})

    assert (into_itself.status_code, into_nothing.status_code) == (422, 422)
    assert "cannot be merged into itself" in into_itself.get_data(as_text=True)
    assert "Enter the number of the insight" in into_nothing.get_data(as_text=True)


def test_a_quote_is_offered_to_nobody_who_may_not_see_its_insight(
    client_for: ClientFor, pair: tuple[Insight, Insight]
) -> None:
    duplicate, _survivor = pair
    with transaction() as session:
        draft = make_insight(session, claim=CLAIM, published=False, highlight=session.get_one(Highlight, 1))

    told = client_for(Role.READER).get(
        "/insights/similar", query_string={"claim": CLAIM}, headers={"Accept": "application/json"}
    )

    refs = [each["ref"] for each in told.get_json()["insights"]]
    assert draft.ref not in refs
    assert duplicate.ref in refs

from __future__ import annotations

from collections.abc import Callable

import pytest
from factories import make_member, make_session, make_study, make_team, source_of
from flask.testing import FlaskClient
from sqlalchemy import func, select

from insights.capture.models import SourceText, Study
from insights.coding.models import Highlight, HighlightStatus
from insights.coding.operations import edit_source_text
from insights.core.access import Role
from insights.exchange.models import Offer, OfferStatus
from insights.people.models import Member
from insights.synthesis.models import EvidenceLink, Insight, InsightStatus, Recommendation, recommendation_insights
from research_hub.db import reading, transaction

SignIn = Callable[[Role | Member], FlaskClient]
REPORT = """## What we learnt

- Parents keep the letter on the fridge.
- “I have no idea where that number is, honestly.” – P3

## Recommendations

- Ask for the number last, please.
"""


@pytest.fixture
def source(client_for: SignIn) -> SourceText:
    with transaction() as session:
        maya = make_member(session)
        return source_of(
            session, make_session(session, actor=maya, study=make_study(session, actor=maya), notes=REPORT)
        )


def _offer(kind: str) -> Offer:
    return reading().scalars(select(Offer).where(Offer.kind == kind)).one()


def _answer(client: FlaskClient, source: SourceText, kind: str, **sent: str) -> str:
    address = f"/sources/{source.ref}/findings/{_offer(kind).id}"
    return client.post(address, data={"act": "accept", **sent}, follow_redirects=True).get_data(as_text=True)


def test_a_report_is_gone_through_from_finding_to_recommendation(client_for: SignIn, source: SourceText) -> None:
    client = client_for(Role.RESEARCHER)

    offered = client.post(f"/sources/{source.ref}/findings", follow_redirects=True).get_data(as_text=True)
    drafted = _answer(client, source, "insight", claim="Parents keep the letter in sight.", tags="letters")
    kept = _answer(client, source, "highlight", tags="numbers")
    insight = reading().scalars(select(Insight)).one()
    issued = _answer(client, source, "recommendation", claim="Ask for the number last.", insights=insight.ref)

    assert "3 of 3 to look at" in offered
    assert "is a draft now" in drafted
    assert f'value="{insight.ref}"' in kept
    assert "is issued" in issued
    assert "All looked at" in issued
    assert (insight.claim, insight.status) == ("Parents keep the letter in sight.", InsightStatus.DRAFT)
    evidence = reading().scalars(select(EvidenceLink)).one()
    assert reading().get_one(Highlight, evidence.highlight_id).exact == "Parents keep the letter on the fridge."
    quote = reading().scalars(select(Highlight).where(Highlight.exact.startswith("I have no idea"))).one()
    assert quote.observation == "Said by P3, as the text tells."
    assert reading().scalars(select(Recommendation.text)).one() == "Ask for the number last."
    assert reading().scalar(select(func.count()).select_from(recommendation_insights)) == 1


def test_a_recommendation_without_an_insight_says_what_to_do_first(client_for: SignIn, source: SourceText) -> None:
    client = client_for(Role.RESEARCHER)
    client.post(f"/sources/{source.ref}/findings")

    page = _answer(client, source, "recommendation", claim="Ask last.")

    assert "A recommendation rests on an insight." in page
    assert _offer("recommendation").status is OfferStatus.OPEN


def test_what_was_dismissed_stays_so_also_after_the_text_is_edited(client_for: SignIn, source: SourceText) -> None:
    client = client_for(Role.RESEARCHER)
    client.post(f"/sources/{source.ref}/findings")
    client.post(f"/sources/{source.ref}/findings/{_offer('insight').id}", data={"act": "dismiss"})
    with transaction() as session:
        here = session.get_one(SourceText, source.id)
        study = session.get_one(Study, here.study_id)
        maya = session.get_one(Member, here.created_by_id)
        text = "A first line.\n\n" + REPORT.replace("Ask for", "Then ask for").strip()
        edit_source_text(session, actor=maya, source=here, study=study, text=text, version_number=1)

    page = client.post(f"/sources/{source.ref}/findings", follow_redirects=True).get_data(as_text=True)

    assert "2 of 3 to look at" in page
    assert "Then ask for the number last" in page
    assert page.count("dismissed") == 1


def test_an_answer_is_taken_back(client_for: SignIn, source: SourceText) -> None:
    client = client_for(Role.RESEARCHER)
    client.post(f"/sources/{source.ref}/findings")
    kept = _answer(client, source, "highlight")
    offer = _offer("highlight")

    back = client.post(f"/sources/{source.ref}/findings/{offer.id}/undo", follow_redirects=True)

    assert "Undo" in kept
    assert "3 of 3 to look at" in back.get_data(as_text=True)
    assert reading().scalars(select(Highlight)).one().status is HighlightStatus.DROPPED


def test_an_insight_that_was_drafted_stays_when_its_passage_is_offered_again(
    client_for: SignIn, source: SourceText
) -> None:
    client = client_for(Role.RESEARCHER)
    client.post(f"/sources/{source.ref}/findings")
    _answer(client, source, "insight", claim="Parents keep the letter.")

    back = client.post(f"/sources/{source.ref}/findings/{_offer('insight').id}/undo", follow_redirects=True)

    insight = reading().scalars(select(Insight)).one()
    assert f"{insight.ref} stays" in back.get_data(as_text=True)


def test_answering_twice_makes_one(client_for: SignIn, source: SourceText) -> None:
    client = client_for(Role.RESEARCHER)
    client.post(f"/sources/{source.ref}/findings")
    _answer(client, source, "insight", claim="Parents keep the letter.")

    again = _answer(client, source, "insight", claim="Parents keep the letter.")

    assert "answered already" in again
    assert reading().scalar(select(func.count(Insight.id))) == 1


def test_a_whole_section_is_dismissed_at_once(client_for: SignIn, source: SourceText) -> None:
    client = client_for(Role.RESEARCHER)
    client.post(f"/sources/{source.ref}/findings")

    page = client.post(
        f"/sources/{source.ref}/findings/dismiss-section", data={"section": "What we learnt"}, follow_redirects=True
    )

    assert "1 of 3 to look at" in page.get_data(as_text=True)


def test_an_empty_claim_is_refused_and_the_offer_stays(client_for: SignIn, source: SourceText) -> None:
    client = client_for(Role.RESEARCHER)
    client.post(f"/sources/{source.ref}/findings")

    page = _answer(client, source, "insight", claim="  ")

    assert "Enter the claim" in page
    assert reading().scalar(select(func.count(Highlight.id))) == 0
    assert _offer("insight").status is OfferStatus.OPEN


def test_offers_of_other_areas_and_hidden_studies_are_not_answered(client_for: SignIn, source: SourceText) -> None:
    client_for(Role.RESEARCHER).post(f"/sources/{source.ref}/findings")
    with transaction() as session:
        stranger = make_member(session, team=make_team(session))
        hidden_from = make_member(session)
    address = f"/sources/{source.ref}/findings/{_offer('insight').id}"

    refused, hidden = client_for(stranger).post(address, data={"act": "dismiss"}), client_for(hidden_from)
    with transaction() as session:
        session.get_one(Study, source.study_id).restricted = True

    assert refused.status_code == 403
    assert hidden.get(f"/sources/{source.ref}/findings").status_code == 404
    assert hidden.post(address, data={"act": "dismiss"}).status_code == 404

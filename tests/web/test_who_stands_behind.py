"""From a claim and from a decision one click leads to who was heard for it, and who was not."""

from __future__ import annotations

from conftest import SignIn
from factories import make_accepted_decision, make_highlight, make_insight, make_member, make_session
from flask import Flask

from insights.core.access import Role
from research_hub.db import transaction


def test_an_insight_and_a_decision_lead_to_who_stands_behind_them(app: Flask, client_for: SignIn) -> None:
    with transaction() as session:
        maya = make_member(session)
        talk = make_session(session, actor=maya, participants=["P-7K3Q"])
        quote = make_highlight(session, actor=maya, research_session=talk)
        insight = make_insight(session, actor=maya, highlight=quote)
        decision = make_accepted_decision(session, insight=insight, actor=make_member(session, role=Role.APPROVER))
        addresses = [f"/insights/{insight.ref}", f"/decisions/{decision.ref}"]
    reader = client_for(Role.READER)

    for address in addresses:
        shown = reader.get(address).get_data(as_text=True)
        assert f'href="{address}/inclusion">Who stands behind it, and who was not heard</a>' in shown
        assert "1 person heard" in reader.get(f"{address}/inclusion").get_data(as_text=True)


def test_a_claim_for_which_nobody_was_heard_leads_nowhere(app: Flask, client_for: SignIn) -> None:
    with transaction() as session:
        insight = make_insight(session, published=False)

    assert "Who stands behind it" not in client_for(Role.RESEARCHER).get(f"/insights/{insight.ref}").get_data(
        as_text=True
    )

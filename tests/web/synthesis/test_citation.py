from __future__ import annotations

from collections.abc import Callable

from factories import make_highlight, make_insight, make_member, make_service, make_session, make_study
from flask.testing import FlaskClient

from insights.core.access import Role
from insights.people.models import Member
from insights.synthesis.operations import edit_insight
from research_hub.db import transaction


def test_a_citation_that_pins_a_version_opens_that_version(client_for: Callable[[Member], FlaskClient]) -> None:
    with transaction() as session:
        maya = make_member(session)
        insight = make_insight(session, actor=maya, claim="People stop at the word positive.")
        edit_insight(
            session,
            actor=maya,
            insight=insight,
            claim="People stop at the word positive and ring somebody.",
            body="",
            type_="actionable",
            kind="usability",
            service=None,
        )
    browser = client_for(maya)

    answer = browser.get(f"/insights/{insight.ref}@1")
    page = browser.get(answer.location).get_data(as_text=True)

    assert answer.location.endswith(f"/insights/{insight.ref}/versions#v1")
    assert 'id="v1"' in page
    assert "and ring somebody" in page


def test_a_new_insight_begins_with_the_service_its_quote_was_heard_in(
    client_for: Callable[[Member], FlaskClient],
) -> None:
    with transaction() as session:
        maya = make_member(session, role=Role.RESEARCHER)
        service = make_service(session, name="Cervical screening")
        study = make_study(session, actor=maya, service=service)
        held = make_session(session, actor=maya, study=study)
        quote = make_highlight(session, actor=maya, research_session=held)

    page = client_for(maya).get(f"/insights/new?quote={quote.ref}").get_data(as_text=True)

    assert f'<option selected value="{service.id}">Cervical screening</option>' in page

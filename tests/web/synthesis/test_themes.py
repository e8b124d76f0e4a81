from __future__ import annotations

from collections.abc import Callable

import pytest
from factories import make_highlight, make_insight, make_member, make_session, make_study
from flask.testing import FlaskClient

from insights.coding.models import Highlight
from insights.core.access import Role
from insights.people.models import Member
from insights.synthesis.boards import make_theme
from insights.synthesis.models import Theme
from research_hub.db import transaction

ClientFor = Callable[[Member | Role], FlaskClient]


@pytest.fixture
def theme(app: object, maya: Member) -> Theme:
    with transaction() as session:
        study = make_study(session, actor=maya)
        held = make_session(session, actor=maya, study=study)
        quotes = [
            make_highlight(session, actor=maya, research_session=held, words=words)
            for words in ("I saw positive", "I rang my sister")
        ]
        return make_theme(
            session,
            actor=maya,
            title="People stop at the result",
            memo="They **ring** somebody.",
            study=study,
            highlight_ids=[quote.id for quote in quotes],
        )


@pytest.fixture
def maya(app: object) -> Member:
    with transaction() as session:
        return make_member(session)


def test_a_theme_shows_its_memo_its_quotes_and_who_said_them(client_for: ClientFor, maya: Member, theme: Theme) -> None:
    page = client_for(maya).get(f"/themes/{theme.ref}").get_data(as_text=True)

    assert "They <strong>ring</strong> somebody." in page
    assert "I rang my sister" in page
    assert "<dt>Sessions</dt><dd>1</dd>" in page


def test_a_theme_seeds_an_insight_with_all_its_quotes(client_for: ClientFor, maya: Member, theme: Theme) -> None:
    browser = client_for(maya)

    form = browser.get(f"/insights/new?theme={theme.ref}").get_data(as_text=True)
    assert 'value="People stop at the result"' in form
    assert 'value="HL-1, HL-2"' in form
    browser.post(
        "/insights",
        data={"claim": "People stop at the result", "type": "actionable", "kind": "usability", "quotes": "HL-1, HL-2"},
    )

    page = browser.get(f"/themes/{theme.ref}").get_data(as_text=True)
    assert 'href="/insights/INS-1">People stop at the result</a>' in page
    assert "2 pieces" in browser.get("/insights/INS-1").get_data(as_text=True)


def test_quotes_are_taken_out_and_put_back(client_for: ClientFor, maya: Member, theme: Theme) -> None:
    browser = client_for(maya)
    browser.post(f"/themes/{theme.ref}/quotes/1/take")
    page = browser.get(f"/themes/{theme.ref}").get_data(as_text=True)
    assert "I saw positive" not in page
    assert f"/themes/{theme.ref}/quotes/1/put-back" in page

    browser.post(f"/themes/{theme.ref}/quotes/1/put-back")

    assert "I saw positive" in browser.get(f"/themes/{theme.ref}").get_data(as_text=True)


def test_a_quote_of_another_study_is_refused_in_words(client_for: ClientFor, maya: Member, theme: Theme) -> None:
    with transaction() as session:
        strange = make_highlight(session, actor=maya)

    answer = client_for(maya).post(f"/themes/{theme.ref}/quotes", data={"quotes": strange.ref})

    assert answer.status_code == 422
    assert f"{strange.ref} cannot be in this theme" in answer.get_data(as_text=True)


def test_a_memo_that_somebody_else_changed_is_shown_beside_ones_own(
    client_for: ClientFor, maya: Member, theme: Theme
) -> None:
    browser = client_for(maya)
    browser.post(f"/themes/{theme.ref}", data={"title": theme.title, "memo": "First.", "row_version": "1"})

    answer = browser.post(f"/themes/{theme.ref}", data={"title": theme.title, "memo": "Second.", "row_version": "1"})

    assert answer.status_code == 409
    assert "First." in answer.get_data(as_text=True)
    assert "Second." in answer.get_data(as_text=True)


def test_a_deleted_theme_comes_back(client_for: ClientFor, maya: Member, theme: Theme) -> None:
    browser = client_for(maya)
    browser.post(f"/themes/{theme.ref}/delete")
    assert browser.get(f"/themes/{theme.ref}").status_code == 404

    browser.post(f"/themes/{theme.ref}/restore")

    assert browser.get(f"/themes/{theme.ref}").status_code == 200


def test_a_theme_names_no_insight_that_one_may_not_see(client_for: ClientFor, maya: Member, theme: Theme) -> None:
    with transaction() as session:
        make_insight(
            session, actor=maya, published=False, claim="Zephyr of a draft.", highlight=session.get_one(Highlight, 1)
        )

    page = client_for(Role.READER).get(f"/themes/{theme.ref}").get_data(as_text=True)

    assert "I saw positive" in page
    assert "Zephyr" not in page

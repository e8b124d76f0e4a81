"""Ready-made citations by words, for a ticket or a wiki page, and from the browser's address bar."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from search.world import World

from insights.core.access import Role
from insights.people.models import Member

SignIn = Callable[[Member], FlaskClient]
Drain = Callable[[], None]


@pytest.fixture
def client(signed_in: SignIn, world: World) -> FlaskClient:
    return signed_in(world.researcher)


def boxes(page: str) -> list[str]:
    return [html.unescape(each) for each in re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)]


def page(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_words_bring_citations_ready_to_paste_as_markdown_text_and_html(
    client: FlaskClient, world: World, drained: Drain
) -> None:
    quote = world.quote(world.held(world.study(), "I gave up <at> the letterbox."), "I gave up <at> the letterbox")
    insight = world.insight("People give up at the letterbox (INS-1 & more)", quote)
    drained()

    markdown, plain, as_html = boxes(page(client, "/cite?q=letterbox+kind:insight"))
    voice = boxes(page(client, "/cite?q=letterbox+kind:highlight"))[2]

    address = f"http://localhost/insights/{insight.ref}@1"
    assert plain.startswith("People give up at the letterbox (INS-1 & more). Registration, 2 March 2026 (INS-1, ")
    assert address in plain
    assert f"[{insight.ref}]({address})" in markdown
    assert as_html.startswith("<p>People give up at the letterbox (INS-1 &amp; more). Registration")
    assert f'(<a href="{address}">INS-1</a>, version 1' in as_html
    assert as_html.endswith(")</p>")
    assert as_html.count("http") == 1
    assert voice.startswith("<p>“I gave up &lt;at&gt; the letterbox” ")


def test_a_ref_is_cited_by_itself(client: FlaskClient, world: World, drained: Drain) -> None:
    decision = world.decision("Put letters into the box")
    drained()

    assert f"({decision.ref}, " in boxes(page(client, f"/cite?q={decision.ref.lower()}"))[1]


def test_the_page_says_the_address_that_a_browser_takes_as_a_keyword(
    app: Flask, client: FlaskClient, drained: Drain
) -> None:
    drained()
    here = page(client, "/cite")
    app.extensions["settings"] = app.extensions["settings"].model_copy(update={"base_url": "https://hub.example.gov"})
    outside = page(client, "/cite")

    assert 'value="http://localhost/cite?q=%s"' in here
    assert 'value="https://hub.example.gov/cite?q=%s"' in outside
    assert "javascript:" not in outside


def test_what_is_out_of_sight_is_not_cited(signed_in: SignIn, world: World, drained: Drain) -> None:
    hidden = world.study("Hidden", restricted=True)
    world.insight("People hide at the lamppost", world.quote(world.held(hidden, "A lamppost here."), "lamppost"))
    drained()

    found = page(signed_in(world.member(Role.ADMINISTRATOR)), "/cite?q=lamppost")

    assert "Nothing found" in found
    assert boxes(found) == []
    assert "lamppost" in boxes(page(signed_in(world.researcher), "/cite?q=lamppost"))[0]


def test_without_an_index_the_page_says_so(client: FlaskClient) -> None:
    assert "The search index is being rebuilt" in page(client, "/cite?q=letters")

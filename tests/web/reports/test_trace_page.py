"""The thread of a record on screen: as a list, as a drawing, as a table, to any depth, and as files."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from flask.testing import FlaskClient

if TYPE_CHECKING:
    from web.reports.conftest import Chain


def drawn(page: str) -> list[str]:
    """The names of the boxes, as a screen reader says them, in the order of the tab key."""
    return re.findall(r'<a class="box [^>]*aria-label="([^"]*)"', page)


def test_the_drawing_has_a_link_for_every_record_from_study_to_decision(browser: FlaskClient, chain: Chain) -> None:
    page = browser.get(f"/reports/trace/{chain.decision}?form=drawing").text

    names = drawn(page)
    assert [name.split(",")[0].partition("-")[0] for name in names] == ["STU", "SES", "HL", "INS", "DEC"]
    assert names[3] == f"{chain.insight}, insight: The word positive ends the reading (published)"
    assert f'href="/insights/{chain.insight}"' in page
    assert 'role="region"' in page


def test_the_drawing_marks_the_record_that_was_asked_for(browser: FlaskClient, chain: Chain) -> None:
    page = browser.get(f"/reports/trace/{chain.insight}?form=drawing").text

    (here,) = re.findall(r'<a class="box [^>]*is-here[^>]*aria-label="([^"]*)"', page)
    assert here.startswith(chain.insight)


@pytest.mark.parametrize(("depth", "stages"), [("1", 3), ("2", 4), ("full", 5), ("nonsense", 5), ("99999999", 5)])
def test_the_address_says_how_far_to_walk(browser: FlaskClient, chain: Chain, depth: str, stages: int) -> None:
    page = browser.get(f"/reports/trace/{chain.insight}?form=drawing&depth={depth}").text

    assert len({name.partition("-")[0] for name in drawn(page)}) == stages


def test_the_page_says_in_words_what_it_rests_on_and_what_came_of_it(browser: FlaskClient, chain: Chain) -> None:
    page = " ".join(browser.get(f"/reports/trace/{chain.insight}").text.split())

    assert "Rests on 1 study, 1 session, 1 text and 1 quote. What came of it: 1 decision." in page


@pytest.mark.parametrize("form", ["thread", "drawing", "table", "nonsense"])
def test_every_form_has_the_table_of_links(browser: FlaskClient, chain: Chain, form: str) -> None:
    page = browser.get(f"/reports/trace/{chain.insight}?form={form}").text

    assert f"<td>{chain.insight}</td><td>changed</td><td>{chain.decision}</td><td>current</td>" in page


def test_the_json_holds_what_the_page_shows_at_that_depth(browser: FlaskClient, chain: Chain) -> None:
    near = browser.get(f"/reports/trace/{chain.insight}.json?depth=1").get_json()
    whole = browser.get(f"/reports/trace/{chain.insight}.json").get_json()

    assert {node["ref"] for node in near["nodes"]} == {chain.quote, chain.insight, chain.decision}
    assert len(whole["nodes"]) == 6
    assert {(edge["from"], edge["to"]) for edge in near["edges"]} == {
        (chain.quote, chain.insight),
        (chain.insight, chain.decision),
    }


def test_what_may_not_be_seen_is_not_drawn(
    browser: FlaskClient, stranger: FlaskClient, hidden: Chain, chain: Chain
) -> None:
    mine = browser.get(f"/reports/trace/{hidden.decision}?form=drawing").text
    theirs = stranger.get(f"/reports/trace/{hidden.decision}?form=drawing").text

    assert (len(drawn(mine)), len(drawn(theirs))) == (5, 1)
    assert "She told us her address" not in theirs
    assert stranger.get(f"/reports/trace/{hidden.insight}").status_code == 404


def test_a_column_with_no_room_says_how_many_more_there_are(
    browser: FlaskClient, chain: Chain, many_quotes: Callable[[str, int], None]
) -> None:
    many_quotes(chain.insight, 20)

    names = drawn(browser.get(f"/reports/trace/{chain.insight}?form=drawing").text)

    assert len([name for name in names if name.startswith("HL-")]) == 8
    assert "13 more, in the list below" in names

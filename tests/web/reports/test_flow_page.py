"""The flow on screen: drawn, in numbers, with the rows behind each band, and as files."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from flask.testing import FlaskClient

if TYPE_CHECKING:
    from web.reports.conftest import Chain

SINCE = "from=2020-01-01"


def bands(page: str) -> list[str]:
    """What a screen reader says of the bands."""
    drawing = page[page.index('<svg class="flow"') :]
    return re.findall(r'<a href="[^"]*" aria-label="([^"]*)"', drawing)


def numbers(page: str) -> list[list[str]]:
    table = page[page.index("The flow in numbers</caption>") :]
    rows = re.findall(r"<tr(?: [^>]*)?>(.*?)</tr>", table[table.index("<tbody>") :], re.DOTALL)
    return [[re.sub(r"<[^>]*>", "", cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)] for row in rows]


def test_the_bands_the_table_and_the_file_say_the_same(browser: FlaskClient, chain: Chain) -> None:
    page = browser.get(f"/reports/flow?{SINCE}").text
    told = csv.reader(io.StringIO(browser.get(f"/reports/flow.csv?{SINCE}").get_data(as_text=True).lstrip("\ufeff")))

    lines = list(told)[1:]
    assert bands(page) == [
        "Study: The word positive ends the reading to Acted on: 1 insight",
        "Acted on to Not begun: 1 insight",
        "Not begun to No check planned: 1 decision",
    ]
    assert [f"{source} to {target}: {number}" for source, target, number in numbers(page)] == bands(page)
    assert [f"{line[0]} to {line[1]}: {line[2]} {line[3].removesuffix('s')}" for line in lines] == bands(page)


def test_a_band_opens_the_rows_it_counts(browser: FlaskClient, chain: Chain) -> None:
    page = browser.get(f"/reports/flow?{SINCE}").text
    href = re.search(r'<a href="([^"]*)" aria-label="Acted on to Not begun', page)
    assert href is not None

    opened = browser.get(href[1].replace("&amp;", "&")).text

    assert 'id="rows"' in opened
    assert re.search(rf"<tr data-row><td>.*?{chain.insight}.*?<td>{chain.decision}</td>", opened, re.DOTALL)


def test_a_band_that_does_not_exist_opens_nothing(browser: FlaskClient, chain: Chain) -> None:
    assert 'id="rows"' not in browser.get(f"/reports/flow?{SINCE}&source=nonsense&target=x").text


def test_a_period_in_which_nothing_flows_says_what_to_do(browser: FlaskClient, chain: Chain) -> None:
    page = browser.get("/reports/flow?from=1960-01-01&to=1960-12-31").text

    assert "Nothing flows in this period" in page


def test_a_period_that_ends_before_it_begins_is_refused_in_words(browser: FlaskClient) -> None:
    answer = browser.get("/reports/flow?from=2026-02-01&to=2026-01-01")

    assert answer.status_code == 422
    assert "before it begins" in answer.text


def test_what_may_not_be_seen_does_not_flow(browser: FlaskClient, stranger: FlaskClient, hidden: Chain) -> None:
    assert "She told us her address" in browser.get(f"/reports/flow?{SINCE}").text

    theirs = stranger.get(f"/reports/flow?{SINCE}").text
    assert "She told us her address" not in theirs
    assert "No research: nothing recorded to Not begun: 1 decision" in bands(theirs)
    assert "She told us her address" not in stranger.get(f"/reports/flow.csv?{SINCE}").get_data(as_text=True)

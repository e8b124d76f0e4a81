"""What is wrong with the chain, on screen and as files."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

import pytest
from flask.testing import FlaskClient

from insights.decisions.models import Basis, Decision
from insights.synthesis.models import Insight, InsightStatus
from research_hub.db import transaction

if TYPE_CHECKING:
    from web.reports.conftest import Chain


def rows(page: str) -> list[str]:
    """The rows of the lists, as words."""
    found = re.findall(r"<tr data-row>(.*?)</tr>", page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]*>", " ", row).split()) for row in found]


@pytest.fixture
def retired(chain: Chain) -> Chain:
    with transaction() as unit:
        unit.get_one(Insight, int(chain.insight.removeprefix("INS-"))).status = InsightStatus.RETIRED
    return chain


def test_a_sound_chain_is_said_to_be_sound(browser: FlaskClient, chain: Chain) -> None:
    page = browser.get("/reports/issues").text

    assert "Nothing is wrong" in page
    assert rows(page) == []


def test_a_broken_link_is_listed_with_its_owner_and_what_to_do(browser: FlaskClient, retired: Chain) -> None:
    page = browser.get("/reports/issues?severity=error").text

    assert rows(page) == [
        f"{retired.decision} Say what happens next Its link to {retired.insight}: evidence withdrawn. Maya Osei –"
    ]
    assert "Link what replaced the insight, or review the decision." in page


def test_the_files_hold_the_rows_of_the_screen(browser: FlaskClient, retired: Chain) -> None:
    page = browser.get("/reports/issues").text
    told = list(csv.DictReader(io.StringIO(browser.get("/reports/issues.csv").get_data(as_text=True).lstrip("\ufeff"))))

    assert [row["Record"] for row in told] == [row.split()[0] for row in rows(page)]
    assert {row["Severity"] for row in told} == {"error", "warning"}
    assert all(row["What to do"] for row in told)
    assert browser.get("/reports/issues.xlsx?severity=error").status_code == 200


@pytest.mark.parametrize("query", ["severity=nonsense", "kind=nonsense", "owner=x", "service=999", "page=0"])
def test_what_the_address_does_not_know_is_left_out(browser: FlaskClient, retired: Chain, query: str) -> None:
    assert len(rows(browser.get(f"/reports/issues?{query}").text)) == 2


def test_a_page_beyond_the_last_leads_back_to_the_first(browser: FlaskClient, retired: Chain) -> None:
    assert "There is no page 7" in browser.get("/reports/issues?page=7").text


def test_what_may_not_be_seen_is_not_counted(browser: FlaskClient, stranger: FlaskClient, hidden: Chain) -> None:
    with transaction() as unit:
        unit.get_one(Insight, int(hidden.insight.removeprefix("INS-"))).status = InsightStatus.RETIRED
        unit.get_one(Decision, int(hidden.decision.removeprefix("DEC-"))).basis = Basis.COST

    assert hidden.insight in browser.get("/reports/issues").text
    theirs = stranger.get("/reports/issues").text
    assert hidden.insight not in theirs
    assert rows(theirs) == []
    assert hidden.insight not in stranger.get("/reports/issues.csv").get_data(as_text=True)

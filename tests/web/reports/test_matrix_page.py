"""The matrix on screen says what its files say, window by window."""

from __future__ import annotations

import csv
import html
import io
import re
from typing import TYPE_CHECKING

import pytest
from factories import make_accepted_decision, make_decision, make_highlight, make_insight
from flask.testing import FlaskClient

from insights.decisions.operations import link_insight
from insights.people.models import Member
from research_hub.db import transaction
from research_hub.web.reports import matrix as view

if TYPE_CHECKING:
    from web.reports.conftest import Chain

Cells = dict[tuple[str, str], str]


def words(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", markup)).split())


def on_screen(page: str) -> tuple[list[str], list[str], Cells]:
    """The rows and the columns, each with its words, and what stands in the cells."""
    table = page[page.index('<table class="matrix">') :]
    head, body = table[: table.index("</thead>")], table[table.index("<tbody>") : table.index("</tbody>")]
    columns = [words(cell) for cell in re.findall(r"<th scope=\"col\"[^>]*>(.*?)</th>", head, re.DOTALL)][2:]
    rows, cells = [], {}
    for line in re.findall(r"<tr data-row[^>]*>(.*?)</tr>", body, re.DOTALL):
        title, *values = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line, re.DOTALL)
        rows.append(f"{words(title)} {words(values[0])}")
        for column, value in zip(columns, values[1:], strict=True):
            links = re.findall(r"<span class=\"cell-link[^>]*>(.*?)</span>", value)
            if links:
                cells[rows[-1].split()[0], column.split()[0]] = "; ".join(words(link) for link in links)
    return rows, columns, cells


def in_file(text: str) -> tuple[list[str], list[str], Cells]:
    head, *lines = csv.reader(io.StringIO(text.lstrip("\ufeff")))
    *rows, statuses, totals = lines
    assert [statuses[1], totals[1]] == ["Decision status", "Links"]
    columns = [f"{ref} {status} {links}" for ref, status, links in zip(head[4:], statuses[4:], totals[4:], strict=True)]
    cells = {(row[0], head[place]): value for row in rows for place, value in enumerate(row) if place > 3 and value}
    return [f"{row[0]} {row[1]} {row[2]} {row[3]}" for row in rows], columns, cells


@pytest.fixture
def grid(maya: Member) -> None:
    """Seven insights by five decisions: some linked twice, some not at all."""
    with transaction() as unit:
        quote = make_highlight(unit, actor=maya)
        insights = [make_insight(unit, actor=maya, highlight=quote, claim=f"Claim <{n}>") for n in range(7)]
        decisions = [make_accepted_decision(unit, actor=maya, insight=insights[n], title=f"Act {n}") for n in range(4)]
        decisions.append(make_decision(unit, actor=maya, title="Act 4"))
        link_insight(
            unit, actor=maya, decision=decisions[0], insight=insights[3], type_="informed", rationale="It helps."
        )
        link_insight(
            unit, actor=maya, decision=decisions[0], insight=insights[0], type_="informed", rationale="It helps."
        )


@pytest.mark.parametrize("query", ["", "coverage=uncovered", "evidence=evidenced_and_current", "gaps=1"])
def test_the_file_says_what_the_windows_of_the_screen_say_together(
    browser: FlaskClient, grid: None, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    monkeypatch.setattr(view, "ROWS", 3)
    monkeypatch.setattr(view, "COLUMNS", 2)
    rows, columns, cells = in_file(browser.get(f"/reports/matrix.csv?{query}").get_data(as_text=True))

    seen_rows: list[str] = []
    seen_columns: list[str] = []
    seen_cells: Cells = {}
    for row in range(0, max(1, len(rows)), 3):
        for column in range(0, max(1, len(columns)), 2):
            page = browser.get(f"/reports/matrix?{query}&row={row}&column={column}").text
            if '<table class="matrix">' not in page:
                continue
            part = on_screen(page)
            seen_rows += [each for each in part[0] if each not in seen_rows]
            seen_columns += [each for each in part[1] if each not in seen_columns]
            seen_cells |= part[2]

    assert seen_cells == cells
    if seen_rows:
        assert seen_rows == rows
        assert [each.split()[0] for each in seen_columns] == [each.split()[0] for each in columns]


def test_each_row_and_column_says_how_far_it_is_covered(browser: FlaskClient, grid: None) -> None:
    rows, columns, cells = on_screen(browser.get("/reports/matrix").text)

    assert [row.split()[0] for row in rows if "uncovered" in row] == ["INS-5", "INS-6", "INS-7"]
    assert sum("shallow" in row for row in rows) == 4
    assert [column.split(maxsplit=3)[-1] for column in columns] == [*["evidenced and current"] * 4, "unevidenced"]
    assert cells["INS-1", "DEC-1"] == "changed (current); informed (current)"


def test_a_period_leaves_out_the_decisions_of_other_days(browser: FlaskClient, grid: None) -> None:
    page = browser.get("/reports/matrix?from=1999-01-01&to=1999-12-31").text

    assert "0 decisions" in page
    assert 'value="1999-01-01"' in page


def test_a_window_beyond_the_end_leads_back(browser: FlaskClient, grid: None) -> None:
    assert "Nothing on this part of the matrix" in browser.get("/reports/matrix?row=4000").text


def test_what_may_not_be_seen_is_no_row_and_no_count(
    browser: FlaskClient, stranger: FlaskClient, hidden: Chain, chain: Chain
) -> None:
    assert "2 insights" in browser.get("/reports/matrix").text

    theirs = stranger.get("/reports/matrix").text
    assert "1 insight" in theirs
    assert "She told us her address" not in theirs + stranger.get("/reports/matrix.csv").get_data(as_text=True)

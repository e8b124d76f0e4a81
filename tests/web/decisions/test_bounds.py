"""Pages issue a bounded number of statements, whatever the number of rows, and hold hostile words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from factories import make_accepted_decision, make_decision, make_highlight, make_insight
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from insights.core.clock import today
from insights.decisions.models import Decision
from insights.decisions.operations import link_insight, record_change, supersede_decision
from insights.decisions.outcomes import add_measure, add_reading, attest_impact, schedule_check
from insights.people.models import Member
from insights.synthesis.contradictions import declare_contradiction
from insights.synthesis.models import Insight
from research_hub.db import db, transaction

MOST_STATEMENTS = 12
_SHARED = Path(__file__).parents[3].parent / "shared/data/hostile-text"


@contextmanager
def statements() -> Iterator[list[str]]:
    """What is sent to the database meanwhile, without BEGIN and its like."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


@pytest.fixture
def crowded(designer: Member, leader: Member) -> Decision:
    """A decision on five insights with all that can hang on one, among twenty others."""
    with transaction() as unit:
        quotes = [make_highlight(unit, actor=designer) for _ in range(3)]
        found = [make_insight(unit, actor=designer, highlight=quotes[n % 3]) for n in range(5)]
        decision = make_accepted_decision(unit, actor=designer, insight=found[0])
        for each in found[1:]:
            link_insight(unit, actor=designer, decision=decision, insight=each, type_="informed", rationale="It fits.")
        for number in range(4):
            record_change(unit, actor=designer, decision=decision, before=f"old {number}", after=f"new {number}")
            measure = add_measure(unit, actor=designer, decision=decision, name=f"measure {number}")
            add_reading(unit, actor=designer, measure=measure, on=today(unit), value=float(number))
            schedule_check(unit, actor=designer, decision=decision, due_on=today(unit), measure=measure)
            attest_impact(unit, actor=leader, decision=decision, what="It helped.", contribution="main_reason")
        for _ in range(20):
            supersede_decision(
                unit, actor=designer, old=make_accepted_decision(unit, actor=designer, insight=found[0]), new=decision
            )
        declare_contradiction(unit, actor=designer, insight=found[0], other=found[1], cause="The opposite.")
    return decision


@pytest.mark.parametrize(
    "path",
    [
        "/decisions",
        "/decisions?links=challenged&in_force=1",
        "/decisions.csv",
        "/decisions/new",
        "/decisions/{ref}",
        "/decisions/{ref}.md",
        "/decisions/{ref}/link",
        "/decisions/{ref}/accept",
        "/decisions/{ref}/review",
        "/decisions/{ref}/checks/1",
        "/checks",
        "/checks.xlsx",
    ],
)
def test_a_page_sends_few_statements_however_much_hangs_on_it(
    browser: FlaskClient, crowded: Decision, path: str
) -> None:
    browser.get("/checks")

    with statements() as seen:
        answer = browser.get(path.format(ref=crowded.ref))

    assert answer.status_code == 200
    assert 1 <= len(seen) <= MOST_STATEMENTS, "\n\n".join(seen)


def test_files_hold_what_the_list_shows(browser: FlaskClient, crowded: Decision) -> None:
    table = browser.get("/decisions.csv?in_force=1").data.decode("utf-8-sig").splitlines()
    sheet = browser.get("/decisions.xlsx")

    assert len(table) == 2
    assert table[1].startswith(f'"{crowded.ref}"')
    assert sheet.data[:2] == b"PK"
    assert browser.get("/decisions.exe").status_code == 404


def test_the_list_is_paged_to_its_end(browser: FlaskClient, designer: Member) -> None:
    with transaction() as unit:
        refs = {make_decision(unit, actor=designer).ref for _ in range(35)}

    first = browser.get("/decisions").text
    older = browser.get(
        "/decisions?" + first.partition("/decisions?before=")[2].partition('"')[0].join(["before=", ""])
    )

    shown = {ref for ref in refs if f'href="/decisions/{ref}"' in first + older.text}
    assert shown == refs
    assert "Next page" not in older.text


def test_a_madr_file_names_its_evidence(browser: FlaskClient, accepted: Decision, insight: Insight) -> None:
    answer = browser.get(f"/decisions/{accepted.ref}.md")

    assert answer.content_type == "text/markdown; charset=utf-8"
    assert "# Say what happens next" in answer.text
    assert "x-evidence:" in answer.text
    assert insight.ref in answer.text


def test_hostile_words_in_every_field_stay_words(app: Flask, browser: FlaskClient) -> None:
    path = _SHARED / "naughty-strings/blns.json"
    if not path.exists():
        pytest.skip("the list of naughty strings is not at hand")
    hostile = [words for words in json.loads(path.read_text("utf-8")) if "<" in words or "javascript" in words.lower()]
    text = "\n\n".join(hostile)
    browser.post(
        "/decisions",
        data={
            "title": "<script>alert(1)</script>",
            "context": text,
            "outcome": text,
            "options-0-title": "<img src=x onerror=alert(1)>",
            "options-0-body": text,
            "decision_makers": "<svg onload=alert(1)>",
            "status": "proposed",
        },
    )

    page = browser.get("/decisions/DEC-1").text

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    scripts = page.count("<script")
    assert scripts == browser.get("/checks").text.count("<script")
    for tag in ("<img", "<iframe", "<style", "<object", "<embed", "<base", "onerror=alert(1)>"):
        assert tag not in page.replace("&lt;img src=x onerror=alert(1)&gt;", "")
    assert 'href="javascript:' not in page.lower()

"""The demonstration on PostgreSQL: pages and reports say there what they say on SQLite."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from difflib import unified_diff
from pathlib import Path

import pytest
from demonstration import browser_of
from flask import Flask
from postgres.hub import TODAY, opened, running, set_up, tell
from sqlalchemy import select
from sqlalchemy.orm import Session
from walking import Records, addresses, records_of, routes
from werkzeug.test import TestResponse

from insights.core.clock import FixedClock, set_clock
from insights.decisions.access import visible_decisions
from insights.decisions.models import Decision
from insights.people.models import Member
from insights.reports.days import Period
from insights.reports.evidence_base import load_evidence_base
from insights.reports.facts import EvidenceBase
from insights.reports.gaps import gaps
from insights.reports.matrix import matrix
from insights.reports.metrics import scorecard
from insights.reports.shelf import shelf
from insights.reports.trace import trace
from insights.reports.trends import compare_services, grounds_by_quarter
from insights.synthesis.access import visible_insights
from insights.synthesis.models import Insight
from research_hub.config import Settings
from research_hub.db import reading

RESEARCHER, LEADER = "maya.osei@example.org", "ruth.adeyemi@example.org"
NOON = datetime.combine(TODAY, time(12), UTC)
# Tokens, identities that are drawn at random, and the moment of signing in; the story's moments are whole minutes.
OF_THIS_ANSWER = re.compile(
    r"[\w-]{40,}\.[\w-]{6}\.[\w-]{20,}"
    r"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"|just now|\d+ (?:second|minute)s? ago"
    r"|now_ms(?:&#34;|\"):\s?\d{13}"
    r'|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00"(?: title="[^"]+)?'
)
# These tell of the machine, of when its worker was last heard of, and of who has signed in on it.
OF_THIS_HOST = ("/readyz", "/metrics", "/reports/use")
YEAR = Period(TODAY - timedelta(days=365), TODAY)
REPORTS: dict[str, Callable[[EvidenceBase], object]] = {
    "scorecard": lambda base: scorecard(base, YEAR).as_json(),
    "shelf": lambda base: shelf(base, TODAY).as_json(),
    "matrix": lambda base: matrix(base, on=TODAY).as_json(),
    "gaps": lambda base: gaps(base, TODAY).as_json(),
    "grounds by quarter": lambda base: grounds_by_quarter(base, YEAR).as_json(),
    "services": lambda base: [str(each) for each in compare_services(base, YEAR)],
}


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    page: str


@pytest.fixture(scope="session")
def told_on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("told-on-sqlite") / "data"
    with running(Settings(data=folder)) as app:
        set_up(app)
        tell(app)
    return folder


@pytest.fixture
def both(told_app: Flask, told_on_sqlite: Path) -> Iterator[tuple[Flask, Flask]]:
    """The story on PostgreSQL, and the same story on SQLite."""
    with opened(Settings(data=told_on_sqlite)) as on_sqlite:
        yield told_app, on_sqlite


@pytest.mark.parametrize("email", [RESEARCHER, LEADER])
def test_every_page_says_what_it_says_on_sqlite(email: str, both: tuple[Flask, Flask]) -> None:
    with both[1].app_context():
        records = records_of(reading())

    pages, expected = (_pages(app, email, records) for app in both)

    assert {address: answer.status for address, answer in pages.items() if answer.status >= 500} == {}
    assert sum(answer.status == 200 for answer in pages.values()) > 60
    differing = [address for address, answer in expected.items() if pages[address] != answer]
    assert differing == [], "\n".join(f"{each}: {_difference(pages[each], expected[each])}" for each in differing)


@pytest.mark.parametrize("name", list(REPORTS))
def test_every_report_says_what_it_says_on_sqlite(name: str, both: tuple[Flask, Flask]) -> None:
    made, expected = (_as_text(REPORTS[name](_evidence_of(app, LEADER))) for app in both)

    assert len(expected) > 500
    assert made == expected


def test_every_thread_is_what_it_is_on_sqlite(both: tuple[Flask, Flask]) -> None:
    made, expected = (_threads(app, RESEARCHER) for app in both)

    assert len(expected) > 30
    assert [ref for ref, thread in expected.items() if made[ref] != thread] == []


def _pages(app: Flask, email: str, records: Records) -> dict[str, Answer]:
    browser = browser_of(app, email)
    found = {}
    for route in routes(app, "GET"):
        for address in addresses(route, records):
            if not address.startswith(OF_THIS_HOST):
                answer = browser.get(address, buffered=True)
                found[address] = Answer(answer.status_code, _settled(answer))
    return found


def _settled(answer: TestResponse) -> str:
    """The page without what no two answers share; of a workbook, which tells when it was made, nothing."""
    if (answer.mimetype or "").endswith(".sheet"):
        return "a workbook"
    return OF_THIS_ANSWER.sub("…", answer.get_data().decode(errors="replace"))


def _difference(made: Answer, expected: Answer) -> str:
    before, after = (each.page.replace("<", "\n<").splitlines() for each in (expected, made))
    lines = unified_diff(before, after, "SQLite", "PostgreSQL", n=0, lineterm="")
    return f"{made.status}, {expected.status}\n" + "\n".join(list(lines)[:12])


def _evidence_of(app: Flask, email: str) -> EvidenceBase:
    with app.app_context():
        session = reading()
        set_clock(session, FixedClock(NOON))
        return load_evidence_base(session, _member(session, email))


def _threads(app: Flask, email: str) -> dict[str, str]:
    with app.app_context():
        session = reading()
        set_clock(session, FixedClock(NOON))
        member = _member(session, email)
        insights = session.scalars(select(Insight).where(visible_insights(member))).all()
        decisions = session.scalars(select(Decision).where(visible_decisions(member))).all()
        refs = sorted([each.ref for each in insights] + [each.ref for each in decisions])
        return {ref: _as_text(trace(session, member, ref).as_json()) for ref in refs}


def _member(session: Session, email: str) -> Member:
    return session.scalars(select(Member).where(Member.email == email)).one()


def _as_text(made: object) -> str:
    return json.dumps(made, ensure_ascii=False, indent=1, default=str)

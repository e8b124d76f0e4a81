"""Pages ask the database a bounded number of questions, whatever the number of rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from demonstration import app_on_copy, browser_of
from factories import (
    make_accepted_decision,
    make_decision,
    make_highlight,
    make_insight,
    make_session,
    source_of,
    text_of,
)
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session
from walking import Records, addresses, records_of, routes

from insights.capture.models import ResearchSession, Study
from insights.core.access import Role
from insights.decisions.models import Decision
from insights.decisions.operations import link_insight
from insights.people.models import Member, Team
from insights.synthesis.answers import issue_recommendation
from insights.synthesis.contradictions import declare_contradiction
from insights.synthesis.models import Insight
from insights.synthesis.operations import attach_highlight
from research_hub.db import db, reading, transaction

MOST = 12
NOT_COUNTED = ("BEGIN", "SAVEPOINT", "RELEASE", "COMMIT", "ROLLBACK", "PRAGMA")


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """The statements that reach the database in the block."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.lstrip().upper().startswith(NOT_COUNTED):
            seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.fixture(scope="module")
def counts(told: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[list[str], list[str]]]:
    """The statements of each address with some of everything, and with twice as much."""
    with app_on_copy(told, tmp_path_factory.mktemp("counted") / "data") as app:
        with app.app_context():
            records = records_of(reading())
        client, found = browser_of(app, Role.ADMINISTRATOR), []
        # Twice, since a list that is empty may spare a page a question.
        for _ in range(2):
            with app.app_context(), transaction() as session:
                _grow(session)
            found.append(_walk(app, client, records))
        before, after = found
    return {address: (before[address], after[address]) for address in before}


def test_the_count_sees_statements(counts: dict[str, tuple[list[str], list[str]]]) -> None:
    assert len(counts["/studies/STU-1"][0]) > 3


def test_no_page_asks_more_than_twelve_questions(counts: dict[str, tuple[list[str], list[str]]]) -> None:
    over = {address: len(found) for address, (_, found) in counts.items() if len(found) > MOST}

    assert over == {}


def test_twice_the_rows_are_read_with_as_many_questions(counts: dict[str, tuple[list[str], list[str]]]) -> None:
    grown = {
        address: (len(before), len(after)) for address, (before, after) in counts.items() if len(after) > len(before)
    }

    assert grown == {}


def _walk(app: Flask, client: FlaskClient, records: Records) -> dict[str, list[str]]:
    asked = {}
    for route in routes(app, "GET"):
        for address in addresses(route, records):
            client.get(address).close()
            with counted(app) as seen, client.get(address) as answer:
                assert answer.status_code != 500, address
            asked[address] = list(seen)
    return asked


def _grow(session: Session) -> None:
    """Adds to every list that a page shows, also to those of the records that the walk opens."""
    actor = session.scalars(select(Member).where(Member.role == Role.ADMINISTRATOR)).one()
    study, opened = session.get_one(Study, 1), session.get_one(ResearchSession, 1)
    insight, decision = session.get_one(Insight, 1), session.get_one(Decision, 1)
    session.execute(update(Team).values(review_required=False))
    words = text_of(session, source_of(session, opened)).split()[0]
    for day in range(1, 21):
        held = make_session(session, actor=actor, study=study, held_on=date(2026, 1, day))
        quote = make_highlight(session, actor=actor, research_session=held, tags=[f"new tag {day}"])
        attach_highlight(session, actor=actor, insight=insight, highlight=quote)
        make_highlight(session, actor=actor, research_session=opened, words=words, tags=[f"other tag {day}"])
        another = make_insight(session, actor=actor, highlight=quote)
        make_accepted_decision(session, actor=actor, insight=another)
        link_insight(
            session,
            actor=actor,
            decision=make_decision(session, actor=actor),
            insight=insight,
            type_="changed",
            rationale="It says why.",
        )
        link_insight(session, actor=actor, decision=decision, insight=another, type_="informed", rationale="It helps.")
        issue_recommendation(session, actor=actor, text=f"Do it, {day}.", insights=[insight, another])
        declare_contradiction(session, actor=actor, insight=insight, other=another, cause="It says otherwise.")

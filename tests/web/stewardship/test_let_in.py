"""The banner of whoever was let in for a time: on every page while it lasts, with a way to end it, for nobody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from factories import make_member, make_study
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, update

from insights.capture.break_glass import ask_for_access, decide_on_access
from insights.capture.models import BreakGlass, Study
from insights.core.access import Role
from insights.people.models import Member
from research_hub.db import db, transaction

SignIn = Callable[[Role | Member], FlaskClient]
TITLE = "Zephyrquillan"
PAGES = ("/", "/insights", "/decisions", "/evidence", "/settings", "/account", "/help", "/nowhere")


@pytest.fixture
def lead(app: Flask) -> Member:
    with transaction() as session:
        return make_member(session, name="Maya Osei")


@pytest.fixture
def study(lead: Member) -> Study:
    with transaction() as session:
        return make_study(session, actor=lead, title=TITLE, restricted=True)


@pytest.fixture
def officer(app: Flask) -> Member:
    with transaction() as session:
        return make_member(session, role=Role.DATA_PROTECTION, name="Helen Byrne")


@pytest.fixture
def glass(lead: Member, study: Study, officer: Member) -> BreakGlass:
    with transaction() as session:
        reason = "A participant asks what is held about them."
        asked = ask_for_access(session, actor=officer, study_ref=study.ref, reason=reason, hours=2)
        return decide_on_access(session, actor=lead, glass=asked, approve=True)


def test_the_holder_is_told_on_every_page_what_is_open_and_until_when(
    client_for: SignIn, officer: Member, glass: BreakGlass
) -> None:
    assert glass.ends_at is not None
    until = f"{glass.ends_at.astimezone():%d %b %Y, %H:%M}"
    client = client_for(officer)

    for address in PAGES:
        page = client.get(address, follow_redirects=True).get_data(as_text=True)
        assert "You are let into" in page, address
        assert TITLE in page, address
        assert until in page, address


def test_nobody_else_is_told(client_for: SignIn, lead: Member, glass: BreakGlass) -> None:
    assert glass.ends_at is not None
    for someone in (lead, Role.ADMINISTRATOR, Role.READER):
        client = client_for(someone)
        for address in PAGES:
            assert "You are let into" not in client.get(address, follow_redirects=True).get_data(as_text=True), address


def test_it_is_ended_from_the_banner(client_for: SignIn, officer: Member, study: Study, glass: BreakGlass) -> None:
    client = client_for(officer)
    assert f'action="/access/for-a-time/{glass.ref}/end"' in client.get("/insights").get_data(as_text=True)

    client.post(f"/access/for-a-time/{glass.ref}/end")

    page = client.get("/insights").get_data(as_text=True)
    assert "You are let into" not in page
    assert client.get(f"/studies/{study.ref}").status_code == 404


def test_it_goes_with_the_minute_in_which_the_access_ends(
    client_for: SignIn, officer: Member, glass: BreakGlass
) -> None:
    past = datetime.now(UTC) - timedelta(seconds=1)
    with transaction() as session:
        session.execute(update(BreakGlass).values(ends_at=past))
        session.execute(update(Member).where(Member.id == officer.id).values(let_in_until=past))

    assert glass.holder_id == officer.id
    assert "You are let into" not in client_for(officer).get("/insights").get_data(as_text=True)


def test_of_two_that_are_open_the_one_that_lasts_is_still_told_when_the_other_ends(
    client_for: SignIn, officer: Member, lead: Member, glass: BreakGlass
) -> None:
    with transaction() as session:
        other = make_study(session, actor=lead, title="Quarrelwhist", restricted=True)
        reason = "There is a complaint about this study."
        asked = ask_for_access(session, actor=officer, study_ref=other.ref, reason=reason, hours=4)
        decide_on_access(session, actor=lead, glass=asked, approve=True)
    client = client_for(officer)
    assert client.get("/insights").get_data(as_text=True).count("You are let into") == 2

    client.post(f"/access/for-a-time/{glass.ref}/end")

    page = client.get("/insights").get_data(as_text=True)
    assert "Quarrelwhist" in page
    assert TITLE not in page


def test_it_costs_those_who_hold_nothing_no_question(
    app: Flask, client_for: SignIn, officer: Member, lead: Member, glass: BreakGlass
) -> None:
    assert glass.holder_id == officer.id
    asked = {}
    for someone in (officer, lead):
        client = client_for(someone)
        client.get("/insights")
        with _statements(app) as seen:
            client.get("/insights")
        asked[someone.id] = sum("ORDER BY break_glass.ends_at" in each for each in seen)

    assert asked == {officer.id: 1, lead.id: 0}


@contextmanager
def _statements(app: Flask) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)

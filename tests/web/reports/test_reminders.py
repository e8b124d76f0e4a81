"""Reminders and monthly notes over a real SMTP server, from the night's work to the click that ends them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import TypeAlias

import pytest
from factories import make_accepted_decision, make_insight, make_member
from flask import Flask
from flask.testing import FlaskClient
from mailing import Mailbox, Post, mail_server, mail_settings
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from insights.capture.models import Study, study_members
from insights.core.access import Role
from insights.core.clock import FixedClock
from insights.people.models import Mail, Member
from insights.reports.models import FrozenReport, Nudge
from insights.synthesis.models import Insight
from research_hub.db import reading, transaction
from research_hub.nightly import work_by_night
from research_hub.worker import Worker

SignIn: TypeAlias = Callable[[Member | Role], FlaskClient]

CLAIM = "Nobody reads the second page."


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mail_server() as made:
        yield made


@pytest.fixture
def post(app: Flask, box: Mailbox) -> Iterator[Post]:
    made = Post(app, **mail_settings(box.port))
    made.index()
    yield made
    app.extensions["search"].close()


@pytest.fixture
def owner(app: Flask) -> Member:
    with app.app_context(), transaction() as session:
        return make_member(session, name="Olu Owner")


@pytest.fixture
def waiting(app: Flask, post: Post, owner: Member) -> Insight:
    """On the shelf for forty days."""
    with app.app_context(), transaction() as session:
        insight = make_insight(session, actor=session.get_one(Member, owner.id), claim=CLAIM)
        insight.owner_id = insight.author_id = owner.id
        insight.published_at = post.clock.moment - timedelta(days=40)
        return insight


def night(post: Post, app: Flask) -> None:
    with app.app_context():
        work_by_night(post.settings, post.clock)
    post.work(minutes=5)


def stored(app: Flask, ask: Callable[[Session], object]) -> object:
    with app.app_context():
        return ask(reading())


@pytest.mark.usefixtures("waiting")
def test_the_owner_gets_one_mail_and_finds_it_on_the_home_page(
    app: Flask, post: Post, box: Mailbox, owner: Member, client_for: SignIn
) -> None:
    night(post, app)
    night(post, app)

    (mail,) = box.taken
    assert mail["Subject"] == "1 insight waiting for you in Research Hub"
    assert CLAIM in mail.get_body(("plain",)).get_content()
    assert "40 days" in mail.get_body(("html",)).get_content()
    page = client_for(owner).get("/").text
    assert "Waiting too long" in page
    assert CLAIM in page


@pytest.mark.usefixtures("waiting")
def test_what_is_restricted_before_it_is_sent_is_not_sent(app: Flask, post: Post, box: Mailbox) -> None:
    with app.app_context():
        work_by_night(post.settings, post.clock)
        with transaction() as session:
            session.execute(update(Study).values(restricted=True))
            session.execute(delete(study_members))
    post.work(minutes=5)

    assert box.taken == []
    assert stored(app, lambda session: session.scalars(select(Mail.state)).one().value) == "not_needed"


@pytest.mark.usefixtures("waiting")
def test_one_click_in_the_mail_ends_it_without_signing_in(app: Flask, post: Post, box: Mailbox) -> None:
    night(post, app)
    (address,) = re.findall(r"<https?://[^/]+(/.*)>", box.taken[0]["List-Unsubscribe"])
    stranger = app.test_client()

    shown, done = stranger.get(address), stranger.post(address)
    post.clock.moment += timedelta(days=60)
    night(post, app)

    assert "Stop the reminders?" in shown.text
    assert CLAIM not in shown.text + done.text
    assert "No more reminders by mail" in done.text
    assert len(box.taken) == 1
    assert stranger.post("/reports/mail/forged").status_code == 404


def test_mail_is_ended_and_asked_for_again_on_the_page(
    app: Flask, post: Post, client_for: SignIn, owner: Member
) -> None:
    app.extensions["settings"] = post.settings
    client = client_for(owner)

    client.post("/reports/reminders/mail", data={"what": "note"})
    ended = client.get("/reports/reminders").text
    client.post("/reports/reminders/mail", data={"what": "note", "wanted": "1"})
    again = client.get("/reports/reminders").text

    assert "<strong>not sent</strong>" in ended
    assert "<strong>not sent</strong>" not in again
    assert client.post("/reports/reminders/mail", data={"what": "nonsense"}).status_code == 422


def test_the_note_of_the_month_tells_what_became_of_ones_insights(
    app: Flask, post: Post, box: Mailbox, waiting: Insight
) -> None:
    with app.app_context(), transaction() as session:
        insight = session.get_one(Insight, waiting.id)
        decision = make_accepted_decision(session, insight=insight, title="Put it on the first page")
        decision.decided_on = datetime(2026, 11, 20).astimezone().date()
        author = insight.author_id
    post.clock.moment = datetime(2026, 12, 2, 12).astimezone()
    night(post, app)
    night(post, app)

    notes = [mail for mail in box.taken if "became of your insights" in mail["Subject"]]
    assert len(notes) == 1
    assert notes[0]["Subject"] == "What became of your insights in November 2026"
    assert "Put it on the first page" in notes[0].get_body(("plain",)).get_content()
    keys = stored(app, lambda session: list(session.scalars(select(Mail.key).where(Mail.kind == "note"))))
    assert f"note 2026-11 MEM-{author}" in keys  # type: ignore[operator]  # a list of texts


@pytest.mark.usefixtures("waiting")
def test_the_worker_does_the_nights_work_once_a_night(app: Flask) -> None:
    moments = iter([datetime(2026, 11, 25, 23).astimezone(), *[datetime(2026, 11, 26, 3).astimezone()] * 40])
    worker = Worker(app, app.extensions["settings"], clock=lambda: next(moments))

    worker.work_once()
    worker.work_once()

    assert stored(app, lambda session: len(session.scalars(select(FrozenReport)).all())) == 2
    assert stored(app, lambda session: len(session.scalars(select(Mail)).all())) == 0


def test_a_part_that_fails_holds_up_no_other(app: Flask, post: Post, waiting: Insight) -> None:
    with app.app_context():
        Nudge.__table__.drop(reading().get_bind())
        work_by_night(post.settings, FixedClock(post.clock.moment))

    assert waiting.claim == CLAIM
    assert stored(app, lambda session: len(session.scalars(select(FrozenReport)).all())) == 2


@pytest.mark.usefixtures("waiting")
def test_everybody_reads_whose_turn_it_is_and_takes_the_list_away(app: Flask, post: Post, client_for: SignIn) -> None:
    night(post, app)
    client = client_for(Role.READER)

    page = client.get("/reports/reminders").text
    lines = client.get("/reports/reminders.csv").data.decode("utf-8-sig").splitlines()

    assert "Olu Owner" in page
    assert len(lines) == 2
    assert CLAIM in lines[1]

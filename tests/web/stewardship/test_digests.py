"""Digests by mail over a real SMTP server: told once, only what may be seen when it is sent, and stopped by a click."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from factories import make_highlight, make_member, make_study
from flask import Flask
from flask.testing import FlaskClient
from mailing import ADDRESS, Mailbox, Post, mail_server, mail_settings
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from insights.capture.models import Study
from insights.capture.operations import set_study_access
from insights.coding.models import Highlight
from insights.coding.operations import set_highlight_dropped
from insights.core.access import Role
from insights.people.mail import GIVES_UP_AFTER, WAITS, Letter
from insights.people.models import Mail, MailState, Member
from insights.people.operations import set_active
from insights.stewardship.following import DIGEST
from insights.stewardship.models import Follow, FoundItem, MailRhythm
from research_hub.config import Settings
from research_hub.db import reading, transaction
from research_hub.digest_mail import write_digest
from research_hub.following import matches_of
from research_hub.postman import _WRITERS, Postman
from search_index.engine import SearchEngine

SignIn = Callable[[Role | Member], FlaskClient]


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
    with transaction() as session:
        return make_member(session, name="Olu Owner")


@pytest.fixture
def reader(app: Flask) -> Member:
    with transaction() as session:
        return make_member(session, role=Role.READER, name="Rosa Ünal", email="rosa@example.gov")


def watch(client: FlaskClient, post: Post, question: str = "q=letters", mail: str = "daily") -> None:
    """Saves a search by the post's clock, which is not the server's."""
    client.post("/saved", data={"question": question, "name": "Letters", "mail": mail})
    with transaction() as session:
        session.execute(update(Follow).values(mail_from=post.clock.moment, checked_at=post.clock.moment))


def plain(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def html(message: EmailMessage) -> str:
    part = message.get_body(("html",))
    assert part is not None
    return str(part.get_content())


def new_study(owner: Member, title: str = "New letters", **values: bool) -> Study:
    with transaction() as session:
        return make_study(session, actor=owner, title=title, **values)


def test_a_daily_digest_tells_what_is_new_in_plain_words_with_permanent_addresses(
    client_for: SignIn, post: Post, box: Mailbox, owner: Member, reader: Member
) -> None:
    watch(client_for(reader), post)
    study = new_study(owner, "New letters & <forms>")
    post.work(hours=2)
    before = len(box.taken)

    post.work(hours=24)

    assert before == 0
    (message,) = box.taken
    assert box.recipients == ["rosa@example.gov"]
    assert message["From"] == "Research Hub <hub@example.gov>"
    assert message["To"] == "Rosa Ünal <rosa@example.gov>"
    assert message["Subject"].startswith("1 new thing in Research Hub, 26 November 2026")
    assert message["Auto-Submitted"] == "auto-generated"
    text = plain(message)
    assert "Saved search: Letters" in text
    assert f"* {study.ref}: New letters & <forms>" in text
    assert f"{ADDRESS}/studies/{study.ref}" in text
    assert f'<a href="{ADDRESS}/studies/{study.ref}">' in html(message)
    assert "New letters &amp; &lt;forms&gt;" in html(message)


def test_nothing_is_mailed_twice_and_nothing_lost_however_often_the_worker_starts_anew(
    client_for: SignIn, post: Post, box: Mailbox, owner: Member, reader: Member
) -> None:
    watch(client_for(reader), post)
    told = []
    for day in range(3):
        told.append(new_study(owner, f"Letters of day {day}").ref)
        for _ in range(4):
            post.restarted()
            post.work(hours=6)
    post.work(hours=24)

    mailed = [ref for message in box.taken for ref in re.findall(r"\* (STU-\d+):", plain(message))]
    assert sorted(mailed) == sorted(told)


def test_a_worker_killed_while_it_sends_tries_the_same_mail_again_under_the_same_id(
    *, client_for: SignIn, post: Post, box: Mailbox, owner: Member, reader: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch(client_for(reader), post)
    new_study(owner)
    post.work(hours=2)

    class KilledError(BaseException):
        pass

    def killed(*_given: object) -> None:
        raise KilledError

    with monkeypatch.context() as patched:
        patched.setattr("research_hub.postman.send", killed)
        with pytest.raises(KilledError):
            post.work(hours=24)
    post.restarted()
    post.work(seconds=30)
    too_early = len(box.taken)
    post.work(minutes=2)
    post.work(minutes=2)

    mail = reading().scalars(select(Mail)).one()
    assert too_early == 0
    assert [message["Message-ID"] for message in box.taken] == [f"<{mail.message_key}@example.gov>"]
    assert mail.attempts == 2


def test_a_weekly_digest_comes_on_mondays(
    client_for: SignIn, post: Post, box: Mailbox, owner: Member, reader: Member
) -> None:
    watch(client_for(reader), post, mail="weekly")
    new_study(owner)
    counts = []
    for _ in range(6):
        post.work(hours=24)
        counts.append(len(box.taken))

    # From Thursday to Tuesday.
    assert counts == [0, 0, 0, 0, 1, 1]


def test_what_was_found_before_mail_was_asked_for_is_not_mailed(
    client_for: SignIn, post: Post, box: Mailbox, owner: Member, reader: Member
) -> None:
    client = client_for(reader)
    watch(client, post, mail="never")
    new_study(owner, "Old letters")
    post.work(hours=2)
    with transaction() as session:
        session.execute(update(Follow).values(mail=MailRhythm.DAILY, mail_from=post.clock.moment))
        session.execute(update(FoundItem).values(found_at=post.clock.moment.replace(hour=0)))
    new_study(owner, "New letters")

    post.work(hours=2)
    post.work(hours=24)

    (message,) = box.taken
    assert "New letters" in plain(message)
    assert "Old letters" not in plain(message)


def test_what_may_no_longer_be_seen_when_it_is_sent_is_not_in_the_mail(
    client_for: SignIn, post: Post, box: Mailbox, owner: Member, reader: Member
) -> None:
    watch(client_for(reader), post, "q=letters+OR+positive")
    kept = new_study(owner, "Letters for all")
    hidden = new_study(owner, "Letters of Quillfeather")
    with transaction() as session:
        quote = make_highlight(session, actor=owner)
    post.work(hours=2)
    box.answer = "451 Come back later"
    post.work(hours=24)
    with transaction() as session:
        set_study_access(session, actor=owner, study=session.get_one(Study, hidden.id), restricted=True, named=[])
        set_highlight_dropped(session, actor=owner, highlight=session.get_one(Highlight, quote.id), dropped=True)

    box.answer = ""
    post.work(minutes=2)

    (message,) = box.taken
    whole = message.as_string() + plain(message) + html(message)
    assert kept.ref in whole
    assert "Quillfeather" not in whole
    assert quote.ref not in whole


def test_a_mail_with_nothing_left_to_say_or_nobody_to_read_it_is_not_sent(
    client_for: SignIn, post: Post, box: Mailbox, owner: Member, reader: Member
) -> None:
    with transaction() as session:
        other = make_member(session, role=Role.READER)
        administrator = make_member(session, role=Role.ADMINISTRATOR)
    watch(client_for(reader), post)
    watch(client_for(other), post)
    study = new_study(owner)
    post.work(hours=2)
    box.answer = "451 Come back later"
    post.work(hours=24)
    with transaction() as session:
        set_active(session, actor=administrator, member=session.get_one(Member, other.id), active=False)
        set_study_access(session, actor=owner, study=session.get_one(Study, study.id), restricted=True, named=[])

    box.answer = ""
    for _ in range(3):
        post.work(minutes=10)

    assert box.taken == []
    assert {mail.state for mail in reading().scalars(select(Mail))} == {MailState.NOT_NEEDED}


def test_the_outbox_holds_no_words_of_anybody(
    client_for: SignIn, post: Post, box: Mailbox, owner: Member, reader: Member
) -> None:
    watch(client_for(reader), post)
    box.answer = "451 Come back later"
    new_study(owner, "Letters of Quillfeather")
    post.work(hours=2)

    post.work(hours=24)

    mail = reading().scalars(select(Mail)).one()
    assert mail.state is MailState.WAITING
    assert "Quillfeather" not in str({column.name: getattr(mail, column.name) for column in Mail.__table__.columns})


def test_one_click_in_a_mail_program_ends_mail_about_all_without_signing_in(
    *, app: Flask, client_for: SignIn, post: Post, box: Mailbox, owner: Member, reader: Member
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    watch(client_for(reader), post)
    new_study(owner)
    post.work(hours=2)
    post.work(hours=24)
    (message,) = box.taken
    app.config["WTF_CSRF_ENABLED"] = True
    address = message["List-Unsubscribe"].strip("<>").removeprefix(ADDRESS)

    answer = app.test_client().post(address, data={"List-Unsubscribe": "One-Click"})

    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert answer.status_code == 200
    assert reading().scalars(select(Follow)).one().mail is MailRhythm.NEVER


def test_opening_the_link_asks_and_changes_nothing_and_the_button_ends_mail_about_one(
    *, app: Flask, client_for: SignIn, post: Post, box: Mailbox, owner: Member, reader: Member
) -> None:
    client = client_for(reader)
    watch(client, post)
    watch(client, post, "q=forms")
    new_study(owner, "Letters and forms")
    post.work(hours=2)
    post.work(hours=24)
    link = re.search(rf"No more mail about this: {ADDRESS}(\S+)", plain(box.taken[0]))
    assert link is not None
    stranger = app.test_client()

    asked = stranger.get(link[1]).get_data(as_text=True)
    after_opening = [row.mail for row in reading().scalars(select(Follow).order_by(Follow.id))]
    done = stranger.post(link[1]).get_data(as_text=True)
    reading().expire_all()
    after = [row.mail for row in reading().scalars(select(Follow).order_by(Follow.id))]

    assert "Stop mail about the saved search “Letters”?" in asked
    assert after_opening == [MailRhythm.DAILY, MailRhythm.DAILY]
    assert "No more mail about" in done
    assert sorted(after) == [MailRhythm.DAILY, MailRhythm.NEVER]


def test_a_link_that_was_tampered_with_does_nothing(app: Flask) -> None:
    stranger = app.test_client()

    for token in ("WzEsMF0.forged", "x", "WzEsMF0", "%00"):
        assert stranger.get(f"/unsubscribe/{token}").status_code == 404
        assert stranger.post(f"/unsubscribe/{token}").status_code == 404


def test_a_server_that_refuses_is_asked_again_with_growing_waits_and_then_given_up_for_administrators_to_see(
    *, app: Flask, client_for: SignIn, post: Post, box: Mailbox, owner: Member, reader: Member
) -> None:
    watch(client_for(reader), post)
    new_study(owner)
    post.work(hours=2)
    box.answer = "451 The disk of the mail server is full"
    post.work(hours=24)
    for wait in WAITS:
        post.work(seconds=wait.total_seconds() - 1)
        post.work(seconds=2)

    mail = reading().scalars(select(Mail)).one()
    page = client_for(Role.ADMINISTRATOR).get("/mail").get_data(as_text=True)
    assert (mail.state, mail.attempts) == (MailState.GIVEN_UP, GIVES_UP_AFTER)
    assert "The disk of the mail server is full" in page
    assert "given up" in page
    assert "New letters" not in page

    box.answer = ""
    client_for(Role.ADMINISTRATOR).post(f"/mail/{mail.id}/retry")
    with transaction() as session:
        session.execute(update(Mail).values(next_try_at=post.clock.moment))
    post.work(minutes=1)

    assert len(box.taken) == 1


def test_an_address_that_is_refused_for_good_is_given_up_at_once_and_holds_up_nobody(
    client_for: SignIn, post: Post, box: Mailbox, owner: Member, reader: Member
) -> None:
    with transaction() as session:
        wrong = make_member(session, role=Role.READER, email="a,b@example.gov")
    watch(client_for(wrong), post)
    watch(client_for(reader), post)
    new_study(owner)
    post.work(hours=2)

    post.work(hours=24)

    assert box.recipients == ["rosa@example.gov"]
    lost = reading().scalars(select(Mail).where(Mail.member_id == wrong.id)).one()
    assert lost.state is MailState.GIVEN_UP
    assert "could not be addressed" in lost.problem


def test_a_server_that_is_not_there_stops_nothing_else(
    *, app: Flask, client_for: SignIn, post: Post, box: Mailbox, owner: Member, reader: Member
) -> None:
    watch(client_for(reader), post)
    new_study(owner)
    post.settings = post.settings.model_copy(update={"mail_port": 1})
    post.restarted()

    post.work(hours=2)
    post.work(hours=24)

    mail = reading().scalars(select(Mail)).one()
    assert mail.state is MailState.WAITING
    assert "could not be reached" in mail.problem
    assert "1 new match" in client_for(reader).get("/saved").get_data(as_text=True)


def test_without_a_mail_server_no_mail_is_made_and_pages_say_so(
    *, app: Flask, client_for: SignIn, box: Mailbox, post: Post, owner: Member, reader: Member
) -> None:
    client = client_for(reader)
    watch(client, post)
    new_study(owner)
    without = Post(app)
    without.work(hours=2)
    without.work(hours=24)

    assert reading().scalars(select(Mail)).all() == []
    assert "Mail is not set up" in client.get("/saved").get_data(as_text=True)
    assert "Mail is not set up" in client_for(Role.ADMINISTRATOR).get("/mail").get_data(as_text=True)
    assert client.get("/mail").status_code == 403


def test_the_worker_runs_the_post_beside_the_index(app: Flask) -> None:
    assert isinstance(app.extensions["postman"], Postman)


def test_no_secret_of_a_feed_or_a_mail_server_lies_in_the_database(
    client_for: SignIn, post: Post, reader: Member, tmp_path: Path
) -> None:
    page = client_for(reader).post("/saved/feed").get_data(as_text=True)
    token = re.search(r"/feeds/([\w-]+)\.atom", page)
    assert token is not None

    with sqlite3.connect(tmp_path / "data" / "research-hub.sqlite3") as connection:
        whole = "\n".join(connection.iterdump())

    assert token[1] not in whole


def test_a_search_or_a_mail_that_fails_holds_up_no_other(
    *, client_for: SignIn, post: Post, box: Mailbox, owner: Member, reader: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction() as session:
        unlucky = make_member(session, role=Role.READER)
    watch(client_for(unlucky), post)
    watch(client_for(unlucky), post, "q=broken")
    watch(client_for(reader), post)
    new_study(owner)

    def fail_on_broken(session: Session, engine: SearchEngine, member: Member, question: str) -> frozenset[str] | None:
        if question == "q=broken":
            raise RuntimeError("It is broken.")
        return matches_of(session, engine, member, question)

    def fail_for_unlucky(session: Session, settings: Settings, mail: Mail) -> Letter | None:
        if mail.member_id == unlucky.id:
            raise RuntimeError("It is broken too.")
        return write_digest(session, settings, mail)

    monkeypatch.setattr("research_hub.postman.matches_of", fail_on_broken)
    monkeypatch.setitem(_WRITERS, DIGEST, fail_for_unlucky)
    post.work(hours=2)
    post.work(hours=24)

    assert box.recipients == ["rosa@example.gov"]
    monkeypatch.undo()
    post.work(minutes=1)
    assert box.recipients == ["rosa@example.gov", unlucky.email]

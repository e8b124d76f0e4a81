"""Feeds: valid Atom 1.0 for whoever has the token, scoped to what its member may see when it is fetched."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from factories import make_highlight, make_member, make_session, make_study
from flask import Flask
from flask.testing import FlaskClient
from lxml import etree
from mailing import Post
from sqlalchemy import select

from insights.capture.models import Study
from insights.capture.operations import set_study_access
from insights.coding.models import Highlight
from insights.coding.operations import set_highlight_dropped
from insights.core.access import Role
from insights.people.models import Member
from insights.people.operations import set_active
from insights.stewardship.models import FeedToken
from research_hub.db import reading, transaction

SignIn = Callable[[Role | Member], FlaskClient]
ATOM = {"a": "http://www.w3.org/2005/Atom"}
GRAMMAR = etree.RelaxNG(etree.parse(Path(__file__).with_name("atom.rng")))


@pytest.fixture
def post(app: Flask) -> Iterator[Post]:
    made = Post(app)
    made.index()
    yield made
    app.extensions["search"].close()


@pytest.fixture
def owner(app: Flask) -> Member:
    with transaction() as session:
        return make_member(session, name="Olu Owner")


@pytest.fixture
def reader(app: Flask, post: Post) -> Member:
    with transaction() as session:
        return make_member(session, role=Role.READER)


def token_of(client: FlaskClient) -> str:
    """Makes a feed address on the page, and reads the token off it."""
    page = client.post("/saved/feed").get_data(as_text=True)
    found = re.search(r">http://localhost/feeds/([\w-]+)\.atom<", page)
    assert found is not None
    return found[1]


def feed_of(app: Flask, address: str) -> etree._Element:
    answer = app.test_client().get(address)
    assert answer.status_code == 200
    assert answer.mimetype == "application/atom+xml"
    return etree.fromstring(answer.get_data())


def texts(feed: etree._Element, path: str) -> list[str]:
    found: Any = feed.xpath(path, namespaces=ATOM)
    return [str(each) for each in found]


def watch(client: FlaskClient, question: str) -> None:
    client.post("/saved", data={"question": question, "name": "Ahoy & <b>welcome</b>", "mail": "never"})


def test_a_feed_is_valid_atom_with_the_words_of_records_escaped(
    app: Flask, client_for: SignIn, post: Post, owner: Member, reader: Member
) -> None:
    client = client_for(reader)
    watch(client, "q=letters")
    token = token_of(client)
    with transaction() as session:
        study = make_study(session, actor=owner, title="Letters & <script>alert(1)</script> \ufdd0 🕊")
        make_session(session, actor=owner, study=study, title="Letters again")
    post.work(hours=2)

    for address in (f"/feeds/{token}.atom", f"/feeds/{token}/FLW-1.atom"):
        feed = feed_of(app, address)

        assert GRAMMAR.validate(feed), GRAMMAR.error_log
        assert len(texts(feed, "a:entry")) == 2
        ids = texts(feed, "//a:id/text()")
        assert len(set(ids)) == len(ids)
        assert all(each.startswith("urn:uuid:") for each in ids)
        assert all(datetime.fromisoformat(each) for each in texts(feed, "//a:updated/text()"))
        assert any("Letters & <script>alert(1)</script>" in each for each in texts(feed, "a:entry/a:title/text()"))
        assert f"http://localhost/studies/{study.ref}" in texts(feed, "a:entry/a:link/@href")


def test_an_empty_feed_is_valid_too(app: Flask, client_for: SignIn, reader: Member) -> None:
    feed = feed_of(app, f"/feeds/{token_of(client_for(reader))}.atom")

    assert GRAMMAR.validate(feed), GRAMMAR.error_log


def test_the_grammar_refuses_what_is_no_atom(app: Flask, client_for: SignIn, reader: Member) -> None:
    feed = feed_of(app, f"/feeds/{token_of(client_for(reader))}.atom")
    updated = feed.find("a:updated", ATOM)
    assert updated is not None
    feed.remove(updated)

    assert not GRAMMAR.validate(feed)


def test_a_feed_that_did_not_change_is_not_sent_again(
    app: Flask, client_for: SignIn, post: Post, owner: Member, reader: Member
) -> None:
    client = client_for(reader)
    watch(client, "q=letters")
    address = f"/feeds/{token_of(client)}.atom"
    stranger = app.test_client()
    first = stranger.get(address)

    unchanged = stranger.get(address, headers={"If-None-Match": first.headers["ETag"]})
    since = stranger.get(address, headers={"If-Modified-Since": first.headers["Last-Modified"]})
    with transaction() as session:
        make_study(session, actor=owner, title="New letters")
    post.work(hours=2)
    changed = stranger.get(address, headers={"If-None-Match": first.headers["ETag"]})

    assert (unchanged.status_code, since.status_code, changed.status_code) == (304, 304, 200)
    assert unchanged.get_data() == b""
    assert first.headers["Cache-Control"] == "private, no-cache"


def test_the_token_is_shown_once_and_kept_as_a_hash_alone(client_for: SignIn, reader: Member) -> None:
    client = client_for(reader)

    token = token_of(client)

    assert token not in client.get("/saved/feed").get_data(as_text=True)
    assert token not in client.get("/saved").get_data(as_text=True)
    row = reading().scalars(select(FeedToken)).one()
    assert token not in row.token_hash
    assert len(row.token_hash) == 64


def test_a_token_that_was_replaced_or_revoked_and_one_never_made_answer_alike(
    app: Flask, client_for: SignIn, reader: Member
) -> None:
    client = client_for(reader)
    old = token_of(client)
    new = token_of(client)
    stranger = app.test_client()
    after_replacing = [stranger.get(f"/feeds/{each}.atom").status_code for each in (old, new)]

    client.post("/saved/feed/revoke")

    answers = [stranger.get(f"/feeds/{each}.atom") for each in (new, "never-made", "x" * 5_000, "ünï")]
    assert after_replacing == [404, 200]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.get_data() for answer in answers}) == 1


def test_the_feed_of_a_closed_account_is_gone(app: Flask, client_for: SignIn, reader: Member) -> None:
    token = token_of(client_for(reader))
    with transaction() as session:
        administrator = make_member(session, role=Role.ADMINISTRATOR)
        set_active(session, actor=administrator, member=session.get_one(Member, reader.id), active=False)

    assert app.test_client().get(f"/feeds/{token}.atom").status_code == 404


def test_a_token_opens_nothing_but_its_members_feeds(
    app: Flask, client_for: SignIn, post: Post, owner: Member, reader: Member
) -> None:
    watch(client_for(owner), "q=letters")
    token = token_of(client_for(reader))
    stranger = app.test_client()

    assert stranger.get(f"/feeds/{token}/FLW-1.atom").status_code == 404
    assert stranger.get(f"/saved?token={token}").status_code == 303


def test_what_was_restricted_or_dropped_since_is_not_in_the_feed(
    app: Flask, client_for: SignIn, post: Post, owner: Member, reader: Member
) -> None:
    client = client_for(reader)
    watch(client, "q=quillfeather+OR+positive")
    token = token_of(client)
    with transaction() as session:
        study = make_study(session, actor=owner, title="About Quillfeather")
        quote = make_highlight(session, actor=owner)
    client.post(f"/follow/{study.ref}")
    with transaction() as session:
        make_session(session, actor=owner, study=study, title="Quillfeather again")
    post.work(hours=2)
    addresses = [f"/feeds/{token}.atom", f"/feeds/{token}/FLW-1.atom", f"/feeds/{token}/FLW-2.atom"]
    before = [app.test_client().get(each) for each in addresses]

    with transaction() as session:
        set_study_access(session, actor=owner, study=session.get_one(Study, study.id), restricted=True, named=[])
        set_highlight_dropped(session, actor=owner, highlight=session.get_one(Highlight, quote.id), dropped=True)
    after = [
        app.test_client().get(each, headers={"If-None-Match": earlier.headers["ETag"]})
        for each, earlier in zip(addresses, before, strict=True)
    ]

    assert all("Quillfeather" in answer.get_data(as_text=True) for answer in before)
    assert [answer.status_code for answer in after] == [200, 200, 200]
    told = "".join(answer.get_data(as_text=True) for answer in after)
    assert "Quillfeather" not in told
    assert quote.ref not in told


def test_a_feed_holds_fifty_entries_at_most(
    app: Flask, client_for: SignIn, post: Post, owner: Member, reader: Member
) -> None:
    client = client_for(reader)
    watch(client, "q=letters&kind=study")
    token = token_of(client)
    with transaction() as session:
        for number in range(60):
            make_study(session, actor=owner, title=f"Letters, part {number}")
    post.work(hours=2)

    feed = feed_of(app, f"/feeds/{token}.atom")

    assert len(texts(feed, "a:entry")) == 50
    assert "STU-60" in texts(feed, "a:entry/a:title/text()")[0]

"""What anybody reads without an account: what was published, and nothing else of the application."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from demonstration import close
from domain.openness.records_for_entries import WORDS, Told, a_decision_on_a_quote, a_published_entry, an_entry
from factories import QUOTE, a_team
from flask import Flask
from lxml import etree

from insights.capture.consents import withdraw_consent
from insights.capture.models import Study
from insights.core.installation import ensure_database_id
from insights.openness.entries import withdraw_entry
from insights.openness.models import PublicEntry
from insights.people.models import Consent, Member
from insights.people.operations import start_browser_session
from insights.synthesis.models import Insight
from insights.synthesis.operations import retire_insight
from research_hub.app import create_app
from research_hub.config import Settings
from research_hub.db import db, transaction
from research_hub.security import TOKEN

ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture
def open_app(tmp_path: Path) -> Iterator[Flask]:
    """The application with its public pages switched on."""
    settings = Settings(data=tmp_path / "open", public_pages=True, public_organisation="A health board")
    made = create_app(settings)
    made.config.update(WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
    with made.app_context():
        db.create_all()
        with transaction() as unit:
            ensure_database_id(unit)
            a_team(unit)
        yield made
        close(made)


def test_until_it_is_switched_on_there_is_no_such_page(app: Flask) -> None:
    told, _ = _published()

    for path in ("/open", f"/open/{told.decision.ref}", f"/open/{told.decision.ref}/en", "/open/feed.atom"):
        assert app.test_client().get(path).status_code == 404
    assert app.test_client().get("/open/feed.json").status_code == 404


def test_anybody_reads_what_was_published_without_an_account(open_app: Flask) -> None:
    told, _ = _published()
    client = open_app.test_client()

    listed = client.get("/open").get_data(as_text=True)
    page = client.get(f"/open/{told.decision.ref}").get_data(as_text=True)

    assert WORDS.title in listed
    for words in (WORDS.title, WORDS.summary, WORDS.we_asked, WORDS.we_did, WORDS.what_next, QUOTE, "A health board"):
        assert words in page
    assert "Open Government Licence v3.0" in page


def test_a_page_sets_no_cookie_and_is_the_same_for_everybody(open_app: Flask) -> None:
    told, _ = _published()
    stranger, colleague = open_app.test_client(), open_app.test_client()
    with transaction() as session:
        token = start_browser_session(session, member=told.writer, browser="Test")
    with colleague.session_transaction() as cookies:
        cookies[TOKEN] = token
    stale = open_app.test_client()
    with stale.session_transaction() as cookies:
        cookies[TOKEN] = "of a session that ended"

    answers = [each.get(f"/open/{told.decision.ref}") for each in (stranger, colleague, stale)]

    assert len({each.get_data() for each in answers}) == 1
    for each in answers:
        assert "Set-Cookie" not in each.headers
        assert "Cookie" not in each.headers.get("Vary", "")
        assert each.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert told.writer.name not in answers[1].get_data(as_text=True)


def test_a_copy_is_asked_about_and_kept_while_it_holds(open_app: Flask) -> None:
    told, _ = _published()
    client, path = open_app.test_client(), f"/open/{told.decision.ref}"
    for coding in ("identity", "gzip"):
        first = client.get(path, headers={"Accept-Encoding": coding})
        asked = {"If-None-Match": first.headers["ETag"], "Accept-Encoding": coding}
        assert client.get(path, headers=asked).status_code == 304, coding

    _withdraw_consent(told)

    assert client.get(path, headers=asked).status_code == 200


def test_a_page_leads_to_nothing_of_the_application(open_app: Flask) -> None:
    told, _ = _published()
    client = open_app.test_client()

    for path in ("/open", f"/open/{told.decision.ref}", "/open?q=letters"):
        page = client.get(path).get_data(as_text=True)
        own = set(re.findall(r'(?:href|action|src)="(/[^"]*)"', page))
        assert all(each.startswith(("/open", "/static/")) for each in own), own
        assert "<script" not in page
        assert "csrf" not in page


def test_no_name_no_code_and_no_other_record_is_told_of(open_app: Flask) -> None:
    told, _ = _published()
    client = open_app.test_client()

    for path in ("/open", f"/open/{told.decision.ref}", "/open/feed.atom", "/open/feed.json"):
        text = client.get(path).get_data(as_text=True)
        for word in (told.writer.name, told.approver.name, told.writer.email, told.study.title, told.participant.code):
            assert word not in text
        assert not re.search(r"\b(?:HL|INS|STU|SES|PAR|PUB|MEM)-\d", text)


def test_a_draft_and_what_does_not_exist_answer_alike(open_app: Flask) -> None:
    with transaction() as session:
        told = a_decision_on_a_quote(session)
        an_entry(session, told)
    client = open_app.test_client()

    answers = [client.get(path) for path in (f"/open/{told.decision.ref}", "/open/DEC-999", "/open/anything")]

    assert {each.status_code for each in answers} == {404}
    shown = {
        each.get_data(as_text=True).replace(told.decision.ref, "").replace("DEC-999", "").replace("anything", "")
        for each in answers
    }
    assert len(shown) == 1


def test_consent_withdrawn_under_a_page_hides_the_quote_in_every_place(open_app: Flask) -> None:
    told, _ = _published()
    client = open_app.test_client()

    _withdraw_consent(told)

    page = client.get(f"/open/{told.decision.ref}").get_data(as_text=True)
    assert "Under review" in page
    for path in ("/open", f"/open/{told.decision.ref}", "/open/feed.atom", "/open/feed.json", "/open?q=positive"):
        text = client.get(path).get_data(as_text=True)
        assert "I saw positive" not in text
        assert "People stop reading at the result" not in text


def test_an_insight_retired_and_a_study_restricted_under_a_page_hide_at_once(open_app: Flask) -> None:
    retired, _ = _published()
    restricted, _ = _published()
    client = open_app.test_client()
    with transaction() as session:
        actor = session.get_one(Member, retired.writer.id)
        retire_insight(session, actor=actor, insight=session.get_one(Insight, retired.insight.id), note="Wrong.")
        session.get_one(Study, restricted.study.id).restricted = True

    for told in (retired, restricted):
        page = client.get(f"/open/{told.decision.ref}").get_data(as_text=True)
        assert "Under review" in page
        assert "I saw positive" not in page
    page = client.get(f"/open/{restricted.decision.ref}").get_data(as_text=True)
    assert WORDS.we_asked not in page
    assert "How do people read" not in client.get("/open/feed.atom").get_data(as_text=True)


def test_a_withdrawn_page_is_gone_and_says_why(open_app: Flask) -> None:
    told, ref = _published()
    with transaction() as session:
        entry = session.get_one(PublicEntry, int(ref[4:]))
        withdraw_entry(
            session, actor=session.get_one(Member, told.writer.id), entry=entry, reason="A figure was wrong."
        )
    client = open_app.test_client()

    answer = client.get(f"/open/{told.decision.ref}")

    assert answer.status_code == 410
    assert "A figure was wrong." in answer.get_data(as_text=True)
    assert WORDS.we_did not in answer.get_data(as_text=True)
    assert answer.headers["Cache-Control"] == "no-store"
    assert WORDS.title not in client.get("/open").get_data(as_text=True)


def test_the_feeds_name_pages_by_addresses_that_stay(open_app: Flask) -> None:
    told, _ = _published()
    client = open_app.test_client()

    atom = etree.fromstring(client.get("/open/feed.atom").get_data())
    feed = json.loads(client.get("/open/feed.json").get_data())

    href = f"http://localhost/open/{told.decision.ref}/en"
    assert atom.xpath("//a:entry/a:link/@href", namespaces=ATOM) == [href]
    assert atom.xpath("string(//a:rights)", namespaces=ATOM) == "Open Government Licence v3.0"
    assert (feed["version"], feed["items"][0]["url"]) == ("https://jsonfeed.org/version/1.1", href)
    assert feed["items"][0]["content_text"] == WORDS.summary
    assert client.get(href.removeprefix("http://localhost")).status_code == 200


def test_hostile_text_is_text(open_app: Flask) -> None:
    with transaction() as session:
        told = a_decision_on_a_quote(session)
        entry = a_published_entry(session, told)
        hostile = "</title><script>alert(1)</script>\x0b\"'&<img src=x onerror=alert(1)>"
        entry.published = {**entry.published, "title": hostile, "we_did": hostile, "summary": hostile}
    client = open_app.test_client()

    for path in ("/open", f"/open/{told.decision.ref}", "/open?q=%3Cscript%3E"):
        page = client.get(path).get_data(as_text=True)
        assert "<script>" not in page
        assert "<img" not in page
    assert etree.fromstring(client.get("/open/feed.atom").get_data()) is not None


def _published() -> tuple[Told, str]:
    with transaction() as session:
        told = a_decision_on_a_quote(session)
        return told, a_published_entry(session, told).ref


def _withdraw_consent(told: Told) -> None:
    assert told.consent is not None
    with transaction() as session:
        withdraw_consent(
            session,
            actor=session.get_one(Member, told.writer.id),
            consent=session.get_one(Consent, told.consent.id),
            study=session.get_one(Study, told.study.id),
            on=date(2026, 6, 1),
        )

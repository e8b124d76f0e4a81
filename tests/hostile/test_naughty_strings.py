"""Strings that break software, in every text field of every form: stored and shown, or refused with a reason."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from demonstration import app_on_copy, browser_of
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape
from sqlalchemy import select
from walking import Records, records_of
from werkzeug.test import TestResponse

from insights.capture.models import Study
from insights.core.access import Role
from research_hub.db import reading

SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "hostile-text"
STRINGS = SHARED / "naughty-strings" / "blns.json"
MARKED = "<img src=x onerror=alert(1)>"
DAY = "2026-10-14"
pytestmark = pytest.mark.skipif(not STRINGS.exists(), reason="the naughty strings lie beside the checkout")


@dataclass(frozen=True)
class Form:
    """Where it is sent, what makes it complete, and the fields that take the string."""

    address: str
    complete: dict[str, str]
    fields: tuple[str, ...]


def forms(records: Records) -> tuple[Form, ...]:
    refs = records.refs
    insight, decision = f"/insights/{refs['insights']}", f"/decisions/{refs['decisions']}"
    return (
        Form("/studies", {"title": "A study", "status": "in_field"}, ("title", "question", "service_id", "starts_on")),
        Form(
            "/sessions",
            {"study": refs["studies"], "held_on": DAY, "notes": "Notes.", "method": "interview"},
            ("study", "held_on", "notes", "title", "method", "moderator", "observers", "participants"),
        ),
        Form(f"/sources/{refs['sources']}/highlights", {}, ("tags", "observation", "words", "paragraph", "start")),
        Form(f"/highlights/{refs['highlights']}", {"tags": "fear"}, ("tags", "observation", "polarity")),
        Form(
            "/insights",
            {"claim": "A claim.", "type": "actionable", "kind": "usability"},
            ("claim", "type", "quotes", "confidence", "justification", "body", "kind", "owner_id", "review_by"),
        ),
        Form(
            f"{insight}/evidence",
            {"external_title": "A log", "relation": "supports"},
            ("quote", "other", "external_title", "external_url", "relation", "note"),
        ),
        Form(f"{insight}/contradictions", {}, ("other", "cause")),
        Form(f"{insight}/park", {"until": "2027-01-01", "note": "Later."}, ("until", "note")),
        Form(f"{insight}/recommend", {"text": "Do it."}, ("text", "addressee_id", "due_on")),
        Form(
            "/decisions",
            {"title": "A decision", "status": "draft"},
            (
                *("title", "context", "drivers", "options-0-title", "options-0-body", "outcome", "consequences"),
                *("decision_makers", "consulted", "service_id", "phase", "status", "insight"),
            ),
        ),
        Form(f"{decision}/changes", {"before": "Old", "after": "New"}, ("before", "after", "url")),
        Form(
            f"{decision}/measures",
            {"name": "Calls", "unit": "%", "direction": "up_is_better", "baseline": "3"},
            ("name", "unit", "direction", "baseline", "baseline_on", "target", "source"),
        ),
        Form("/services", {"name": "A service", "phase": "live"}, ("name", "description", "phase", "team_id")),
        Form("/components", {"name": "A part", "kind": "page"}, ("name", "kind", "version", "url")),
        Form("/members", {"email": "someone@example.org", "name": "S"}, ("email", "name", "role", "team_id")),
        Form("/teams", {"name": "A team"}, ("name",)),
    )


_KINDS = ("studies", "sources", "highlights", "insights", "decisions")
NAMES = tuple(form.address for form in forms(Records(dict.fromkeys(_KINDS, "one"))))


@pytest.fixture(scope="module")
def app(told: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with app_on_copy(told, tmp_path_factory.mktemp("naughty") / "data") as made:
        yield made


@pytest.fixture(scope="module")
def client(app: Flask) -> FlaskClient:
    return browser_of(app, Role.ADMINISTRATOR)


@pytest.fixture(scope="module")
def known(app: Flask) -> Records:
    with app.app_context():
        return records_of(reading())


@pytest.fixture(scope="module")
def strings() -> list[str]:
    return [*json.loads(STRINGS.read_text(encoding="utf-8")), "\x00", "a\x00b", "\ud7ff\ufffe", "x" * 100_000]


@pytest.mark.parametrize("number", range(len(NAMES)), ids=NAMES)
def test_a_field_takes_a_string_or_says_why_not(
    number: int, client: FlaskClient, known: Records, strings: list[str]
) -> None:
    form = forms(known)[number]

    for place, field in enumerate(form.fields):
        # Each field meets every tenth string, and beginning at another one, so that a form meets them all.
        for text in strings[place % 10 :: 10]:
            answer = client.post(form.address, data=form.complete | {field: text})
            assert answer.status_code in {303, 404, 409, 422}, _told(form, field, text, answer)
            if answer.status_code != 303:
                assert _says_something(answer), _told(form, field, text, answer)


def test_a_title_comes_back_as_it_was_typed_but_for_space_around_it(
    app: Flask, client: FlaskClient, strings: list[str]
) -> None:
    stored = 0
    for text in strings[::5]:
        answer = client.post("/studies", data={"title": text, "status": "in_field"})
        if answer.status_code != 303:
            continue
        stored += 1
        with app.app_context():
            title = reading().scalars(select(Study.title).order_by(Study.id.desc())).first()
            assert title is not None
            assert _letters(title) == _letters(text)
        page = client.get(answer.location).get_data(as_text=True)
        assert str(escape(title)) in page

    assert stored > 50


def test_markup_in_a_title_is_shown_and_not_obeyed(client: FlaskClient) -> None:
    shown = client.post("/studies", data={"title": MARKED, "status": "in_field"}).location

    for address in (shown, "/log", "/sessions/new", f"{shown}/edit"):
        page = client.get(address).get_data(as_text=True)
        assert MARKED not in page, address
        assert str(escape(MARKED)) in page, address


def test_searching_for_any_of_them_answers(client: FlaskClient, strings: list[str]) -> None:
    for text in strings[::4]:
        for address in ("/evidence", "/evidence/suggest"):
            answer = client.get(address, query_string={"q": text[:2000]})
            assert answer.status_code in {200, 422}, f"{address} answered {answer.status_code} to {text[:80]!r}"


def test_addresses_made_of_them_are_pages_that_do_not_exist(client: FlaskClient, strings: list[str]) -> None:
    numbers = ("INS-0", "INS--1", "INS-1e3", "INS-9999999999999999999999", "INS-١", "ins-", "DEC-1'--", "%00", "..")

    for text in [*numbers, *(each for each in strings[::9] if each and len(each) < 200)]:
        for family in ("studies", "sessions", "insights", "decisions", "reports/trace", "tags", "highlights"):
            answer = client.get(f"/{family}/{text.replace('?', '').replace('#', '').replace('/', '')}")
            assert answer.status_code < 500, f"/{family}/{text!r}"


def _letters(text: str) -> str:
    """Without the white space and control characters that a one-line field does not keep, in one normal form."""
    return "".join(
        each for each in unicodedata.normalize("NFC", text) if not each.isspace() and unicodedata.category(each) != "Cc"
    )


def _says_something(answer: TestResponse) -> bool:
    page = answer.get_data(as_text=True)
    return "govuk-error" in page or "banner" in page or "<h1" in page


def _told(form: Form, field: str, text: str, answer: TestResponse) -> str:
    return f"{form.address}: {field}={text[:80]!r} was answered with {answer.status_code}"

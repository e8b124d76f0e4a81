"""Adding a report in the browser: what is stored, what is said, and what is refused on which field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from factories import make_member, make_study, make_team
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from insights.capture.models import Method, SourceText, Study
from insights.core.access import Role
from insights.people.models import Member
from research_hub.db import reading, transaction

REPORT = (
    "---\ntitle: People and their letters\ndate: 2025-03-14\n---\n\n“I saw positive and stopped reading.”\n".encode()
)


@pytest.fixture
def member(app: Flask) -> Member:
    with transaction() as unit:
        return make_member(unit, name="Maya Osei")


@pytest.fixture
def browser(member: Member, client_for: Callable[[Member], FlaskClient]) -> FlaskClient:
    return client_for(member)


@pytest.fixture
def study(member: Member) -> Study:
    with transaction() as unit:
        return make_study(unit, actor=member, title="Results letters")


class Send:
    def __init__(self, browser: FlaskClient, study: Study) -> None:
        self.browser, self.study = browser, study

    def __call__(self, content: bytes | None = None, *, name: str = "letters.md", **fields: Any) -> TestResponse:
        data: dict[str, object] = {"study": self.study.ref, **fields}
        if content is not None:
            data["original"] = (BytesIO(content), name)
        answer = self.browser.post("/sources", data=data, content_type="multipart/form-data")
        # The test browser spools what is large to a file of its own, and leaves it open.
        answer.request.environ["wsgi.input"].close()
        return answer


@pytest.fixture
def send(browser: FlaskClient, study: Study) -> Send:
    return Send(browser, study)


def the_source() -> SourceText:
    return reading().scalars(select(SourceText)).one()


def none_stored() -> bool:
    return reading().scalar(select(func.count(SourceText.id))) == 0


def page(answer: TestResponse) -> str:
    return unescape(answer.get_data(as_text=True))


def test_a_file_becomes_a_source_with_what_was_typed_and_opens_in_the_reader(browser: FlaskClient, send: Send) -> None:
    answer = send(
        REPORT,
        title="Letters, round 2",
        dated_on="2024-05-02",
        method="survey",
        participant_count="1,200",
        url="https://example.org/letters",
    )

    source = the_source()
    assert (answer.status_code, answer.location) == (303, f"/sources/{source.ref}")
    assert (source.title, source.dated_on, source.method) == ("Letters, round 2", date(2024, 5, 2), Method.SURVEY)
    assert (source.participant_count, source.url) == (1200, "https://example.org/letters")
    shown = page(browser.get(answer.location))
    assert "“I saw positive and stopped reading.”" in shown
    assert f"{source.ref} added. Select a passage to highlight it." in shown
    assert browser.get(f"/sources/{source.ref}/original").data == REPORT


def test_what_is_left_empty_is_read_from_the_file_and_said(browser: FlaskClient, send: Send) -> None:
    answer = send(REPORT)

    source = the_source()
    assert (source.title, source.dated_on) == ("People and their letters", date(2025, 3, 14))
    assert (source.method, source.participant_count) == (None, None)
    assert "Read from the file: title “People and their letters”, date 14 March 2025." in page(
        browser.get(answer.location)
    )


def test_a_text_that_is_not_utf_8_is_read_and_the_guess_is_said(browser: FlaskClient, send: Send) -> None:
    answer = send("# Überblick\n\nEine Teilnehmerin sagte „schön“ dazu.\n".encode("cp1252"))

    shown = page(browser.get(answer.location))
    assert "Please check: encoding taken for cp1252." in shown
    assert "„schön“" in shown


def test_a_report_on_a_web_page_is_pasted_with_its_address(browser: FlaskClient, send: Send) -> None:
    answer = send(text="# Kits\r\n\r\nTwo nurses spoke of kits.", url="https://example.org/kits")

    shown = page(browser.get(answer.location))
    assert "Two nurses spoke of kits." in shown
    assert 'href="https://example.org/kits"' in shown
    assert the_source().title == "Kits"


def test_the_same_file_twice_leads_to_the_source_that_is_there(send: Send) -> None:
    send(REPORT)

    again = send(REPORT, name="copy of letters.md", title="Another title")

    source = the_source()
    assert again.status_code == 409
    assert "This report is here already" in page(again)
    assert f'href="/sources/{source.ref}"' in page(again)
    assert source.title == "People and their letters"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "There is nothing in it. Choose another file, or paste the text."),
        (b" \n\n", "There is nothing in it."),
        (b"%PDF-1.7 and so on", "This is a PDF, not text. Save it as plain text or Markdown and try again."),
        (b"PK\x03\x04 and so on", "This is a ZIP archive or an Office document, not text."),
        (b"\x00\x07" * 500, "There are no words in it to read or to cite."),
        (b"\xff\xfea\x00\xd8", "UTF-16-LE but is damaged"),
        (b"---\ntitle: Letters\n---\n\n***\n", "There are no words in it to read or to cite."),
        (b"word " * 400_001, "It is larger than 2 MB. Split the report and add the parts."),
    ],
    ids=["empty", "blank", "pdf", "office", "controls", "damaged", "no words", "large"],
)
def test_a_file_that_is_no_text_is_refused_on_its_field(send: Send, content: bytes, words: str) -> None:
    answer = send(content, title="Kept title")

    assert answer.status_code == 422
    assert words in page(answer).partition('id="original-error"')[2].partition("</p>")[0]
    assert 'value="Kept title"' in page(answer), "what was typed is still there"
    assert none_stored()


@pytest.mark.parametrize(
    ("field", "fields", "words"),
    [
        ("original", {}, "Choose the report’s file, or paste its text."),
        ("text", {"url": "https://example.org"}, "what stands at the address is not fetched"),
        ("title", {"text": "Two nurses spoke of kits."}, "Enter a title: the text has none of its own."),
        ("title", {"text": "Words.", "title": "x" * 501}, "must be 500 characters or fewer"),
        ("url", {"text": "# A\n\nWords.", "url": "javascript:alert(1)"}, "begins with https://"),
        ("participant_count", {"text": "# A\n\nWords.", "participant_count": "a dozen"}, "as a whole number"),
        ("dated_on", {"text": "# A\n\nWords.", "dated_on": "31/2/2025"}, "Enter a real date"),
        ("study", {"text": "# A\n\nWords.", "study": ""}, "Choose the study."),
        ("method", {"text": "# A\n\nWords.", "method": "telepathy"}, "Choose a method: one of interview"),
    ],
)
def test_a_field_that_cannot_be_taken_is_told_where_it_stands(
    send: Send, field: str, fields: dict[str, str], words: str
) -> None:
    answer = send(None, **fields)

    assert answer.status_code == 422
    assert words in page(answer).partition(f'id="{field}-error"')[2].partition("</p>")[0]
    assert none_stored()


def test_a_file_and_a_pasted_text_at_once_are_refused(send: Send) -> None:
    answer = send(REPORT, text="Other words.")

    assert answer.status_code == 422
    assert "Choose a file or paste the text, not both." in page(answer)
    assert none_stored()


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "C:\\Users\\ada\\letters.md", "a\x01b.md", "x" * 3_000 + ".md", "<b>.md"]
)
def test_a_hostile_file_name_is_only_a_name(browser: FlaskClient, send: Send, name: str) -> None:
    answer = send(REPORT, name=name)

    assert answer.status_code == 303
    kept = the_source().original_name
    assert not {"/", "\\", "\x01"} & set(kept)
    assert len(kept) <= 1_000
    assert "<b>.md" not in browser.get(answer.location).get_data(as_text=True)


def test_the_form_opens_on_the_study_one_comes_from(browser: FlaskClient, study: Study, member: Member) -> None:
    with transaction() as unit:
        newer = make_study(unit, actor=member, title="Newer study")

    shown = page(browser.get(f"/studies/{study.ref}"))
    assert f'href="/sources/new?study={study.ref}"' in shown
    form = page(browser.get(f"/sources/new?study={study.ref}"))
    assert f'<option selected value="{study.ref}">' in form
    assert newer.ref in form


def test_the_log_offers_it_to_those_who_may_log(
    browser: FlaskClient, client_for: Callable[[Role], FlaskClient]
) -> None:
    assert 'href="/sources/new"' in page(browser.get("/log"))
    reader = client_for(Role.READER)
    assert 'href="/sources/new"' not in page(reader.get("/log"))
    assert reader.get("/sources/new").status_code == 403
    assert reader.post("/sources").status_code == 403


def test_a_study_of_another_area_is_not_added_to(study: Study, client_for: Callable[[Member], FlaskClient]) -> None:
    with transaction() as unit:
        stranger = make_member(unit, team=make_team(unit, name="Vaccines"))

    answer = Send(client_for(stranger), study)(REPORT)

    assert answer.status_code == 403
    assert none_stored()


def test_a_restricted_study_is_as_if_it_were_not_there(
    member: Member, client_for: Callable[[Role], FlaskClient]
) -> None:
    with transaction() as unit:
        secret = make_study(unit, actor=member, title="Addresses that stay secret", restricted=True)
    stranger = client_for(Role.RESEARCHER)

    assert "Addresses that stay secret" not in page(stranger.get("/sources/new"))
    answer = Send(stranger, secret)(REPORT)
    assert answer.status_code == 404
    assert none_stored()

"""The leader's reports as files, opened the way their readers open them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import TypeAlias

import pytest
from bs4 import BeautifulSoup
from factories import make_accepted_decision, make_insight
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from pypdf import PdfReader

from insights.core.access import Role
from insights.people.models import Member
from insights.reports.report import Section, report_of_tables
from insights.reports.table import Table
from insights.synthesis.answers import issue_recommendation
from research_hub.db import transaction
from research_hub.report_files import as_page, as_pdf
from research_hub.report_files.pdf import MOST_ROWS

SignIn: TypeAlias = Callable[[Member | Role], FlaskClient]

REPORTS = ("/reports", "/reports/shelf", "/reports/responses", "/reports/inclusion")
EVIL = '=HYPERLINK("http://example.org") <script>alert(1)</script> #import "/etc/passwd": *'


@pytest.fixture
def hostile(app: Flask) -> Flask:
    """One insight with a hostile claim, a decision on it and a recommendation from it."""
    with app.app_context(), transaction() as session:
        insight = make_insight(session, claim=EVIL)
        make_accepted_decision(session, insight=insight)
        waiting = make_insight(session, claim=f"{EVIL} again")
        actor = session.get_one(Member, 1)
        issue_recommendation(session, actor=actor, text=EVIL, insights=[waiting])
    return app


@pytest.mark.parametrize("address", REPORTS)
@pytest.mark.usefixtures("hostile")
def test_every_report_is_a_tagged_pdf_with_a_title_and_a_language(client_for: SignIn, address: str) -> None:
    answer = client_for(Role.READER).get(f"{address}.pdf")
    document = PdfReader(io.BytesIO(answer.data))
    catalogue = document.trailer["/Root"]

    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert catalogue["/StructTreeRoot"]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"] == "en"
    assert document.metadata.title
    assert b"<pdfuaid:part>1</pdfuaid:part>" in catalogue["/Metadata"].get_data()
    assert document.pages[0].extract_text().startswith(document.metadata.title)


@pytest.mark.usefixtures("hostile")
@pytest.mark.parametrize("address", REPORTS)
def test_every_report_is_a_page_that_asks_for_nothing_else(client_for: SignIn, address: str) -> None:
    answer = client_for(Role.READER).get(f"{address}.html")
    page = BeautifulSoup(answer.text, "html.parser")

    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert page.find(["script", "link", "img", "iframe"]) is None
    assert page.find(src=True) is None
    assert page.find(href=True) is None
    assert page.h1 is not None
    assert page.title is not None
    assert page.h1.text == page.title.text


@pytest.mark.usefixtures("hostile")
def test_words_of_people_are_text_in_every_kind_of_file(client_for: SignIn) -> None:
    client = client_for(Role.READER)

    page = BeautifulSoup(client.get("/reports/responses.html").text, "html.parser")
    printed = PdfReader(io.BytesIO(client.get("/reports/responses.pdf").data)).pages[0].extract_text()
    book = load_workbook(io.BytesIO(client.get("/reports/responses.xlsx").data))
    lines = [*csv.reader(io.StringIO(client.get("/reports/responses.csv").data.decode("utf-8-sig")))]

    assert any(cell.text == EVIL for cell in page.find_all("td"))
    assert "#import" in printed
    assert [cell.value for cell in book["Response register"]["B"]][1] == f"'{EVIL}"
    assert all(cell.data_type != "f" for sheet in book for row in sheet.rows for cell in row)
    assert f"'{EVIL}" in {cell for line in lines for cell in line}


@pytest.mark.usefixtures("hostile")
def test_numbers_are_numbers_and_days_are_days_in_a_workbook_that_can_be_filtered(
    client_for: SignIn,
) -> None:
    book = load_workbook(io.BytesIO(client_for(Role.READER).get("/reports/shelf.xlsx").data))
    sheet = book["Shelf"]
    columns = {cell.value: cell.column_letter for cell in sheet[1]}

    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref
    assert isinstance(sheet[f"{columns['Days on the shelf']}2"].value, int)
    assert sheet[f"{columns['First published']}2"].is_date


def test_the_same_report_gives_the_same_bytes() -> None:
    report = report_of_tables("x", "X", "All services", date(2026, 7, 1), [Table("T", ("A",), (("b",), (1.5,)))])

    assert as_page(report) == as_page(report)
    assert as_pdf(report) == as_pdf(report)


def test_a_character_that_no_font_shows_still_gives_a_tagged_pdf() -> None:
    report = report_of_tables("x", "X", "你好", date(2026, 7, 1), [Table("T", ("A",), (("\U0001f9ff\U000e0001",),))])

    catalogue = PdfReader(io.BytesIO(as_pdf(report))).trailer["/Root"]

    assert catalogue["/StructTreeRoot"]
    assert b"pdfuaid" not in catalogue["/Metadata"].get_data()


def test_a_pdf_prints_a_thousand_rows_and_says_where_the_others_are() -> None:
    table = Table("T", ("Number",), tuple((number,) for number in range(MOST_ROWS + 5)))
    report = report_of_tables("x", "X", "", date(2026, 7, 1), [table])

    words = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(as_pdf(report))).pages)

    assert "The first 1,000 of 1,005 rows; the workbook has them all." in words
    assert "1003" not in words
    assert "1003" in as_page(report).decode()


def test_a_report_without_tables_is_still_a_document() -> None:
    report = report_of_tables("x", "X", "", date(2026, 7, 1), [])

    assert report.sections == ()
    assert PdfReader(io.BytesIO(as_pdf(report))).pages[0].extract_text().startswith("X")
    assert Section("A").table is None


@pytest.mark.usefixtures("hostile")
def test_only_kinds_of_files_that_exist_are_answered(client_for: SignIn) -> None:
    client = client_for(Role.READER)

    assert [client.get(f"/reports.{extension}").status_code for extension in ("docx", "json", "PDF")] == [404] * 3

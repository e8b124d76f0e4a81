"""The leader's reports as files, opened the way their readers open them."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import date, time
from typing import TypeAlias

import pytest
from bs4 import BeautifulSoup
from factories import make_accepted_decision, make_insight, make_member
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from pypdf import PdfReader

from insights.core.access import Role
from insights.decisions.operations import link_insight
from insights.decisions.outcomes import attest_impact
from insights.exchange.tables import write_xlsx
from insights.people.models import Member
from insights.reports.matrix_document import DECISIONS_ON_A_PAGE
from insights.reports.report import Section, report_of_tables
from insights.reports.table import Table
from insights.synthesis.answers import issue_recommendation
from research_hub.db import transaction
from research_hub.report_files import as_page, as_pdf
from research_hub.report_files.pdf import MOST_ROWS

SignIn: TypeAlias = Callable[[Member | Role], FlaskClient]

REPORTS = (
    "/reports",
    "/reports/shelf",
    "/reports/responses",
    "/reports/inclusion",
    "/reports/matrix",
    "/reports/gaps",
    "/reports/flow",
    "/reports/issues",
    "/reports/trace/INS-1",
    "/reports/use",
    "/impact",
    "/decisions/needs-not-met",
)
EVIL = '=HYPERLINK("http://example.org") <script>alert(1)</script> #import "/etc/passwd": *'


@pytest.fixture
def hostile(app: Flask) -> Flask:
    """Insights with hostile claims: one decided on, with an entry in the ledger, one left aside, one asked about."""
    with app.app_context(), transaction() as session:
        actor = make_member(session, role=Role.APPROVER)
        insight = make_insight(session, actor=actor, claim=EVIL)
        decision = make_accepted_decision(session, actor=actor, insight=insight)
        waiting = make_insight(session, claim=f"{EVIL} again")
        aside = make_insight(session, claim=f"{EVIL} and again")
        link_insight(
            session, actor=actor, decision=decision, insight=aside, type_="considered_not_followed", rationale=EVIL
        )
        attest_impact(session, actor=actor, decision=decision, what=EVIL, contribution="sole_reason")
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
def test_every_report_offers_its_four_kinds_of_files_on_its_page(client_for: SignIn) -> None:
    client = client_for(Role.READER)

    for address in REPORTS:
        page = BeautifulSoup(client.get(address).text, "html.parser")
        offered = {str(link["href"]).partition("?")[0]: str(link["href"]) for link in page.find_all("a", href=True)}
        answers = [client.get(offered[f"{address}.{kind}"]) for kind in ("xlsx", "pdf", "csv", "html")]
        assert [answer.status_code for answer in answers] == [200] * 4
        assert {answer.headers["Content-Disposition"][:10] for answer in answers} == {"attachment"}


@pytest.mark.usefixtures("hostile")
def test_a_word_of_the_address_that_a_report_does_not_know_breaks_no_link(client_for: SignIn) -> None:
    client = client_for(Role.READER)

    answers = [client.get(f"{address}?extension=exe&endpoint=x&_scheme=ftp") for address in REPORTS]

    assert [answer.status_code for answer in answers] == [200] * len(REPORTS)


@pytest.mark.usefixtures("hostile")
@pytest.mark.parametrize("address", ["/reports/matrix", "/reports/flow", "/reports/trace/INS-1", "/impact"])
def test_what_is_in_the_workbook_is_in_print_as_well(client_for: SignIn, address: str) -> None:
    client = client_for(Role.READER)

    printed = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(client.get(f"{address}.pdf").data)).pages)
    page = BeautifulSoup(client.get(f"{address}.html").text, "html.parser")

    assert "example.org" in printed
    assert any("example.org" in cell.text for cell in page.find_all("td"))


def test_a_matrix_too_wide_for_a_page_is_printed_as_its_links_and_says_so(app: Flask, client_for: SignIn) -> None:
    with app.app_context(), transaction() as session:
        insight = make_insight(session, claim="People stop at the result.")
        for number in range(DECISIONS_ON_A_PAGE + 1):
            make_accepted_decision(session, insight=insight, title=f"Next step {number}")
        alone = make_insight(session, claim="Nobody linked this.").ref
    client = client_for(Role.READER)

    document = PdfReader(io.BytesIO(client.get("/reports/matrix.pdf").data))
    printed = " ".join(" ".join(page.extract_text() for page in document.pages).split())
    narrow = client.get("/reports/matrix.html?coverage=uncovered").text
    sheets = load_workbook(io.BytesIO(client.get("/reports/matrix.xlsx").data)).sheetnames

    assert "2 insights by 7 decisions and is too wide for a page" in printed
    assert printed.count("Six of eight stopped there.") == DECISIONS_ON_A_PAGE + 1
    assert alone in printed
    assert "insights that are uncovered" in narrow
    assert sheets == ["Matrix", "Insights", "Decisions", "Links", "Totals"]


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
    assert write_xlsx(report.tables, report.made_on) == write_xlsx(report.tables, report.made_on)


@pytest.mark.usefixtures("hostile")
def test_a_workbook_tells_the_day_of_its_figures_and_no_moment(client_for: SignIn) -> None:
    client = client_for(Role.READER)

    for address in REPORTS:
        data = client.get(f"{address}.xlsx").data
        book = load_workbook(io.BytesIO(data)).properties
        assert book.created is not None
        assert book.created.time() == time()
        assert book.modified == book.created
        assert {entry.date_time[0] for entry in zipfile.ZipFile(io.BytesIO(data)).infolist()} == {1980}


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

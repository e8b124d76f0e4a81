"""Every report leaves as JSON, CSV and XLSX with the same figures."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import date

import pytest
from domain.reports.records import Records
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from insights.core.base import Base
from insights.exchange.tables import read_csv_back, write_csv, write_xlsx
from insights.people.models import Member
from insights.reports.evidence_base import load_evidence_base
from insights.reports.gaps import Gaps, gaps
from insights.reports.matrix import Matrix, matrix
from insights.reports.metrics import Period, Scorecard, scorecard
from insights.reports.shelf import ShelfReport, shelf
from insights.reports.trace import Trace, trace
from insights.reports.trends import GroundsTrend, grounds_by_quarter

Report = Scorecard | ShelfReport | Matrix | Gaps | Trace | GroundsTrend
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
FORMULA = "=HYPERLINK(1)"

REPORTS: dict[str, Callable[[Session, Member], Report]] = {
    "metrics": lambda session, member: scorecard(load_evidence_base(session, member), YEAR),
    "shelf": lambda session, member: shelf(load_evidence_base(session, member)),
    "matrix": lambda session, member: matrix(load_evidence_base(session, member)),
    "gaps": lambda session, member: gaps(load_evidence_base(session, member)),
    "trend": lambda session, member: grounds_by_quarter(load_evidence_base(session, member)),
    "trace": lambda session, member: trace(session, member, "INS-1"),
}


@pytest.fixture(params=REPORTS)
def report(request: pytest.FixtureRequest, session: Session, records: Records) -> Report:
    insight = records.insight(FORMULA, rests_on=(records.highlight(records.study(FORMULA), FORMULA),))
    records.link(insight, records.decision(FORMULA))
    records.insight(FORMULA, on=date(2026, 3, 1))
    records.recommendation(insight)
    return REPORTS[request.param](session, records.member)


def test_a_report_can_be_written_as_json(report: Report) -> None:
    assert json.loads(json.dumps(report.as_json())) == report.as_json()


def test_a_report_can_be_opened_as_a_workbook_without_formulas(report: Report) -> None:
    tables = report.as_table()

    book = load_workbook(io.BytesIO(write_xlsx(tables)))

    assert book.sheetnames == [table.name for table in tables]
    assert [sheet.max_row for sheet in book] == [len(table.rows) + 1 for table in tables]
    assert not any(cell.data_type == "f" for sheet in book for row in sheet.iter_rows() for cell in row)


def test_every_table_of_a_report_comes_back_from_csv(report: Report) -> None:
    for table in report.as_table():
        content = read_csv_back(write_csv(table))

        assert content.columns == table.columns
        assert [row[0] for row in content.rows] == [str(row[0]) for row in table.rows]


def test_reading_a_report_changes_nothing(report: Report, session: Session) -> None:
    assert isinstance(report, Report)
    assert not any(isinstance(each, Base) for each in (*session.new, *session.dirty, *session.deleted))

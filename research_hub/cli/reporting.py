from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import ParamSpec, Protocol, TypeVar

import click
from sqlalchemy.orm import Session

from insights.core.clock import today
from insights.exchange.tables import write_csv, write_xlsx
from insights.people.models import Member
from insights.reports.days import Period
from insights.reports.evidence_base import load_evidence_base
from insights.reports.flow import flow as compute_flow
from insights.reports.graph.issues import issue_report
from insights.reports.graph.issues import issues as find_issues
from insights.reports.matrix import matrix as compute_matrix
from insights.reports.metrics import scorecard as compute_scorecard
from insights.reports.reading.evidence_rows import read_evidence_facts
from insights.reports.reading.surrounding_rows import read_surroundings
from insights.reports.shelf import shelf as compute_shelf
from insights.reports.table import Table
from insights.reports.trace import trace as compute_trace
from research_hub.cli.acting import acting_as, as_member
from research_hub.cli.application import Refused, with_application
from research_hub.cli.report_page import as_page
from research_hub.db import reading

Given = ParamSpec("Given")
Answer = TypeVar("Answer")
DAY = click.DateTime(["%Y-%m-%d"])
A_YEAR = timedelta(days=365)


class Report(Protocol):
    """What every report can do."""

    def as_json(self) -> dict[str, object]: ...

    def as_table(self) -> list[Table]: ...


def takes_away(command: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """Gives a command `--as`, `--format` and `--out`."""
    path = click.Path(dir_okay=False, path_type=Path)
    forms = click.Choice(["json", "csv", "xlsx", "html"])
    of_forms = "csv holds the report's first table, xlsx and html all of them."
    command = click.option("--out", type=path, metavar="FILE", help="Write into FILE.")(command)
    command = click.option("--format", "form", type=forms, default="json", show_default=True, help=of_forms)(command)
    return acting_as(command)


@click.group()
def report() -> None:
    """Reports as files: the shelf, the matrix, the metrics, the thread of a record."""


@report.command()
@takes_away
@with_application
def shelf(*, email: str | None, form: str, out: Path | None) -> None:
    """Published insights that nothing was done about, oldest first."""
    session, member = _reader(email)
    _give("Shelf", compute_shelf(load_evidence_base(session, member)), form, out)


@report.command()
@takes_away
@with_application
def matrix(*, email: str | None, form: str, out: Path | None) -> None:
    """Insights by decisions, with the state of each link, and what is empty."""
    session, member = _reader(email)
    _give("Matrix", compute_matrix(load_evidence_base(session, member)), form, out)


@report.command()
@click.option("--from", "start", type=DAY, help="First day of the period. Default: a year before the last.")
@click.option("--to", "end", type=DAY, help="Last day of the period. Default: today.")
@takes_away
@with_application
def metrics(*, start: datetime | None, end: datetime | None, email: str | None, form: str, out: Path | None) -> None:
    """The scorecard: T1 to T12, with the rows behind each figure."""
    session, member = _reader(email)
    last = end.date() if end else today(session)
    period = Period(start.date() if start else last - A_YEAR, last)
    around, _services = read_surroundings(session, member, period)
    _give("Metrics", compute_scorecard(load_evidence_base(session, member), period, around=around), form, out)


@report.command()
@click.argument("ref")
@takes_away
@with_application
def trace(*, ref: str, email: str | None, form: str, out: Path | None) -> None:
    """Everything that REF rests on and that rests on REF, from study to outcome."""
    session, member = _reader(email)
    _give(f"Thread of {ref}", compute_trace(session, member, ref), form, out)


@report.command()
@click.option("--from", "start", type=DAY, help="First day of the period. Default: a year before the last.")
@click.option("--to", "end", type=DAY, help="Last day of the period. Default: today.")
@takes_away
@with_application
def flow(*, start: datetime | None, end: datetime | None, email: str | None, form: str, out: Path | None) -> None:
    """From studies to outcomes: what became of the insights first published in a period, and of their decisions."""
    session, member = _reader(email)
    last = end.date() if end else today(session)
    period = Period(start.date() if start else last - A_YEAR, last)
    _give("Flow", compute_flow(load_evidence_base(session, member), period), form, out)


@report.command()
@takes_away
@with_application
def issues(*, email: str | None, form: str, out: Path | None) -> None:
    """What is wrong with the chain, worst first. Ends with code 1 when there are errors."""
    session, member = _reader(email)
    base = load_evidence_base(session, member, with_answers=False)
    found = issue_report(find_issues(base, read_evidence_facts(session)), base.today)
    _give("Issues", found, form, out)
    click.echo(", ".join(f"{number:,} {each.value}s" for each, number in found.by_severity.items()) + ".", err=True)
    if found.errors:
        click.get_current_context().exit(1)


def _reader(email: str | None) -> tuple[Session, Member]:
    session = reading()
    return session, as_member(session, email)


def _give(title: str, made: Report, form: str, out: Path | None) -> None:
    content = _content(title, made, form)
    if out is not None:
        out.write_bytes(content)
        click.echo(f"{out}: {len(content):,} bytes.", err=True)
        return
    if form == "xlsx" and sys.stdout.isatty():
        raise Refused("A workbook cannot be shown here. Name a file with --out.")
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def _content(title: str, made: Report, form: str) -> bytes:
    if form == "json":
        return (json.dumps(made.as_json(), ensure_ascii=False, indent=1) + "\n").encode()
    tables = made.as_table()
    if form == "csv":
        return write_csv(tables[0])
    moment = today(reading())
    if form == "xlsx":
        return write_xlsx(tables, moment)
    return as_page(title, f"Research Hub, {moment.day} {moment:%B %Y}.", tables).encode()

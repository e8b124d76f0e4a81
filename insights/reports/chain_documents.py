"""Reports on the chain from study to outcome made ready to leave: gaps, flow, what is wrong, the thread of a record.

gaps_report(gaps, scope) -> Report, and so on; `scope` says in words what was chosen, as in 'All services'
"""

from __future__ import annotations

from datetime import date
from itertools import groupby

from insights.core.text import plain_words
from insights.reports.days import day_in_words
from insights.reports.flow import Flow
from insights.reports.gaps import Gaps
from insights.reports.graph import Node, Stage
from insights.reports.graph.issues import Issue, IssueReport
from insights.reports.metrics.metric import counted
from insights.reports.report import Place, Report, Section
from insights.reports.table import Table
from insights.reports.trace import Trace


def gaps_report(gaps: Gaps, scope: str) -> Report:
    sections = tuple(
        Section(title, (f"{counted(len(rows), 'gap')}, longest open first.",) if rows else (), table)
        for (title, rows), table in zip(gaps.lists(), gaps.as_table(), strict=True)
    )
    cautions = ("A declared basis is legitimate: such decisions are named here, and are no fault.",)
    subtitle = f"Where the thread breaks, and who can mend it. {scope}, as of {day_in_words(gaps.on)}."
    return Report("gaps", "Gaps", subtitle, gaps.on, sections, cautions)


def flow_report(flow: Flow, scope: str) -> Report:
    bands, rows = flow.as_table()
    total = (
        f"{counted(flow.insights, 'insight')} first published in the period, and "
        f"{counted(flow.decisions, 'decision')}: those they led to, and those of the period without research."
    )
    sections = (
        Section("The flow in numbers", (total,), bands, leads=True),
        Section("What each number counts", table=rows),
    )
    cautions = (
        "An insight that rests on two studies is counted in each.",
        "One that led to a live decision and to one being built goes to both.",
    )
    subtitle = f"{scope}, {flow.period.words}. All stand as they are on {day_in_words(flow.on)}."
    return Report("flow", "From studies to outcomes", subtitle, flow.on, sections, cautions)


def issues_report(report: IssueReport, scope: str) -> Report:
    """In print a table for each thing that is wrong, under what to do about it."""
    issues, totals = report.as_table()
    everything = sum(report.by_severity.values())
    chosen = f"{len(report.rows)} of {everything} are listed here." if len(report.rows) < everything else ""
    sections = (
        Section("How many", tuple(filter(None, (_severities(report), chosen))), totals),
        *(_issue_section(tuple(rows)) for _, rows in groupby(report.rows, key=lambda row: row.kind)),
        Section("Everything", table=issues, place=Place.WORKBOOK, leads=True),
    )
    cautions = ("Counts are of records that you may see.",)
    subtitle = f"From study to outcome, worst first. {scope}, as of {day_in_words(report.on)}."
    return Report("issues", "What is wrong with the chain", subtitle, report.on, sections, cautions)


def trace_report(trace: Trace, made_on: date, steps: str) -> Report:
    """In print a table for each stage that has records; `steps` says how far it goes, as in 'The whole thread'."""
    thread, connections = trace.as_table()
    sections = (
        *(_stage_section(stage, nodes) for stage, nodes in trace.stages.items() if nodes),
        Section("How they hang together", table=connections),
        Section("Thread", table=thread, place=Place.WORKBOOK, leads=True),
    )
    title = plain_words(trace.graph.nodes[trace.ref].title).rstrip(".")
    subtitle = f"{title}. {steps}, as of {day_in_words(made_on)}."
    cautions = ("It holds what you may see.",)
    return Report(f"thread-{trace.ref.lower()}", f"The thread of {trace.ref}", subtitle, made_on, sections, cautions)


_STAGE_NAMES: dict[Stage, str] = {
    Stage.STUDY: "Studies",
    Stage.SESSION: "Sessions",
    Stage.SOURCE: "Reports and notes",
    Stage.QUOTE: "Quotes",
    Stage.INSIGHT: "Insights",
    Stage.RECOMMENDATION: "Recommendations",
    Stage.DECISION: "Decisions",
    Stage.COMPONENT: "Components",
    Stage.CHANGE: "Changes",
    Stage.MEASURE: "Measures",
    Stage.OUTCOME: "Outcomes",
}


def _stage_section(stage: Stage, nodes: tuple[Node, ...]) -> Section:
    name = _STAGE_NAMES[stage]
    rows = tuple((node.ref, plain_words(node.title), node.state, _day(node.on)) for node in nodes)
    return Section(name, table=Table(name, ("Reference", "Title", "State", "Date"), rows), place=Place.PRINT)


def _day(on: str) -> date | str:
    """A month or a year alone stays as it is written."""
    try:
        return date.fromisoformat(on)
    except ValueError:
        return on


def _severities(report: IssueReport) -> str:
    return ", ".join(counted(number, severity.value) for severity, number in report.by_severity.items()) + "."


def _issue_section(rows: tuple[Issue, ...]) -> Section:
    """Those of one kind."""
    first = rows[0]
    cells = tuple((row.ref, row.title, row.words, row.owner or "nobody", row.service) for row in rows)
    table = Table(first.name, ("Record", "Title", "What is wrong", "Owner", "Service"), cells)
    title = f"{first.severity.value.capitalize()}: {first.name}"
    return Section(title, (first.advice,), table, place=Place.PRINT)

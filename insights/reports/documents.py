"""The leader's reports made ready to leave: scorecard, shelf, inclusion, response register, and who uses the product.

scorecard_report(card, scope) -> Report, and so on; `scope` says in words what was chosen, as in 'All services'
"""

from __future__ import annotations

from datetime import date

from insights.reports.days import Period, day_in_words
from insights.reports.inclusion import Coverage
from insights.reports.metrics import Metric, Scorecard
from insights.reports.metrics.decision_time import days_in_words
from insights.reports.metrics.metric import NamedCurve, counted
from insights.reports.report import Drawing, Place, Report, Section
from insights.reports.response_register import ANSWER_WITHIN, ResponseRegister
from insights.reports.shelf import ShelfReport
from insights.reports.table import Table, Value
from insights.reports.use import SMALLEST_GROUP, UseReport

_WORKBOOK_ONLY = {"Rows behind the figures", "Decision time curves"}


def scorecard_report(card: Scorecard, scope: str) -> Report:
    """The figures, a curve for each of decision time, then every table of the workbook."""
    figures, *others = card.as_table()
    curves = [curve for metric in card.metrics for curve in metric.curves if curve.curve.cases]
    sections = (
        Section("The figures", table=_figures_to_read(card), place=Place.PRINT),
        *(_curve_section(curve) for curve in curves),
        Section("Every figure with its interval", table=figures, place=Place.WORKBOOK, leads=True),
        *(Section(table.name, table=table, place=_place(table)) for table in others),
    )
    subtitle = f"{scope}, {card.period.words}. As of {day_in_words(card.on)}."
    return Report("scorecard", "Do we decide on evidence?", subtitle, card.on, sections, _cautions(card.metrics))


def shelf_report(shelf: ShelfReport, scope: str) -> Report:
    on_shelf, bands, parked = shelf.as_table()
    many = counted(len(shelf.rows), "insight")
    waits = f"{many} that nobody has answered, oldest first." if shelf.rows else "Nothing waits for an answer."
    sections = (
        Section("Age bands", table=bands),
        Section("On the shelf", (waits,), on_shelf, leads=True),
        Section("Parked", ("Off the shelf until a day; then back, with the age they had.",), parked),
    )
    cautions = ("Age runs from the first publication. Only an answer takes an insight off the shelf.",)
    return Report("shelf", "The shelf", f"{scope}, as of {day_in_words(shelf.on)}.", shelf.on, sections, cautions)


def inclusion_report(coverage: Coverage, scope: str, period: Period, made_on: date) -> Report:
    by_attribute, missing = coverage.as_table()
    total = f"{counted(coverage.total, 'person', 'people')} heard in open studies and those that you may see."
    sections = (Section("Who is heard", (total,), by_attribute), Section("Who is not", table=missing))
    cautions = (
        "Numbers below three are not given, so that nobody is singled out.",
        "“Not recorded” is not “none”. A person who took part in two studies counts twice.",
    )
    return Report("inclusion", "Who is heard", f"{scope}, {period.words}.", made_on, sections, cautions)


def responses_report(register: ResponseRegister, scope: str) -> Report:
    rows, states = register.as_table()
    overdue = f"{len(register.overdue)} of {counted(len(register.rows), 'recommendation')} overdue."
    sections = (Section("By state", (overdue,), states), Section("The register", table=rows, leads=True))
    cautions = (
        "A decline with a reason is an answer.",
        f"Answer by: the day that was asked for, or {ANSWER_WITHIN} days after the issue.",
    )
    subtitle = f"{scope}, as of {day_in_words(register.on)}."
    return Report("responses", "Leadership’s answers", subtitle, register.on, sections, cautions)


def use_report(use: UseReport, made_on: date) -> Report:
    by_role, by_team = use.as_table()
    cautions = (
        f"Nobody’s own use is kept or shown. Groups of fewer than {SMALLEST_GROUP} people count together.",
        "Accounts used: signed in at least once in the period, of the accounts that are open today.",
        "Citations: insights linked to decisions by people who are in the group today.",
    )
    sections = (Section("By role", table=by_role), Section("By team", table=by_team))
    return Report("use", "Who uses it", f"{use.period.words}.", made_on, sections, cautions)


def _figures_to_read(card: Scorecard) -> Table:
    """Value, what was counted, and the interval in words: what a person reads; the workbook has the numbers apart."""
    columns = ("Figure", "Value", "Counted", "95% interval", "Note")
    return Table("Figures", columns, tuple(_figure_row(metric) for metric in card.metrics))


def _figure_row(metric: Metric) -> tuple[Value, ...]:
    many = f"{metric.counted} of {metric.denominator}" if metric.denominator else "nothing to count"
    interval = "" if metric.interval is None else f"{metric.interval[0]:.0%} to {metric.interval[1]:.0%}"
    return f"{metric.code} {metric.title}", metric.display, many, interval, metric.note


def _place(table: Table) -> Place:
    return Place.WORKBOOK if table.name in _WORKBOOK_ONLY else Place.EVERYWHERE


def _curve_section(curve: NamedCurve) -> Section:
    words = (
        f"Half within {days_in_words(curve.curve.median)}, three quarters within "
        f"{days_in_words(curve.curve.upper_quartile)}. {counted(curve.curve.cases, 'insight')} watched, "
        f"{len(curve.still_open)} still open."
    ).replace("within not reached", "not reached")
    rows = tuple(
        (step.day, step.at_risk, step.events, round(100 * step.open_share)) for step in curve.curve.steps[:_MOST_STEPS]
    )
    table = Table(f"{curve.name} step by step", ("Day", "At risk", "On that day", "Per cent still open"), rows)
    drawing = Drawing(curve.title, words, curve.curve)
    return Section(f"{curve.name}: {curve.title}", (words,), table, drawing, place=Place.PRINT)


_MOST_STEPS = 60


def _cautions(metrics: tuple[Metric, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"{metric.code}: {caution}" for metric in metrics for caution in metric.cautions))

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from insights.core.access import Permission
from insights.reports.documents import scorecard_report
from insights.reports.facts import EvidenceBase
from insights.reports.metrics import CODES, Metric, Scorecard, metric_help
from insights.reports.metrics import scorecard as compute_scorecard
from insights.reports.metrics.decision_time import decision_time
from insights.reports.metrics.metric import Window
from insights.reports.response_register import response_register
from insights.reports.shelf import shelf as compute_shelf
from insights.reports.titles import titled
from research_hub.report_files.drawing import last_day_drawn
from research_hub.security import current_member, public, requires
from research_hub.web.exports import as_report
from research_hub.web.reports.blueprint import bp
from research_hub.web.reports.choice import ReportChoice, read_wide_choice

ANSWERS_SHOWN = 5
A_YEAR = 365


@bp.get("/reports")
@requires(Permission.READ)
def scorecard() -> ResponseReturnValue:
    """What a leader sees in five minutes: whether the organisation decides on evidence, and what waits for them."""
    choice = read_wide_choice()
    card = _card(choice)
    # Of the year before the curve alone is drawn, so nothing else is computed.
    before = decision_time(choice.base, Window(choice.period.earlier_by(A_YEAR), card.on), card.settings)
    register = response_register(choice.base)
    mine = [row for row in register.waiting if row.addressee_id == current_member().id]
    return render_template(
        "reports/scorecard.html",
        choice=choice,
        card=card,
        before=before.curves[0].curve,
        horizon=last_day_drawn(card.metric("T4").curves[0].curve),
        shelf=compute_shelf(choice.base),
        register=register,
        mine=mine[:ANSWERS_SHOWN],
        waiting=[row for row in register.waiting if row not in mine][:ANSWERS_SHOWN],
    )


@bp.get("/reports.<extension>")
@requires(Permission.READ)
def export_scorecard(extension: str) -> ResponseReturnValue:
    choice = read_wide_choice()
    return as_report(extension, scorecard_report(_card(choice), choice.scope))


@bp.get("/reports/metric/<code>")
@requires(Permission.READ)
def metric(code: str) -> ResponseReturnValue:
    """One figure with the rows behind it, what it means and how it can mislead."""
    choice = read_wide_choice()
    card = _card(choice)
    found = card.metric(code.upper())
    return render_template(
        "reports/metric.html",
        choice=choice,
        card=card,
        metric=found,
        help=metric_help(found.code),
        horizons={each.name: last_day_drawn(each.curve) for each in found.curves},
        rows=_titled(choice.base, found, counted=True),
        others=_titled(choice.base, found, counted=False),
    )


@bp.get("/help/metrics")
@public
def help_metrics() -> ResponseReturnValue:
    return render_template("reports/help.html", metrics=[metric_help(code) for code in CODES])


def _card(choice: ReportChoice) -> Scorecard:
    return compute_scorecard(choice.base, choice.period, around=choice.around)


def _titled(base: EvidenceBase, metric: Metric, *, counted: bool) -> list[tuple[str, str]]:
    """Refs with their titles: those that make the numerator, or the rest of the denominator."""
    counted_refs = set(metric.rows)
    refs = metric.rows if counted else [ref for ref in metric.base_rows if ref not in counted_refs]
    return titled(base, refs)

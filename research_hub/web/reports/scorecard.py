from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from insights.core.access import Permission
from insights.reports.facts import EvidenceBase
from insights.reports.metrics import Metric, metric_help
from insights.reports.metrics import scorecard as compute_scorecard
from insights.reports.shelf import shelf as compute_shelf
from insights.reports.titles import titled
from insights.synthesis.models import RecommendationStatus
from research_hub.security import public, requires
from research_hub.web.exports import as_file
from research_hub.web.reports.blueprint import bp
from research_hub.web.reports.choice import read_choice

CODES = ("T1", "T2", "T3", "T4", "T5", "T8", "T9")
ANSWERS_SHOWN = 5


@bp.get("/reports")
@requires(Permission.READ)
def scorecard() -> ResponseReturnValue:
    choice = read_choice()
    card = compute_scorecard(choice.base, choice.period)
    before = compute_scorecard(choice.base, choice.period.earlier_by(365), known_on=card.on)
    issued = (each for each in choice.base.recommendations if each.status is RecommendationStatus.ISSUED)
    waiting = sorted((each for each in issued if each.in_scope), key=lambda each: (each.issued_on, each.id))
    return render_template(
        "reports/scorecard.html",
        choice=choice,
        card=card,
        before=before,
        shelf=compute_shelf(choice.base),
        waiting=waiting[:ANSWERS_SHOWN],
    )


@bp.get("/reports.<extension>")
@requires(Permission.READ)
def export_scorecard(extension: str) -> ResponseReturnValue:
    choice = read_choice()
    return as_file(extension, *compute_scorecard(choice.base, choice.period).as_table())


@bp.get("/reports/metric/<code>")
@requires(Permission.READ)
def metric(code: str) -> ResponseReturnValue:
    """One figure with the rows behind it, what it means and how it can mislead."""
    choice = read_choice()
    found = compute_scorecard(choice.base, choice.period).metric(code.upper())
    return render_template(
        "reports/metric.html",
        choice=choice,
        metric=found,
        help=metric_help(found.code),
        rows=_titled(choice.base, found, counted=True),
        others=_titled(choice.base, found, counted=False),
    )


@bp.get("/help/metrics")
@public
def help_metrics() -> ResponseReturnValue:
    return render_template("reports/help.html", metrics=[metric_help(code) for code in CODES])


def _titled(base: EvidenceBase, metric: Metric, *, counted: bool) -> list[tuple[str, str]]:
    """Refs with their titles: those that make the numerator, or the rest of the denominator."""
    counted_refs = set(metric.rows)
    refs = metric.rows if counted else [ref for ref in metric.base_rows if ref not in counted_refs]
    return titled(base, refs)

"""T8 and T9: can the chain be trusted, and does anybody look afterwards (metrics.md)."""

from __future__ import annotations

from collections import defaultdict

from insights.decisions.link_status import LINK_STATUS_WORDS
from insights.decisions.models import LinkStatus, Verdict
from insights.reports.facts import CheckFact, EvidenceBase
from insights.reports.metrics.metric import Metric, Part, Window, share_metric
from insights.reports.standing import InsightCoverage, coverage_of, is_in_force, status_of_link

VERDICT_WORDS: dict[Verdict, str] = {
    Verdict.IMPROVED: "improved",
    Verdict.NO_CHANGE: "no change",
    Verdict.WORSENED: "worsened",
    Verdict.INCONCLUSIVE: "inconclusive",
    Verdict.NOT_MEASURED: "not measured",
}


def trace_integrity(base: EvidenceBase, window: Window) -> Metric:
    """T8 over the links of decisions in force on the day."""
    on = window.on
    by_status: defaultdict[LinkStatus, list[str]] = defaultdict(list)
    every = []
    for decision in base.decisions_in_scope:
        if not is_in_force(decision, on):
            continue
        for link in base.links_of_decision.get(decision.id, ()):
            if link.linked_on <= on:
                every.append(link.ref)
                by_status[status_of_link(base, link, on)].append(link.ref)
    shown = [status for status in LinkStatus if by_status[status] or status in _ALWAYS_SHOWN]
    return share_metric(
        "T8",
        "Trace integrity",
        rows=tuple(by_status[LinkStatus.CURRENT]),
        base_rows=tuple(every),
        note=f"Links of decisions in force on {on.isoformat()}.",
        cautions=_T8_CAUTIONS if every else (),
        parts=tuple(
            Part(LINK_STATUS_WORDS[status], len(by_status[status]), len(every), tuple(by_status[status]))
            for status in shown
        ),
        asides=(_deep_coverage(base, window),),
    )


def outcome_checks(base: EvidenceBase, window: Window) -> Metric:
    """T9: checks that fell due in the period and were recorded with a verdict; then the verdicts."""
    due = [
        check
        for check in base.checks
        if check.due_on in window.period and check.due_on <= window.known_on and _in_scope(base, check)
    ]
    recorded = [check for check in due if _verdict(check, window) not in {None, Verdict.NOT_MEASURED}]
    overdue = tuple(check.ref for check in due if _verdict(check, window) is None)
    unmeasured = tuple(check.ref for check in due if _verdict(check, window) is Verdict.NOT_MEASURED)
    verdicts = [_verdict_part(verdict, recorded) for verdict in Verdict if verdict is not Verdict.NOT_MEASURED]
    return share_metric(
        "T9",
        "Outcome check completion and verdicts",
        rows=tuple(check.ref for check in recorded),
        base_rows=tuple(check.ref for check in due),
        cautions=_T9_CAUTIONS if due else (),
        parts=(
            Part("recorded with a verdict", len(recorded), len(due), tuple(check.ref for check in recorded)),
            Part("said not to be measured", len(unmeasured), len(due), unmeasured),
            Part("overdue, nothing recorded", len(overdue), len(due), overdue),
        ),
        asides=tuple(verdicts),
    )


_ALWAYS_SHOWN = {LinkStatus.CURRENT, LinkStatus.OUTDATED, LinkStatus.CHALLENGED, LinkStatus.UNSUPPORTED}
_T8_CAUTIONS = (
    "A link is current because nothing under it changed, not because it was a good link.",
    "Of links affirmed again only the last affirmation is kept; on earlier days they are judged by the first.",
)
_T9_CAUTIONS = (
    "A verdict shows contribution, not causation: other things changed in the same weeks.",
    "Never add benefits up across decisions.",
)


def _deep_coverage(base: EvidenceBase, window: Window) -> Part:
    """Of the insights that decisions in force rest on, those followed through to a measured outcome."""
    found: defaultdict[InsightCoverage, list[str]] = defaultdict(list)
    for insight in base.insights_in_scope:
        if insight.id in base.links_of_insight:
            found[coverage_of(base, insight, window.on)].append(insight.ref)
    deep, shallow = found[InsightCoverage.DEEP], found[InsightCoverage.SHALLOW]
    return Part("deep coverage of insights", len(deep), len(deep) + len(shallow), tuple(deep))


def _in_scope(base: EvidenceBase, check: CheckFact) -> bool:
    return base.decisions[check.decision_id].in_scope


def _verdict(check: CheckFact, window: Window) -> Verdict | None:
    """What was recorded by the last known day."""
    if check.recorded_on is not None and check.recorded_on > window.known_on:
        return None
    return check.verdict


def _verdict_part(verdict: Verdict, recorded: list[CheckFact]) -> Part:
    rows = tuple(check.ref for check in recorded if check.verdict is verdict)
    return Part(VERDICT_WORDS[verdict], len(rows), len(recorded), rows)

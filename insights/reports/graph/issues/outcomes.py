"""Outcomes that nobody looked at."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from insights.reports.facts import EvidenceBase
from insights.reports.graph.issues.issue import Issue, issue_with
from insights.reports.graph.issues.kinds import IssueKind
from insights.reports.standing import is_in_force, is_live


def issues_of_outcomes(base: EvidenceBase, on: date) -> Iterator[Issue]:
    for check in base.checks:
        decision = base.decisions[check.decision_id]
        recorded = check.verdict is not None and (check.recorded_on is None or check.recorded_on <= on)
        if decision.in_scope and check.due_on < on and not recorded:
            found = issue_with(
                IssueKind.OUTCOME_OVERDUE,
                decision,
                f"A check was due on {check.due_on.isoformat()} and has no verdict.",
                check.ref,
                on=check.due_on,
            )
            yield Issue(
                found.kind,
                found.ref,
                found.title,
                found.words,
                check.owner_id if check.owner else found.owner_id,
                check.owner or found.owner,
                found.service,
                found.others,
                found.on,
            )
    yield from _never_looked_at(base, on)


def _never_looked_at(base: EvidenceBase, on: date) -> Iterator[Issue]:
    live = {each.id for each in base.decisions_in_scope if is_in_force(each, on) and is_live(each, on)}
    for number in live:
        decision = base.decisions[number]
        if decision.measurable and number not in base.checks_of_decision:
            words = "It is live, and no day is planned to look at what came of it."
            yield issue_with(IssueKind.LIVE_WITHOUT_CHECK, decision, words, on=decision.live_on)
    for measure in base.measures:
        if measure.decision_id in live and not measure.readings:
            words = f"{measure.ref} “{measure.name}” has no reading."
            decision = base.decisions[measure.decision_id]
            yield issue_with(IssueKind.MEASURE_WITHOUT_READING, decision, words, measure.ref, on=decision.live_on)

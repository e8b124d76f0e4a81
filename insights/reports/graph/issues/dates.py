"""Days that cannot be right, or that figures have to do without."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from insights.decisions.models import DecisionStatus
from insights.reports.facts import EVER_ACCEPTED, DecisionFact, EvidenceBase, InsightFact
from insights.reports.graph.issues.issue import Issue, issue_with
from insights.reports.graph.issues.kinds import IssueKind
from insights.reports.standing import ENDED

EPOCH = date(1970, 1, 1)


def issues_of_dates(base: EvidenceBase, on: date) -> Iterator[Issue]:
    for insight in base.insights_in_scope:
        ended = insight.ended_on if insight.status in ENDED else None
        yield from _of_days(insight, [("published", insight.published_on), ("ended", ended)], on)
    for decision in base.decisions_in_scope:
        decided = decision.decided_on if decision.status is not DecisionStatus.DRAFT else None
        days = [("decided", decided), ("ended", decision.ended_on), ("live", decision.live_on)]
        yield from _of_days(decision, days, on)
        if decision.status in EVER_ACCEPTED and decision.decided_on is None:
            words = "It was accepted, and nobody noted when."
            yield issue_with(IssueKind.ACCEPTED_WITHOUT_DATE, decision, words)
    for check in base.checks:
        decision = base.decisions[check.decision_id]
        if decision.in_scope:
            yield from _of_day(decision, f"{check.ref} recorded", check.recorded_on, on)


def _of_days(fact: InsightFact | DecisionFact, days: list[tuple[str, date | None]], on: date) -> Iterator[Issue]:
    for what, day in days:
        yield from _of_day(fact, what, day, on)
    began, ended = days[0][1], days[1][1]
    if began is not None and ended is not None and ended < began:
        words = f"It is said to have ended on {ended.isoformat()}, before it began on {began.isoformat()}."
        yield issue_with(IssueKind.DATES_OUT_OF_ORDER, fact, words, on=ended)


def _of_day(fact: InsightFact | DecisionFact, what: str, day: date | None, on: date) -> Iterator[Issue]:
    if day is None:
        return
    words = f"{what[0].upper()}{what[1:]} on {day.isoformat()}."
    if day > on:
        yield issue_with(IssueKind.DATE_IN_FUTURE, fact, words, on=day)
    elif day < EPOCH:
        yield issue_with(IssueKind.DATE_LONG_PAST, fact, words, on=day)

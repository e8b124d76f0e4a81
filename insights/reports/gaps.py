"""Where the thread breaks: four lists of what waits for somebody, each with its owner (features.md G6).

gaps(base, on=None) -> Gaps
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from insights.decisions.disposition import DispositionState
from insights.decisions.models import Basis
from insights.reports.days import age_in_days
from insights.reports.facts import DecisionFact, EvidenceBase
from insights.reports.standing import (
    disposition,
    evidence_links,
    is_actionable,
    is_in_force,
    is_live,
    is_published,
)
from insights.reports.table import Table
from insights.synthesis.models import RecommendationStatus


@dataclass(frozen=True, slots=True)
class GapRow:
    """`since` is the day the gap opened, None where nobody noted it; `days` how long it has been open, 0 then."""

    ref: str
    title: str
    service: str
    owner: str
    since: date | None
    days: int
    note: str = ""

    def as_json(self) -> dict[str, object]:
        return {
            "ref": self.ref,
            "title": self.title,
            "service": self.service,
            "owner": self.owner,
            "since": None if self.since is None else self.since.isoformat(),
            "days": self.days,
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class Gaps:
    on: date
    insights_without_disposition: tuple[GapRow, ...]
    decisions_without_evidence: tuple[GapRow, ...]
    recommendations_without_response: tuple[GapRow, ...]
    outcomes_without_reading: tuple[GapRow, ...]

    def lists(self) -> list[tuple[str, tuple[GapRow, ...]]]:
        """The four lists under their titles."""
        return [
            ("Insights without disposition", self.insights_without_disposition),
            ("Decisions without evidence", self.decisions_without_evidence),
            ("Recommendations without response", self.recommendations_without_response),
            ("Outcomes without reading", self.outcomes_without_reading),
        ]

    def as_json(self) -> dict[str, object]:
        lists = {title.lower().replace(" ", "_"): [row.as_json() for row in rows] for title, rows in self.lists()}
        return {"as_of": self.on.isoformat(), **lists}

    def as_table(self) -> list[Table]:
        columns = ("Reference", "Title", "Service", "Owner", "Since", "Days", "Note")
        return [
            Table(
                _SHEET_NAMES.get(title, title),
                columns,
                tuple((row.ref, row.title, row.service, row.owner, row.since, row.days, row.note) for row in rows),
            )
            for title, rows in self.lists()
        ]


def gaps(base: EvidenceBase, on: date | None = None) -> Gaps:
    """The four lists as they stood on a day, today by default; longest open first, undated last."""
    day = base.today if on is None else on
    return Gaps(
        day,
        _longest_first(_unanswered_insights(base, day)),
        _longest_first(_unevidenced_decisions(base, day)),
        _longest_first(_unanswered_recommendations(base, day)),
        _longest_first(
            [
                *_checks_without_verdict(base, day),
                *_live_without_check(base, day),
                *_measures_without_reading(base, day),
            ]
        ),
    )


# The name of a sheet has at most 31 characters.
_SHEET_NAMES = {"Recommendations without response": "Recommendations, no response"}
_BASIS_WORDS: dict[Basis, str] = {basis: basis.value.replace("_", " ") for basis in Basis}


def _unanswered_insights(base: EvidenceBase, on: date) -> list[GapRow]:
    return [
        _gap(insight.ref, insight.claim, insight.service, insight.owner, since=insight.published_on, on=on)
        for insight in base.insights_in_scope
        if is_published(insight, on)
        and is_actionable(insight, on)
        and disposition(base, insight, on).state is DispositionState.OPEN
    ]


def _unevidenced_decisions(base: EvidenceBase, on: date) -> list[GapRow]:
    """In force without a supporting link. A declared basis is legitimate, so it is named rather than left out."""
    rows = []
    for decision in base.decisions_in_scope:
        if is_in_force(decision, on) and not evidence_links(base, decision, on):
            basis = "no basis declared" if decision.basis is None else f"declared basis: {_BASIS_WORDS[decision.basis]}"
            rows.append(_decision_gap(decision, decision.decided_on, on, basis))
    return rows


def _unanswered_recommendations(base: EvidenceBase, on: date) -> list[GapRow]:
    rows = []
    for item in base.recommendations:
        answered = item.status is not RecommendationStatus.ISSUED
        if answered and (item.responded_on is None or item.responded_on <= on):
            continue
        if item.in_scope and item.issued_on <= on:
            overdue = item.due_on is not None and item.due_on < on
            note = f"answer was due on {item.due_on}" if overdue else ""
            rows.append(_gap(item.ref, item.text, item.service, item.addressee, since=item.issued_on, on=on, note=note))
    return rows


def _checks_without_verdict(base: EvidenceBase, on: date) -> list[GapRow]:
    rows = []
    for check in base.checks:
        decision = base.decisions[check.decision_id]
        recorded = check.verdict is not None and (check.recorded_on is None or check.recorded_on <= on)
        if decision.in_scope and check.due_on < on and not recorded:
            owner = check.owner or decision.owner
            rows.append(
                _gap(
                    check.ref,
                    decision.title,
                    decision.service,
                    owner,
                    since=check.due_on,
                    on=on,
                    note=f"check on {decision.ref}",
                )
            )
    return rows


def _live_without_check(base: EvidenceBase, on: date) -> list[GapRow]:
    """Live with no check planned, although nobody said that it cannot be measured: nobody will look."""
    return [
        _decision_gap(decision, decision.live_on, on, "live, no check planned")
        for decision in base.decisions_in_scope
        if is_in_force(decision, on)
        and is_live(decision, on)
        and decision.measurable
        and decision.id not in base.checks_of_decision
    ]


def _measures_without_reading(base: EvidenceBase, on: date) -> list[GapRow]:
    """Of live decisions, unless a check of theirs is overdue and so listed already."""
    rows = []
    for measure in base.measures:
        decision = base.decisions[measure.decision_id]
        if not decision.in_scope or measure.readings or not is_in_force(decision, on) or not is_live(decision, on):
            continue
        checks = base.checks_of_decision.get(decision.id, ())
        if checks and all(check.verdict is not None or check.due_on >= on for check in checks):
            since = decision.live_on or measure.added_on
            note = f"no reading since {decision.ref} went live"
            rows.append(
                _gap(measure.ref, measure.name, decision.service, decision.owner, since=since, on=on, note=note)
            )
    return rows


def _decision_gap(decision: DecisionFact, since: date | None, on: date, note: str) -> GapRow:
    return _gap(decision.ref, decision.title, decision.service, decision.owner, since=since, on=on, note=note)


def _gap(ref: str, title: str, service: str, owner: str, *, since: date | None, on: date, note: str = "") -> GapRow:
    return GapRow(ref, title, service, owner, since, 0 if since is None else age_in_days(since, on), note)


def _longest_first(rows: list[GapRow]) -> tuple[GapRow, ...]:
    return tuple(sorted(rows, key=lambda row: (row.since is None, row.since or date.max)))

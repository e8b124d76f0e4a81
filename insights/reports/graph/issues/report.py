"""The list of what is wrong, worst first, as a page, a file or an exit code takes it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from insights.reports.graph.issues.issue import Issue
from insights.reports.graph.issues.kinds import MEANINGS, IssueKind, Severity
from insights.reports.table import Table


@dataclass(frozen=True, slots=True)
class IssueReport:
    """`rows` are those that were asked for; `by_severity` and `by_kind` count all, whatever was asked for."""

    on: date
    rows: tuple[Issue, ...]
    by_severity: dict[Severity, int]
    by_kind: dict[IssueKind, int]

    @property
    def errors(self) -> int:
        return self.by_severity[Severity.ERROR]

    def as_json(self) -> dict[str, object]:
        return {
            "as_of": self.on.isoformat(),
            "by_severity": {severity.value: number for severity, number in self.by_severity.items()},
            "issues": [_as_json(row) for row in self.rows],
        }

    def as_table(self) -> list[Table]:
        columns = ("Severity", "What", "Record", "Title", "In words", "With", "Day", "Owner", "Service", "What to do")
        rows = tuple(
            (
                row.severity.value,
                row.name,
                row.ref,
                row.title,
                row.words,
                ", ".join(row.others),
                row.on,
                row.owner,
                row.service,
                row.advice,
            )
            for row in self.rows
        )
        totals = tuple(
            (MEANINGS[kind].severity.value, MEANINGS[kind].name, number, MEANINGS[kind].advice)
            for kind, number in self.by_kind.items()
        )
        return [
            Table("Issues", columns, rows),
            Table("Totals", ("Severity", "What", "Number", "What to do"), totals),
        ]


def issue_report(
    found: Iterable[Issue],
    on: date,
    *,
    severity: Severity | None = None,
    kind: IssueKind | None = None,
    owner_id: int | None = None,
) -> IssueReport:
    """Worst first, then by kind, day and record; None stands for all."""
    everything = list(found)
    severities = Counter(issue.severity for issue in everything)
    kinds = Counter(issue.kind for issue in everything)
    rows = [
        issue
        for issue in everything
        if severity in {None, issue.severity} and kind in {None, issue.kind} and owner_id in {None, issue.owner_id}
    ]
    return IssueReport(
        on,
        tuple(sorted(rows, key=_order)),
        {each: severities[each] for each in Severity},
        {each: kinds[each] for each in IssueKind if kinds[each]},
    )


_RANKS = {kind: rank for rank, kind in enumerate(MEANINGS)}


def _order(issue: Issue) -> tuple[int, date, str, int, tuple[str, ...]]:
    prefix, _, number = issue.ref.rpartition("-")
    return _RANKS[issue.kind], issue.on or date.max, prefix, int(number), issue.others


def _as_json(issue: Issue) -> dict[str, object]:
    return {
        "severity": issue.severity.value,
        "kind": issue.kind.value,
        "ref": issue.ref,
        "title": issue.title,
        "words": issue.words,
        "others": list(issue.others),
        "on": None if issue.on is None else issue.on.isoformat(),
        "owner": issue.owner,
        "service": issue.service,
        "advice": issue.advice,
    }

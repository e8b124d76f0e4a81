"""What is wrong with the chain: typed findings with severity, words and what to do.

for issue in issues(base, evidence): ...              a generator
issue_report(issues(base, evidence), base.today)      a list, worst first, with totals
"""

from insights.reports.graph.issues.finding import issues
from insights.reports.graph.issues.issue import EvidenceFact, Issue
from insights.reports.graph.issues.kinds import MEANINGS, IssueKind, Severity
from insights.reports.graph.issues.report import IssueReport, issue_report

__all__ = [
    "MEANINGS",
    "EvidenceFact",
    "Issue",
    "IssueKind",
    "IssueReport",
    "Severity",
    "issue_report",
    "issues",
]

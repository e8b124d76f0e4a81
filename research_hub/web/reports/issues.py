from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue

from insights.core.access import Permission
from insights.people.queries import Choice, service_choices
from insights.reports.chain_documents import issues_report
from insights.reports.evidence_base import load_evidence_base
from insights.reports.facts import EvidenceBase
from insights.reports.graph.issues import IssueKind, IssueReport, Severity, issue_report
from insights.reports.graph.issues import issues as find_issues
from insights.reports.reading.evidence_rows import read_evidence_facts
from research_hub.db import reading
from research_hub.security import current_member, requires
from research_hub.web.exports import as_report, asked
from research_hub.web.forms import number_or_none
from research_hub.web.reports.blueprint import bp
from research_hub.web.reports.choice import ALL_SERVICES

SHOWN = 100


@dataclass(frozen=True, slots=True)
class IssueChoice:
    """What the address asks for, beside the records that the member may see."""

    base: EvidenceBase
    services: tuple[Choice, ...]
    service: str
    severity: Severity | None
    kind: IssueKind | None
    owner_id: int | None

    @property
    def owners(self) -> list[Choice]:
        """Those who own something that the list could name."""
        found = {(fact.owner, fact.owner_id) for fact in self.base.insights_in_scope}
        found |= {(fact.owner, fact.owner_id) for fact in self.base.decisions_in_scope}
        return [Choice(str(number), name) for name, number in sorted(each for each in found if each[1] is not None)]


@bp.get("/reports/issues")
@requires(Permission.READ)
def issues() -> ResponseReturnValue:
    """What is wrong with the chain, worst first, with whose it is and what to do."""
    choice = _read_choice()
    report = _report(choice)
    page = number_or_none(request.args.get("page")) or 1
    return render_template(
        "reports/issues.html",
        choice=choice,
        report=report,
        rows=report.rows[(page - 1) * SHOWN : page * SHOWN],
        page=page,
        pages=-(-len(report.rows) // SHOWN),
        chosen=asked("service", "severity", "kind", "owner"),
        severities=list(Severity),
        kinds=list(report.by_kind),
    )


@bp.get("/reports/issues.<extension>")
@requires(Permission.READ)
def export_issues(extension: str) -> ResponseReturnValue:
    choice = _read_choice()
    return as_report(extension, issues_report(_report(choice), choice.service or ALL_SERVICES))


def _read_choice() -> IssueChoice:
    given = request.args
    services = tuple(service_choices(reading()))
    wanted = number_or_none(given.get("service"))
    service = next((each.label for each in services if each.value == str(wanted)), "")
    base = load_evidence_base(reading(), current_member(), service_id=wanted if service else None, with_answers=False)
    return IssueChoice(
        base,
        services,
        service,
        Severity(given["severity"]) if given.get("severity") in list(Severity) else None,
        IssueKind(given["kind"]) if given.get("kind") in list(IssueKind) else None,
        number_or_none(given.get("owner")),
    )


def _report(choice: IssueChoice) -> IssueReport:
    found = find_issues(choice.base, read_evidence_facts(reading()))
    return issue_report(found, choice.base.today, severity=choice.severity, kind=choice.kind, owner_id=choice.owner_id)

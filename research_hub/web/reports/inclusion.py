"""Who is heard: across studies, and behind an insight or a decision. Small numbers are held back (features.md B6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import render_template, request
from flask.typing import ResponseReturnValue

from insights.capture.inclusion import people_heard
from insights.core.access import Permission
from insights.core.clock import today
from insights.decisions.queries import get_decision
from insights.people.queries import Choice, service_choices
from insights.reports.days import Period
from insights.reports.documents import inclusion_report
from insights.reports.inclusion import FEW, Coverage, coverage
from insights.reports.reading.people_behind import people_behind_decision, people_behind_insight
from insights.synthesis.queries import get_insight
from research_hub.db import reading
from research_hub.security import current_member, requires
from research_hub.web.exports import as_file, as_report
from research_hub.web.forms import day_or_none, number_or_none
from research_hub.web.reports.blueprint import bp
from research_hub.web.reports.choice import A_YEAR, ALL_SERVICES


@dataclass(frozen=True, slots=True)
class InclusionChoice:
    """Period and service as the other reports have them, without the evidence that this one does not need."""

    period: Period
    service_id: int | None
    service: str
    services: tuple[Choice, ...]

    @property
    def address(self) -> dict[str, str]:
        values = {"from": self.period.start.isoformat(), "to": self.period.end.isoformat()}
        return values | ({"service": str(self.service_id)} if self.service_id is not None else {})


@bp.get("/reports/inclusion")
@requires(Permission.READ)
def inclusion() -> ResponseReturnValue:
    choice = _choice()
    return render_template("reports/inclusion.html", choice=choice, report=_across(choice), few=FEW)


@bp.get("/reports/inclusion.<extension>")
@requires(Permission.READ)
def export_inclusion(extension: str) -> ResponseReturnValue:
    choice = _choice()
    report = inclusion_report(_across(choice), choice.service or ALL_SERVICES, choice.period, today(reading()))
    return as_report(extension, report)


@bp.get("/insights/<ref>/inclusion")
@requires(Permission.READ)
def insight_inclusion(ref: str) -> ResponseReturnValue:
    insight = get_insight(reading(), current_member(), ref)
    return render_template(
        "reports/inclusion_behind.html",
        kind="insight",
        record=insight,
        title=insight.claim,
        report=_behind_insight(insight.id),
        export=".export_insight_inclusion",
        few=FEW,
    )


@bp.get("/insights/<ref>/inclusion.<extension>")
@requires(Permission.READ)
def export_insight_inclusion(ref: str, extension: str) -> ResponseReturnValue:
    insight = get_insight(reading(), current_member(), ref)
    return as_file(extension, *_behind_insight(insight.id).as_table(f"Behind {insight.ref}"))


@bp.get("/decisions/<ref>/inclusion")
@requires(Permission.READ)
def decision_inclusion(ref: str) -> ResponseReturnValue:
    decision = get_decision(reading(), current_member(), ref)
    return render_template(
        "reports/inclusion_behind.html",
        kind="decision",
        record=decision,
        title=decision.title,
        report=_behind_decision(decision.id),
        export=".export_decision_inclusion",
        few=FEW,
    )


@bp.get("/decisions/<ref>/inclusion.<extension>")
@requires(Permission.READ)
def export_decision_inclusion(ref: str, extension: str) -> ResponseReturnValue:
    decision = get_decision(reading(), current_member(), ref)
    return as_file(extension, *_behind_decision(decision.id).as_table(f"Behind {decision.ref}"))


def _choice() -> InclusionChoice:
    end: date = day_or_none(request.args.get("to")) or today(reading())
    start: date = day_or_none(request.args.get("from")) or end - A_YEAR
    services = tuple(service_choices(reading()))
    asked = number_or_none(request.args.get("service"))
    name = next((each.label for each in services if each.value == str(asked)), "")
    return InclusionChoice(Period(start, end), asked if name else None, name, services)


def _across(choice: InclusionChoice) -> Coverage:
    people = people_heard(
        reading(),
        current_member(),
        service_id=choice.service_id,
        start=choice.period.start,
        end=choice.period.end,
    )
    return coverage(people, careful=True)


def _behind_insight(insight_id: int) -> Coverage:
    return coverage(people_behind_insight(reading(), current_member(), insight_id), careful=True)


def _behind_decision(decision_id: int) -> Coverage:
    return coverage(people_behind_decision(reading(), current_member(), decision_id), careful=True)

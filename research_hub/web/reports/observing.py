"""Hours that colleagues spent at sessions, against a rule that can be changed (features.md K3)."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from insights.capture.attendance import colleagues, watched_between
from insights.core.access import Permission
from insights.core.clock import today
from insights.core.errors import InvalidInput
from insights.people.queries import list_teams
from insights.reports.observation_hours import DEFAULT_HOURS, DEFAULT_WEEKS, ObservingReport, period_of
from insights.reports.observation_hours import observing as count_hours
from research_hub.db import reading
from research_hub.security import current_member, requires
from research_hub.web.exports import as_file
from research_hub.web.forms import day_or_none, number_or_none
from research_hub.web.reports.blueprint import bp

MOST_WEEKS = 260
MOST_HOURS = 1_000.0


@bp.get("/reports/observing")
@requires(Permission.READ)
def observing() -> ResponseReturnValue:
    report = _report()
    return render_template(
        "reports/observing.html",
        report=report,
        teams=list_teams(reading()),
        team_id=number_or_none(request.args.get("team")),
        address=_address(report),
    )


@bp.get("/reports/observing.<extension>")
@requires(Permission.READ)
def export_observing(extension: str) -> ResponseReturnValue:
    return as_file(extension, *_report().as_table())


def _report() -> ObservingReport:
    """`weeks`, `hours`, `to` and `team` from the address; what is left out has its usual value."""
    session = reading()
    weeks, hours = _weeks(), _hours()
    period = period_of(weeks, day_or_none(request.args.get("to")) or today(session))
    team_id = number_or_none(request.args.get("team"))
    people = [each for each in colleagues(session) if team_id in {None, each.team_id}]
    watched = watched_between(session, current_member(), period.start, period.end)
    return count_hours(people, watched, period, weeks=weeks, rule_hours=hours)


def _weeks() -> int:
    typed = request.args.get("weeks", "").strip()
    number = number_or_none(typed) if typed else DEFAULT_WEEKS
    if number is None or not 0 < number <= MOST_WEEKS:
        raise InvalidInput.of("weeks", f"Enter the weeks as a number from 1 to {MOST_WEEKS}.")
    return number


def _hours() -> float:
    typed = request.args.get("hours", "").strip().replace(",", ".")
    digits = typed.replace(".", "", 1)
    if typed and not (digits.isascii() and digits.isdigit()):
        raise InvalidInput.of("hours", "Enter the hours as a number, for example 2 or 1.5.")
    hours = float(typed) if typed else DEFAULT_HOURS
    if not 0 < hours <= MOST_HOURS:
        raise InvalidInput.of("hours", f"Enter the hours as a number above 0 and up to {MOST_HOURS:,.0f}.")
    return hours


def _address(report: ObservingReport) -> dict[str, str]:
    values = {
        "weeks": str(report.weeks),
        "hours": f"{report.rule_hours:g}",
        "to": report.period.end.isoformat(),
        "team": request.args.get("team", ""),
    }
    return {name: value for name, value in values.items() if value}

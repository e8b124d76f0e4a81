"""What a report is asked for: the period, the service, and the day it is read on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from flask import request

from insights.core.clock import today
from insights.people.queries import Choice, service_choices
from insights.reports.days import Period
from insights.reports.evidence_base import load_evidence_base
from insights.reports.facts import EvidenceBase
from insights.reports.reading.surrounding_rows import read_surroundings
from insights.reports.surroundings import NOTHING_AROUND, Surroundings
from research_hub.db import reading
from research_hub.security import current_member
from research_hub.web.forms import day_or_none, number_or_none

A_YEAR = timedelta(days=365)
ALL_SERVICES = "All services"


@dataclass(frozen=True, slots=True)
class ReportChoice:
    """`base` holds what the member may see of the chosen service."""

    period: Period
    service_id: int | None
    service: str
    services: tuple[Choice, ...]
    base: EvidenceBase
    around: Surroundings = NOTHING_AROUND

    @property
    def scope(self) -> str:
        """What the report covers, in words."""
        return self.service or ALL_SERVICES

    @property
    def address(self) -> dict[str, str]:
        """What goes into links, so that every view has an address that can be sent."""
        values = {"from": self.period.start.isoformat(), "to": self.period.end.isoformat()}
        return values | ({"service": str(self.service_id)} if self.service_id is not None else {})


def read_choice() -> ReportChoice:
    """From the address: `from`, `to` (ISO days, the last year by default) and `service`.

    Raises InvalidInput for a period that ends before it begins.
    """
    return _choice(read_period(), service_choices(reading()))


def read_links_choice() -> ReportChoice:
    """The same without what only the strength of insights and the answers to them need: see `load_evidence_base`."""
    return _choice(read_period(), service_choices(reading()), whole=False)


def read_wide_choice() -> ReportChoice:
    """The same with what the figures of the scorecard need around the evidence base, in as many statements."""
    period = read_period()
    around, services = read_surroundings(reading(), current_member(), period)
    return replace(_choice(period, services), around=around)


def read_period() -> Period:
    end: date = day_or_none(request.args.get("to")) or today(reading())
    start: date = day_or_none(request.args.get("from")) or end - A_YEAR
    return Period(start, end)


def _choice(period: Period, services: Sequence[Choice], *, whole: bool = True) -> ReportChoice:
    service_id = number_or_none(request.args.get("service"))
    name = next((each.label for each in services if each.value == str(service_id)), "")
    chosen = service_id if name else None
    base = load_evidence_base(reading(), current_member(), service_id=chosen, with_strength=whole, with_answers=whole)
    return ReportChoice(period, chosen, name, tuple(services), base)

"""What a report is asked for: the period, the service, and the day it is read on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from flask import request

from insights.core.clock import today
from insights.people.queries import Choice, service_choices
from insights.reports.days import Period
from insights.reports.evidence_base import load_evidence_base
from insights.reports.facts import EvidenceBase
from research_hub.db import reading
from research_hub.security import current_member
from research_hub.web.forms import day_or_none, number_or_none

A_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class ReportChoice:
    """`base` holds what the member may see of the chosen service."""

    period: Period
    service_id: int | None
    service: str
    services: tuple[Choice, ...]
    base: EvidenceBase

    @property
    def address(self) -> dict[str, str]:
        """What goes into links, so that every view has an address that can be sent."""
        values = {"from": self.period.start.isoformat(), "to": self.period.end.isoformat()}
        return values | ({"service": str(self.service_id)} if self.service_id is not None else {})


def read_choice() -> ReportChoice:
    """From the address: `from`, `to` (ISO days, the last year by default) and `service`.

    Raises InvalidInput for a period that ends before it begins.
    """
    session, member = reading(), current_member()
    end: date = day_or_none(request.args.get("to")) or today(session)
    start: date = day_or_none(request.args.get("from")) or end - A_YEAR
    services = tuple(service_choices(session))
    service_id = number_or_none(request.args.get("service"))
    name = next((each.label for each in services if each.value == str(service_id)), "")
    chosen = service_id if name else None
    base = load_evidence_base(session, member, service_id=chosen)
    return ReportChoice(Period(start, end), chosen, name, services, base)

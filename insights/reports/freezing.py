"""Frozen reports: figures of a day that nothing changes later (features.md I4).

    freeze_report(session, actor=..., period=..., service_id=None, note="") -> FrozenReport
    freeze_what_is_due(session) -> [FrozenReport, ...]          last month's and last quarter's, each once
    frozen_reports(session), get_frozen(session, ref)
    figures_of(frozen) -> FrozenFigures                         what was stored, checked against its digest
    rows_of_figure(session, member, frozen, "T1") -> [(ref, title), ...]

A frozen report holds what every account could see on the day: open studies alone, whoever froze it. So its figures can
be read by everybody, and tell nothing of a restricted study. The records behind them are kept as references apart from
the figures and are looked up anew for each reader: what was restricted since is not listed. Its figures stay.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.core.access import Role
from insights.core.activity import add, record
from insights.core.base import number_of
from insights.core.checks import optional_line
from insights.core.clock import today
from insights.core.errors import InvalidInput, NotFound, RuleBroken
from insights.people.models import Member, Service
from insights.reports.days import Period, shifted
from insights.reports.evidence_base import load_evidence_base
from insights.reports.metrics import CODES, Metric, MetricSettings, Scorecard, metric_help, scorecard
from insights.reports.models import FreezeRhythm, FrozenReport
from insights.reports.reading.surrounding_rows import read_surroundings
from insights.reports.response_register import ResponseRegister, response_register
from insights.reports.shelf import ShelfReport, shelf
from insights.reports.titles import titled

SHAPE = 1
"""Goes up when what is stored is arranged differently, so that an old one can still be read."""


@dataclass(frozen=True, slots=True)
class FrozenFigures:
    """`values` as they were stored. `is_intact` says that they still have the digest they were stored with."""

    values: dict[str, Any]
    is_intact: bool

    @property
    def metrics(self) -> list[dict[str, Any]]:
        return list(self.values["metrics"])

    @property
    def scope(self) -> str:
        return str(self.values["scope"])


@dataclass(frozen=True, slots=True)
class FrozenRow:
    """One of the list; `made_by` is '' for one that the calendar made."""

    ref: str
    rhythm: FreezeRhythm
    starts_on: date
    ends_on: date
    frozen_on: date
    service: str
    note: str
    sha256: str
    made_by: str


def freeze_report(
    session: Session, *, actor: Member, period: Period, service_id: int | None = None, note: str = ""
) -> FrozenReport:
    """The scorecard, the shelf and the answers of leadership as of today.

    Raises:
        InvalidInput: for a period that has not begun, a service that is not there, or too long a note.
    """
    if period.start > today(session):
        raise InvalidInput.of("from", "This period has not begun. Choose one that begins today or earlier.")
    line = optional_line("note", note, label="the note", longest=500)
    service = None if service_id is None else session.get(Service, service_id)
    if service_id is not None and service is None:
        raise InvalidInput.of("service", "There is no such service. Choose one of the list, or all.")
    frozen = _frozen(session, period, service)
    frozen.note = line
    add(session, actor, frozen)
    record(session, actor, "froze", frozen, detail={"sha256": frozen.sha256})
    return frozen


def freeze_what_is_due(session: Session) -> list[FrozenReport]:
    """The month and the quarter that ended last, where nobody froze them yet; by the calendar, so without an actor."""
    made = []
    for rhythm, key, period in _due(today(session)):
        if session.scalar(select(FrozenReport.id).where(FrozenReport.key == key)) is None:
            frozen = _frozen(session, period, None)
            frozen.rhythm, frozen.key = rhythm, key
            add(session, None, frozen)
            record(session, None, "froze", frozen, detail={"sha256": frozen.sha256})
            made.append(frozen)
    return made


def frozen_reports(session: Session) -> list[FrozenRow]:
    """All of them, newest first, without their figures."""
    rows = session.execute(
        select(
            FrozenReport.id,
            FrozenReport.rhythm,
            FrozenReport.starts_on,
            FrozenReport.ends_on,
            FrozenReport.frozen_on,
            Service.name,
            FrozenReport.note,
            FrozenReport.sha256,
            Member.name,
        )
        .outerjoin(Service, Service.id == FrozenReport.service_id)
        .outerjoin(Member, Member.id == FrozenReport.created_by_id)
        .order_by(FrozenReport.id.desc())
    )
    return [
        FrozenRow(f"{FrozenReport.PREFIX}-{number}", rhythm, start, end, on, service or "", note, digest, name or "")
        for number, rhythm, start, end, on, service, note, digest, name in rows
    ]


def get_frozen(session: Session, ref: str) -> FrozenReport:
    """Raises NotFound."""
    frozen = session.get(FrozenReport, number_of(ref, FrozenReport.PREFIX) or 0)
    if frozen is None:
        raise NotFound(ref)
    return frozen


def figures_of(frozen: FrozenReport) -> FrozenFigures:
    """Raises RuleBroken for one that a later version of the product stored."""
    values = json.loads(frozen.data)
    if values.get("shape") != SHAPE:
        raise RuleBroken(f"{frozen.ref} was stored by another version of Research Hub, which this one cannot read.")
    return FrozenFigures(values, hashlib.sha256(frozen.data.encode()).hexdigest() == frozen.sha256)


def rows_of_figure(session: Session, member: Member, frozen: FrozenReport, code: str) -> list[tuple[str, str]]:
    """The records that made the numerator, with their titles of today, as far as the member may see them now.

    Raises NotFound for a figure that the report does not have.
    """
    refs = frozen.refs.get(code.strip().upper())
    if refs is None:
        raise NotFound(code)
    found = titled(load_evidence_base(session, member), refs)
    return [(ref, title) for ref, title in found if title]


def canonical(values: dict[str, Any]) -> str:
    """The same values always give the same text: keys in order, no blanks, no escapes beyond JSON's own."""
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


@cache
def definitions_version() -> str:
    """Changes with every word and every default of the definitions."""
    text = canonical({"definitions": _definitions(), "settings": MetricSettings().as_json()})
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _frozen(session: Session, period: Period, service: Service | None) -> FrozenReport:
    everyone = Member(id=0, role=Role.READER, team_id=0, name="")
    base = load_evidence_base(session, everyone, service_id=None if service is None else service.id)
    around, _ = read_surroundings(session, everyone, period)
    card = scorecard(base, period, around=around)
    on_shelf, register = shelf(base, card.on), response_register(base, card.on)
    data = canonical(_values(card, on_shelf, register, "All services" if service is None else service.name))
    return FrozenReport(
        starts_on=period.start,
        ends_on=period.end,
        frozen_on=today(session),
        service_id=None if service is None else service.id,
        definitions_version=definitions_version(),
        data=data,
        sha256=hashlib.sha256(data.encode()).hexdigest(),
        refs={metric.code: list(metric.rows) for metric in card.metrics},
    )


def _values(card: Scorecard, on_shelf: ShelfReport, register: ResponseRegister, scope: str) -> dict[str, Any]:
    """Figures, definitions and filters. No reference and no words of a record: those may be hidden one day."""
    return {
        "shape": SHAPE,
        "scope": scope,
        "period": {"from": card.period.start.isoformat(), "to": card.period.end.isoformat()},
        "as_of": card.on.isoformat(),
        "known_on": card.known_on.isoformat(),
        "settings": card.settings.as_json(),
        "definitions_version": definitions_version(),
        "definitions": _definitions(),
        "metrics": [_figure(metric) for metric in card.metrics],
        "shelf": {band.value: number for band, number in on_shelf.bands.items()},
        "answers": {state.value: number for state, number in register.states.items()},
    }


def _figure(metric: Metric) -> dict[str, Any]:
    told = metric.as_json()
    kept = ("code", "title", "unit", "value", "display", "numerator", "denominator", "interval", "note", "cautions")
    return {
        **{name: told[name] for name in kept},
        "parts": _without_rows(part.as_json() for part in metric.parts),
        "asides": _without_rows(part.as_json() for part in metric.asides),
        "curves": [
            {
                "name": curve.name,
                "title": curve.title,
                "still_open": len(curve.still_open),
                "cases": curve.curve.cases,
                "median_days": curve.curve.median,
                "upper_quartile_days": curve.curve.upper_quartile,
                "steps": [[step.day, step.at_risk, step.events, step.open_share] for step in curve.curve.steps],
            }
            for curve in metric.curves
        ],
    }


def _without_rows(parts: Iterable[dict[str, object]]) -> list[dict[str, object]]:
    return [{name: value for name, value in part.items() if name != "rows"} for part in parts]


def _definitions() -> list[dict[str, str]]:
    return [metric_help(code).as_json() for code in CODES]


def _due(on: date) -> list[tuple[FreezeRhythm, str, Period]]:
    """The last month and the last quarter that are over."""
    month_end = shifted(on.replace(day=1), -1)
    month_start = month_end.replace(day=1)
    quarter_end = shifted(on.replace(month=3 * ((on.month - 1) // 3) + 1, day=1), -1)
    quarter_start = quarter_end.replace(month=quarter_end.month - 2, day=1)
    quarter = (quarter_end.month + 2) // 3
    return [
        (FreezeRhythm.MONTHLY, f"monthly {month_start:%Y-%m}", Period(month_start, month_end)),
        (
            FreezeRhythm.QUARTERLY,
            f"quarterly {quarter_start.year:04}-Q{quarter}",
            Period(quarter_start, quarter_end),
        ),
    ]

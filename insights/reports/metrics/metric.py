"""The shape of a figure that can be trusted: with its denominator, interval, cautions and the rows behind it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from insights.reports.days import Period
from insights.reports.intervals import wilson_interval
from insights.reports.kaplan_meier import Curve
from insights.reports.standing import LINK_GRACE_DAYS

INTERVAL_BELOW = 100


class Unit(StrEnum):
    """A share runs from 0 to 1; days are whole."""

    SHARE = "share"
    DAYS = "days"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class MetricSettings:
    """All in days. The defaults are those of metrics.md; a report prints the ones it was computed with."""

    uptake_days: int = 90
    shelf_days: int = 90
    link_grace_days: int = LINK_GRACE_DAYS

    def as_json(self) -> dict[str, int]:
        return {
            "uptake_days": self.uptake_days,
            "shelf_days": self.shelf_days,
            "link_grace_days": self.link_grace_days,
        }


@dataclass(frozen=True, slots=True)
class Window:
    """The period, the day as of which ages and states are told, and the last day whose facts are known.

    `on` is the end of the period, or `known_on` where the period runs beyond it.
    """

    period: Period
    known_on: date

    @property
    def on(self) -> date:
        return min(self.period.end, self.known_on)


@dataclass(frozen=True, slots=True)
class Part:
    """One share of a whole, or a figure beside it. `rows` are the refs that make the numerator."""

    label: str
    numerator: int
    denominator: int
    rows: tuple[str, ...] = ()

    @property
    def share(self) -> float | None:
        return None if self.denominator == 0 else self.numerator / self.denominator

    def as_json(self) -> dict[str, object]:
        return {
            "label": self.label,
            "numerator": self.numerator,
            "denominator": self.denominator,
            "share": self.share,
            "rows": list(self.rows),
        }


@dataclass(frozen=True, slots=True)
class NamedCurve:
    """A curve of decision time. `still_open` are the refs without the event that are watched on."""

    name: str
    title: str
    curve: Curve
    still_open: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        return {
            "name": self.name,
            "title": self.title,
            "cases": self.curve.cases,
            "events": self.curve.events,
            "still_open": list(self.still_open),
            "median_days": self.curve.median,
            "upper_quartile_days": self.curve.upper_quartile,
            "steps": [
                {"day": step.day, "at_risk": step.at_risk, "events": step.events, "open_share": step.open_share}
                for step in self.curve.steps
            ],
        }


@dataclass(frozen=True, slots=True)
class Metric:
    """`value` is None where it is not applicable or not reached; `display` says which. Rows are refs, as in 'DEC-17'.

    `parts` divide the denominator and sum to it; `asides` are figures to read beside it, each with its own denominator.
    `rows` make the numerator, `base_rows` the denominator.
    """

    code: str
    title: str
    unit: Unit
    value: float | None
    numerator: int
    denominator: int
    display: str
    interval: tuple[float, float] | None = None
    note: str = ""
    cautions: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    base_rows: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    asides: tuple[Part, ...] = ()
    curves: tuple[NamedCurve, ...] = field(default=())

    def as_json(self) -> dict[str, object]:
        return {
            "code": self.code,
            "title": self.title,
            "unit": self.unit.value,
            "value": self.value,
            "display": self.display,
            "numerator": self.numerator,
            "denominator": self.denominator,
            "interval": None if self.interval is None else list(self.interval),
            "note": self.note,
            "cautions": list(self.cautions),
            "rows": list(self.rows),
            "parts": [part.as_json() for part in self.parts],
            "asides": [part.as_json() for part in self.asides],
            "curves": [curve.as_json() for curve in self.curves],
        }


def share_metric(
    code: str,
    title: str,
    *,
    rows: tuple[str, ...],
    base_rows: tuple[str, ...],
    note: str = "",
    cautions: tuple[str, ...] = (),
    parts: tuple[Part, ...] = (),
    asides: tuple[Part, ...] = (),
) -> Metric:
    """A share of rows among base rows: 'n/a' for none, with a Wilson 95 % interval below a hundred."""
    numerator, denominator = len(rows), len(base_rows)
    value = None if denominator == 0 else numerator / denominator
    return Metric(
        code,
        title,
        Unit.SHARE,
        value,
        numerator,
        denominator,
        in_per_cent(value),
        interval=wilson_interval(numerator, denominator) if denominator < INTERVAL_BELOW else None,
        note=note,
        cautions=cautions,
        rows=rows,
        base_rows=base_rows,
        parts=parts,
        asides=asides,
    )


def in_per_cent(share: float | None) -> str:
    """Whole per cent; a share that is not quite none or all never prints as 0 % or 100 %."""
    if share is None:
        return "n/a"
    if 0 < share < 0.005:  # noqa: PLR2004 - half a per cent
        return "under 1%"
    if 0.995 <= share < 1:  # noqa: PLR2004 - half a per cent short of all
        return "over 99%"
    return f"{share:.0%}"


def counted(number: int, noun: str, plural: str = "") -> str:
    """'1 day', '3 days', '1,200 entries'."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"

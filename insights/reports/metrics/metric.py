"""The shape of a figure that can be trusted: with its denominator, interval, cautions and the rows behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from insights.reports.days import Period
from insights.reports.intervals import wilson_interval
from insights.reports.kaplan_meier import Curve
from insights.reports.standing import LINK_GRACE_DAYS
from insights.reports.table import Table

INTERVAL_BELOW = 100


class Unit(StrEnum):
    """A share runs from 0 to 1; days are whole."""

    SHARE = "share"
    DAYS = "days"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class RequiredGroup:
    """People whose voice must not be missing (T11): those with one of `values`, or with any but 'none' where empty."""

    label: str
    attribute: str
    values: tuple[str, ...] = ()

    def holds(self, told: Mapping[str, str]) -> bool:
        value = told.get(self.attribute, "").casefold()
        return value in self.values if self.values else value not in {"", "none"}


REQUIRED_GROUPS: tuple[RequiredGroup, ...] = (
    RequiredGroup("disabled people and people with access needs", "access_need"),
    RequiredGroup("users of assistive technology", "assistive_technology"),
    RequiredGroup("people with low digital confidence", "digital_confidence", ("low",)),
)


@dataclass(frozen=True, slots=True)
class MetricSettings:
    """Days, and the groups of T11. The defaults are those of metrics.md; a report prints the ones it was made with."""

    uptake_days: int = 90
    shelf_days: int = 90
    link_grace_days: int = LINK_GRACE_DAYS
    response_days: int = 30
    closing_days: int = 30
    reuse_days: int = 90
    required_groups: tuple[RequiredGroup, ...] = REQUIRED_GROUPS

    @property
    def days(self) -> dict[str, int]:
        return {
            "uptake_days": self.uptake_days,
            "shelf_days": self.shelf_days,
            "link_grace_days": self.link_grace_days,
            "response_days": self.response_days,
            "closing_days": self.closing_days,
            "reuse_days": self.reuse_days,
        }

    def as_json(self) -> dict[str, object]:
        return {**self.days, "required_groups": [group.label for group in self.required_groups]}


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
    """One share of a whole, or a figure beside it. `rows` are the refs that make the numerator.

    `withheld` is what stands for a numerator that would single somebody out; the numerator is then never given away.
    """

    label: str
    numerator: int
    denominator: int
    rows: tuple[str, ...] = ()
    withheld: str = ""

    @property
    def share(self) -> float | None:
        return None if self.denominator == 0 or self.withheld else self.numerator / self.denominator

    @property
    def counted(self) -> int | str:
        """The numerator, or what stands for it."""
        return self.withheld or self.numerator

    @property
    def shown(self) -> str:
        """'3 of 17', '<3 people of 17 decisions' or 'n/a'."""
        return f"{self.counted} of {self.denominator}" if self.denominator else "n/a"

    def as_json(self) -> dict[str, object]:
        return {
            "label": self.label,
            "numerator": self.counted,
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
    `rows` make the numerator, `base_rows` the denominator. `withheld` stands for a numerator that is held back;
    `tables` are what is listed with it, such as reasons.
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
    tables: tuple[Table, ...] = ()
    withheld: str = ""

    @property
    def counted(self) -> int | str:
        """The numerator, or what stands for it."""
        return self.withheld or self.numerator

    def as_json(self) -> dict[str, object]:
        return {
            "code": self.code,
            "title": self.title,
            "unit": self.unit.value,
            "value": self.value,
            "display": self.display,
            "numerator": self.counted,
            "denominator": self.denominator,
            "interval": None if self.interval is None else list(self.interval),
            "note": self.note,
            "cautions": list(self.cautions),
            "rows": list(self.rows),
            "parts": [part.as_json() for part in self.parts],
            "asides": [part.as_json() for part in self.asides],
            "curves": [curve.as_json() for curve in self.curves],
            "tables": [table.as_json() for table in self.tables],
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
    tables: tuple[Table, ...] = (),
) -> Metric:
    """A share of rows among base rows: 'n/a' for none, with a Wilson 95 % interval below a hundred."""
    return replace(
        counted_share(code, title, len(rows), len(base_rows), note=note, cautions=cautions),
        rows=rows,
        base_rows=base_rows,
        parts=parts,
        asides=asides,
        tables=tables,
    )


def counted_share(
    code: str, title: str, numerator: int, denominator: int, *, note: str = "", cautions: tuple[str, ...] = ()
) -> Metric:
    """The same of what is counted and not listed."""
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
